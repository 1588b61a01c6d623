"""What follows a post: once in effect, within a channel's limit, whatever dies in between."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace

import pytest

from bot.clock import MovableClock
from bot.delivery.engine import Engine
from bot.delivery.follow_ups import FollowUp, FollowUps, find_follow_up
from bot.delivery.pace import Pace
from bot.delivery.ports import (
    FOLLOW_UP,
    LimitedError,
    Placed,
    PostGoneError,
    RefusedError,
    Schedule,
    UnknownOutcomeError,
)
from bot.storage import Database
from tests.store.delivering import DAY, DUE, HOUR, MINUTE, Outcome, Station, at_five, killed

MOST, SECONDS = 3, 600
REFUSED = "Make it an announcement channel."


def dies_after() -> None:
    """It took effect, and the process is killed before it can write that down."""
    killed()


def gone() -> None:
    """Somebody deleted the post."""
    message = "unknown message"
    raise PostGoneError(message)


def refused() -> None:
    """Discord refuses it."""
    raise RefusedError(REFUSED)


def limited() -> None:
    """Discord's own limit is used up."""
    raise LimitedError(1999.5)


def unknown() -> None:
    """No answer."""
    message = "no answer"
    raise UnknownOutcomeError(message)


@dataclass
class Publishing:
    """A step on the far side: publishes a message once, however often it is asked to.

    ``outcomes`` are those of the next requests for channel 10.
    """

    clock: MovableClock
    most: int = MOST
    seconds: int = SECONDS
    asked: list[tuple[int, Placed]] = field(default_factory=list)
    published: list[int] = field(default_factory=list)
    outcomes: deque[Outcome] = field(default_factory=deque)

    async def do(self, placed: Placed) -> None:
        """Publish it."""
        await asyncio.sleep(0)
        self.asked.append((self.clock.now(), placed))
        is_first_channel = placed.channel_id == 10
        outcome = self.outcomes.popleft() if self.outcomes and is_first_channel else None
        if outcome is not None and outcome is not dies_after:
            outcome()
        if placed.message_id not in self.published:
            self.published.append(placed.message_id)
        if outcome is not None:
            outcome()

    def explain_late(self, placed: Placed) -> str:
        """Words for moderators."""
        return f"{placed.message_id} was not published."

    def asked_at(self, channel_id: int = 10) -> list[int]:
        """Seconds after the first post at which it was asked for one in a channel."""
        return [at - DUE for at, placed in self.asked if placed.channel_id == channel_id]


@pytest.fixture
def publishing(clock: MovableClock) -> Publishing:
    """The far side."""
    return Publishing(clock)


@pytest.fixture
def house(station: Station, publishing: Publishing) -> Station:
    """A process whose posts are published."""
    return publish(station, publishing)


def publish(station: Station, step: Publishing) -> Station:
    """Let a process do the step."""
    follow_ups = FollowUps(
        station.database,
        station.clock,
        {"publish": step},
        station.moderators,
        Pace(1_000_000),
    )
    station.engine = Engine(station.database, station.clock, station.sender, follow_ups)
    return station


def published(number: int = 1, channel_id: int = 10) -> Schedule:
    """A schedule whose posts are to be published."""
    schedule = at_five(number, text=f"hello {number}")
    options = schedule.options | {FOLLOW_UP: "publish"}
    return replace(schedule, channel_id=channel_id, options=options)


async def stands(house: Station, schedule: Schedule, day: int = 0) -> FollowUp | None:
    """How what follows a post stands."""
    ledger = await house.ledger(schedule)
    return await find_follow_up(house.database, ledger[day].delivery_id)


async def test_a_post_is_followed_up_once_and_others_not_at_all(
    house: Station, publishing: Publishing
) -> None:
    wanted, other = await house.add(published(1, 10), at_five(2))
    for minute in range(3):
        await house.tick(DUE + minute * MINUTE)

    (row,) = await house.ledger(wanted)
    assert publishing.asked == [(DUE, Placed(1, 10, row.message_id or 0))]
    assert await stands(house, wanted) == FollowUp(None, None)
    assert await stands(house, other) is None


@pytest.mark.parametrize("moment", ["in the post", "after it", "in the step"])
async def test_killed_at_any_moment_it_is_done_once_in_effect(
    house: Station, publishing: Publishing, moment: str
) -> None:
    (schedule,) = await house.add(published())
    if moment == "in the post":
        house.discord.outcomes.append(killed)
    if moment == "in the step":
        publishing.outcomes.append(dies_after)
    station = house
    if moment == "after it":
        station = house.successor()  # a process that dies before it looks at what follows
    try:
        await station.tick(DUE)
    except asyncio.CancelledError:
        assert moment == "in the step"

    for minute in (1, 2, 3):
        await publish(house.successor(), publishing).tick(DUE + minute * MINUTE)

    assert len(house.discord.posts) == 1
    assert publishing.published == [0]
    assert len(publishing.asked) == (2 if moment == "in the step" else 1)
    assert await stands(house, schedule) == FollowUp(None, None)


async def test_more_than_a_channel_may_have_wait_their_turn_in_order(
    house: Station, publishing: Publishing
) -> None:
    await house.add(*(published(number) for number in range(1, 9)), published(9, 90))

    for minute in range(40):
        await house.tick(DUE + minute * MINUTE)

    assert publishing.asked_at() == [0, 0, 0, 600, 600, 600, 1200, 1200]
    assert publishing.asked_at(90) == [0]
    in_channel = [item.guild_id for _, item in publishing.asked if item.channel_id == 10]
    assert in_channel == list(range(1, 9))


async def test_two_processes_count_one_limit(
    house: Station, publishing: Publishing, other: Database
) -> None:
    second = publish(house.successor(other), publishing)
    await house.add(*(published(number) for number in range(1, 13)))
    await house.successor().tick(DUE)

    await asyncio.gather(house.engine.tick(), second.engine.tick())
    assert len(publishing.asked) == MOST
    for minute in range(1, 50):
        house.clock.move_to(DUE + minute * MINUTE)
        await asyncio.gather(house.engine.tick(), second.engine.tick())

    times = publishing.asked_at()
    assert len(times) == len(publishing.published) == 12
    assert all(later - at >= SECONDS for at, later in zip(times, times[MOST:], strict=False))


async def test_when_discord_says_wait_the_whole_channel_waits_and_nothing_is_lost(
    house: Station, publishing: Publishing
) -> None:
    await house.add(published(1), published(2), published(3, 30))
    publishing.outcomes.append(limited)

    for minute in range(40):
        await house.tick(DUE + minute * MINUTE)

    assert sorted(publishing.asked_at()) == [0, 2040, 2040]
    assert publishing.asked_at(30) == [0]
    assert len(publishing.published) == 3


async def test_what_is_refused_is_told_once_and_the_post_stays(
    house: Station, publishing: Publishing
) -> None:
    (schedule,) = await house.add(published())
    publishing.outcomes.extend([refused, refused])

    for day in range(2):
        for minute in range(3):
            await house.tick(DUE + day * DAY + minute * MINUTE)

    assert publishing.asked_at() == [0, DAY]
    assert house.moderators.told == [(1, REFUSED)]
    assert [row.state for row in await house.ledger(schedule)] == ["sent", "sent"]
    assert await stands(house, schedule) == FollowUp(None, "refused")
    assert (await house.found(schedule)).state == "active"


async def test_a_post_that_was_deleted_is_let_go_in_silence(
    house: Station, publishing: Publishing
) -> None:
    (schedule,) = await house.add(published())
    publishing.outcomes.append(gone)

    for minute in range(3):
        await house.tick(DUE + minute * MINUTE)

    assert publishing.asked_at() == [0]
    assert house.moderators.told == []
    assert await stands(house, schedule) == FollowUp(None, "gone")


async def test_an_unknown_outcome_is_tried_again_after_a_while(
    house: Station, publishing: Publishing
) -> None:
    await house.add(published())
    publishing.outcomes.extend([unknown, unknown])

    for second in range(0, 60, 5):
        await house.tick(DUE + second)

    assert publishing.asked_at() == [0, 5, 20]


async def test_after_a_day_away_it_is_left_out_and_moderators_are_told(
    house: Station, publishing: Publishing
) -> None:
    (schedule,) = await house.add(published())
    await house.successor().tick(DUE)

    await house.tick(DUE + DAY + 1)

    assert [placed.message_id for _, placed in publishing.asked] == [1]  # the new day's
    assert house.moderators.told == [(1, "0 was not published.")]
    assert await stands(house, schedule) == FollowUp(None, "late")


async def test_while_its_schedule_is_paused_it_waits(
    house: Station, publishing: Publishing
) -> None:
    (schedule,) = await house.add(published())
    await house.successor().tick(DUE)
    async with house.database.transaction() as tx:
        await house.schedules.pause(tx, schedule)
    await house.tick(DUE + MINUTE)
    await house.tick(DUE + HOUR)
    assert publishing.asked == []

    async with house.database.transaction() as tx:
        await house.schedules.resume(tx, await house.found(schedule))
    await house.tick(DUE + 2 * HOUR)

    assert publishing.asked_at() == [2 * HOUR]


async def test_switched_off_meanwhile_it_is_left_out(
    house: Station, publishing: Publishing
) -> None:
    (schedule,) = await house.add(published())
    await house.successor().tick(DUE)
    async with house.database.transaction() as tx:
        await house.schedules.change_options(tx, schedule, {"text": "hello 1"})

    await house.tick(DUE + MINUTE)

    assert publishing.asked == []
    assert house.moderators.told == []
    assert await stands(house, schedule) == FollowUp(None, "off")


async def test_after_a_restore_nothing_is_followed_up_again(
    house: Station, publishing: Publishing
) -> None:
    (schedule,) = await house.add(published())
    await house.successor().tick(DUE)

    await house.schedules.skip_missed()
    await house.tick(DUE + MINUTE)

    assert publishing.asked == []
    assert await stands(house, schedule) == FollowUp(None, "restored")
