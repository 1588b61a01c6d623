"""The day itself: every community has its post at the same local minute, and people ask meanwhile.

The real process with its real minute clock. A campaign is turned on as a moderator does it, and
the stand-in's clock is moved so that the day's minute comes with the next full minute but one.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bot.clock import DAY, MINUTE
from tests.benchmarks.bots import breather_bot, database_url
from tests.benchmarks.table import Line, percentile, say
from tests.benchmarks.wire import no_pauses
from tests.wire.campaigns import turn_on
from tests.wire.claims_crowd import at_pace
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.model import channel_id
from tests.wire.standin.replies import Reply
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

COMMUNITIES = 10_000
PER_SECOND = 50
SLACK = 1.02
START_SECONDS = 1.0
"""What the minute's first post may take: ten thousand rows are planned before it."""
ZONE, MINUTE_OF_DAY = "Europe/Berlin", 600
DUE = 1_823_155_200
"""That minute of 10 October 2027."""
COMMANDS = ("help-now", "wmhd", "tip")
COMMANDS_PER_SECOND = 20
LATENCY_MS = 100
ANSWER_SECONDS = 3.0
LOST_SECONDS = 60.0
"""What counts for somebody whom Discord told that the interaction failed."""
QUIET_SECONDS = 15.0
STUCK_SECONDS = 15.0
"""Without a new post for so long, the wave is given up."""

NOTES = (
    f"The day: {COMMUNITIES:,} communities with World Mental Health Day turned on for the same "
    f"minute of {ZONE}, and the minute clock of a running bot; from the minute itself to the "
    f"arrival of the last post. The floor is Discord's limit of {PER_SECOND} a second, which the "
    "stand-in enforces over any one second.",
    "Beyond its turn: the n-th post may come n/50 s after the minute; by how much the one that was "
    f"furthest behind came later than {SLACK} times that.",
    f"Meanwhile: {COMMANDS_PER_SECOND} commands a second whatever comes back, by turns "
    f"{', '.join(f'`/{name}`' for name in COMMANDS)}, each in a community by chance; from the "
    f"gateway event until the whole answer is there; the floor is the same bot in the "
    f"{QUIET_SECONDS:g} s or more before the minute, with no post going.",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A command that somebody sent, and what came of it."""

    command: str
    reply: Reply

    def seconds(self, offset: float) -> float:
        """Until the whole answer was there. ``offset``: of the stand-in's clock to monotonic."""
        reply, original = self.reply, self.reply.original
        if reply.refusals or reply.callback is None or original is None:
            return LOST_SECONDS
        if original.edited_at is None:
            return reply.callback.latency
        return original.edited_at - offset - reply.sent_at


async def measure_campaign_rush(communities: int = COMMUNITIES) -> list[Line]:
    """From the minute to the last post, and what people feel of it who ask for something."""
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        clock = MovableClock(folder / "clock")
        clock.move_to(DUE - DAY)
        say(f"  {communities:,} communities turn the day on")
        wishes = [(ZONE, MINUTE_OF_DAY)] * communities
        await turn_on(database_url(folder), folder, wishes, DUE - DAY)
        world = World(guilds=communities)
        async with StandIn(world, clock) as standin, breather_bot(standin, folder):
            soon = time.time() + QUIET_SECONDS
            clock.move(DUE - (soon // MINUTE + 1) * MINUTE - clock.offset)
            say(f"  quiet for {DUE - clock.now():.0f} s")
            with no_pauses():
                before = await _ask(standin, communities, lambda: clock.now() < DUE - 1)
                await asyncio.sleep(DUE - clock.now() - 0.1)
                standin.limits.peak = standin.limits.refused = 0
                progress = _Progress(world, communities)
                during = await _ask(standin, communities, progress.is_going_on)
            peak, refused = standin.limits.peak, standin.limits.refused
            await asyncio.sleep(ANSWER_SECONDS)  # whatever comes twice comes now
            offset = clock.now() - time.monotonic()
    counts = Counter(len(world.posted(channel_id(index))) for index in range(communities))
    missed, doubled = counts[0], sum(many for times, many in counts.items() if times > 1)
    lateness = [post.at - DUE for post in world.posts] or [LOST_SECONDS]
    behind = max(late - SLACK * n / PER_SECOND for n, late in enumerate(lateness, start=1))
    ideal = communities / PER_SECOND
    return [
        Line(
            f"the day in {communities:,} communities, to the last post", lateness[-1], ideal, "s",
            f"<= {SLACK} x floor + {START_SECONDS:g} s",
            lateness[-1] <= SLACK * ideal + START_SECONDS,
        ),
        Line(
            "  the furthest beyond its turn", max(behind, 0), 0, "s",
            f"<= {START_SECONDS:g} s", behind <= START_SECONDS,
        ),
        Line(
            "  the most requests in any one second", peak, PER_SECOND, "",
            f"<= {PER_SECOND}", peak <= PER_SECOND,
        ),
        Line("  429s meanwhile", refused, 0, "", "none", refused == 0),
        Line("  communities without their post", missed, 0, "", "none", missed == 0),
        Line("  communities with two", doubled, 0, "", "none", doubled == 0),
        *(line for one in COMMANDS for line in _compare(one, during, before, offset)),
    ]  # fmt: skip


def _compare(
    command: str, during: list[Question], before: list[Question], offset: float
) -> list[Line]:
    ours, floor = (
        [one.seconds(offset) for one in questions if one.command == command]
        for questions in (during, before)
    )
    p50, p99 = (
        (percentile(ours, share) * 1000, percentile(floor, share) * 1000) for share in (0.5, 0.99)
    )
    return [
        Line(f"  p50 of /{command} meanwhile", *p50, "ms"),
        Line(f"  p99 of /{command} meanwhile", *p99, "ms", f"< {LATENCY_MS} ms",
             p99[0] < LATENCY_MS),
        Line(f"  the slowest of {len(ours):,}", max(ours) * 1000, max(floor) * 1000, "ms",
             f"<= {ANSWER_SECONDS:g} s", max(ours) <= ANSWER_SECONDS),
    ]  # fmt: skip


class _Progress:
    """Whether posts are still coming; says every few seconds how many are there."""

    def __init__(self, world: World, communities: int) -> None:
        self._world = world
        self._communities = communities
        self._seen = 0
        self._seen_at = self._said_at = time.monotonic()

    def is_going_on(self) -> bool:
        now, made = time.monotonic(), len(self._world.posts)
        if made > self._seen:
            self._seen, self._seen_at = made, now
        if now - self._said_at > STUCK_SECONDS:
            self._said_at = now
            say(f"  {made:,} of {self._communities:,} posts")
        return made < self._communities and now - self._seen_at < STUCK_SECONDS


async def _ask(
    standin: StandIn, communities: int, is_going_on: Callable[[], bool]
) -> list[Question]:
    """Ask at a steady pace in communities by chance, as long as something goes on."""
    chance, asked = Random(2027), list[Question]()
    async for number in at_pace(communities * PER_SECOND, COMMANDS_PER_SECOND):
        if not is_going_on():
            break
        command = COMMANDS[number % len(COMMANDS)]
        where = channel_id(chance.randrange(communities))
        asked.append(Question(command, await standin.interact("slash", command, where=where)))
    await asyncio.gather(*(one.reply.shown(LOST_SECONDS) for one in asked), return_exceptions=True)
    return asked
