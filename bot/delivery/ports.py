"""What delivery needs from the floors above it, handed in by ``bot.app``."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.delivery.times import Recurrence
from bot.storage import Transaction


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


@dataclass(frozen=True, slots=True)
class Post:
    """What the publisher is asked to send."""

    guild_id: int
    channel_id: int
    kind: str
    key: str
    body: Any
    role_id: int | None = None
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """An announcer's word that it has nothing to post, and why (one sentence for moderators)."""

    reason: str


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


class HistoryUnreadableError(RefusedError):
    """The channel's history cannot be read, so nobody can tell whether the post is there."""


class UnknownOutcomeError(PublishError):
    """The request may or may not have reached Discord; asking again must be harmless."""


class Announcer(Protocol):
    """Says what to post for one kind of schedule. Registered by kind."""

    async def choose(self, tx: Transaction, schedule: Schedule) -> str | Nothing:
        """Choose the content for a slot and remember the choice, in the ledger's transaction."""
        ...

    async def compose(self, schedule: Schedule, content_id: str) -> Any:  # noqa: ANN401 (a renderer's value)
        """The value that the publisher's renderer for this kind turns into a message."""
        ...


class Publisher(Protocol):
    """Talks to Discord on the sender's behalf."""

    async def post(self, post: Post) -> int:
        """Send with the key as nonce; the message's id. Raises :class:`PublishError`."""
        ...

    async def find(self, channel_id: int, key: str, since: int, until: int) -> int | None:
        """The id of our own message with this key, posted between two instants."""
        ...


class Moderators(Protocol):
    """Reaches the moderators of a community."""

    async def tell_moderators(self, guild_id: int, text: str) -> None:
        """Say one thing, once, where moderators read it. Never raises."""
        ...


@dataclass(slots=True)
class Announcers:
    """The announcers by kind."""

    by_kind: dict[str, Announcer] = field(default_factory=dict[str, Announcer])

    def register(self, kind: str, announcer: Announcer) -> None:
        """Let an announcer answer for a kind. Raises ``ValueError`` when the kind is taken."""
        if kind in self.by_kind:
            message = f"the kind {kind!r} has an announcer already"
            raise ValueError(message)
        self.by_kind[kind] = announcer
