"""Commands over the wire: both bots run at once, and the stand-in asks one of them at a time.

They are two shards of one stand-in, so that everything but the bot is the same.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.bots import Bot, bare_bot, breather_bot
from tests.benchmarks.table import Line, at_least, at_most, beside, percentile, say
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.model import channel_id
from tests.wire.standin.replies import Reply
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

ROUNDS = 15
COMMANDS = 400
WARM_UP = 200
IN_FLIGHT = 16
RATE = 400
RATE_ROUNDS = 7
RATE_SECONDS = 2.0
ANSWER_LIMIT = 30.0
SHARDS = 2

NOTES = (
    f"Commands: both bots are processes of their own, two shards of one stand-in; {IN_FLIGHT} in "
    f"flight, {COMMANDS:,} commands a round, {ROUNDS} rounds, alternating; the median. The "
    "floor of both is bare discord.py with a command that does nothing.",
    "Processor time: what the bot's process itself used per command over all rounds; this is "
    "the figure that other work on the machine disturbs least.",
    f"Latency: {RATE} commands a second whatever comes back, {RATE_SECONDS:g} s a round, "
    f"{RATE_ROUNDS} rounds, alternating; from the gateway event to the arrival of the first "
    "response; the median of the rounds' percentiles.",
)


@dataclass(frozen=True, slots=True)
class Course:
    """One command of one bot."""

    bot: Bot
    command: str
    channel: int


async def measure_commands() -> list[Line]:
    """How many commands a second, and the processor time of each.

    Fewer than 20,000 in all: beyond that the stand-in forgets the oldest, which slows it down.
    """
    rates: list[list[float]] = [[], [], []]
    costs = [0.0, 0.0, 0.0]
    async with _courses() as (standin, courses):
        for course in courses:
            await _run_closed(standin, course, WARM_UP)
        for number in range(ROUNDS):
            say(f"  round {number + 1} of {ROUNDS}")
            for which, course in _in_turn(courses, number):
                used = course.bot.processor_seconds()
                with no_pauses():
                    rates[which].append(COMMANDS / await _run_closed(standin, course, COMMANDS))
                used = course.bot.processor_seconds() - used
                costs[which] += used / (COMMANDS * ROUNDS) * 1e6
    return [
        at_least("a command that does nothing", rates[1], rates[0], "/s", 0.9),
        at_least("a command that reads the database", rates[2], rates[0], "/s", 0.6),
        Line("  processor time of the one that does nothing", costs[1], costs[0], "us"),
        Line("  processor time of the one that reads", costs[2], costs[0], "us"),
    ]


async def measure_latency() -> list[Line]:
    """How long commands take that come at a steady pace."""
    latencies: list[list[list[float]]] = [[], [], []]
    async with _courses() as (standin, courses):
        for course in courses:
            await _run_closed(standin, course, WARM_UP)
        for number in range(RATE_ROUNDS):
            say(f"  round {number + 1} of {RATE_ROUNDS}")
            for which, course in _in_turn(courses, number):
                with no_pauses():
                    taken = await run_open(standin, [course], RATE, RATE_SECONDS)
                latencies[which].append([seconds * 1000 for seconds in taken])

    def over(share: float, which: int) -> list[float]:
        return [percentile(taken, share) for taken in latencies[which]]

    return [
        at_most(f"p99 at {RATE} commands/s, does nothing", over(0.99, 1), over(0.99, 0), "ms", 2),
        at_most(f"p99 at {RATE} commands/s, reads", over(0.99, 2), over(0.99, 0), "ms", 2),
        beside(f"  p50 at {RATE} commands/s, does nothing", over(0.5, 1), over(0.5, 0), "ms"),
        beside(f"  p50 at {RATE} commands/s, reads", over(0.5, 2), over(0.5, 0), "ms"),
    ]


@contextmanager
def no_pauses() -> Iterator[None]:
    """Keep the stand-in's garbage collection out: its pauses would look like the bot's."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _in_turn(courses: Sequence[Course], number: int) -> list[tuple[int, Course]]:
    """The courses with their places, there and back again from round to round."""
    return list(enumerate(courses))[:: -1 if number % 2 else 1]


async def run_open(
    standin: StandIn, courses: Sequence[Course], rate: float, seconds: float
) -> list[float]:
    """Ask at a pace that does not wait for answers, in turn; the latencies in seconds."""
    replies: list[Reply] = []
    started = time.monotonic()
    for number in range(int(rate * seconds)):
        delay = started + number / rate - time.monotonic()
        if delay > 0:
            await asyncio.sleep(delay)
        course = courses[number % len(courses)]
        replies.append(await standin.interact("slash", course.command, where=course.channel))
    return [(await reply.first(ANSWER_LIMIT)).latency for reply in replies]


async def _run_closed(standin: StandIn, course: Course, count: int) -> float:
    """Keep some commands in flight until all are answered; the seconds it took."""
    left = count

    async def ask() -> None:
        nonlocal left
        while left:
            left -= 1
            reply = await standin.interact("slash", course.command, where=course.channel)
            await reply.first(ANSWER_LIMIT)

    started = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(IN_FLIGHT)))
    return time.perf_counter() - started


@asynccontextmanager
async def _courses() -> AsyncIterator[tuple[StandIn, list[Course]]]:
    """The floor first, then ours doing nothing and ours reading."""
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        async with (
            StandIn(World(guilds=SHARDS), MovableClock(folder / "clock")) as standin,
            bare_bot(standin, folder, 0, SHARDS) as bare,
            breather_bot(standin, folder, 1, SHARDS) as ours,
        ):
            here, there = channel_id(0), channel_id(1)
            courses = [Course(bare, "ping", here), Course(ours, "ping", there)]
            yield standin, [*courses, Course(ours, "read", there)]
