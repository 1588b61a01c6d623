"""When a schedule runs: a wall-clock time on chosen days, kept through clock changes.

Every local date that is chosen, by weekdays or by a rule, has exactly one run. Where a clock
change skips the asked time, the run is as much later as the change skips (02:30 becomes 03:30,
PEP 495 with fold=0); where it repeats the asked time, the run is at the first of the two. A date
that its zone never had (Samoa had no 30 December 2011) has no run.

Pure rules: instants are UTC epoch seconds and arguments; nothing here reads a clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.delivery.days import parse_days

_DAY_SECONDS = 86_400
_DAY_MINUTES = 1_440
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_WEEK = range(7)
_LATEST = int(datetime(9998, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A wall-clock time on chosen days in a zone.

    ``minute_of_day`` is 0 to 1439 in local time, ``zone`` an IANA name that this machine has,
    ``weekdays`` a non-empty set with 0 for Monday. ``days`` is a rule for the dates instead, as
    :mod:`bot.delivery.days` writes it; then weekdays say nothing. Anything else is a ValueError.
    """

    minute_of_day: int
    zone: str
    weekdays: frozenset[int] = frozenset(_WEEK)
    days: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could never run, with a ValueError."""
        if not 0 <= self.minute_of_day < _DAY_MINUTES:
            message = f"The minute of the day must be 0 to 1439, not {self.minute_of_day}."
            raise ValueError(message)
        _check_weekdays(self.weekdays)
        _load_zone(self.zone)
        if self.days is not None:
            parse_days(self.days)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: the local date it stands for (ISO, like "2027-03-28") and its UTC epoch second.

    A schedule never has two runs with one slot, nor two at one instant. Where a clock change
    pushes a run past midnight, the slot stays the date it was meant for.
    """

    slot: str
    at: int


def next_run(recurrence: Recurrence, after: int) -> Run | None:
    """Return the first run strictly after a UTC epoch second; None when there is no other.

    ValueError when ``after`` is outside the years 1970 to 9997.
    """
    # A run can fall on the local date after its slot, so the day before is a candidate too.
    day = _next_day(recurrence, _local_day(recurrence.zone, after) - 1)
    while day is not None:
        at = _instant(recurrence, day)
        if at is not None and at > after:
            return Run(date.fromordinal(day).isoformat(), at)
        day = _next_day(recurrence, day + 1)
    return None


def runs_between(recurrence: Recurrence, first: int, last: int, limit: int) -> list[Run]:
    """Return the latest ``limit`` runs from ``first`` to ``last``, both included, oldest first.

    Both are UTC epoch seconds. ValueError for a negative limit, or an instant outside the years
    1970 to 9997.
    """
    if limit < 0:
        message = f"The limit must be 0 or more, not {limit}."
        raise ValueError(message)
    _check_instant(first)
    # Clocks set back over midnight return to the day before: the day after is a candidate too.
    day = _previous_day(recurrence, _local_day(recurrence.zone, last) + 1)
    runs: list[Run] = []
    while day is not None and len(runs) < limit:
        at = _instant(recurrence, day)
        if at is not None and at < first:
            break
        if at is not None and at <= last:
            runs.append(Run(date.fromordinal(day).isoformat(), at))
        day = _previous_day(recurrence, day - 1)
    runs.reverse()
    return runs


def weekday_mask(weekdays: Iterable[int]) -> int:
    """Return the storage form of a set of weekdays: 1 for Monday to 64 for Sunday, added up.

    ValueError when there is none, or one outside 0 (Monday) to 6.
    """
    chosen = frozenset(weekdays)
    _check_weekdays(chosen)
    return sum(1 << weekday for weekday in chosen)


def weekdays_of(mask: int) -> frozenset[int]:
    """Return the weekdays (0 for Monday) of a storage form; ValueError outside 1 to 127."""
    if not 0 < mask < 1 << len(_WEEK):
        message = f"A set of weekdays is stored as 1 to 127, not {mask}."
        raise ValueError(message)
    return frozenset(weekday for weekday in _WEEK if mask >> weekday & 1)


def _next_day(recurrence: Recurrence, day: int) -> int | None:
    """Return the first chosen date (proleptic ordinal) on or after one."""
    if recurrence.days is not None:
        return parse_days(recurrence.days).next_day(day)
    while (day - 1) % 7 not in recurrence.weekdays:  # day 1 of the calendar was a Monday
        day += 1
    return day


def _previous_day(recurrence: Recurrence, day: int) -> int | None:
    """Return the last chosen date (proleptic ordinal) on or before one."""
    if recurrence.days is not None:
        return parse_days(recurrence.days).previous_day(day)
    while (day - 1) % 7 not in recurrence.weekdays:
        day -= 1
    return day


def _instant(recurrence: Recurrence, day: int) -> int | None:
    """Return when the run for a local date (proleptic ordinal) is due; None for no run."""
    minute = recurrence.minute_of_day
    offset = _steady_offset(recurrence.zone, day)
    if offset is not None:
        return (day - _EPOCH_DAY) * _DAY_SECONDS + minute * 60 - offset
    at = int(_wall(recurrence.zone, day, minute).timestamp())
    # In a gap, fold=1 reads the later offset: the difference is what the clock change skips.
    skipped = at - int(_wall(recurrence.zone, day, minute, fold=1).timestamp())
    return None if skipped >= _DAY_SECONDS else at


@lru_cache(maxsize=8_192)
def _steady_offset(zone: str, day: int) -> int | None:
    """Return the UTC offset in seconds of a whole local date; None where the clocks change.

    Schedules share few zones and dates, so one tick asks for the same few offsets. The offsets
    before the date and after it tell: no zone since 1970 has changed its clocks twice in a day.
    """
    before = _wall(zone, day, 0).utcoffset()
    after = _wall(zone, day + 1, 0, fold=1).utcoffset()
    return int(before.total_seconds()) if before is not None and before == after else None


def _wall(zone: str, day: int, minute: int, fold: int = 0) -> datetime:
    """Return a minute of a local date (proleptic ordinal) as an aware datetime."""
    clock = time(*divmod(minute, 60), fold=fold)
    return datetime.combine(date.fromordinal(day), clock, _load_zone(zone))


def _local_day(zone: str, instant: int) -> int:
    """Return the local date of a UTC epoch second, as a proleptic ordinal."""
    _check_instant(instant)
    return datetime.fromtimestamp(instant, _load_zone(zone)).toordinal()


@lru_cache(maxsize=1_024)
def _load_zone(name: str) -> ZoneInfo:
    """Return a zone's rules, read from disk once (ZoneInfo itself keeps only eight)."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        message = f"There is no time zone called {name!r}."
        raise ValueError(message) from error


def _check_weekdays(weekdays: frozenset[int]) -> None:
    if not weekdays:
        message = "Choose at least one weekday."
        raise ValueError(message)
    if not weekdays.issubset(_WEEK):
        message = f"Weekdays are 0 (Monday) to 6 (Sunday), not {sorted(weekdays)}."
        raise ValueError(message)


def _check_instant(instant: int) -> None:
    if not 0 <= instant < _LATEST:
        message = f"The instant must lie in the years 1970 to 9997, not at {instant} seconds."
        raise ValueError(message)
