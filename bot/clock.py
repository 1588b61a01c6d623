"""The only place that asks what time it is.

Everything else takes the time as an argument, or takes a :class:`Clock`.
Instants are whole UTC epoch seconds everywhere in the program and its tables.
"""

from datetime import UTC, datetime
from typing import Protocol

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> int:
        """The present instant in UTC epoch seconds."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> int:
        """The present instant in UTC epoch seconds."""
        return int(read_machine().timestamp())


class MovableClock:
    """A clock that stands where it is put; for the sandbox and for tests."""

    def __init__(self, at: int) -> None:
        self._at = at

    def now(self) -> int:
        """The instant at which the clock stands, in UTC epoch seconds."""
        return self._at

    def move_to(self, at: int) -> None:
        """Put the clock at an instant (UTC epoch seconds)."""
        self._at = at


def read_machine() -> datetime:
    """What the machine's clock shows, in UTC and with its fraction of a second."""
    return datetime.now(UTC)


def to_datetime(at: int) -> datetime:
    """The aware UTC datetime of an epoch second."""
    return datetime.fromtimestamp(at, UTC)
