"""The form for a plan, of announcements and of events: refused, corrected, or left."""

from typing import Any

import pytest

from bot.clock import DAY, HOUR, MINUTE
from cogs.ui.drafts import KEPT_SECONDS
from tests.conftest import NOON
from tests.flows import announcing, eventing
from tests.flows.conftest import Community
from tests.flows.presence import demote
from tests.flows.reading import choose, labels, press, words
from tests.flows.safety import fields_of

NEVER = {"date": "2027-02-31", "time": "12:00"}
PAST = {"date": "2027-03-14", "time": "11:59"}
EARLIER = {"date": "2027-03-14", "time": "10:00"}
WEEKLY = {"weekdays": ["0"], "weeks": "1", "time": "9", "start": "2027-03-01", "end": ""}
ENDED = {"end": "2027-03-10"}
KEPT = "Your text is kept: press Edit."


async def draft_of(community: Community, feature: str) -> Any:
    """The panel of a draft."""
    if feature == "event":
        return await eventing.drafted(community)
    return await announcing.write(community)


async def opened(community: Community, panel: Any, feature: str, repeat: str = "once") -> Any:
    """The form for a kind of plan."""
    return await choose(community.moderator, panel, f"{feature}:repeat", [repeat])


@pytest.mark.parametrize("feature", ["announce", "event"])
@pytest.mark.parametrize("values", [NEVER, PAST], ids=["no such day", "past"])
async def test_a_refused_date_is_edited_and_kept_in_the_same_message(
    community: Community, feature: str, values: dict[str, str]
) -> None:
    panel = await draft_of(community, feature)
    form = await opened(community, panel, feature)

    refused = await community.moderator.submit_modal(form, values)
    assert KEPT in words(refused)
    again = await press(community.moderator, refused, "Edit")
    assert {name: fields_of(again)[name]["value"] for name in values} == values
    shown = await community.moderator.submit_modal(again, {"date": "2027-03-20", "time": "9 pm"})

    assert "20 Mar 2027" in words(shown)
    assert KEPT not in words(shown)


@pytest.mark.parametrize("feature", ["announce", "event"])
async def test_the_refusal_takes_the_panels_place_and_leads_back_to_it(
    community: Community, feature: str
) -> None:
    panel = await draft_of(community, feature)
    form = await opened(community, panel, feature)

    refused = await community.moderator.submit_modal(form, NEVER)
    assert refused.response.message.id == panel.response.message.id
    back = await press(community.moderator, refused, "Back")

    assert labels(back) == labels(panel)


async def test_what_was_chosen_in_a_refused_form_is_chosen_again(community: Community) -> None:
    panel = await announcing.write(community)
    form = await opened(community, panel, "announce", "weeks")
    values = {"weekdays": ["1", "4"], "weeks": "99", "time": "9", "start": "2027-03-15", "end": ""}

    refused = await community.moderator.submit_modal(form, values)
    again = await press(community.moderator, refused, "Edit")

    options = fields_of(again)["weekdays"]["options"]
    assert [option["value"] for option in options if option.get("default")] == ["1", "4"]
    assert fields_of(again)["weeks"]["value"] == "99"


@pytest.mark.parametrize("feature", ["announce", "event"])
async def test_a_refused_form_is_kept_for_a_quarter_of_an_hour_and_for_moderators(
    community: Community, feature: str
) -> None:
    form = await opened(community, await draft_of(community, feature), feature)
    refused = await community.moderator.submit_modal(form, NEVER)

    await community.travel_to(community.clock.now() + KEPT_SECONDS)
    assert "This form is closed" in words(await press(community.moderator, refused, "Edit"))

    panel = await press(community.moderator, refused, "Back")
    form = await opened(community, panel, feature)
    refused = await community.moderator.submit_modal(form, NEVER)
    demote(community)
    assert "Manage Server" in words(await press(community.moderator, refused, "Edit"))


@pytest.mark.parametrize("feature", ["announce", "event"])
async def test_the_form_begins_with_the_next_full_hour_of_the_community_and_it_is_kept(
    community: Community, feature: str
) -> None:
    guilds = community.services.guilds
    await guilds.change(community.guild.id, community.moderator.id, zone="America/New_York")
    await community.travel_to(NOON + 15 * HOUR + 31 * MINUTE)
    draft = await announcing.write(community)
    if feature == "event":
        draft = await eventing.written(community)

    form = await opened(community, draft, feature)
    typed = {name: fields_of(form)[name]["value"] for name in ("date", "time")}

    assert typed == {"date": "2027-03-15", "time": "01:00"}
    assert KEPT not in words(await community.moderator.submit_modal(form, typed))


async def test_a_single_date_after_a_repeated_plan_keeps_its_time_and_is_ahead(
    community: Community,
) -> None:
    panel = await announcing.at(community, await announcing.write(community), "weeks", **WEEKLY)

    form = await opened(community, panel, "announce")

    typed = {name: fields_of(form)[name]["value"] for name in ("date", "time")}
    assert typed == {"date": "2027-03-15", "time": "09:00"}


async def test_a_refused_time_hears_only_what_is_true_of_it(community: Community) -> None:
    draft = await announcing.write(community)
    past = words(await announcing.at(community, draft, "once", **EARLIER))
    draft = await announcing.reopened(community)
    never = words(await announcing.at(community, draft, "weeks", **WEEKLY | ENDED))
    await announcing.planned(community)
    await community.travel_to(NOON + DAY + MINUTE)
    panel = await announcing.reopened(community, 2)
    later = {"date": "2027-03-15", "time": "18:00"}
    posted = words(await announcing.at(community, panel, "once", **later))

    assert "That time is past, so" in past
    assert "None of its days is to come, so" in never
    assert "It was posted on that day already, and each day has one at most, so" in posted
    assert "already" not in past + never
    assert "past" not in posted
