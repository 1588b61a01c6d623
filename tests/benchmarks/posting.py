"""A wave of posts that are due at once, and the commands that are answered meanwhile."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.bots import breather_bot, database_url
from tests.benchmarks.table import Line, percentile, say
from tests.benchmarks.wire import Course, no_pauses, run_open
from tests.conftest import NOON
from tests.wire.process import add_schedules
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.model import channel_id
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

POSTS = 2_000
POSTS_IN_FULL = 10_000
PER_SECOND = 50
SLACK = 1.02
COMMANDS_PER_SECOND = 20
LATENCY_MS = 100
QUIET_SECONDS = 5.0
CHUNK_SECONDS = 1.0
TICK_SECONDS = 1.0
START_LIMIT = 30.0
STUCK_LIMIT = 10
"""Seconds without a new post after which the wave is given up."""

NOTES = (
    f"Posts: one round, each post in a community of its own, all due in the same minute; from the "
    f"arrival of the first to that of the last. The floor is Discord's limit of {PER_SECOND} a "
    "second, which the stand-in enforces over any one second.",
    f"Commands meanwhile: {COMMANDS_PER_SECOND} a second, by turns one that does nothing and one "
    f"that reads; the floor is the same bot in the {QUIET_SECONDS:g} s before.",
)


async def measure_posting(*, is_full: bool) -> list[Line]:
    """Seconds from the first to the last, 429s, and what commands feel of it."""
    posts = POSTS_IN_FULL if is_full else POSTS
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        clock = MovableClock(folder / "clock")
        clock.move_to(NOON)
        world = World(guilds=posts)
        say(f"  {posts:,} communities join")
        await add_schedules(database_url(folder), folder, [NOON + 60] * posts, NOON)
        async with (
            StandIn(world, clock) as standin,
            breather_bot(standin, folder, tick=TICK_SECONDS) as bot,
        ):
            courses = [Course(bot, command, channel_id(0)) for command in ("ping", "read")]
            with no_pauses():
                before = await run_open(standin, courses, COMMANDS_PER_SECOND, QUIET_SECONDS)
                clock.move(60)
                await standin.wait_until(lambda: world.posts, timeout=START_LIMIT)
                during, stuck = [], 0
                while len(world.posts) < posts and stuck < STUCK_LIMIT:
                    seen = len(world.posts)
                    during += await run_open(standin, courses, COMMANDS_PER_SECOND, CHUNK_SECONDS)
                    say(f"  {len(world.posts):,} of {posts:,} posts")
                    stuck = 0 if len(world.posts) > seen else stuck + 1
            refused = standin.limits.refused
            await asyncio.sleep(CHUNK_SECONDS)
    if len(world.posts) != posts:
        message = f"{len(world.posts)} posts were made, not {posts}"
        raise RuntimeError(message)
    taken, ideal = world.posts[-1].at - world.posts[0].at, posts / PER_SECOND
    p99 = percentile(during, 0.99) * 1000
    return [
        Line(
            f"{posts:,} posts, first to last", taken, ideal, "s",
            f"<= {SLACK} x floor", taken <= SLACK * ideal,
        ),
        Line("  429s meanwhile", refused, 0, "", "none", refused == 0),
        Line(
            "  commands' p99 meanwhile", p99, percentile(before, 0.99) * 1000, "ms",
            f"< {LATENCY_MS} ms", p99 < LATENCY_MS,
        ),
    ]  # fmt: skip
