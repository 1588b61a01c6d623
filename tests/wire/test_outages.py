"""kill -9 and outages for whatever is planned besides tips: in time once, late left out and told.

Each kind of post in ``KINDS`` goes through the same lives, whose length follows from how late it
may be: a third of that for the kills, a third for the outage, and the rest for another try.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from bot.clock import HOUR, MINUTE
from bot.delivery.tables import deliveries
from bot.storage.sqlite import SqliteDatabase
from tests.conftest import NOON, is_full_size
from tests.wire.planning import DAY_LETTERS, KINDS, Kind, move_events
from tests.wire.process import BotProcess, bot_process
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.faults import Answer, CloseAfter, Delay, Hang
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

pytestmark = pytest.mark.wire
POSTS, LATE_POSTS, KILLS = (1000, 300, 20) if is_full_size() else (24, 15, 1)
WAITS = (45, 200)
"""Seconds between a kill and the next start: inside Discord's memory for nonces, and outside."""
SLOW, LIFE, LAST_LIVES = 30.0, 3.0, 4
LOOK_SECONDS, IDLE_LOOKS = 0.1, 30
LOST = 3.5
"""How long the bot runs on in vain, in real seconds, after Discord is gone.

discord.py tries again by itself after a second, then after three: no try may begin before the time
that is skipped, and end after it.
"""
ANY_CHANNEL = r"/channels/\d+/messages"
COUNT_FINISHED = select(func.count().label("finished")).where(
    deliveries.c.due_at == NOON, deliveries.c.finished_at.is_not(None)
)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@dataclass(frozen=True)
class Outcome:
    """Where a post stands, where somebody was told of one left out, and where there is too much."""

    posted: int
    told: int
    doubled: int


FIFTH = LATE_POSTS // 5


@each_kind
async def test_an_outage_that_ends_in_time_leaves_each_post_there_once(
    tmp_path: Path, kind: Kind
) -> None:
    assert await meet_outages(tmp_path, kind) == Outcome(POSTS, 0, 0)


@each_kind
async def test_an_outage_that_ends_too_late_leaves_each_post_there_or_its_author_told_once(
    tmp_path: Path, kind: Kind
) -> None:
    told = LATE_POSTS - 2 * FIFTH if kind.desk else 0

    assert await come_too_late(tmp_path, kind) == Outcome(2 * FIFTH, told, 0)


async def test_marking_before_posting_would_miss_posts(tmp_path: Path) -> None:
    outcome = await meet_outages(tmp_path, KINDS[0], "--variant=mark-then-post", kills=0)

    assert outcome.posted < POSTS


async def test_marking_after_posting_without_a_nonce_would_double_posts(tmp_path: Path) -> None:
    outcome = await meet_outages(tmp_path, KINDS[0], "--variant=post-then-mark", kills=0)

    assert outcome.doubled > 0


async def test_marking_before_telling_would_leave_authors_without_a_word(tmp_path: Path) -> None:
    outcome = await come_too_late(tmp_path, KINDS[0], "--variant=mark-then-tell")

    assert outcome.told < LATE_POSTS


async def test_telling_without_looking_would_tell_authors_twice(tmp_path: Path) -> None:
    assert (await come_too_late(tmp_path, KINDS[0], "--variant=tell-blindly")).doubled > 0


async def test_a_letter_about_an_event_that_was_moved_meanwhile_is_never_sent(
    tmp_path: Path,
) -> None:
    """Some are out, some begun, some only written down when the process dies and it moves."""
    async with _running(tmp_path, DAY_LETTERS, LATE_POSTS) as (standin, bot):
        faults = standin.faults
        faults.add("POST", ANY_CHANNEL, Delay(0), times=FIFTH)
        faults.add("POST", ANY_CHANNEL, Answer(503, processed=True), times=FIFTH)
        trouble = faults.add("POST", ANY_CHANNEL, Answer(503), times=None)
        await start(standin, bot)
        await reach(standin, lambda: trouble.hits > 0, SLOW)
        await bot.kill()
        trouble.stop()
        world = standin.world
        sent = count_letters(world)
        assert 0 < sum(sent) < LATE_POSTS
        await move_events(bot.database_url, tmp_path, NOON, LATE_POSTS, HOUR)
        standin.clock.move(max(WAITS))
        await start(standin, bot)
        told = [one + 1 for one in sent]  # of the move alone, each once
        await reach(standin, lambda: sum(count_letters(world)) >= sum(told), SLOW)
        assert count_letters(world) == told
        standin.clock.move(HOUR)
        reminded = [one + 1 for one in told]
        await reach(standin, lambda: sum(count_letters(world)) >= sum(reminded), SLOW)
        assert count_letters(world) == reminded


def count_letters(world: World) -> list[int]:
    """How many each person has got."""
    return [len(world.posted(DAY_LETTERS.place(index))) for index in range(LATE_POSTS)]


async def meet_outages(folder: Path, kind: Kind, *variant: str, kills: int = KILLS) -> Outcome:
    """Kills at random moments amid 5xx, then a time without Discord that the bot lives through."""
    kills = min(kills, kind.lateness // 3 * len(WAITS) // sum(WAITS))
    chance, share = Random(2027), POSTS // (kills + 1) // 4
    async with _running(folder, kind, POSTS) as (standin, bot):
        world = standin.world
        for life in range(kills + 1):
            faults = (Answer(503), CloseAfter(), Answer(503, processed=True))
            rules = [standin.faults.add("POST", ANY_CHANNEL, one, times=share) for one in faults]
            await start(standin, bot, *variant)
            goal = len(world.posts) + chance.randint(share, 2 * share)
            await reach(standin, lambda: len(world.posts) >= goal)  # noqa: B023
            for rule in rules:
                rule.stop()
            if life < kills:
                await asyncio.sleep(chance.random() * 0.03)
                await bot.kill()
                standin.clock.move(WAITS[life % 2])
        standin.go_down()
        await asyncio.sleep(LOST)
        standin.clock.move(kind.lateness // 3)
        await standin.come_back()
        await finish(standin, bot, POSTS, kind.lateness // 10, *variant)
        return judge(world, kind, POSTS)


async def come_too_late(folder: Path, kind: Kind, *variant: str) -> Outcome:
    """A fifth is posted, of a fifth only Discord knows; kills before and while the rest is told."""
    async with _running(folder, kind, LATE_POSTS) as (standin, bot):
        faults = standin.faults
        faults.add("POST", ANY_CHANNEL, Delay(0), times=FIFTH)
        faults.add("POST", ANY_CHANNEL, Answer(503, processed=True), times=FIFTH)
        outage = faults.add("POST", ANY_CHANNEL, Answer(503), times=None)
        await start(standin, bot, *variant)
        await reach(standin, lambda: outage.hits >= LATE_POSTS - 2 * FIFTH, SLOW)
        outage.stop()
        desks = "|".join(str(kind.desk(index)) for index in range(LATE_POSTS)) if kind.desk else "-"
        trouble = [
            faults.add("POST", f"/channels/({desks})/messages", one, times=2)
            for one in (Hang(processed=True), Hang(), Answer(503))
        ]
        # discord.py tries again by itself for seconds: no try may span the hours that are skipped.
        await bot.kill()
        standin.clock.move(kind.lateness + 2 * MINUTE)
        await start(standin, bot, *variant)
        if kind.desk is not None:
            await reach(standin, lambda: all(rule.hits for rule in trouble), SLOW)
            await bot.kill()
            standin.clock.move(max(WAITS))
            await start(standin, bot, *variant)
        for rule in trouble:
            rule.stop()
        await finish(standin, bot, LATE_POSTS, kind.lateness // 10, *variant)
        return judge(standin.world, kind, LATE_POSTS)


@asynccontextmanager
async def _running(
    folder: Path, kind: Kind, count: int
) -> AsyncIterator[tuple[StandIn, BotProcess]]:
    """A stand-in at the instant at which so many posts are due, and a bot that is not started."""
    clock = MovableClock(folder / "clock")
    clock.move_to(NOON)
    world = World(guilds=count, channels=2)
    async with StandIn(world, clock) as standin, bot_process(standin, folder) as bot:
        await kind.plan(bot.database_url, folder, count)
        yield standin, bot


async def start(standin: StandIn, bot: BotProcess, *variant: str) -> None:
    """Start the bot and wait until it is connected; then it may post."""
    await standin.wait_until(lambda: not standin.gateway.is_connected, timeout=SLOW)
    await bot.start(*variant)
    await standin.wait_until(lambda: standin.gateway.is_connected, timeout=SLOW)


async def reach(standin: StandIn, predicate: Callable[[], bool], seconds: float = LIFE) -> None:
    """Wait for something that the bot does, or for the end of this life."""
    with contextlib.suppress(TimeoutError):
        await standin.wait_until(predicate, timeout=seconds)


async def finish(standin: StandIn, bot: BotProcess, count: int, step: int, *variant: str) -> None:
    """Let the bot live, and live again, until the ledger calls each post finished.

    Time moves between lives only, by ``step`` seconds: within one, no post takes minutes.
    """
    for _ in range(LAST_LIVES):
        seen, idle = -1, 0
        while seen < count and idle < IDLE_LOOKS:
            found = await count_finished(bot.database_url)
            seen, idle = found, idle + 1 if found == seen else 0
            await asyncio.sleep(LOOK_SECONDS)
        await bot.stop()
        if seen == count:
            return
        standin.clock.move(step)
        await start(standin, bot, *variant)


async def count_finished(database_url: str) -> int:
    """How many of the posts that were due are over."""
    database = SqliteDatabase(Path(database_url.removeprefix("sqlite:///")))
    await database.open()
    try:
        row = await database.fetch_one(COUNT_FINISHED)
        return int(row["finished"]) if row else 0
    finally:
        await database.close()


def judge(world: World, kind: Kind, count: int) -> Outcome:
    """What stands in the channels in the end."""
    posted = [len(world.posted(kind.place(index))) for index in range(count)]
    desk = kind.desk
    told = [len(world.posted(desk(index))) if desk else 0 for index in range(count)]
    return Outcome(
        posted=sum(bool(many) for many in posted),
        told=sum(bool(many) for many in told),
        doubled=sum(one + other > 1 for one, other in zip(posted, told, strict=True)),
    )
