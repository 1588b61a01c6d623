"""What delivery needs from the floors above it, handed in by ``bot.app``."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.delivery.rules import welcome_until
from bot.delivery.times import Recurrence
from bot.storage import Transaction

FOLLOW_UP = "follow_up"
"""The option of a schedule that names what is to be done with its posts once they stand."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """One row of ``schedules``: what is posted where, and when."""

    schedule_id: int
    guild_id: int
    kind: str
    channel_id: int
    recurrence: Recurrence
    role_id: int | None
    is_silent: bool
    options: dict[str, Any]
    state: str
    problem: str | None
    next_run_at: int | None

    @property
    def follow_up(self) -> str | None:
        """The step that its posts ask for once they stand, if any."""
        return self.options.get(FOLLOW_UP)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the ledger: a post for one slot of one schedule."""

    delivery_id: int
    schedule_id: int
    slot: str
    due_at: int
    key: str
    state: str
    note: str | None
    content_id: str | None
    attempts: int
    first_attempt_at: int | None
    last_attempt_at: int | None
    channel_id: int | None
    message_id: int | None
    finished_at: int | None
    recipient_id: int | None = None
    """Who gets it as a direct message; known only until the post is finished."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who asked for a copy. ``reference`` is the feature's row that says so."""

    reference: int
    user_id: int


@dataclass(frozen=True, slots=True)
class Post:
    """What the publisher is asked to send: to a channel, or to one person if there is one."""

    guild_id: int
    channel_id: int
    kind: str
    key: str
    body: Any
    role_id: int | None = None
    is_silent: bool = False
    recipient_id: int | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """An announcer's word that it has nothing to post, and why (one sentence for moderators).

    Without a reason, moderators are told nothing: nobody expects the post any more.
    """

    reason: str | None = None


class PublishError(Exception):
    """A post that could not be made."""


@dataclass(eq=False)
class RefusedError(PublishError):
    """Discord refuses this channel for good: it is gone, or a permission is missing.

    ``problem`` is a sentence for moderators, with what to do next.
    """

    problem: str

    def __str__(self) -> str:
        """The sentence."""
        return self.problem


class RejectedError(PublishError):
    """Discord rejects this one message; the next one may be fine."""


class UnreachableError(PublishError):
    """Discord lets nobody write to this one person; it says nothing about anybody else."""


class WithdrawnError(PublishError):
    """An announcer's word that a post which was tried before is not wanted any more."""


class HistoryUnreadableError(RefusedError):
    """The channel's history cannot be read, so nobody can tell whether the post is there."""


class PostGoneError(PublishError):
    """The post is not there any more: somebody deleted it."""


@dataclass(eq=False)
class LimitedError(PublishError):
    """Discord's own limit for a channel is used up; asking again helps after so many seconds."""

    retry_after: float


class UnknownOutcomeError(PublishError):
    """The request may or may not have reached Discord; asking again must be harmless."""


class Announcer(Protocol):
    """Says what to post for one kind of schedule. Registered by kind."""

    async def choose(self, tx: Transaction, schedule: Schedule, slot: str) -> str | Nothing:
        """Choose the content for a slot, in the ledger's transaction.

        A slot is an ISO date; of a person's copy, :func:`bot.delivery.rules.slot_of` made it.
        """
        ...

    async def compose(self, schedule: Schedule, content_id: str) -> Any:  # noqa: ANN401 (a renderer's value)
        """The value that the publisher's renderer for this kind turns into a message.

        Raises :class:`WithdrawnError` for what is not wanted any more.
        """
        ...


Turn = Callable[[], Awaitable[None]]
"""Waits until the pace allows one more request."""


class Publisher(Protocol):
    """Talks to Discord on the sender's behalf."""

    async def post(self, post: Post, turn: Turn) -> int:
        """Send with the key as nonce, after ``turn``; the message's id.

        Raises :class:`PublishError`.
        """
        ...

    async def find(
        self, channel_id: int, key: str, since: int, until: int, recipient_id: int | None = None
    ) -> int | None:
        """The id of our own message with this key, posted between two instants."""
        ...

    async def edit(self, post: Post, message_id: int) -> None:
        """Let a message say this instead; twice is harmless. Raises :class:`PublishError`."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A post that stands in a channel."""

    guild_id: int
    channel_id: int
    message_id: int


class FollowUpStep(Protocol):
    """Does something with a post once it stands. Registered by the name of the step.

    At most ``most`` are asked for in one channel within ``seconds``.
    """

    most: int
    seconds: int

    async def do(self, placed: Placed) -> None:
        """Do it; doing it twice must be harmless. Raises :class:`PublishError`."""
        ...

    def explain_late(self, placed: Placed) -> str:
        """A sentence for moderators on one that could not be done in time."""
        ...


class Moderators(Protocol):
    """Reaches the moderators of a community."""

    async def tell_moderators(self, guild_id: int, text: str) -> None:
        """Say one thing, once, where moderators read it. Never raises."""
        ...

    async def tell_once(self, guild_id: int, text: str, key: str, turn: Turn) -> None:
        """Say one thing, unless it stands there already.

        Within Discord's memory ``key`` makes a repeat harmless; after that the latest messages
        are looked through. ``turn`` is awaited before each request. Where it can't be said,
        nothing is. Raises :class:`UnknownOutcomeError` when it may or may not have been said.
        """
        ...


Limit = Callable[[str, int], int]
"""From a zone and when a post is due: the last instant for it."""

LateWords = Callable[[Schedule, int], Awaitable[str]]
"""From a schedule and when its post was due: what moderators are told when it came too late."""

FindRecipients = Callable[[Transaction, Schedule], Awaitable[Sequence[Recipient]]]
"""From a schedule that is due: who gets a copy of its post as a direct message."""

NEVER = 2**62
"""An instant after every other one."""


@dataclass(slots=True)
class Announcers:
    """The announcers by kind."""

    by_kind: dict[str, Announcer] = field(default_factory=dict[str, Announcer])
    limits: dict[str, Limit] = field(default_factory=dict[str, Limit])
    late_words: dict[str, LateWords] = field(default_factory=dict[str, LateWords])
    recipients: dict[str, FindRecipients] = field(default_factory=dict[str, FindRecipients])

    def register(
        self,
        kind: str,
        announcer: Announcer,
        limit: Limit | None = None,
        late_words: LateWords | None = None,
        recipients: FindRecipients | None = None,
    ) -> None:
        """Let an announcer answer for a kind. Raises ``ValueError`` when the kind is taken.

        ``limit`` says until when a post of the kind is welcome; without one, for three hours.
        With ``late_words``, moderators are told of the latest one that was skipped for it. With
        ``recipients``, its posts are direct messages to them instead of one in a channel.
        """
        if kind in self.by_kind:
            message = f"the kind {kind!r} has an announcer already"
            raise ValueError(message)
        self.by_kind[kind] = announcer
        if limit is not None:
            self.limits[kind] = limit
        if late_words is not None:
            self.late_words[kind] = late_words
        if recipients is not None:
            self.recipients[kind] = recipients

    def welcome_until(self, kind: str, zone: str, due_at: int) -> int:
        """The last instant at which a post of a kind that is due at an instant is still made."""
        limit = self.limits.get(kind)
        return welcome_until(kind, zone, due_at) if limit is None else limit(zone, due_at)

    def planned_until(self, kind: str, zone: str, due_at: int) -> int:
        """The same for the planner: it leaves late posts that are told of to the sender."""
        return NEVER if kind in self.late_words else self.welcome_until(kind, zone, due_at)
