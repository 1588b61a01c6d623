"""Where on earth a day has begun: its midnight travels west from UTC+14 to UTC-12, in 26 hours.

Pure: instants are UTC epoch seconds, offsets are seconds east of UTC, and both are arguments. The
offset of a zone is that of its local midnight on the day, so each zone stands on one rung of the
ladder of offsets, whatever its clocks do later that day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.clock import DAY, HOUR
from bot.delivery.days import around
from bot.delivery.times import Recurrence

KIND = "sun"
"""The word of its schedules and its announcer."""

FIRST_ZONE = "Etc/GMT-14"
"""UTC+14: whoever is first."""
EASTMOST, WESTMOST = 14 * HOUR, -12 * HOUR
FILL_SECONDS = EASTMOST - WESTMOST
WHOLE_HOURS = tuple(range(EASTMOST, WESTMOST - HOUR, -HOUR))
LEAST = 10
"""The smallest number of communities that is shown, of the world or of a part of it."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One offset: when the day begins there, and how many communities keep it there."""

    offset: int
    begins_at: int
    communities: int = 0


@dataclass(frozen=True, slots=True)
class OwnDay:
    """The first second of the day in one's own zone, and the first one after it."""

    zone: str
    begins_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class Band:
    """Neighbouring offsets, from east to west, in which at least ten communities take part."""

    first: int
    last: int
    communities: int


@dataclass(frozen=True, slots=True)
class Board:
    """The ladder at one instant, from east to west."""

    day: date
    now: int
    rungs: tuple[Rung, ...]
    own: OwnDay | None = None

    @property
    def starts_at(self) -> int:
        """When the day begins first."""
        return starts_at(self.day)

    @property
    def over_at(self) -> int:
        """When it has ended everywhere, 50 hours after it began."""
        return over_at(self.day)

    @property
    def begun(self) -> tuple[Rung, ...]:
        """Where it has begun; where it has ended, too."""
        return self.rungs[: reached(self.rungs, self.now)]

    @property
    def ended(self) -> tuple[Rung, ...]:
        """Where it has ended, for clocks that don't change on the day."""
        return tuple(rung for rung in self.rungs if rung.begins_at + DAY <= self.now)

    @property
    def upcoming(self) -> Rung | None:
        """Where it begins next: then the board changes. None once it has begun everywhere."""
        return next((rung for rung in self.rungs if rung.begins_at > self.now), None)

    @property
    def communities(self) -> int:
        """How many take part. Not to be shown below :data:`LEAST`."""
        return sum(rung.communities for rung in self.rungs)


def recur(month: int, day: int) -> Recurrence:
    """When the board is posted: as soon as the day begins anywhere."""
    return Recurrence(0, FIRST_ZONE, days=around(month, day, [0]))


def welcome_until(_zone: str, due_at: int) -> int:
    """The last second at which the board is still posted: while there is something to fill."""
    return due_at + FILL_SECONDS - 1


def starts_at(day: date) -> int:
    """When a day begins first."""
    return _midnight(day) - EASTMOST


def over_at(day: date) -> int:
    """When a day has ended everywhere."""
    return _midnight(day) - WESTMOST + DAY


def day_at(month: int, day: int, now: int) -> date:
    """The day that is somewhere now, or else the next one, of those that come back every year."""
    year = datetime.fromtimestamp(now, UTC).year
    days = (date(year + more, month, day) for more in (-1, 0, 1))
    return next(one for one in days if now < over_at(one))


def own_day(zone: str, day: date) -> OwnDay:
    """When the day is in a zone, by its clocks."""
    return OwnDay(zone, begin_of(zone, day), begin_of(zone, day + timedelta(days=1)))


def begin_of(zone: str, day: date) -> int:
    """The local midnight of a day; where the clocks skip it, the instant at which they do.

    A zone that is not known any more counts as UTC.
    """
    try:
        where = ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        where = ZoneInfo("UTC")
    return int(datetime.combine(day, time.min, where).timestamp())


def offset_of(zone: str, day: date) -> int:
    """A zone's offset at its local midnight."""
    return _midnight(day) - begin_of(zone, day)


@lru_cache(maxsize=8)
def ladder_of(day: date, zones: tuple[str, ...]) -> tuple[int, ...]:
    """Every whole hour and every other offset of some zones, from east to west."""
    return tuple(sorted({*WHOLE_HOURS, *(offset_of(zone, day) for zone in zones)}, reverse=True))


def make_board(
    day: date,
    now: int,
    ladder: Iterable[int],
    communities: Mapping[str, int],
    own_zone: str | None = None,
) -> Board:
    """The board: ``communities`` says how many take part by their zone."""
    counts = dict.fromkeys(ladder, 0)
    for zone, count in communities.items():
        offset = offset_of(zone, day)
        counts[offset] = counts.get(offset, 0) + count
    midnight = _midnight(day)
    rungs = tuple(
        Rung(offset, midnight - offset, counts[offset]) for offset in sorted(counts)[::-1]
    )
    return Board(day, now, rungs, None if own_zone is None else own_day(own_zone, day))


def for_zone(board: Board, zone: str) -> Board:
    """The same board for a community in a zone."""
    return replace(board, own=own_day(zone, board.day))


def reached(rungs: Sequence[Rung], now: int) -> int:
    """How many rungs the day has reached."""
    return sum(rung.begins_at <= now for rung in rungs)


def bands(rungs: Sequence[Rung]) -> list[Band]:
    """How many take part where, as finely as no number below ten is shown.

    Offsets are joined with those west of them until ten communities stand there; what is left
    at the end joins the last band. So the numbers add up, and there is nothing to subtract: no
    hidden number that a sum would give away. With fewer than ten in all there are no bands.
    """
    found: list[Band] = []
    first, count = None, 0
    for rung in rungs:
        first = rung.offset if first is None else first
        count += rung.communities
        if count >= LEAST:
            found.append(Band(first, rung.offset, count))
            first, count = None, 0
    if found and first is not None:
        last = found.pop()
        found.append(Band(last.first, rungs[-1].offset, last.communities + count))
    return found


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time.min, UTC).timestamp())
