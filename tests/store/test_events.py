"""Live events on both engines: planned, moved, cancelled, led, swept; each thing sent once."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.clock import DAY, HOUR, MINUTE, MovableClock
from bot.delivery.plans import Plan, Repeat
from bot.delivery.tables import deliveries, schedules
from bot.errors import RefusalError
from bot.events.posts import KINDS, Part
from bot.events.rsvps import Way
from bot.events.rules import EVENTS_KEPT, MOST, RSVPS_KEPT, Event, Slot, State
from bot.events.tables import event_rsvps, events
from bot.guilds.service import Guilds
from bot.registry import make_hooks
from bot.storage import Database
from tests.conftest import NOON
from tests.store.delivering import Discord, dropped, killed, lost
from tests.store.eventing import (
    ANA,
    AUTHOR,
    BEGINS,
    BO,
    CHANNEL,
    CY,
    DAY_BEFORE,
    HOME,
    ONCE,
    SOON,
    THREAD,
    TURNS,
    WEEKLY,
    Far,
    Room,
)

REMINDERS = (Part.DAY, Part.SOON)


@pytest.fixture
def room(database: Database, clock: MovableClock) -> Room:
    """At noon, two days and six hours before the event."""
    return Room(database, clock, Discord(clock), Far(clock))


async def count(room: Room, table: Any) -> int:
    row = await room.database.fetch_one(select(func.count().label("n")).select_from(table))
    return row["n"] if row else 0


async def test_what_goes_in_comes_out(room: Room) -> None:
    event = await room.planned(WEEKLY, line_up=TURNS, has_therapist=True, host_id=ANA, role_id=9)
    kept = await room.now(event)
    assert (kept.line_up, kept.has_therapist, kept.plan) == (TURNS, True, WEEKLY)
    assert (kept.host_id, kept.role_id, kept.starts_at) == (ANA, 9, BEGINS)
    assert kept.synced == kept.pushed == kept.outline()


async def test_another_community_finds_and_changes_nothing(room: Room) -> None:
    event = await room.planned()
    away, number = HOME + 1, event.event_id
    for attempt in (
        room.events.find(away, number),
        room.events.change(away, AUTHOR, number, title="No"),
        room.events.publish(away, AUTHOR, number),
        room.events.cancel(away, AUTHOR, number),
        room.events.rsvps.come(away, number, ANA, Way.DIRECT),
        room.stage.start(away, number),
        room.stage.close(away, number),
        room.stage.ask_for_signal(away, number, ANA),
    ):
        with pytest.raises(RefusalError):
            await attempt
    assert not await room.events.remove(away, AUTHOR, number)
    assert await room.now(event) == event


async def test_no_more_events_than_there_is_room_for_whoever_writes_at_once(
    room: Room, other: Database
) -> None:
    rooms = [room, room.successor(other)]
    made = await asyncio.gather(
        *(rooms[n % 2].draft(title=f"Event {n}") for n in range(MOST + 3)), return_exceptions=True
    )
    assert sum(isinstance(one, Event) for one in made) == MOST
    assert len(await room.events.open(HOME)) == MOST


async def test_a_draft_that_lacks_something_is_not_published(room: Room) -> None:
    draft = await room.draft(title="No")
    with pytest.raises(RefusalError, match="a title"):
        await room.events.publish(HOME, AUTHOR, draft.event_id)
    assert (await room.now(draft)).state is State.DRAFT
    assert await count(room, schedules) == 0


async def test_published_while_the_minute_turns_its_card_is_posted(room: Room) -> None:
    """A transaction may begin in one minute and end in the next one."""
    draft = await room.draft()
    begun = NOON + MINUTE - 1

    class Slow(MovableClock):
        """It goes on while it is looked at."""

        def now(self) -> int:
            self.move_to(super().now() + 1)
            return super().now()

    room.events._clock = room.schedules._clock = Slow(begun - 1)
    await room.events.publish(HOME, AUTHOR, draft.event_id)
    await room.tick(NOON + 2 * MINUTE)
    assert room.sent() == [(Part.CARD, None)]


async def test_reminders_go_to_those_who_asked_and_to_the_thread(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA, BO)
    await room.come(event, CY, way=Way.THREAD)
    await room.come(event, 504, way=Way.NONE)
    await room.change(event, thread_id=THREAD)
    await room.pass_minutes(DAY_BEFORE - MINUTE, DAY_BEFORE, DAY_BEFORE + MINUTE, SOON, SOON + 60)

    for part in REMINDERS:
        assert sorted(room.sent(part), key=str) == [(part, ANA), (part, BO), (part, None)]
    (in_thread,) = {post.body.mentions for post in room.discord.posts if post.channel_id == THREAD}
    assert in_thread == (CY,)


async def test_who_leaves_or_changes_their_mind_is_not_written_to(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA, BO, CY)
    await room.events.rsvps.leave(event.event_id, ANA)
    await room.come(event, BO, way=Way.NONE)
    await room.tick(DAY_BEFORE)
    assert room.sent(Part.DAY) == [(Part.DAY, CY)]


async def test_moved_twice_in_a_minute_is_told_once_with_where_it_was(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA)
    event = await room.move(event, 30)
    await room.move(event, 30)
    await room.pass_minutes(NOON + MINUTE, NOON + 2 * MINUTE)
    (post,) = [post for post in room.discord.posts if post.body.part is Part.CHANGED]
    assert post.body.before["starts_at"] == BEGINS
    assert post.body.event.starts_at == BEGINS + HOUR


async def test_moved_in_different_minutes_is_told_each_time(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA)
    event = await room.move(event, 30)
    await room.tick(NOON + MINUTE)
    event = await room.move(event, -30)
    await room.pass_minutes(NOON + 2 * MINUTE, NOON + 3 * MINUTE)
    told = [post.body for post in room.discord.posts if post.body.part is Part.CHANGED]
    assert [one.before["starts_at"] for one in told] == [BEGINS, BEGINS + 30 * MINUTE]


async def test_moved_and_back_before_anybody_was_told_says_nothing(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA)
    event = await room.move(event, 30)
    event = await room.move(event, -30)
    await room.pass_minutes(NOON + MINUTE, NOON + 2 * MINUTE, DAY_BEFORE, SOON)
    assert room.sent() == [(Part.CARD, None), (Part.DAY, ANA), (Part.SOON, ANA)]


async def test_a_change_that_some_were_not_told_of_yet_is_told_from_where_they_are(
    room: Room,
) -> None:
    event = await room.planned()
    await room.come(event, ANA, BO)
    event = await room.move(event, 30)
    room.discord.letter_outcomes.extend([lambda: None, dropped])
    await room.tick(NOON + MINUTE)
    event = await room.move(event, 30)
    await room.tick(NOON + 2 * MINUTE)
    last = {post.recipient_id: post.body for post in room.discord.posts[-2:]}
    assert {one.before["starts_at"] for one in last.values()} == {BEGINS}
    assert set(last) == {ANA, BO}


async def test_a_moved_events_old_reminder_is_never_sent(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA)
    await room.move(event, 30)
    for at in range(DAY_BEFORE, DAY_BEFORE + HOUR, 10 * MINUTE):
        await room.tick(at)
    assert [post.body.event.starts_at for post in room.discord.posts if post.body.part in REMINDERS]
    sent = [at for at, post in room.discord.messages if post.body.part is Part.DAY]
    assert sent == [DAY_BEFORE + 30 * MINUTE]


@pytest.mark.parametrize("outcome", [None, dropped, lost, killed])
async def test_nor_if_it_was_written_down_or_begun_already(room: Room, outcome: Any) -> None:
    event = await room.planned()
    await room.come(event, ANA, BO)
    await room.tick(NOON + MINUTE)
    if outcome is None:
        room.sender._closing.set()  # it is planned, and the process stops
    else:
        room.discord.outcomes.extend([outcome] * 2)
    await room.tick(DAY_BEFORE)
    before = len(room.sent(Part.DAY))
    assert before == (2 if outcome in {lost, killed} else 0)

    await room.move(event, 30)
    later = room.successor()
    for minutes in (1, 2, 5, 10, 20, 29):
        await later.tick(DAY_BEFORE + minutes * MINUTE)
    assert len(room.sent(Part.DAY)) == before
    await later.tick(DAY_BEFORE + 30 * MINUTE)
    assert len(room.sent(Part.DAY)) == before + 2


async def test_moved_while_a_letter_is_on_its_way_the_others_do_not_follow(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA, BO)
    first, moved = asyncio.Event(), asyncio.Event()
    real = room.discord.post

    async def post(*arguments: Any) -> int:
        number = await real(*arguments)
        if not first.is_set():
            first.set()
            await room.move(event, 30)
            moved.set()
        return number

    room.discord.post = post  # type: ignore[assignment,method-assign]
    room.sender.announcers.by_kind["event-letter"] = _OneByOne(
        room.sender.announcers.by_kind["event-letter"], moved
    )
    await room.tick(DAY_BEFORE)
    assert len(room.sent(Part.DAY)) == 1


class _OneByOne:
    """Lets the second letter be composed when the first one is out and the event has moved."""

    def __init__(self, real: Any, moved: asyncio.Event) -> None:
        self._real = real
        self._moved = moved
        self._is_first = True

    async def choose(self, *arguments: Any) -> Any:
        return await self._real.choose(*arguments)

    async def compose(self, *arguments: Any) -> Any:
        is_first, self._is_first = self._is_first, False
        if not is_first:
            await self._moved.wait()
        return await self._real.compose(*arguments)


@pytest.mark.parametrize(
    ("part", "due_at", "late"),
    [(Part.DAY, DAY_BEFORE, 3 * HOUR), (Part.SOON, SOON, 10 * MINUTE)],
)
@pytest.mark.parametrize("is_too_late", [False, True])
async def test_reminders_catch_up_within_their_lateness_only(
    room: Room, part: Part, due_at: int, late: int, *, is_too_late: bool
) -> None:
    event = await room.planned()
    await room.change(event, thread_id=THREAD)
    await room.come(event, ANA)
    await room.tick(NOON + MINUTE)
    await room.successor().tick(due_at + late + (1 if is_too_late else 0))
    assert len(room.sent(part)) == (0 if is_too_late else 2)
    assert await count(room, deliveries.alias()) >= 1
    for row in await room.database.fetch_all(select(deliveries.c.recipient_id)):
        assert row["recipient_id"] is None


async def test_cancelling_one_of_a_series_plans_the_next_and_the_whole_none(room: Room) -> None:
    event = await room.planned(WEEKLY)
    await room.events.cancel(HOME, AUTHOR, event.event_id)
    with pytest.raises(RefusalError, match="over or cancelled"):
        await room.events.cancel(HOME, AUTHOR, event.event_id)
    (following,) = await room.events.ahead(HOME)
    assert following.starts_at == BEGINS + 7 * DAY

    await room.events.cancel(HOME, AUTHOR, following.event_id, is_whole_series=True)
    assert await room.events.ahead(HOME) == []
    await room.pass_minutes(NOON + MINUTE, DAY_BEFORE, BEGINS + 6 * DAY, BEGINS + 7 * DAY)
    assert room.sent() == []


async def test_one_that_is_on_is_not_moved_and_those_that_follow_are(room: Room) -> None:
    single, weekly = await room.planned(), await room.planned(WEEKLY, title="Each week")
    await room.tick(BEGINS)
    with pytest.raises(RefusalError, match="on now"):
        await room.move(single, 30)
    assert (await room.now(single)).starts_at == BEGINS

    moved = await room.change(weekly, plan=replace(WEEKLY, minute_of_day=19 * 60))
    assert (moved.state, moved.starts_at) == (State.LIVE, BEGINS)
    await room.stage.close(HOME, weekly.event_id)
    following = [one for one in await room.events.ahead(HOME) if one.title == "Each week"]
    assert [one.starts_at for one in following] == [BEGINS + 7 * DAY + HOUR]


async def test_a_day_of_a_series_that_moved_earlier_there_is_not_planned_again(
    room: Room,
) -> None:
    event = await room.planned(WEEKLY)
    room.far.edit(event, starts_at=BEGINS - DAY, ends_at=BEGINS - DAY + HOUR)
    await room.sync(event)
    await room.pass_minutes(BEGINS - DAY, BEGINS - DAY + 2 * HOUR)
    assert (await room.now(event)).state is State.OVER
    (following,) = await room.events.ahead(HOME)
    assert following.starts_at == BEGINS + 7 * DAY


async def test_the_host_is_signalled_before_each_turn_ends_and_once(room: Room) -> None:
    event = await room.planned(line_up=TURNS)
    await room.stage.ask_for_signal(HOME, event.event_id, ANA)
    await room.tick(BEGINS)
    await room.pass_minutes(*(BEGINS + n * MINUTE for n in range(17, 21)))
    assert room.sent(Part.SIGNAL) == [(Part.SIGNAL, ANA)]
    assert room.discord.messages[-1][0] == BEGINS + 18 * MINUTE

    begun = room.clock.now()
    await asyncio.gather(*(room.stage.go_on(HOME, event.event_id, 0) for _ in range(3)))
    assert (await room.now(event)).turn == 1
    await room.pass_minutes(*(begun + n * MINUTE for n in range(22, 26)))
    assert len(room.sent(Part.SIGNAL)) == 2
    await room.stage.go_on(HOME, event.event_id, 1)
    await room.pass_minutes(*(begun + n * MINUTE for n in range(26, 30)))
    assert len(room.sent(Part.SIGNAL)) == 2


async def test_a_turn_that_was_made_longer_is_signalled_when_it_ends_then(room: Room) -> None:
    event = await room.planned(line_up=TURNS)
    await room.stage.ask_for_signal(HOME, event.event_id, ANA)
    await room.tick(BEGINS)
    await room.change(event, line_up=(Slot("Ana", 30), Slot("Bo", 25)))
    await room.pass_minutes(BEGINS + 18 * MINUTE, BEGINS + 28 * MINUTE)
    assert [at for at, post in room.discord.messages if post.body.part is Part.SIGNAL] == [
        BEGINS + 28 * MINUTE
    ]


async def test_nobody_who_said_no_again_is_signalled_and_never_late(room: Room) -> None:
    event = await room.planned(line_up=TURNS)
    await room.stage.ask_for_signal(HOME, event.event_id, ANA)
    await room.tick(BEGINS)
    await room.stage.ask_for_signal(HOME, event.event_id, None)
    await room.tick(BEGINS + 18 * MINUTE)
    await room.stage.ask_for_signal(HOME, event.event_id, BO)
    await room.stage.go_on(HOME, event.event_id, 0)
    await room.successor().tick(BEGINS + (18 + 25 - 2) * MINUTE + MINUTE + 1)
    assert room.sent(Part.SIGNAL) == []


async def test_closing_and_looking_back_are_posted_once(room: Room, other: Database) -> None:
    event = await room.planned()
    await room.tick(BEGINS)
    rooms = [room, room.successor(other)]
    await asyncio.gather(*(one.stage.close(HOME, event.event_id) for one in rooms * 2))
    for words in ("It was good.", "It was very good."):
        await room.stage.keep_recap(HOME, event.event_id, words, 12)
    await room.pass_minutes(BEGINS + MINUTE, BEGINS + 2 * MINUTE)
    assert sorted(room.sent(Part.CLOSING, Part.RECAP)) == [
        (Part.CLOSING, None),
        (Part.RECAP, None),
    ]
    assert room.discord.posts[-1].body.event.attendance == 12


async def test_a_host_starts_it_an_hour_early_at_most(room: Room) -> None:
    event = await room.planned(line_up=TURNS)
    room.clock.move_to(BEGINS - HOUR - 1)
    with pytest.raises(RefusalError, match="more than an hour"):
        await room.stage.start(HOME, event.event_id)
    room.clock.move_to(BEGINS - HOUR)
    started = await asyncio.gather(*(room.stage.start(HOME, event.event_id) for _ in range(3)))
    assert {one.turn_at for one in started} == {BEGINS - HOUR}
    await room.tick(SOON)
    assert room.sent(*REMINDERS) == []


async def test_after_a_week_nobody_knows_who_came_and_after_a_year_of_no_event(
    room: Room,
) -> None:
    event, draft = await room.planned(), await room.draft()
    await room.come(event, ANA)
    await room.tick(NOON + MINUTE)
    await room.events.cancel(HOME, AUTHOR, event.event_id)
    finished = room.clock.now()
    room.clock.move_to(finished + RSVPS_KEPT - 1)
    await room.events.sweep()
    assert await count(room, event_rsvps) == 1
    room.clock.move_to(finished + RSVPS_KEPT)
    await room.events.sweep()
    assert await count(room, event_rsvps) == 0
    assert await count(room, schedules) > 0

    room.clock.move_to(finished + EVENTS_KEPT)
    await room.events.sweep()
    assert [one.event_id for one in await room.events.open(HOME)] == [draft.event_id]
    assert await count(room, events) == 1
    assert await count(room, schedules) == await count(room, deliveries) == 0


def guilds_of(room: Room) -> Guilds:
    hooks = make_hooks(room.schedules, _keep_all, room.events.forget)
    assert {hook.feature for hook in hooks} >= set(KINDS)
    return Guilds(room.database, room.audit, room.clock, hooks)


async def _keep_all(_tx: Any, _guild_id: int) -> None:
    """Another feature."""


async def test_a_community_that_is_forgotten_leaves_nothing(room: Room) -> None:
    guilds = guilds_of(room)
    for guild_id in (HOME, HOME + 1):
        event = await room.planned(guild_id=guild_id)
        await room.come(event, ANA)
    await guilds.forget(HOME)
    assert (await count(room, events), await count(room, event_rsvps)) == (1, 1)
    assert await room.schedules.in_guild(HOME) == []
    assert len(await room.schedules.in_guild(HOME + 1)) == 3


async def test_lost_and_found_it_sends_what_is_ahead_and_nothing_that_was_missed(
    room: Room,
) -> None:
    guilds = guilds_of(room)
    await guilds.change(HOME, AUTHOR, zone="UTC")
    event = await room.planned()
    await room.come(event, ANA)
    await room.tick(NOON + MINUTE)
    room.far.is_there = False
    await guilds.mark_lost(HOME)
    await room.tick(DAY_BEFORE)
    room.clock.move_to(DAY_BEFORE + MINUTE)
    await guilds.mark_found(HOME)
    room.far.is_there = True
    await room.pass_minutes(DAY_BEFORE + 2 * MINUTE, SOON, SOON + MINUTE)
    assert room.sent() == [(Part.CARD, None), (Part.SOON, ANA)]


async def test_lost_with_a_letter_waiting_it_is_not_sent_when_found(room: Room) -> None:
    guilds = guilds_of(room)
    await guilds.change(HOME, AUTHOR, zone="UTC")
    event = await room.planned()
    await room.come(event, ANA)
    await room.tick(NOON + MINUTE)
    room.sender._closing.set()
    await room.tick(DAY_BEFORE)
    await guilds.mark_lost(HOME)
    later = room.successor()
    await later.tick(DAY_BEFORE + MINUTE)
    await guilds.mark_found(HOME)
    await later.tick(DAY_BEFORE + 2 * MINUTE)
    assert room.sent(Part.DAY) == []


async def test_a_card_is_found_where_it_was_posted(room: Room) -> None:
    await room.planned()
    await room.tick(NOON + MINUTE)  # the first message of all, whose number is 0 here
    event = await room.planned()
    assert await room.events.planning.find_card(event) is None
    await room.tick(NOON + 2 * MINUTE)
    found = await room.events.planning.find_card(event)
    assert found is not None
    assert found.channel_id == CHANNEL
    assert found.key == room.discord.posts[-1].key


async def test_a_series_on_a_date_ends_with_its_last_day(room: Room) -> None:
    plan = replace(WEEKLY, until=ONCE.start)
    event = await room.planned(plan)
    await room.tick(BEGINS)
    await room.stage.close(HOME, event.event_id)
    assert await room.events.ahead(HOME) == []
    never = Plan(Repeat.ONCE, "UTC", 0, ONCE.start)
    with pytest.raises(RefusalError, match="still to come"):
        await room.change(await room.draft(), plan=never)


async def test_a_card_is_found_though_it_is_cancelled_and_not_posted_afterwards(
    room: Room,
) -> None:
    await room.planned()
    await room.tick(NOON + MINUTE)
    later = await room.planned()
    await room.events.cancel(HOME, AUTHOR, later.event_id)
    await room.tick(NOON + 2 * MINUTE)
    assert room.sent(Part.CARD) == [(Part.CARD, None)]

    event = await room.planned()
    await room.tick(NOON + 3 * MINUTE)
    await room.events.cancel(HOME, AUTHOR, event.event_id)
    assert await room.events.planning.find_card(event) is not None
