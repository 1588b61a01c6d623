"""Which local dates a schedule runs on, where weekdays are not enough. Pure, like ``times``.

A rule is a text, as it is stored: the standard's words for what repeats (RFC 5545, ``DTSTART`` and
``RRULE``, read by dateutil), or ``ANCHOR:10-10;OFFSETS=-14,-7,0`` for days around a date that comes
back every year, which the standard can't say.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime
from functools import lru_cache
from typing import Protocol

from dateutil.rrule import rrulebase, rrulestr

ANCHOR = "ANCHOR:"
MOST_OFFSET = 366
FIRST_DAY = date(1970, 1, 1).toordinal()
LAST_DAY = date(9997, 12, 31).toordinal()
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST_SURE_DAY = 28
"""The last day that every month has."""
_STANDARD = re.compile(
    r"DTSTART:\d{8}\nRRULE:FREQ="
    r"(DAILY;COUNT=1"
    r"|WEEKLY;INTERVAL=([1-9]|[1-4]\d|5[0-2]);BYDAY=(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*"
    r"|MONTHLY;BYMONTHDAY=([1-9]|[12]\d|3[01])(,([1-9]|[12]\d|3[01]))*(;BYSETPOS=-1)?"
    r"|MONTHLY;BYDAY=(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU))(;UNTIL=\d{8})?",
    re.ASCII,
)
"""What the functions below write. The standard can say more: times and zones of its own, rules
without a start (dateutil takes the clock's), and some whose next date is looked for without end."""


class Days(Protocol):
    """The dates of a rule, as proleptic ordinals."""

    def next_day(self, day: int) -> int | None:
        """The first date on or after one; None when there is no other."""
        ...

    def previous_day(self, day: int) -> int | None:
        """The last date on or before one; None when there was none."""
        ...


@lru_cache(maxsize=1_024)
def parse_days(text: str) -> Days:
    """The rule that a text stands for. Raises ``ValueError`` for one that can't be read."""
    return _parse_anchor(text) if text.startswith(ANCHOR) else _parse_standard(text)


def around(month: int, day: int, offsets: Sequence[int]) -> str:
    """The rule for days around a date of every year. Raises ``ValueError``."""
    text = f"{ANCHOR}{month:02}-{day:02};OFFSETS={','.join(map(str, sorted(set(offsets))))}"
    parse_days(text)
    return text


def once(on: date) -> str:
    """The rule for one date."""
    return f"DTSTART:{on:%Y%m%d}\nRRULE:FREQ=DAILY;COUNT=1"


def every_weeks(start: date, weekdays: Sequence[int], weeks: int, until: date | None) -> str:
    """The rule for weekdays (0 for Monday) of every so many weeks, counted from ``start``'s week.

    Raises ``ValueError``.
    """
    chosen = sorted(set(weekdays))
    if not chosen or not 1 <= weeks <= 52:  # noqa: PLR2004 (weeks of a year)
        message = "Choose at least one weekday, and every 1 to 52 weeks."
        raise ValueError(message)
    if chosen[0] < 0 or chosen[-1] >= len(WEEKDAYS):
        message = f"Weekdays are 0 (Monday) to 6 (Sunday), not {chosen}."
        raise ValueError(message)
    names = ",".join(WEEKDAYS[weekday] for weekday in chosen)
    return _standard(start, f"FREQ=WEEKLY;INTERVAL={weeks};BYDAY={names}", until)


def monthly_on(start: date, day: int, until: date | None, *, is_clamped: bool) -> str:
    """The rule for a day of each month. Where a month has none, its last day, or no run at all.

    Raises ``ValueError``.
    """
    if not 1 <= day <= 31:  # noqa: PLR2004 (days of a month)
        message = "Choose a day from 1 to 31."
        raise ValueError(message)
    if is_clamped and day > LAST_SURE_DAY:
        days = ",".join(map(str, range(LAST_SURE_DAY, day + 1)))
        return _standard(start, f"FREQ=MONTHLY;BYMONTHDAY={days};BYSETPOS=-1", until)
    return _standard(start, f"FREQ=MONTHLY;BYMONTHDAY={day}", until)


def monthly_weekday(start: date, weekday: int, number: int, until: date | None) -> str:
    """The rule for the first to fourth (1 to 4) or last (-1) of a weekday in each month.

    Raises ``ValueError``.
    """
    if number not in {1, 2, 3, 4, -1} or weekday not in range(7):
        message = "Choose the first to fourth or the last of a weekday."
        raise ValueError(message)
    return _standard(start, f"FREQ=MONTHLY;BYDAY={number}{WEEKDAYS[weekday]}", until)


def _standard(start: date, rule: str, until: date | None) -> str:
    end = "" if until is None else f";UNTIL={until:%Y%m%d}"
    text = f"DTSTART:{start:%Y%m%d}\nRRULE:{rule}{end}"
    parse_days(text)
    return text


@dataclass(frozen=True, slots=True)
class _Around:
    """Days before and after a month and day."""

    month: int
    day: int
    offsets: tuple[int, ...]

    def next_day(self, day: int) -> int | None:
        return min((one for one in self._near(day) if one >= day), default=None)

    def previous_day(self, day: int) -> int | None:
        return max((one for one in self._near(day) if one <= day), default=None)

    def _near(self, day: int) -> Iterator[int]:
        year = date.fromordinal(day).year
        for near in range(year - 2, year + 3):
            if 1 <= near <= MAXYEAR:
                anchor = date(near, self.month, self.day).toordinal()
                yield from (anchor + offset for offset in self.offsets)


@dataclass(frozen=True, slots=True)
class _Standard:
    """A rule of RFC 5545 over whole dates."""

    rule: rrulebase

    def next_day(self, day: int) -> int | None:
        found = self.rule.after(_midnight(day), inc=True)
        return None if found is None or found.toordinal() > LAST_DAY else found.toordinal()

    def previous_day(self, day: int) -> int | None:
        found = self.rule.before(_midnight(day), inc=True)
        return None if found is None else found.toordinal()


def _parse_anchor(text: str) -> Days:
    anchor, _, offsets = text.removeprefix(ANCHOR).partition(";OFFSETS=")
    try:
        month, day = map(int, anchor.split("-"))
        numbers = tuple(map(int, offsets.split(",")))
    except ValueError as error:
        message = f"{text!r} is no rule for days around a date."
        raise ValueError(message) from error
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2001, month)[1]:  # noqa: PLR2004
        message = f"There is no {anchor} in every year."
        raise ValueError(message)
    if any(abs(number) > MOST_OFFSET for number in numbers):
        message = f"Days are counted at most {MOST_OFFSET} before or after."
        raise ValueError(message)
    return _Around(month, day, numbers)


def _parse_standard(text: str) -> Days:
    message = f"{text!r} is no rule that repeats."
    if not _STANDARD.fullmatch(text):
        raise ValueError(message)
    try:
        return _Standard(rrulestr(text, cache=True))
    except ValueError as error:  # a date that no calendar has
        raise ValueError(message) from error


def _midnight(day: int) -> datetime:
    return datetime.combine(date.fromordinal(max(1, day)), datetime.min.time())
