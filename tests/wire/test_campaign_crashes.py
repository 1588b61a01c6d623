"""kill -9 on the day itself: each community has its post once, or none once its day is over."""

import asyncio
import contextlib
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from bot.clock import DAY, HOUR, MINUTE
from bot.delivery.tables import deliveries
from bot.storage.opening import open_database
from tests.conftest import is_full_size
from tests.unit.test_times import instant
from tests.wire.campaigns import turn_on
from tests.wire.process import BotProcess, bot_process
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.faults import CloseAfter
from tests.wire.standin.model import channel_id
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

pytestmark = [pytest.mark.wire, pytest.mark.alone]
BEGIN = instant("2027-10-10T10:05Z")
OUTAGES = [*([45, 200] * 20 if is_full_size() else [200]), 4 * HOUR]
"""Seconds between a kill and the next start: inside the nonce's time, outside, and past the three
hours after which other posts are late."""
SLOW, LIFE, LIVES, LOOKS = 20.0, 3.0, 3, 30
ON_TIME = [("UTC", 600 + index % 4) for index in range(30)]
LATE = [("Asia/Kathmandu", 600)] * 3
OVER = [("Pacific/Kiritimati", 23 * 60 + 59)] * 3
"""Its 10 October ended at 10:00 UTC, while the bot was away."""
SELECT_STATES = select(deliveries.c.state, func.count().label("count")).group_by("state")


async def test_whatever_moment_the_process_dies_at_the_day_is_posted_once_while_it_lasts(
    tmp_path: Path,
) -> None:
    chance, communities = Random(2027), [*ON_TIME, *LATE, *OVER]
    url = f"sqlite:///{tmp_path}/breather.db"
    await turn_on(url, tmp_path, communities, BEGIN - DAY)
    clock = MovableClock(tmp_path / "clock")
    clock.move_to(BEGIN)
    world = World(guilds=len(communities))
    wanted = len(ON_TIME) + len(LATE)
    async with StandIn(world, clock) as standin, bot_process(standin, tmp_path, url) as bot:
        for outage in OUTAGES:
            await start(standin, bot)
            standin.faults.add("POST", r"/channels/\d+/messages", CloseAfter())
            goal = min(wanted, len(world.posts) + chance.randint(1, wanted // len(OUTAGES)))
            with contextlib.suppress(TimeoutError):
                await standin.wait_until(lambda: len(world.posts) >= goal, timeout=LIFE)  # noqa: B023
            await asyncio.sleep(chance.random() * 0.03)
            await bot.kill()
            clock.move(outage)
        # Time moves between lives only: within one, no post takes minutes.
        done = {"sent": wanted, "skipped": len(OVER)}
        for _ in range(LIVES):
            await start(standin, bot)
            looks = LOOKS
            while (found := await states(url, tmp_path)) != done and looks:
                looks -= 1
                await asyncio.sleep(0.1)
            await bot.stop()
            if found == done:
                break
            clock.move(10 * MINUTE)

    counts = [len(world.posted(channel_id(index))) for index in range(len(communities))]
    assert counts == [1] * wanted + [0] * len(OVER)
    assert found == done


async def start(standin: StandIn, bot: BotProcess) -> None:
    """Start the bot and wait until it is connected, and may post."""
    await standin.wait_until(lambda: not standin.gateway.is_connected, timeout=SLOW)
    await bot.start()
    await standin.wait_until(lambda: standin.gateway.is_connected, timeout=SLOW)


async def states(url: str, folder: Path) -> dict[str, int]:
    """How many posts of the ledger stand how."""
    database = await open_database(url, folder / "backups", lambda: BEGIN)
    try:
        rows = await database.fetch_all(SELECT_STATES)
    finally:
        await database.close()
    return Counter({row["state"]: row["count"] for row in rows})
