"""Many posts at once: the limit holds, commands are answered, two processes share the work."""

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import NOON, is_full_size
from tests.store.postgres import fresh_database_url
from tests.wire.process import add_schedules, bot_process
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.model import channel_id
from tests.wire.standin.reading import words
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

pytestmark = [pytest.mark.wire, pytest.mark.alone]
POSTS = 2000 if is_full_size() else 200
SLOW = 90.0


async def test_a_wave_of_posts_meets_no_429_and_commands_are_answered_meanwhile(
    tmp_path: Path,
) -> None:
    clock = MovableClock(tmp_path / "clock")
    clock.move_to(NOON)
    world = World(guilds=POSTS)
    async with StandIn(world, clock) as standin, bot_process(standin, tmp_path) as bot:
        await bot.start()
        await standin.wait_until(
            lambda: world.commands and standin.gateway.is_connected, timeout=SLOW
        )
        await add_schedules(bot.database_url, tmp_path, [NOON + 60] * POSTS, NOON)
        clock.move(60)
        gc.disable()  # a pause of the stand-in would look like a burst of the bot
        await standin.wait_until(lambda: world.posts, timeout=SLOW)
        while len(world.posts) < POSTS:
            reply = await standin.interact("slash", "tip")
            assert "Try this" in words(await reply.shown())
            await asyncio.sleep(0.02)
        first, last = world.posts[0].at, world.posts[-1].at
        gc.enable()
        await bot.stop()

    print(f"\n{POSTS} posts in {last - first:.2f} s, {(last - first) * 50 / POSTS:.3f} of N/50 s")
    assert standin.limits.refused == 0
    assert all(len(world.posted(channel_id(index))) == 1 for index in range(POSTS))


def sqlite_url(folder: Path) -> str:
    """A file of the test's own."""
    return f"sqlite:///{folder}/breather.db"


def postgres_url(_folder: Path) -> str:
    """An empty database on a real server."""
    return fresh_database_url()


@pytest.mark.parametrize("make_url", [sqlite_url, postgres_url])
async def test_two_processes_on_one_database_post_every_slot_once(
    tmp_path: Path, make_url: Callable[[Path], str]
) -> None:
    clock = MovableClock(tmp_path / "clock")
    clock.move_to(NOON)
    world = World(guilds=POSTS)
    url = make_url(tmp_path)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    async with (
        StandIn(world, clock) as standin,
        bot_process(standin, tmp_path / "one", url) as one,
        bot_process(standin, tmp_path / "two", url) as two,
    ):
        for number, bot in enumerate((one, two)):
            bot.settings = {"SHARD_ID": str(number), "SHARD_COUNT": "2"}
        await asyncio.gather(one.start(), two.start())
        await standin.wait_until(lambda: world.command_writes == 2, timeout=SLOW)
        await add_schedules(url, tmp_path, [NOON + 60] * POSTS, NOON)
        clock.move(60)
        await standin.wait_until(lambda: len(world.posts) >= POSTS, timeout=SLOW)
        clock.move(60)
        await asyncio.gather(one.stop(), two.stop())

    assert [len(world.posted(channel_id(index))) for index in range(POSTS)] == [1] * POSTS
    assert not [post for post in world.posts if post.is_repeat]
