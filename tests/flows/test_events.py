"""``/event`` for moderators: written, planned, moved, called off; in step with Discord."""

from datetime import datetime
from typing import Any

import pytest

from bot.clock import to_datetime
from bot.events.mirrors import MirrorError, Status
from bot.events.rules import NOTE, State
from cogs.events.mirror import DiscordMirror
from tests.conftest import NOON
from tests.flows.conftest import Community
from tests.flows.eventing import (
    BEGINS,
    DAY,
    ELSEWHERE,
    HOUR,
    LENGTHS,
    TOMORROW,
    WORDS,
    at_discord,
    cards,
    drafted,
    moved,
    published,
    reload,
    the_event,
    written,
)
from tests.flows.presence import demote, forbid, press_older
from tests.flows.reading import choose, labels, press, words
from tests.flows.safety import fields_of
from tests.flows.tips import posts

CANCELLED = 4
"""Discord's word for an event that was called off."""
WEEKLY = {"time": "18:00", "weeks": "1", "end": ""}


def starts(event: Any) -> int:
    """When one of Discord's events begins."""
    return int(datetime.fromisoformat(event.scheduled_start_time).timestamp())


async def opened(community: Community) -> Any:
    """The panel of the only event, by ``/event manage``."""
    shown = await community.moderator.slash(community.desk, "event manage")
    event = await the_event(community)
    return await choose(community.moderator, shown, "event:open", [str(event.event_id)])


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("not a link", "begin with https://, not “not a link”"),
        ("http://example.org", "begin with https://, not “http://example.org”"),
        ("https://example.org/" + "ö" * 70, "That link is too long"),
    ],
)
async def test_a_link_that_is_none_is_refused_at_once_and_what_was_typed_is_kept(
    community: Community, link: str, reason: str
) -> None:
    refused = await written(community, link=link)
    assert refused.ephemeral
    assert reason in words(refused)
    assert await community.services.events.open(community.guild.id) == []

    form = await press(community.moderator, refused, "Edit")
    typed = {name: field["value"] for name, field in fields_of(form).items()}
    assert typed == WORDS | {"link": link}

    await community.moderator.submit_modal(form, typed | {"link": ELSEWHERE})
    assert (await the_event(community)).link == ELSEWHERE


async def test_a_link_that_is_none_leaves_an_event_as_it_was(community: Community) -> None:
    panel = await written(community, link=ELSEWHERE)
    form = await press(community.moderator, panel, "Words")

    refused = await community.moderator.submit_modal(form, WORDS | {"link": "elsewhere"})

    assert "not “elsewhere”" in words(refused)
    assert (await the_event(community)).link == ELSEWHERE


async def test_a_draft_says_what_it_needs_survives_a_restart_and_is_published_once(
    community: Community,
) -> None:
    empty = await community.moderator.slash(community.desk, "event manage")
    assert "No event is planned yet" in words(empty)
    form = await press(community.moderator, empty, "Make one")
    await community.restart()
    panel = await community.moderator.submit_modal(
        form, {"title": "Take A Moment", "body": "A quiet hour.", "link": ""}
    )
    assert empty.ephemeral
    assert "**It still needs**\n- where it takes place" in words(panel)

    await community.restart()
    panel = await opened(community)
    stage = community.guild.create_stage_channel("Stage")
    panel = await choose(community.moderator, panel, "event:place", [stage])
    panel = await choose(community.moderator, panel, "event:channel", [community.general])
    panel = await choose(community.moderator, panel, "event:who", [community.other])
    panel = await moved(community, panel, **TOMORROW)
    form = await press(community.moderator, panel, "Length and line-up")
    ready = await community.moderator.submit_modal(form, LENGTHS)
    assert "Everything is there" in words(ready)
    assert f"Host: <@{community.other.id}>" in words(ready)
    assert cards(community) == at_discord(community) == []

    shown = await press(community.moderator, ready, "Publish")
    number = (await the_event(community)).event_id
    again = f"event:publish:{number}"
    await press_older(community.moderator, community.desk, shown, again)
    await community.travel_to(NOON + 60)

    assert "**Planned**" in words(shown)
    assert "Among Discord's events" in words(shown)
    (card,) = cards(community)
    assert "I'm coming" in labels_of(card)
    assert NOTE in words(card)
    assert f"<@{community.other.id}>" in words(card)
    (remote,) = at_discord(community)
    assert (remote.name, starts(remote), remote.channel_id) == ("Take A Moment", BEGINS, stage.id)
    assert NOTE in remote.description


def labels_of(message: Any) -> list[str]:
    """The labels of a posted message's buttons."""
    found: list[str] = []
    for component in message.components:
        for child in component.children:
            found += [one.label for one in getattr(child, "children", ())]
    return found


async def test_moved_here_it_moves_at_discord_and_its_card_says_so(community: Community) -> None:
    panel = await published(community)

    panel = await moved(community, panel, date="2027-03-17", time="9:30 pm")
    await reload(community)

    at = BEGINS + DAY + 3 * HOUR + HOUR // 2
    assert f"<t:{at}:F>" in words(panel)
    (remote,) = at_discord(community)
    assert starts(remote) == at
    (card,) = cards(community)
    assert f"<t:{at}:F>" in words(card)
    refused = await moved(community, panel, date="2027-03-01", time="10:00")
    assert "a beginning that is still to come" in words(refused)
    assert (await the_event(community)).starts_at == at


async def test_cancelled_after_a_question_it_is_off_everywhere_and_stays_off(
    community: Community,
) -> None:
    panel = await published(community)
    asked = await press(community.moderator, panel, "Cancel the event")
    assert "Cancel “Take A Moment”?" in words(asked)
    kept = await press(community.moderator, asked, "Keep it")
    assert "**Planned**" in words(kept)

    asked = await press(community.moderator, kept, "Cancel the event")
    shown = await press(community.moderator, asked, "Cancel it")
    await reload(community)

    assert "**Cancelled**" in words(shown)
    assert labels(shown) == ["Where to find help", "All events"]
    (remote,) = at_discord(community)
    assert remote.status == CANCELLED
    (card,) = cards(community)
    assert "Cancelled: Take A Moment" in words(card)
    assert labels_of(card) == ["Where to find help"]
    again = f"event:cancel:{(await the_event(community)).event_id}"
    refused = await press_older(community.moderator, community.desk, shown, again)
    assert "over or cancelled" in words(refused)
    listed = await community.moderator.slash(community.desk, "event manage")
    assert "No event is planned." in words(listed)
    assert "**Before**\n- **Take A Moment** · Cancelled" in words(listed)


async def test_what_is_changed_at_discord_is_taken_over_and_a_deleted_one_is_cancelled(
    community: Community,
) -> None:
    await published(community, link=ELSEWHERE)
    (remote,) = at_discord(community)
    backend, guild_id = community.env.backend, community.guild.id

    backend.edit_scheduled_event(
        guild_id,
        remote.id,
        {
            "name": "A longer moment",
            "scheduled_start_time": to_datetime(BEGINS + HOUR).isoformat(),
            "scheduled_end_time": to_datetime(BEGINS + 3 * HOUR).isoformat(),
        },
    )
    await community.env.settle()
    await reload(community)

    event = await the_event(community)
    assert (event.title, event.starts_at, event.minutes) == ("A longer moment", BEGINS + HOUR, 120)
    (card,) = cards(community)
    assert "A longer moment" in words(card)

    backend.delete_scheduled_event(guild_id, remote.id)
    await community.env.settle()
    await reload(community)
    assert (await the_event(community)).state is State.CANCELLED
    (card,) = cards(community)
    assert "Cancelled: A longer moment" in words(card)


@pytest.mark.parametrize(("code", "is_gone"), [(10070, True), (10004, False), (0, False)])
async def test_only_a_404_about_the_event_itself_says_that_it_is_gone(
    community: Community, code: int, *, is_gone: bool
) -> None:
    await published(community, link=ELSEWHERE)
    path = "/guilds/*/scheduled-events/*"
    community.env.inject_error("GET", path, status=404, code=code)
    mirror, event = DiscordMirror(community.app.client), await the_event(community)
    if is_gone:
        assert (await mirror.look(event)).status is Status.GONE
        return
    with pytest.raises(MirrorError):
        await mirror.look(event)


async def test_a_status_that_discord_may_invent_changes_nothing(community: Community) -> None:
    await published(community, link=ELSEWHERE)
    before = await the_event(community)
    (remote,) = at_discord(community)
    edit = community.env.backend.edit_scheduled_event
    edit(community.guild.id, remote.id, {"status": 9})
    await community.env.settle()
    await reload(community)
    assert (await the_event(community)).state is before.state
    mirror = DiscordMirror(community.app.client)
    assert (await mirror.look(before)).status is Status.SCHEDULED


async def test_without_create_events_all_else_works_and_try_again_puts_it_right(
    community: Community,
) -> None:
    ready = await drafted(community)
    community.env.inject_error(
        "POST", "/guilds/*/scheduled-events", status=403, code=50013, times=None
    )

    panel = await press(community.moderator, ready, "Publish")
    await reload(community)

    assert "**Not in step with Discord**" in words(panel)
    assert "Create Events" in words(panel)
    assert len(cards(community)) == 1
    community.env.backend.faults.clear()
    panel = await opened(community)
    assert "Not among Discord's events yet" in words(panel)
    fixed = await press(community.moderator, panel, "Try again")
    assert "Among Discord's events" in words(fixed)
    assert len(at_discord(community)) == 1


async def test_a_channel_in_which_the_card_could_not_be_posted_is_refused_before(
    community: Community,
) -> None:
    ready = await drafted(community)
    forbid(community, community.general, "send_messages")

    refused = await press(community.moderator, ready, "Publish")

    assert f"I can't Send Messages in <#{community.general.id}>" in words(refused)
    assert "then press Publish" in words(refused)
    assert (await the_event(community)).state is State.DRAFT
    assert at_discord(community) == []


async def test_a_thread_is_made_once_and_without_the_permission_it_is_said(
    community: Community,
) -> None:
    panel = await published(community)
    forbid(community, community.general, "create_public_threads")
    refused = await press(community.moderator, panel, "Make a thread for reminders")
    assert "Create Public Threads" in words(refused)

    forbid(community, community.general)
    shown = await press(community.moderator, panel, "Make a thread for reminders")

    thread_id = (await the_event(community)).thread_id
    assert f"or in <#{thread_id}>" in words(shown)
    assert "Make a thread for reminders" not in labels(shown)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (LENGTHS | {"minutes": "2"}, "at least 5 minutes"),
        (LENGTHS | {"line_up": "Ana, 20\nBo"}, "“Bo”"),
        (LENGTHS | {"minutes": "30"}, "a line-up that fits into its length"),
    ],
    ids=["too short", "unreadable", "too long a line-up"],
)
async def test_what_cant_be_is_refused_or_named(
    community: Community, values: dict[str, Any], said: str
) -> None:
    panel = await written(community)
    form = await press(community.moderator, panel, "Length and line-up")

    refused = await community.moderator.submit_modal(form, values)

    assert said in words(refused)


async def test_of_an_event_that_repeats_one_or_all_that_follow_are_called_off(
    community: Community,
) -> None:
    panel = await drafted(community, link=ELSEWHERE)
    panel = await moved(community, panel, "weeks", weekdays=["1"], start="2027-03-14", **WEEKLY)
    await press(community.moderator, panel, "Publish")
    await reload(community)
    events, guild_id = community.services.events, community.guild.id
    (first,) = await events.ahead(guild_id)
    panel = await opened(community)

    asked = await press(community.moderator, panel, "Cancel the event")
    assert "The next one of the series is planned then" in words(asked)
    await press(community.moderator, asked, "Cancel it")
    await reload(community)

    (second,) = await events.ahead(guild_id)
    assert second.starts_at == (first.starts_at or 0) + 7 * DAY
    assert len(cards(community)) == 2
    shown = await community.moderator.slash(community.desk, "event manage")
    panel = await choose(community.moderator, shown, "event:open", [str(second.event_id)])
    asked = await press(community.moderator, panel, "Cancel the event")
    await press(community.moderator, asked, "Cancel all that follow, too")
    assert await events.ahead(guild_id) == []


async def test_a_draft_is_deleted_and_whoever_is_late_is_told(community: Community) -> None:
    panel = await written(community)
    gone = await press(community.moderator, panel, "Delete the draft")
    assert "The draft is deleted." in words(gone)
    empty = await press(community.moderator, gone, "All events")
    assert "No event is planned yet" in words(empty)
    late = await press_older(community.moderator, community.desk, empty, "event:words:1")
    assert "That event is gone" in words(late)


async def test_whoever_is_no_moderator_any_more_can_press_nothing(community: Community) -> None:
    panel = await published(community)
    before = await the_event(community)
    demote(community)

    for label in ("Words", "Length and line-up", "Make a thread for reminders", "Cancel the event"):
        refused = await press(community.moderator, panel, label)
        assert "Manage Server" in words(refused), label
    refused = await press(community.moderator, panel, "Host's panel")
    assert "Only the event's host and moderators" in words(refused)
    assert await the_event(community) == before


async def test_words_that_safe_messaging_advises_against_get_the_advice(
    community: Community,
) -> None:
    panel = await written(community, body="We remember a friend who committed suicide last year.")

    assert "**Safe messaging suggests:**" in words(panel)


async def test_the_card_of_a_planned_event_goes_to_another_channel_when_its_own_is_gone(
    community: Community,
) -> None:
    panel = await published(community)
    forbid(community, community.desk, "send_messages")
    refused = await choose(community.moderator, panel, "event:channel", [community.desk])
    assert "Send Messages" in words(refused)
    forbid(community, community.desk)

    chosen = await choose(community.moderator, panel, "event:channel", [community.desk])
    await community.travel_to(NOON + 3 * 60)

    assert f"Card in: <#{community.desk.id}>" in words(chosen)
    assert [words(message).startswith("## Take A Moment") for message in posts(community.desk)] == [
        True
    ]
