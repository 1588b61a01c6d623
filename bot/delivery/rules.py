"""Pure decisions about when a post is still welcome and when it is safe to try again."""

from collections.abc import Callable
from enum import StrEnum

from bot.clock import DAY, HOUR, MINUTE

QUIET_AFTER = 10 * MINUTE
"""A post that is later than this goes out silently and pings nobody."""

LATE_LIMIT = 3 * HOUR
"""A post that is later than this is skipped, and ``/status`` says so; a kind can have its own."""

WelcomeUntil = Callable[[str, str, int], int]
"""From a schedule's kind, its zone and when a post is due: the last instant for it."""

LEASE_SECONDS = 30
"""How long one process may hold a delivery without finishing it."""

SEND_SECONDS = 20
"""How long one attempt may take; shorter than the lease, so that it never outlives it."""

NONCE_SECONDS = 120
"""Within this time of the first attempt, the nonce alone makes a repeat harmless.

Discord remembers nonces for "the past few minutes" and says no more; two are taken as safe.
"""

SEARCH_MARGIN = 2 * MINUTE
"""How far before the first and after the last attempt the sender looks for its own message."""

RETRY_SECONDS = (5, 15, 60, 300, 900)


class ScheduleState(StrEnum):
    """Where a schedule stands."""

    ACTIVE = "active"
    PAUSED = "paused"
    BROKEN = "broken"
    AWAY = "away"


class DeliveryState(StrEnum):
    """Where a post stands in the ledger."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


class Note(StrEnum):
    """Why a delivery was skipped or failed, as kept in the ledger."""

    LATE = "late"
    BY_MODERATOR = "by a moderator"
    NOTHING_FITS = "nothing fits"
    PAUSED = "paused"
    REFUSED = "refused"
    REJECTED = "rejected"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    UNREACHABLE = "unreachable"
    OFF = "off"
    GONE = "gone"


FOLLOW_UP_LIMIT = DAY
"""What follows a post is left out when the post is older than this."""

HELD_SECONDS = 5 * MINUTE
"""How often a follow-up is looked at again whose schedule stands still."""


class Verdict(StrEnum):
    """What is to become of a follow-up that is due."""

    GO = "go"
    HOLD = "hold"
    OFF = "off"
    LATE = "late"


def judge_follow_up(state: str, *, is_wanted: bool, sent_at: int, now: int) -> Verdict:
    """Whether to do now what follows a post: not while its schedule is paused or away."""
    if not is_wanted:
        return Verdict.OFF
    if now > sent_at + FOLLOW_UP_LIMIT:
        return Verdict.LATE
    stands_still = state in {ScheduleState.PAUSED, ScheduleState.AWAY}
    return Verdict.HOLD if stands_still else Verdict.GO


def welcome_until(_kind: str, _zone: str, due_at: int) -> int:
    """The last instant at which a post is still made, for kinds without a limit of their own."""
    return due_at + LATE_LIMIT


def is_quiet(due_at: int, now: int) -> bool:
    """Whether a post due at an instant must now go out silently and without a ping."""
    return now - due_at > QUIET_AFTER


def is_covered_by_nonce(first_attempt_at: int, now: int) -> bool:
    """Whether Discord still recognises a repeat of the first attempt by its nonce."""
    return 0 <= now - first_attempt_at <= NONCE_SECONDS


def slot_of(slot: str, reference: int) -> str:
    """The slot of one person's copy of a post; ``reference`` is a row of the feature, no person."""
    return f"{slot}#{reference}"


def reference_of(slot: str) -> int:
    """The row of the feature that such a slot names. Raises ``ValueError`` for another slot."""
    return int(slot.partition("#")[2])


def retry_delay(attempts: int) -> int:
    """Seconds to wait after an attempt whose outcome is not known."""
    return RETRY_SECONDS[min(max(attempts, 1), len(RETRY_SECONDS)) - 1]


def explain_unknown_zone(zone: str) -> str:
    """A sentence for moderators whose schedule's zone left the time zone data."""
    return (
        f"The time zone {zone} is not known any more. "
        "Choose one where it was set up: /tips schedule, /myths schedule, or /setup for the rest."
    )
