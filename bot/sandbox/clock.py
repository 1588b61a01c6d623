"""One clock for the bot and the simulated Discord, and words for its instants."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.clock import DAY, HOUR, MINUTE
from bot.errors import RefusalError

if TYPE_CHECKING:
    from simcord.env import Env

SPANS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_SPAN = re.compile(r"\+(?:\d{1,6}[smhdw])+")
_PART = re.compile(r"(\d+)([smhdw])")
_INSTANT = re.compile(
    r"(?:(?P<day>\d{4}-\d{1,2}-\d{1,2})(?:[ T]+|$))?(?P<time>\d{1,2}:\d{2})?(?:\s+(?P<zone>\S+))?"
)
TICKS = 0.001


class SimulatedClock:
    """The time of the simulated Discord, so that the bot and Discord can never disagree.

    Until it is attached it stands at ``at`` (UTC epoch seconds).
    """

    def __init__(self, at: int) -> None:
        self._at = at
        self._env: Env | None = None

    def attach(self, env: Env) -> None:
        """Follow an environment from now on."""
        self._env = env

    def now(self) -> int:
        """The present instant in UTC epoch seconds."""
        if self._env is None:
            return self._at
        return int(self._env.now().timestamp() + TICKS)


def parse_span(text: str) -> int | None:
    """The seconds of ``+1d``, ``+90m`` or ``+1d12h``; None when the text is not of that form."""
    text = text.replace(" ", "").lower()
    if _SPAN.fullmatch(text) is None:
        return None
    return sum(int(count) * SPANS[unit] for count, unit in _PART.findall(text))


def parse_instant(text: str, zone: str, now: int) -> int:
    """The instant of ``2027-03-28 01:55``, of a day alone or a time alone, maybe with a zone.

    A day alone begins at midnight; a time alone is its next occurrence after ``now``. An hour that
    the change of clocks leaves out counts on from the hour before. Raises
    :class:`bot.errors.RefusalError`.
    """
    match = _INSTANT.fullmatch(text.strip())
    if match is None or not (match["day"] or match["time"]):
        raise RefusalError(_unreadable(text))
    where = _zone(match["zone"] or zone)
    present = datetime.fromtimestamp(now, where)
    try:
        day = (
            datetime.strptime(match["day"], "%Y-%m-%d").date()  # noqa: DTZ007 (a date; the zone follows)
            if match["day"]
            else present.date()
        )
        hour, minute = map(int, (match["time"] or "0:00").split(":"))
        wanted = datetime(day.year, day.month, day.day, hour, minute, tzinfo=where)
    except ValueError:
        raise RefusalError(_unreadable(text)) from None
    if not match["day"] and wanted <= present:
        wanted += timedelta(days=1)
    return int(wanted.timestamp())


def show_instant(at: int, zone: str) -> str:
    """An instant for people: ``Sun 28 Mar 2027, 01:55 (Europe/Berlin)``."""
    local = datetime.fromtimestamp(at, _zone(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({zone})"


def field_instant(at: int, zone: str) -> str:
    """An instant as a form's date field has it: ``2027-03-28T01:55``."""
    return f"{datetime.fromtimestamp(at, _zone(zone)):%Y-%m-%dT%H:%M}"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"There is no time zone “{name}”. Write it as in Europe/Berlin, or leave it out."
        raise RefusalError(message) from None


def _unreadable(text: str) -> str:
    return f"“{text}” is no date and time. Write it as in: at 2027-03-28 01:55."
