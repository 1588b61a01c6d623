"""Events in step with Discord's own, whoever changes what, dies, is refused or is away."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.clock import DAY, HOUR, MINUTE, MovableClock
from bot.events.mirrors import Remote, Status
from bot.events.posts import Part
from bot.events.rules import NOTE, OVERRUN, Event, Place, State
from bot.storage import Database
from tests.conftest import NOON
from tests.store.delivering import Discord
from tests.store.eventing import (
    ANA,
    AUTHOR,
    BEGINS,
    HOME,
    MOST,
    TURNS,
    WEEKLY,
    Far,
    Room,
    dropped,
    forbidden,
    killed,
    lost,
)


@pytest.fixture
def room(database: Database, clock: MovableClock) -> Room:
    """At noon, two days and six hours before the event."""
    return Room(database, clock, Discord(clock), Far(clock))


async def ensure_in_step(room: Room, event: Event) -> Event:
    """Nothing is left to be done, and both say the same."""
    before = room.far.asked.copy()
    after = await room.sync(event)
    assert room.far.asked - before in ({}, {"look": 1})
    shown = room.far.shown(after).outline
    assert shown == after.synced
    assert shown == replace(after.outline(), body=after.outline().body.strip())
    return after


async def test_it_is_made_at_discord_once_though_two_publish_at_once(
    room: Room, other: Database
) -> None:
    event = await room.draft()
    rooms = [room, room, room.successor(other), room.successor(other)]
    await asyncio.gather(*(one.events.publish(HOME, AUTHOR, event.event_id) for one in rooms))
    await asyncio.gather(*(room.syncing.sync(HOME, event.event_id) for _ in range(3)))
    await room.pass_minutes(NOON + MINUTE, NOON + 2 * MINUTE)

    assert len(room.far.events) == 1
    assert room.sent() == [(Part.CARD, None)]
    await ensure_in_step(room, event)


@pytest.mark.parametrize("outcome", [lost, killed])
async def test_one_that_was_made_and_not_written_down_is_found_again(
    room: Room, outcome: Any
) -> None:
    room.far.fail("create", outcome)
    event = await room.draft()
    await room.events.publish(HOME, AUTHOR, event.event_id)
    await asyncio.gather(room.syncing.sync(HOME, event.event_id), return_exceptions=True)
    assert (await room.now(event)).discord_event_id is None

    await room.successor().sync(event)

    assert len(room.far.events) == 1
    await ensure_in_step(room, event)


@pytest.mark.parametrize("change", [{"title": "Another name"}, {"minutes": 90}, "moved"])
async def test_one_that_was_made_and_not_written_down_is_found_though_it_changed_since(
    room: Room, change: Any
) -> None:
    room.far.fail("create", lost)
    event = await room.planned()
    if change == "moved":
        await room.move(event, 30)
    else:
        await room.change(event, **change)

    await room.sync(event)

    assert len(room.far.events) == 1
    await ensure_in_step(room, event)


async def test_one_that_was_made_and_not_written_down_goes_when_it_is_cancelled(
    room: Room,
) -> None:
    room.far.fail("create", lost)
    event = await room.planned()
    await room.events.cancel(HOME, AUTHOR, event.event_id)

    await room.pass_minutes(NOON + MINUTE, NOON + 2 * MINUTE, NOON + 3 * MINUTE)

    assert room.far.running() == []
    assert room.far.asked["search"] <= 2


async def test_of_two_alike_each_has_its_own(room: Room) -> None:
    first = await room.planned()
    room.far.fail("create", dropped)
    second = await room.planned()
    assert second.discord_event_id is None

    second = await room.sync(second)

    assert len(room.far.running()) == 2
    assert second.discord_event_id not in {None, first.discord_event_id}


async def test_what_is_moved_and_renamed_here_is_shown_there(room: Room) -> None:
    event = await room.planned()
    await room.move(event, 30)
    await room.change(event, title="Breathe")
    await room.sync(event)

    shown = room.far.shown(event).outline
    assert shown is not None
    assert (shown.title, shown.starts_at) == ("Breathe", BEGINS + 30 * MINUTE)
    await ensure_in_step(room, event)


async def test_what_is_moved_and_renamed_there_is_taken_over_and_told_once(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA)
    room.far.edit(
        event, title="Breathe", starts_at=BEGINS + HOUR, ends_at=BEGINS + 2 * HOUR + 30 * MINUTE
    )
    await room.syncing.hear(HOME, event.discord_event_id or 0)
    after = await ensure_in_step(room, event)

    assert (after.title, after.starts_at, after.minutes) == ("Breathe", BEGINS + HOUR, 90)
    await room.pass_minutes(NOON + MINUTE, NOON + 2 * MINUTE)
    assert room.sent(Part.CHANGED) == [(Part.CHANGED, ANA)]
    assert room.far.asked["change"] == 0
    room.clock.move_to(BEGINS + HOUR)
    await room.tick(BEGINS + HOUR)
    assert room.sent(Part.SOON) == []  # nobody ticked at its time, and it would be late


@pytest.mark.parametrize("there", [{"title": "Breathe"}, {"body": f"Come.\n\n{NOTE}"}])
async def test_what_changes_on_both_sides_at_once_is_kept_from_both(
    room: Room, there: dict[str, str]
) -> None:
    event = await room.planned()
    room.far.is_deaf = True
    await room.move(event, 30)
    room.far.edit(event, **there)

    after = await room.sync(event)

    shown = room.far.shown(after).outline
    assert shown is not None
    assert shown.starts_at == after.starts_at == BEGINS + 30 * MINUTE
    assert (shown.title, shown.body) == (
        there.get("title", "Take A Moment"),
        there.get("body", f"A quiet hour.\n\n{NOTE}"),
    )
    await ensure_in_step(room, after)


@pytest.mark.parametrize(
    "body", ["Just come.", "", f"Come.\n\n{NOTE}\nBring tea.", "x" * 1000, f"{NOTE}\n{NOTE}"]
)
async def test_the_note_is_put_back_where_somebody_took_it_out(room: Room, body: str) -> None:
    event = await room.planned()
    room.far.edit(event, body=body)
    after = await room.sync(event)

    shown = room.far.shown(after).outline
    assert shown is not None
    assert shown.body.endswith(NOTE)
    assert shown.body.count(NOTE) == 1
    assert NOTE not in after.body
    await ensure_in_step(room, after)


async def test_a_place_goes_from_a_link_to_a_channel_and_back(room: Room) -> None:
    event = await room.planned()
    room.far.edit(event, place=Place.VOICE, channel_id=77, link=None)
    after = await room.sync(event)
    assert (after.place, after.place_channel_id, after.link) == (Place.VOICE, 77, None)

    room.far.edit(event, place=Place.LINK, channel_id=None, link="The town hall")
    after = await room.sync(event)
    assert (after.place, after.place_channel_id, after.link) == (Place.LINK, None, "The town hall")
    await ensure_in_step(room, after)
    # a place that is no address can't be typed here, and yet everything else can be changed
    after = await room.change(after, minutes=75)
    assert after.minutes == 75


async def test_cancelled_here_it_goes_there_and_those_who_come_are_told_once(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA)
    await room.events.cancel(HOME, AUTHOR, event.event_id)
    await room.pass_minutes(NOON + MINUTE, NOON + 2 * MINUTE, BEGINS - DAY, BEGINS)

    assert room.far.running() == []
    assert room.sent() == [(Part.CHANGED, ANA)]
    assert room.far.asked["look"] <= 3


@pytest.mark.parametrize("way", ["deleted", "cancelled"])
async def test_deleted_or_cancelled_there_it_is_cancelled_here_and_told_once(
    room: Room, way: str
) -> None:
    event = await room.planned()
    await room.come(event, ANA)
    await room.tick(NOON + MINUTE)
    if way == "deleted":
        room.far.delete(event)
    else:
        room.far.turn(event, Status.GONE)
    await room.syncing.hear(HOME, event.discord_event_id or 0)
    await room.pass_minutes(NOON + 2 * MINUTE, NOON + 3 * MINUTE, BEGINS - DAY, BEGINS)

    assert (await room.now(event)).state is State.CANCELLED
    assert room.sent() == [(Part.CARD, None), (Part.CHANGED, ANA)]
    assert room.far.asked["look"] <= 4


async def test_it_starts_at_discord_if_nobody_starts_it_and_ends_after_an_hour_too_much(
    room: Room,
) -> None:
    event = await room.planned()
    await room.tick(BEGINS - MINUTE)
    assert room.far.shown(event).status is Status.SCHEDULED
    await room.tick(BEGINS)
    assert room.far.shown(event).status is Status.ACTIVE
    assert (await room.now(event)).state is State.LIVE

    ends_at = BEGINS + HOUR + OVERRUN
    await room.pass_minutes(ends_at - MINUTE)
    assert (await room.now(event)).state is State.LIVE
    await room.pass_minutes(ends_at, ends_at + MINUTE, ends_at + 2 * MINUTE)
    assert (await room.now(event)).state is State.OVER
    assert room.far.shown(event).status is Status.OVER
    assert room.sent(Part.CLOSING) == [(Part.CLOSING, None)]
    assert room.far.asked["start"] == room.far.asked["end"] == 1


async def test_started_early_there_it_is_on_here_and_nobody_is_reminded_any_more(
    room: Room,
) -> None:
    event = await room.planned(line_up=TURNS)
    await room.come(event, ANA)
    await room.tick(BEGINS - 30 * MINUTE)
    room.far.turn(event, Status.ACTIVE)
    await room.pass_minutes(BEGINS - 29 * MINUTE, BEGINS - 15 * MINUTE)

    after = await room.now(event)
    assert (after.state, after.turn, after.turn_at) == (State.LIVE, 0, BEGINS - 29 * MINUTE)
    assert room.sent(Part.SOON) == []


@pytest.mark.parametrize("method", ["create", "change", "start"])
async def test_where_discord_refuses_it_begins_and_ends_and_the_next_is_planned_all_the_same(
    room: Room, method: str
) -> None:
    room.far.fail(method, *[forbidden] * 10)
    event = await room.planned(WEEKLY)
    await room.come(event, ANA)
    if method == "change":
        event = await room.change(event, title="Another name")
        assert await room.syncing.sync(HOME, event.event_id) is not None
    await room.pass_minutes(BEGINS - 15 * MINUTE, BEGINS)
    assert (await room.now(event)).state is State.LIVE

    await room.pass_minutes(BEGINS + HOUR + OVERRUN, BEGINS + HOUR + OVERRUN + MINUTE)

    assert (await room.now(event)).state is State.OVER
    assert room.sent(Part.SOON, Part.CLOSING) == [(Part.SOON, ANA), (Part.CLOSING, None)]
    (following,) = await room.events.ahead(HOME)
    assert following.starts_at == BEGINS + 7 * DAY


async def test_where_discord_cannot_be_asked_it_is_not_on_for_ever(room: Room) -> None:
    event = await room.planned(WEEKLY)
    await room.tick(BEGINS)
    room.far.fail("look", *[forbidden] * 20)
    room.far.seen.clear()
    await room.tick(BEGINS + HOUR + OVERRUN)
    assert (await room.now(event)).state is State.OVER


async def test_with_a_hundred_events_there_it_is_told_and_made_when_there_is_room(
    room: Room,
) -> None:
    shown = (await room.draft()).outline()
    for number in range(MOST):
        room.far.events[number] = Remote(number, Status.SCHEDULED, replace(shown, title="Other"))
    event = await room.planned()
    assert "100" in (await room.syncing.sync(HOME, event.event_id) or "")

    room.far.events.pop(5)
    await ensure_in_step(room, await room.sync(event))


async def test_a_bot_that_was_away_for_days_starts_nothing_late_and_says_no_goodbye(
    room: Room,
) -> None:
    event = await room.planned(WEEKLY)
    await room.come(event, ANA)
    await room.tick(NOON + MINUTE)
    away = BEGINS + 3 * DAY
    await room.successor().pass_minutes(away, away + MINUTE)

    assert (await room.now(event)).state is State.OVER
    assert room.far.asked["start"] == 0
    assert room.sent() == [(Part.CARD, None)] * 2  # the next one's card
    (following,) = await room.events.ahead(HOME)
    assert following.starts_at == BEGINS + 7 * DAY


async def test_a_bot_that_was_away_while_it_moved_there_reminds_of_the_new_time_alone(
    room: Room,
) -> None:
    event = await room.planned()
    await room.come(event, ANA)
    await room.tick(NOON + MINUTE)
    room.far.edit(event, starts_at=BEGINS + HOUR, ends_at=BEGINS + 2 * HOUR)
    back = BEGINS - 2 * HOUR
    later = room.successor()
    await later.pass_minutes(back, back + MINUTE, BEGINS - 15 * MINUTE, BEGINS + 45 * MINUTE)

    assert room.sent(Part.DAY, Part.SOON, Part.CHANGED) == [
        (Part.CHANGED, ANA),
        (Part.SOON, ANA),
    ]
    assert room.discord.posts[-1].body.event.starts_at == BEGINS + HOUR


async def test_ended_there_by_two_processes_the_next_of_a_series_is_planned_once(
    room: Room, other: Database
) -> None:
    event = await room.planned(WEEKLY)
    await room.tick(BEGINS)
    room.far.turn(event, Status.OVER)
    rooms = [room, room.successor(other), room.successor(), room.successor(other)]
    await asyncio.gather(
        *(one.syncing.sync(HOME, event.event_id) for one in rooms),
        *(one.stage.close(HOME, event.event_id) for one in rooms),
    )
    assert len(await room.events.ahead(HOME)) == 1
    await room.pass_minutes(BEGINS + HOUR, BEGINS + HOUR + MINUTE)
    assert room.sent(Part.CLOSING) == [(Part.CLOSING, None)]
    assert len(room.far.running()) == 1


async def test_an_old_cache_neither_takes_back_nor_asks_without_end(room: Room) -> None:
    event = await room.planned()
    room.far.is_deaf = True
    await room.move(event, 30)
    await room.sync(event)
    await room.sync(event)
    assert (await room.now(event)).starts_at == BEGINS + 30 * MINUTE
    assert room.far.asked["change"] == 1

    await room.events.cancel(HOME, AUTHOR, event.event_id)
    before = room.far.asked["look"]
    await room.sync(event)
    assert room.far.asked["end"] == 1
    assert room.far.asked["look"] - before <= 2


async def test_one_community_in_trouble_stops_no_other(room: Room) -> None:
    def broken() -> None:
        raise KeyError

    room.far.fail("create", broken)
    await room.events.publish(HOME, AUTHOR, (await room.draft()).event_id)
    event = await room.draft(guild_id=HOME + 1)
    await room.events.publish(HOME + 1, AUTHOR, event.event_id)
    await room.tick(NOON + MINUTE)
    assert (await room.now(event)).discord_event_id is not None


async def test_nothing_is_done_for_a_community_that_is_out_of_sight(room: Room) -> None:
    event = await room.planned()
    room.far.is_there = False
    room.far.delete(event)
    await room.tick(BEGINS)
    assert (await room.now(event)).state is State.PLANNED


async def test_what_discord_refused_is_asked_again_after_a_while_or_when_somebody_asks(
    room: Room,
) -> None:
    room.far.fail("create", *[forbidden] * 2)
    event = await room.planned()
    await room.pass_minutes(*(NOON + n * MINUTE for n in range(1, 15)))
    assert room.far.asked["create"] == 1
    assert await room.syncing.sync(HOME, event.event_id) is not None
    assert room.far.asked["create"] == 2
    await room.pass_minutes(*(NOON + n * MINUTE for n in range(15, 32)))
    assert room.far.asked == {"create": 3}
    await ensure_in_step(room, event)


async def test_an_end_that_discord_refused_is_asked_for_again_after_a_while_or_by_somebody(
    room: Room,
) -> None:
    event = await room.planned()
    room.far.fail("end", *[forbidden] * 2)
    await room.events.cancel(HOME, AUTHOR, event.event_id)
    assert await room.syncing.sync(HOME, event.event_id) is not None
    before = room.far.asked.copy()
    await room.pass_minutes(*(NOON + n * MINUTE for n in range(1, 15)))
    assert room.far.asked - before == {}
    assert await room.syncing.sync(HOME, event.event_id) is not None
    await room.pass_minutes(*(NOON + n * MINUTE for n in range(15, 32)))
    assert room.far.asked["end"] == 3
    assert room.far.running() == []


async def test_a_start_that_discord_refused_keeps_its_end_from_nothing(room: Room) -> None:
    event = await room.planned()
    room.far.fail("start", *[forbidden] * 10)
    over = BEGINS + HOUR + OVERRUN
    await room.pass_minutes(BEGINS, over - MINUTE)
    await room.pass_minutes(over)
    assert (await room.now(event)).state is State.OVER
    assert room.far.asked["end"] == 1
    assert room.far.running() == []


async def test_what_is_not_in_step_yet_is_left_to_the_next_start_when_the_engine_closes(
    room: Room,
) -> None:
    for number in range(3):
        await room.planned(guild_id=HOME + number)
    room.far.seen.clear()
    room.far.is_deaf = True
    before = room.far.asked["look"]
    look, is_open = room.far.look, asyncio.Event()

    async def look_slowly(event: Event) -> Remote:
        remote = await look(event)
        await is_open.wait()
        return remote

    room.far.look = look_slowly  # type: ignore[method-assign]
    room.clock.move_to(NOON + MINUTE)
    ticking = asyncio.create_task(room.engine.tick())
    while room.far.asked["look"] == before:
        await asyncio.sleep(0)
    closing = asyncio.create_task(room.engine.close())
    while not room.engine.is_closing:
        await asyncio.sleep(0)
    is_open.set()
    await closing
    await ticking
    assert room.far.asked["look"] == before + 1
