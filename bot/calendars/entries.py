"""What stands in a calendar, as plain values. Whoever has days or events makes entries of them."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_UID = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One day or one event, in words that whoever has the address may read: nothing personal.

    ``starts`` and ``ends`` are dates for whole days, or aware datetimes, which calendars are given
    in UTC. ``ends`` is not included: of days it is the day after the last one, and None means one
    day, or an event whose end is open. What repeats is an entry for each time, with a ``uid`` each:
    a rule of repetition in UTC wouldn't follow the clocks of its zone.

    Raises ``ValueError`` for what no calendar could understand.
    """

    uid: str
    """The same for ever and different from every other one, so that a change is no second entry."""
    summary: str
    starts: date
    ends: date | None = None
    description: str = ""
    url: str = ""
    """An https address; any other is left out."""
    location: str = ""
    sequence: int = 0
    """One more with each time that it is moved or cancelled."""
    is_cancelled: bool = False
    changed_at: int | None = None
    """When its words or times last changed, in UTC epoch seconds; None where nobody knows."""
    remind_minutes: int | None = None
    """How long before it the app is asked to remind its owner. None leaves that to them."""

    def __post_init__(self) -> None:
        """Refuse what no calendar could understand."""
        if _UID.fullmatch(self.uid) is None:
            message = f"a uid is 1 to 200 letters of ASCII without spaces, not {self.uid!r}"
            raise ValueError(message)
        if self.sequence < 0 or (self.remind_minutes or 0) < 0:
            message = "neither a sequence nor the minutes of a reminder are below 0"
            raise ValueError(message)
        both = [self.starts] if self.ends is None else [self.starts, self.ends]
        if len({isinstance(when, datetime) for when in both}) > 1:
            message = "an entry begins and ends with dates, or begins and ends with instants"
            raise ValueError(message)
        if any(isinstance(when, datetime) and when.utcoffset() is None for when in both):
            message = "an instant needs a time zone"
            raise ValueError(message)
        begin, end = self.begin, self.end
        if end is not None and end <= begin:
            message = "an entry ends after it begins"
            raise ValueError(message)

    @property
    def is_whole_day(self) -> bool:
        """Whether it stands on days, whatever the zone, and not at an instant."""
        return not isinstance(self.starts, datetime)

    @property
    def begin(self) -> date:
        """A date, or an instant in UTC to the second."""
        return _in_utc(self.starts)

    @property
    def end(self) -> date | None:
        """The same of its end; of a day without one, the next day."""
        if self.ends is not None:
            return _in_utc(self.ends)
        return self.starts + timedelta(days=1) if self.is_whole_day else None


Provider = Callable[[int], Awaitable[Sequence[Entry]]]
"""A feature's entries for a community, by its id: what every member of it may see.

What was cancelled stays among them, marked, until its time is over: people learn of it that way.
"""


def _in_utc(when: date) -> date:
    return when.astimezone(UTC).replace(microsecond=0) if isinstance(when, datetime) else when
