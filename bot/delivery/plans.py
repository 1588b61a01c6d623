"""What moderators choose: once, or days that come back. Pure values and their text."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import MINUTE
from bot.delivery import days
from bot.delivery.times import Recurrence

LAST_YEAR = 2100
"""Plans end before the next century: a typing error must not be kept for thousands of years."""
_HOUR = 60


class Repeat(StrEnum):
    """How often."""

    ONCE = "once"
    WEEKS = "weeks"
    DATE = "date"
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True)
class Plan:
    """Local dates and a time in a zone, as a moderator chose them.

    ``start`` is the date itself for :attr:`Repeat.ONCE`, and the first possible one otherwise.
    ``is_clamped`` puts a date that a month lacks on its last day; else that month has none.
    ``number`` is 1 to 4, or -1 for the last of ``weekday`` (0 for Monday) in a month.
    """

    repeat: Repeat
    zone: str
    minute_of_day: int
    start: date
    until: date | None = None
    weekdays: tuple[int, ...] = ()
    weeks: int = 1
    day: int = 1
    is_clamped: bool = False
    weekday: int = 0
    number: int = 1

    def recur(self) -> Recurrence:
        """The engine's word for it. Raises ``ValueError`` with a sentence."""
        if self.start.year >= LAST_YEAR or (self.until and self.until.year >= LAST_YEAR):
            message = f"Choose days before the year {LAST_YEAR}."
            raise ValueError(message)
        if self.until is not None and self.until < self.start:
            message = "The last day is before the first one, so there would be nothing to post."
            raise ValueError(message)
        return Recurrence(self.minute_of_day, self.zone, days=self._days())

    def _days(self) -> str:
        match self.repeat:
            case Repeat.ONCE:
                return days.once(self.start)
            case Repeat.WEEKS:
                return days.every_weeks(self.start, self.weekdays, self.weeks, self.until)
            case Repeat.DATE:
                return days.monthly_on(self.start, self.day, self.until, is_clamped=self.is_clamped)
            case Repeat.WEEKDAY:
                return days.monthly_weekday(self.start, self.weekday, self.number, self.until)

    def summarise(self) -> str:
        """A short text for the log of changes."""
        hours, minutes = divmod(self.minute_of_day, _HOUR)
        names = ",".join(days.WEEKDAYS[weekday] for weekday in self.weekdays)
        what = {
            Repeat.ONCE: f"{self.start}",
            Repeat.WEEKS: f"every {self.weeks} weeks {names} from {self.start}",
            Repeat.DATE: f"monthly on {self.day}{' or the last day' if self.is_clamped else ''}",
            Repeat.WEEKDAY: f"monthly {self.number} {days.WEEKDAYS[self.weekday]}",
        }[self.repeat]
        end = f" until {self.until}" if self.until else ""
        return f"{what} {hours:02}:{minutes:02} {self.zone}{end}"


def next_minute(now: int, zone: str) -> Plan:
    """The plan for "now": the next full minute, in a zone.

    In an hour that a clock change repeats it is in UTC: there, the minute would be the first of
    the two, and past.
    """
    at = datetime.fromtimestamp((now // MINUTE + 1) * MINUTE, ZoneInfo(zone))
    if at.fold:
        zone, at = "UTC", at.astimezone(UTC)
    return Plan(Repeat.ONCE, zone, at.hour * _HOUR + at.minute, at.date())


def write_plan(plan: Plan) -> str:
    """A plan as JSON."""
    values = {name: getattr(plan, name) for name in Plan.__slots__}
    return json.dumps(values, default=str, sort_keys=True)


def read_plan(text: str) -> Plan:
    """A plan of its JSON."""
    values: dict[str, Any] = json.loads(text)
    until = values["until"]
    return Plan(
        **values
        | {
            "repeat": Repeat(values["repeat"]),
            "start": date.fromisoformat(values["start"]),
            "until": None if until is None else date.fromisoformat(until),
            "weekdays": tuple(values["weekdays"]),
        }
    )
