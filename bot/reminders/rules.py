"""Pure decisions about reminders: on which dates they run, and what a date stands for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.content.campaigns import Campaign
from bot.delivery.days import around, every_weeks, once
from bot.delivery.times import Recurrence, next_run

KIND = "reminder"
"""The word of its schedules and its announcer."""

NOBODYS = 0
"""The community of a reminder's schedule: none, so that no community takes it along."""

MOST = 10
"""Reminders that one person can have."""

_ROUNDS = 3
"""Years that are tried: this one, the next, and one more where a zone never had the date."""


class Days(StrEnum):
    """The days on which a reminder comes."""

    DAY = "day"
    EVE = "eve"
    BOTH = "both"

    @property
    def offsets(self) -> tuple[int, ...]:
        """Days from the campaign's day, in order."""
        return {Days.DAY: (0,), Days.EVE: (-1,), Days.BOTH: (-1, 0)}[self]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for. ``minute_of_day`` is local time in ``zone``, an IANA name."""

    campaign_id: str
    days: Days
    minute_of_day: int
    zone: str
    is_yearly: bool
    language: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is kept of it. ``next_run_at`` is None once nothing more is to come."""

    reminder_id: int
    wish: Wish
    year: int | None
    next_run_at: int | None
    is_stuck: bool = False
    """Its zone left the time zone data, so that nobody knows any more when it is due."""


def recur(campaign: Campaign, wish: Wish, now: int) -> tuple[Recurrence, int | None]:
    """When it runs after an instant (UTC epoch seconds), and the one year that it is for, if any.

    Once means the next time that there is: on the day itself, but too late for it, next year's.
    Raises ``ValueError`` for a zone that is not known.
    """
    if wish.is_yearly:
        days = around(campaign.month, campaign.day, wish.days.offsets)
        return Recurrence(wish.minute_of_day, wish.zone, days=days), None
    today = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(wish.zone)).date()
    for year in range(today.year, today.year + _ROUNDS):
        recurrence = Recurrence(wish.minute_of_day, wish.zone, days=_in_year(campaign, wish, year))
        if next_run(recurrence, now) is not None:
            return recurrence, year
    message = f"{campaign.id} has no day to come in {wish.zone}."
    raise ValueError(message)


def read_slot(campaign: Campaign, on: date) -> tuple[date, bool] | None:
    """The campaign's day that a local date reminds of, and whether it is the day before it.

    None when an update moved the day since.
    """
    for offset in (0, 1):
        day = on + timedelta(days=offset)
        if (day.month, day.day) == (campaign.month, campaign.day):
            return day, bool(offset)
    return None


def _in_year(campaign: Campaign, wish: Wish, year: int) -> str:
    day = campaign.day_in(year)
    first, *more = (day + timedelta(days=offset) for offset in wish.days.offsets)
    return every_weeks(first, range(7), 1, more[-1]) if more else once(first)
