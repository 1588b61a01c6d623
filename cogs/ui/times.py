"""Instants, times and weekdays as people read and type them."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.clock import HOUR, MINUTE, Clock, to_datetime
from bot.errors import RefusalError
from bot.guilds.service import Guilds
from bot.i18n import Texts

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TYPED_TIME = re.compile(
    r"\s*(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d{2}))?\s*(?P<half>[ap])?\.?\s*m?\.?\s*",
    re.IGNORECASE,
)
HALF_DAY = 12
AHEAD = 30 * MINUTE
"""Seconds that a suggested time is away at least."""
HOURS = 24
MINUTES = 60


def parse_time(text: str, t: Texts) -> int:
    """The minute of the day that a person typed: 9, 9:30, 21.30, 9 pm, 9:30am.

    Raises :class:`RefusalError` with an example.
    """
    match = TYPED_TIME.fullmatch(text)
    if match:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if match["half"] and 1 <= hour <= HALF_DAY:
            hour = hour % HALF_DAY + (HALF_DAY if match["half"].lower() == "p" else 0)
        elif match["half"]:
            hour = HOURS
        if hour < HOURS and minute < MINUTES:
            return hour * MINUTES + minute
    message = t(
        "I can't read “{text}” as a time of day. Write it like 09:30 or 9:30 pm.", text=text[:40]
    )
    raise RefusalError(message)


def show_time(minute_of_day: int) -> str:
    """A minute of the day as ``09:30``."""
    return f"{minute_of_day // MINUTES:02}:{minute_of_day % MINUTES:02}"


def show_days(weekdays: Collection[int], t: Texts) -> str:
    """Weekdays in words: every day, Monday to Friday, or a list."""
    days = sorted(weekdays)
    if len(days) == len(WEEKDAYS):
        return t("every day")
    if days == [0, 1, 2, 3, 4]:
        return t("Monday to Friday")
    return ", ".join(t(WEEKDAYS[day]) for day in days)


async def find_today(guilds: Guilds, clock: Clock, guild_id: int) -> tuple[str, date]:
    """A community's zone, and the date there."""
    zone = (await guilds.settings(guild_id)).zone
    return zone, to_datetime(clock.now()).astimezone(ZoneInfo(zone)).date()


def suggest_time(now: int, zone: str) -> datetime:
    """The next full hour there that is at least half an hour away.

    An hour that a clock change repeats is left out: typed, it would mean the first of the two.
    """
    at = now + AHEAD
    while True:
        there = to_datetime(at).astimezone(ZoneInfo(zone))
        over = there.minute * MINUTE + there.second
        if not over and not there.fold:
            return there
        at += HOUR - over


def stamp(at: int, style: str = "F") -> str:
    """An instant that Discord shows in the reader's own time."""
    return f"<t:{at}:{style}>"


def in_zone(at: int, zone: str) -> str:
    """An instant as a clock on the wall shows it there: ``Mon 28 Mar 2027, 09:30``."""
    there = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M}"
