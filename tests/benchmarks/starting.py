"""From starting the process to ready, and the memory it takes, by the number of communities."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.bots import bare_bot, breather_bot
from tests.benchmarks.table import Line, at_most, say
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

GUILDS = (1, 1_000, 10_000)
CHANNELS = 20
ROLES = 10
ROUNDS = 3
SETTLE_SECONDS = 0.5
WAIT_SECONDS = 2.0

NOTES = (
    "Starting: from creating the process to `on_ready`, on a database that is there already, and a "
    f"GUILD_CREATE with {CHANNELS} channels and {ROLES} roles for each community; {ROUNDS} rounds, "
    "alternating, the median. "
    f"discord.py's wait of {WAIT_SECONDS:g} s after the last GUILD_CREATE, the same for both, is "
    f"taken off. Memory: resident, {SETTLE_SECONDS:g} s after that.",
)


async def measure_starting() -> list[Line]:
    """Seconds and megabytes with 1, 1,000 and 10,000 communities."""
    lines = []
    with TemporaryDirectory(prefix="benchmark-") as name:
        for guilds in GUILDS:
            lines += await _measure(Path(name), guilds)
    return lines


async def _measure(folder: Path, guilds: int) -> list[Line]:
    seconds: tuple[list[float], list[float]] = ([], [])
    megabytes: tuple[list[float], list[float]] = ([], [])
    world = World(guilds, CHANNELS)
    for index in range(guilds):
        for number in range(ROLES):
            world.add_role(index, f"Role {number}")
    async with StandIn(world, MovableClock(folder / "clock")) as standin:
        if guilds == GUILDS[0]:
            say("  once to create the database")
            async with breather_bot(standin, folder):
                pass
        for number in range(ROUNDS):
            say(f"  {guilds:,} communities, round {number + 1} of {ROUNDS}")
            for which, start in enumerate((breather_bot, bare_bot)):
                async with start(standin, folder) as bot:
                    seconds[which].append(bot.ready_seconds - WAIT_SECONDS)
                    await asyncio.sleep(SETTLE_SECONDS)
                    megabytes[which].append(bot.resident_bytes() / 1e6)
    what = f"{guilds:,} {'community' if guilds == 1 else 'communities'}"
    return [
        at_most(f"start to ready, {what}", *seconds, "s", 1.25, 1),
        at_most(f"memory, {what}", *megabytes, "MB", 1.25),
    ]
