"""Claims over the wire: from the form that is sent to the code that is shown, in the real bot.

Beside them, a bare discord.py command that defers and then edits its answer. Both bots are two
shards of one stand-in, which asks one of them at a time.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.bots import Bot, bare_bot, breather_bot, database_url
from tests.benchmarks.table import Line, at_most, beside, percentile, say
from tests.benchmarks.wire import no_pauses
from tests.conftest import NOON
from tests.wire.claims_crowd import KEYS, at_pace, open_form, open_program, send_form, settle
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.model import channel_id, guild_id
from tests.wire.standin.replies import Reply
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

RATE = 400
ROUNDS = 7
ROUND_SECONDS = 3.0
WARM_UP = 200
RUSH = 20_000
RUSH_SECONDS = 60
ANSWER_SECONDS = 3.0
LOST_SECONDS = 60.0
"""What counts for somebody whom Discord told that the interaction failed."""

SHARDS = 2

NOTES = (
    f"Claims over the wire: {RATE} forms a second whatever comes back, each from a person of their "
    f"own with a handle, {ROUND_SECONDS:g} s a round, {ROUNDS} rounds, alternating with a bare "
    "discord.py command that defers and then edits; from the gateway event to the arrival of the "
    "edit, which shows the code; the median of the rounds' percentiles.",
    f"The rush: {RUSH:,} people at the same pace in one go; its floor is the pace itself.",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """How long one person waited, in seconds, until each of the two answers arrived at Discord."""

    first: float
    whole: float


@dataclass(frozen=True, slots=True)
class Course:
    """One bot, and what it is asked."""

    bot: Bot
    ask: Callable[[], Awaitable[Reply]]


async def measure_claims_wire() -> list[Line]:
    """At a steady pace, and in a rush."""
    return [*await measure_pace(), *await measure_rush()]


async def measure_pace() -> list[Line]:
    """So many claims a second, beside the bare command."""
    rounds: tuple[list[list[Taken]], list[list[Taken]]] = ([], [])
    costs: tuple[list[float], list[float]] = ([], [])
    number_each = int(RATE * ROUND_SECONDS)
    async with _courses(WARM_UP + number_each * ROUNDS) as (standin, courses):
        for course in courses:
            await _ask(standin, course, WARM_UP)
        for number in range(ROUNDS):
            say(f"  round {number + 1} of {ROUNDS}")
            for which, course in list(enumerate(courses))[:: -1 if number % 2 else 1]:
                used = course.bot.processor_seconds()
                with no_pauses():
                    rounds[which].append(await _ask(standin, course, number_each))
                used = course.bot.processor_seconds() - used
                costs[which].append(used / number_each * 1e6)

    def over(share: float, name: str) -> tuple[list[float], list[float]]:
        ours, floor = (
            [percentile((getattr(one, name) for one in taken), share) * 1000 for taken in side]
            for side in rounds
        )
        return ours, floor

    slowest, floor = (max(one.whole for taken in side for one in taken) for side in rounds)
    return [
        at_most(f"p99 at {RATE} claims/s, until the code", *over(0.99, "whole"), "ms", 2),
        beside(f"  p50 at {RATE} claims/s, until the code", *over(0.5, "whole"), "ms"),
        beside("  p99 until it is acknowledged", *over(0.99, "first"), "ms"),
        beside("  p50 until it is acknowledged", *over(0.5, "first"), "ms"),
        beside("  processor time of one", *costs, "us"),
        Line(
            "  the slowest of all", slowest, floor, "s",
            f"<= {ANSWER_SECONDS:g} s", slowest <= ANSWER_SECONDS,
        ),
    ]  # fmt: skip


async def measure_rush() -> list[Line]:
    """Everybody, as at a launch."""
    async with _courses(RUSH) as (standin, (ours, _)):
        say(f"  a rush of {RUSH:,}")
        with no_pauses():
            replies = [await ours.ask() async for _ in at_pace(RUSH, RATE)]
            shown = await settle(standin, replies)
        taken = [_read(standin, reply) for reply in replies]
    last = max(reply.sent_at + one.whole for reply, one in zip(replies, taken, strict=True))
    seconds = last - replies[0].sent_at
    codes = len({one for one in shown if one.startswith("CALM-")})
    failed = sum(bool(reply.refusals) for reply in replies)
    acknowledged = max(one.first for one in taken)
    return [
        Line(
            f"a rush of {RUSH:,}, first press to last code", seconds, RUSH / RATE, "s",
            f"<= {RUSH_SECONDS} s", seconds <= RUSH_SECONDS,
        ),
        Line("  different codes", codes, RUSH, "", "all", codes == RUSH),
        Line("  interactions that failed", failed, 0, "", "none", failed == 0),
        Line(
            "  the slowest acknowledgement", acknowledged, 0, "s",
            f"<= {ANSWER_SECONDS:g} s", acknowledged <= ANSWER_SECONDS,
        ),
        Line("  the slowest code", max(one.whole for one in taken), 0, "s"),
    ]  # fmt: skip


async def _ask(standin: StandIn, course: Course, number: int) -> list[Taken]:
    replies = [await course.ask() async for _ in at_pace(number, RATE)]
    await settle(standin, replies)
    return [_read(standin, reply) for reply in replies]


def _read(standin: StandIn, reply: Reply) -> Taken:
    if reply.refusals or reply.callback is None or reply.original is None:
        return Taken(LOST_SECONDS, LOST_SECONDS)
    edited_at = reply.original.edited_at or 0
    offset = standin.clock.now() - time.monotonic()
    return Taken(reply.callback.latency, edited_at - offset - reply.sent_at)


@asynccontextmanager
async def _courses(claims: int) -> AsyncIterator[tuple[StandIn, tuple[Course, Course]]]:
    """Ours with so many codes, which new people claim, and the bare one."""
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        clock = MovableClock(folder / "clock")
        clock.move_to(NOON)
        say(f"  writing {claims:,} codes")
        await open_program(database_url(folder), folder, guild_id(1), claims)
        async with (
            StandIn(World(guilds=SHARDS), clock) as standin,
            bare_bot(standin, folder, 0, SHARDS) as bare,
            breather_bot(standin, folder, 1, SHARDS, more_settings=KEYS) as ours,
        ):
            form = await open_form(standin, channel_id(1))
            people = count(1)

            async def claim() -> Reply:
                return await send_form(standin, form, next(people))

            async def answer_later() -> Reply:
                return await standin.interact("slash", "slow", where=channel_id(0))

            yield standin, (Course(ours, claim), Course(bare, answer_later))
