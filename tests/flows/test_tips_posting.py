"""The tips come: when, to whom, and how late they may be."""

import pytest

from tests.flows.conftest import Community
from tests.flows.reading import choose, press, words
from tests.flows.tips import (
    DAY,
    HOUR,
    NINE_IN_UTC,
    labels_of,
    open_panel,
    posts,
    read_history,
    read_status,
    save_schedule,
    sent,
    speak,
    wake_at,
)

SUPPRESS_NOTIFICATIONS = 1 << 12


@pytest.fixture
def pings_a_role(request: pytest.FixtureRequest) -> None:
    """The contract judge is told that a ping of a role is meant."""
    if request.config.pluginmanager.has_plugin("discord_contract"):
        request.node.add_marker(pytest.mark.allow_mass_mention)


async def save_with_ping(community: Community) -> None:
    """A schedule that pings the opt-in role."""
    panel = await open_panel(community)
    panel = await choose(community.moderator, panel, "schedule:role", [community.opt_in])
    await press(community.moderator, panel, "Save")


async def test_a_tip_is_posted_when_it_is_due_and_only_once(community: Community) -> None:
    await save_schedule(community)

    await community.travel_to(NINE_IN_UTC - 60)
    assert posts(community.general) == []
    await community.travel_to(NINE_IN_UTC)
    await community.travel_to(NINE_IN_UTC + 60)

    (post,) = posts(community.general)
    assert "Try this" in words(post)
    assert "not reviewed by a clinician" in words(post)
    assert labels_of(post) == ["Save", "Helpful", "Not for me"]


async def test_a_post_pings_nobody_unless_a_role_was_chosen(community: Community) -> None:
    await save_schedule(community)
    await community.travel_to(NINE_IN_UTC)

    (body,) = sent(community, community.general)

    assert body["allowed_mentions"]["parse"] == []
    assert not body["allowed_mentions"].get("roles")
    assert "<@" not in str(body["components"])
    assert not body.get("flags", 0) & SUPPRESS_NOTIFICATIONS


@pytest.mark.usefixtures("pings_a_role")
async def test_the_opt_in_role_is_pinged_and_nobody_else(community: Community) -> None:
    await save_with_ping(community)
    await community.travel_to(NINE_IN_UTC)

    (body,) = sent(community, community.general)

    assert body["allowed_mentions"]["parse"] == []
    assert body["allowed_mentions"]["roles"] == [community.opt_in.id]
    assert not body["allowed_mentions"].get("users")
    assert f"<@&{community.opt_in.id}>" in words(posts(community.general)[0])


async def test_a_post_is_in_the_communitys_language(community: Community) -> None:
    await speak(community, "de", {"Try this": "Probier das"})
    await save_schedule(community)

    await community.travel_to(NINE_IN_UTC)

    assert "**Probier das**" in words(posts(community.general)[0])


async def test_a_silent_schedule_posts_without_a_notification(community: Community) -> None:
    panel = await press(community.moderator, await open_panel(community), "Silent: off")
    await press(community.moderator, panel, "Save")
    await community.travel_to(NINE_IN_UTC)

    (body,) = sent(community, community.general)

    assert body["flags"] & SUPPRESS_NOTIFICATIONS


async def test_only_the_chosen_weekdays_have_a_tip(community: Community) -> None:
    panel = await choose(
        community.moderator, await open_panel(community), "schedule:days", ["1", "4"]
    )
    await press(community.moderator, panel, "Save")

    await community.travel_to(NINE_IN_UTC + 7 * DAY - HOUR)

    days = [post.created_at.strftime("%A") for post in posts(community.general)]
    assert days == ["Tuesday", "Friday"]


@pytest.mark.usefixtures("pings_a_role")
@pytest.mark.parametrize(
    ("late", "manner"), [(9 * 60, "loud"), (11 * 60, "silent"), (3 * HOUR, "silent")]
)
async def test_up_to_three_hours_late_a_tip_comes_silently_and_without_a_ping(
    community: Community, late: int, manner: str
) -> None:
    await save_with_ping(community)

    await wake_at(community, NINE_IN_UTC + late)

    is_silent = manner == "silent"
    (body,) = sent(community, community.general)
    assert bool(body.get("flags", 0) & SUPPRESS_NOTIFICATIONS) is is_silent
    assert bool(body["allowed_mentions"].get("roles")) is not is_silent
    assert (f"<@&{community.opt_in.id}>" in str(body["components"])) is not is_silent


async def test_more_than_three_hours_late_a_tip_is_skipped_and_the_status_says_so(
    community: Community,
) -> None:
    await save_schedule(community)

    await wake_at(community, NINE_IN_UTC + 3 * HOUR + 60)

    assert posts(community.general) == []
    assert "2027-03-15 · skipped: more than 3 hours late" in await read_history(community)
    assert "skipped: more than 3 hours late" in await read_status(community)
    await community.travel_to(NINE_IN_UTC + DAY)
    assert len(posts(community.general)) == 1


async def test_a_long_outage_posts_nothing_for_the_days_it_missed(community: Community) -> None:
    await save_schedule(community)

    await wake_at(community, NINE_IN_UTC + 4 * DAY + 60)

    assert len(posts(community.general)) == 1
    assert (await read_history(community)).count("more than 3 hours late") == 4


async def test_old_buttons_answer_everyone_after_a_restart(community: Community) -> None:
    await save_schedule(community)
    await community.travel_to(NINE_IN_UTC)
    (post,) = posts(community.general)
    await community.restart()

    for actor in (community.member, community.other):
        saved = await actor.click(post, label="Save")
        assert saved.ephemeral
        assert "Saved: “" in words(saved)
        assert "helped" in words(await actor.click(post, label="Helpful"))

    assert "2 helpful, 0 not" in await read_history(community)
    assert labels_of(posts(community.general)[0]) == ["Save", "Helpful", "Not for me"]


@pytest.mark.usefixtures("pings_a_role")
async def test_a_role_that_lost_its_pings_still_lets_the_tip_through(
    community: Community,
) -> None:
    await save_with_ping(community)
    community.env.backend.delete_role(community.guild.id, community.opt_in.id)
    await community.env.settle()

    await community.travel_to(NINE_IN_UTC)

    assert len(posts(community.general)) == 1
