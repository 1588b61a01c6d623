"""kill -9 between a post and its publishing; Discord's ten an hour; and a wait of an hour."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import clock as clocks
from bot.announcements.planning import choice_of
from bot.announcements.rules import Words
from bot.announcements.service import Announcements
from bot.clock import HOUR, MINUTE
from bot.delivery.plans import Plan, Repeat
from bot.delivery.rules import LEASE_SECONDS
from bot.delivery.schedules import Schedules
from bot.guilds.audit import AuditLog
from bot.storage.opening import open_database
from tests.conftest import NOON
from tests.wire.process import BotProcess, bot_process
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.faults import Hang, Rule
from tests.wire.standin.model import NEWS, Message, channel_id, guild_id
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

pytestmark = [pytest.mark.wire, pytest.mark.alone]
PUBLISH = r"/channels/\d+/messages/\d+/crosspost"
SLOW = 60.0
"""Real seconds; a wait ends as soon as what it waits for is there."""
DUE = NOON + 5 * MINUTE
SECOND_LIFE = LEASE_SECONDS + 5


@asynccontextmanager
async def newsroom(folder: Path, count: int) -> AsyncIterator[tuple[StandIn, BotProcess]]:
    """A bot with announcements that are due at once in one announcement channel."""
    world, clock = World(guilds=1), MovableClock(folder / "clock")
    world.channels[channel_id(0)].kind = NEWS
    clock.move_to(DUE)
    async with StandIn(world, clock) as standin, bot_process(standin, folder) as bot:
        await announce(bot.database_url, folder, count)
        yield standin, bot


async def announce(url: str, folder: Path, count: int) -> None:
    """Plan announcements that are published, before the bot starts."""
    clock = clocks.MovableClock(NOON)
    due = datetime.fromtimestamp(DUE, UTC)
    plan = Plan(Repeat.ONCE, "UTC", due.hour * 60 + due.minute, due.date())
    database = await open_database(url, folder / "backups", clock.now)
    try:
        schedules = Schedules(database, clock)
        room = Announcements(database, schedules, AuditLog(database, clock), clock)
        for number in range(count):
            item = await room.write(guild_id(0), 1, Words(f"News {number}", "Something new."))
            choice = replace(
                choice_of(item), channel_id=channel_id(0), plan=plan, is_crossposted=True
            )
            await room.plans.choose(guild_id(0), 1, item.announcement_id, choice)
            await room.plans.start(guild_id(0), 1, item.announcement_id)
    finally:
        await database.close()


def posted(standin: StandIn) -> list[Message]:
    """What stands in the channel."""
    return standin.world.posted(channel_id(0))


def published(standin: StandIn) -> int:
    """How many of them went to the servers that follow the channel."""
    return sum(message.published_at is not None for message in posted(standin))


async def start_and_die(standin: StandIn, bot: BotProcess, rule: Rule, *variant: str) -> None:
    """Let the bot live until it asks to publish, and kill it before it hears an answer."""
    await bot.start(*variant)
    await standin.wait_until(lambda: rule.hits, timeout=SLOW)
    await bot.kill()
    await standin.wait_until(lambda: not standin.gateway.is_connected, timeout=SLOW)
    standin.clock.move(SECOND_LIFE)


async def test_killed_between_post_and_publishing_it_is_published_once_in_effect(
    tmp_path: Path,
) -> None:
    async with newsroom(tmp_path, 1) as (standin, bot):
        lost = standin.faults.add("POST", PUBLISH, Hang(processed=False))
        await start_and_die(standin, bot, lost)
        assert (len(posted(standin)), published(standin)) == (1, 0)
        unheard = standin.faults.add("POST", PUBLISH, Hang(processed=True))
        await start_and_die(standin, bot, unheard)
        assert published(standin) == 1

        await bot.start()
        again = ("POST", "/channels/{}/messages/{}/crosspost", 400)
        await standin.wait_until(lambda: standin.counts[again], timeout=SLOW)
        standin.clock.move(HOUR)
        assert await bot.stop() == 0

        assert (len(posted(standin)), published(standin)) == (1, 1)
        assert standin.counts[again] == 1


async def test_settling_it_before_it_is_done_would_lose_it(tmp_path: Path) -> None:
    async with newsroom(tmp_path, 1) as (standin, bot):
        lost = standin.faults.add("POST", PUBLISH, Hang(processed=False))
        await start_and_die(standin, bot, lost, "--variant=settle-then-do")

        await bot.start("--variant=settle-then-do")
        with pytest.raises(TimeoutError):
            await standin.wait_until(lambda: published(standin), timeout=3.0)


async def test_the_eleventh_waits_for_its_hour_without_asking(tmp_path: Path) -> None:
    async with newsroom(tmp_path, 12) as (standin, bot):
        await bot.start()
        await standin.wait_until(lambda: published(standin) == 10, timeout=SLOW)
        await standin.wait_until(lambda: len(posted(standin)) == 12, timeout=SLOW)
        standin.clock.move(HOUR + 2 * MINUTE)
        await standin.wait_until(lambda: published(standin) == 12, timeout=SLOW)

        assert await bot.stop() == 0
        assert standin.limits.refused == 0


async def test_a_wait_of_an_hour_is_not_slept_through(tmp_path: Path) -> None:
    async with newsroom(tmp_path, 1) as (standin, bot):
        for _ in range(10):  # moderators published by hand
            standin.limits.publish(str(channel_id(0)), standin.clock.now())
        await bot.start()
        await standin.wait_until(lambda: standin.limits.refused, timeout=SLOW)
        async with asyncio.timeout(SLOW):
            assert await bot.stop() == 0  # it finishes what it does: it would sleep for an hour
        await bot.start()
        await standin.wait_until(lambda: standin.gateway.is_connected, timeout=SLOW)

        standin.clock.move(HOUR + MINUTE)
        await standin.wait_until(lambda: published(standin), timeout=SLOW)

        assert await bot.stop() == 0
        assert standin.limits.refused == 1
