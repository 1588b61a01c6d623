"""What the delivery tests share: a Discord that keeps its word about nonces, and a small engine."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.clock import DAY, HOUR, MINUTE, MovableClock
from bot.delivery import rules
from bot.delivery.engine import Engine
from bot.delivery.letters import LetterPace
from bot.delivery.pace import Pace
from bot.delivery.ports import (
    Announcers,
    Delivery,
    HistoryUnreadableError,
    Nothing,
    Post,
    RefusedError,
    RejectedError,
    Schedule,
    Turn,
    UnknownOutcomeError,
)
from bot.delivery.schedules import Schedules
from bot.delivery.sender import Sender
from bot.delivery.times import Recurrence
from bot.storage import Database, Transaction
from tests.conftest import NOON

EVERY_DAY = frozenset(range(7))
DUE = NOON + 5 * MINUTE
"""When a schedule at 12:05 UTC runs first."""

__all__ = ["DAY", "DUE", "HOUR", "MINUTE", "NOON", "Discord", "Moderators", "Station", "at_five"]

Outcome = Callable[[], None]


def lost() -> None:
    """The message is made, and its answer is lost."""
    message = "the answer was lost"
    raise UnknownOutcomeError(message)


def dropped() -> None:
    """The request never reaches Discord, and nobody knows."""
    message = "the request was lost"
    raise UnknownOutcomeError(message)


def killed() -> None:
    """The message is made, and the process dies before it can write that down."""
    raise asyncio.CancelledError


def refused() -> None:
    """Discord refuses the channel for good."""
    message = "Breather may not post in the channel. Allow it, then press Resume."
    raise RefusedError(message)


def rejected() -> None:
    """Discord rejects this one message."""
    message = "400 Bad Request (error code: 240000): Message blocked by harmful links filter"
    raise RejectedError(message)


def unreadable() -> None:
    """The history cannot be read."""
    message = "Breather may not read the history. Allow it, then press Resume."
    raise HistoryUnreadableError(message)


@dataclass
class Discord:
    """Channels with messages. A nonce stands for one message for two minutes, as promised."""

    clock: MovableClock
    messages: list[tuple[int, Post]] = field(default_factory=list)
    edits: list[tuple[int, Post]] = field(default_factory=list)
    searches: int = 0
    history: Outcome | None = None
    outcomes: deque[Outcome] = field(default_factory=deque)
    letter_outcomes: deque[Outcome] = field(default_factory=deque)
    """Those of direct messages, if there are any: letters and posts go out side by side."""
    refusals: set[Outcome] = field(default_factory=lambda: {dropped, refused, rejected})
    """Outcomes without any message."""

    async def post(self, post: Post, turn: Turn) -> int:
        """Make a message, unless its nonce is known still."""
        await turn()
        is_letter = post.recipient_id is not None
        outcomes = self.letter_outcomes if is_letter and self.letter_outcomes else self.outcomes
        outcome = outcomes.popleft() if outcomes else None
        if outcome in self.refusals:
            outcome()
        now = self.clock.now()
        known = [
            number
            for number, (at, made) in enumerate(self.messages)
            if made.key == post.key and now - at <= rules.NONCE_SECONDS
        ]
        if not known:
            self.messages.append((now, post))
        if outcome is not None:
            outcome()
        return known[0] if known else len(self.messages) - 1

    async def find(
        self, channel_id: int, key: str, since: int, until: int, recipient_id: int | None = None
    ) -> int | None:
        """Look a message up by its key."""
        self.searches += 1
        if self.history is not None:
            self.history()
        for number, (at, made) in enumerate(self.messages):
            if (made.recipient_id, made.key) != (recipient_id, key) or not since <= at <= until:
                continue
            if recipient_id is not None or made.channel_id == channel_id:
                return number
        return None

    async def edit(self, post: Post, message_id: int) -> None:
        """Let a message say something else; one that is refused is gone."""
        await asyncio.sleep(0)
        outcome = self.outcomes.popleft() if self.outcomes else None
        if outcome in (dropped, refused):
            outcome()
        at, made = self.messages[message_id]
        assert (made.channel_id, made.key) == (post.channel_id, post.key)
        self.messages[message_id] = at, replace(made, body=post.body)
        self.edits.append((self.clock.now(), post))
        if outcome is not None:
            outcome()

    @property
    def posts(self) -> list[Post]:
        """The messages in the order in which they were made."""
        return [post for _, post in self.messages]


@dataclass
class Moderators:
    """Remembers what the moderators were told."""

    told: list[tuple[int, str]] = field(default_factory=list)
    outcomes: deque[Outcome] = field(default_factory=deque)

    async def tell_moderators(self, guild_id: int, text: str) -> None:
        """Keep it."""
        self.told.append((guild_id, text))

    async def tell_once(self, guild_id: int, text: str, _key: str, turn: Turn) -> None:
        """Keep it, unless this time it gets lost."""
        await turn()
        if self.outcomes:
            self.outcomes.popleft()()
        self.told.append((guild_id, text))


@dataclass
class Quotes:
    """Announces the schedule's own text, or nothing where it has none."""

    async def choose(self, tx: Transaction, schedule: Schedule, slot: str) -> str | Nothing:
        """The text of the options."""
        assert tx is not None
        text: str | None = schedule.options.get("text")
        return text or Nothing("There is nothing to say.")

    async def compose(self, schedule: Schedule, content_id: str) -> str:
        """The text as it is."""
        assert schedule.options["text"] == content_id
        return content_id


async def _explain_late(schedule: Schedule, due_at: int) -> str:
    return f"{schedule.options['text']} was due at {due_at}"


class Station:
    """One process on a database: engine, schedules, and the far side."""

    def __init__(self, database: Database, clock: MovableClock, discord: Discord) -> None:
        self.database = database
        self.clock = clock
        self.discord = discord
        self.moderators = Moderators()
        self.schedules = Schedules(database, clock)
        announcers = Announcers()
        announcers.register("quotes", Quotes())
        announcers.register("letters", Quotes(), late_words=_explain_late)
        self.sender = Sender(
            database=database,
            clock=clock,
            announcers=announcers,
            publisher=discord,
            moderators=self.moderators,
            pace=Pace(1_000_000),
            letter_pace=LetterPace(database, clock, announcers, 1_000_000),
        )
        self.engine = Engine(database, clock, self.sender)

    def successor(self, database: Database | None = None) -> "Station":
        """The process that is started after this one was killed."""
        return Station(database or self.database, self.clock, self.discord)

    async def add(self, *schedules: Schedule) -> list[Schedule]:
        """Save schedules."""
        async with self.database.transaction() as tx:
            return [await self.schedules.save(tx, schedule) for schedule in schedules]

    async def tick(self, at: int) -> None:
        """Move to an instant and do what a minute does."""
        self.clock.move_to(at)
        await self.engine.tick()

    async def ledger(self, schedule: Schedule) -> list[Delivery]:
        """The ledger of a schedule, oldest first."""
        return (await self.schedules.history(schedule.schedule_id, 1000))[::-1]

    async def found(self, schedule: Schedule) -> Schedule:
        """The schedule as it is kept."""
        kept = await self.schedules.find(schedule.schedule_id)
        assert kept is not None
        return kept


def at_five(number: int = 1, *, text: str = "hello", zone: str = "UTC") -> Schedule:
    """A schedule for 12:05 every day in channel ``number`` of community ``number``."""
    return Schedule(
        schedule_id=0,
        guild_id=number,
        kind="quotes",
        channel_id=number * 10,
        recurrence=Recurrence(12 * 60 + 5, zone, EVERY_DAY),
        role_id=number * 100,
        is_silent=False,
        options={"text": text} if text else {},
        state="active",
        problem=None,
        next_run_at=None,
    )
