"""kill -9 at random moments, with outages on both sides of the nonce window."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from bot.delivery.rules import RETRY_SECONDS
from bot.delivery.tables import deliveries
from bot.storage.sqlite import SqliteDatabase
from tests.conftest import NOON, is_full_size
from tests.wire.process import add_schedules, bot_process
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.faults import CloseAfter
from tests.wire.standin.model import channel_id
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

pytestmark = [pytest.mark.wire, pytest.mark.alone]
KILLS, POSTS = (100, 2000) if is_full_size() else (10, 200)
COUNT_SENT = select(func.count().label("sent")).where(deliveries.c.state == "sent")
SHORT, LONG = (31, 60), (310, 420)
LONG_SHARE = 0.2
LEASE = 30
PATIENCE = 10.0
LIFE = 3.0
"""A life that has nothing left to post ends after so many real seconds."""


@dataclass(frozen=True)
class Outcome:
    """What the channels hold in the end."""

    missed: int
    doubled: int
    kills: int
    refused: int


async def test_every_slot_is_posted_once_whatever_moment_the_process_dies_at(
    tmp_path: Path,
) -> None:
    outcome = await crash(tmp_path, KILLS, POSTS)

    print(
        f"\n{outcome.kills} kills over {POSTS} posts: {outcome.missed} missed, "
        f"{outcome.doubled} doubled, {outcome.refused} refused with 429"
    )
    assert (outcome.missed, outcome.doubled) == (0, 0)


async def test_marking_before_posting_would_miss_slots(tmp_path: Path) -> None:
    outcome = await crash(tmp_path, KILLS, POSTS, "--variant=mark-then-post")

    print(f"\nmark then post: {outcome.missed} missed, {outcome.doubled} doubled")
    assert outcome.missed > 0


async def test_marking_after_posting_without_a_nonce_would_double_slots(tmp_path: Path) -> None:
    outcome = await crash(tmp_path, KILLS, POSTS, "--variant=post-then-mark")

    print(f"\npost then mark: {outcome.missed} missed, {outcome.doubled} doubled")
    assert outcome.doubled > 0


async def crash(folder: Path, kills: int, posts: int, *variant: str, seed: int = 2027) -> Outcome:
    """Let a bot post while it is killed again and again; what stands in the channels afterwards.

    The same seed gives the same moments, so a wrong sender meets the crashes that a right one
    survives.
    """
    chance = Random(seed)
    waits = [
        chance.randint(*(LONG if chance.random() < LONG_SHARE else SHORT)) for _ in range(kills)
    ]
    clock = MovableClock(folder / "clock")
    clock.move_to(NOON)
    world = World(guilds=posts)
    due = [NOON + sum(waits) * index // posts // 60 * 60 for index in range(posts)]
    async with StandIn(world, clock) as standin, bot_process(standin, folder) as bot:
        await add_schedules(bot.database_url, folder, due, NOON - 60)
        for wait in waits:
            await bot.start(f"--lease={LEASE}", *variant)
            if chance.random() < LONG_SHARE:
                standin.faults.add("POST", r"/channels/\d+/messages", CloseAfter())
            await die_at_a_random_moment(standin, chance, due)
            await bot.kill()
            clock.move(wait)
        await bot.start(f"--lease={LEASE}", *variant)
        clock.move(LONG[1])
        await settle(standin, posts)
        await bot.stop()
        clock.move(RETRY_SECONDS[-1])  # whatever waits for another try is due by now
        await bot.start(f"--lease={LEASE}", *variant)
        await standin.wait_until(lambda: standin.gateway.is_connected, timeout=PATIENCE)
        await settle(standin, posts)
        if not variant:
            await settle_ledger(bot.database_url, posts)
        await bot.stop()
        if not variant:
            assert await count_sent(bot.database_url) == posts
        counts = Counter(len(world.posted(channel_id(index))) for index in range(posts))
        return Outcome(
            missed=counts[0],
            doubled=sum(count for times, count in counts.items() if times > 1),
            kills=kills,
            refused=standin.limits.refused,
        )


async def count_sent(database_url: str) -> int:
    """How many posts the ledger calls sent."""
    database = SqliteDatabase(Path(database_url.removeprefix("sqlite:///")))
    await database.open()
    try:
        row = await database.fetch_one(COUNT_SENT)
        return int(row["sent"]) if row else 0
    finally:
        await database.close()


async def settle_ledger(database_url: str, posts: int) -> None:
    """Until every post is called sent, or nothing has changed for a while."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while await count_sent(database_url) < posts:
                await asyncio.sleep(0.1)


async def die_at_a_random_moment(standin: StandIn, chance: Random, due: Sequence[int]) -> None:
    """Wait for some of the posts that are due in this life, then a little longer."""
    world = standin.world
    waiting = sum(at <= standin.clock.now() for at in due) - len(
        {post.channel_id for post in world.posts}
    )
    goal = len(world.posts) + chance.randint(0, max(0, waiting))
    with contextlib.suppress(TimeoutError):
        await standin.wait_until(lambda: len(world.posts) >= goal, timeout=LIFE)
    await asyncio.sleep(chance.random() * 0.03)


async def settle(standin: StandIn, posts: int) -> None:
    """Until every channel has its post, or nothing has come for a while."""
    world = standin.world
    while len({post.channel_id for post in world.posts}) < posts:
        before = len(world.posts)
        try:
            await standin.wait_until(lambda: len(world.posts) > before, timeout=PATIENCE)  # noqa: B023
        except TimeoutError:
            return
