"""Plans in words: once, or days that come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.delivery.days import LAST_SURE_DAY
from bot.delivery.plans import Repeat
from cogs.ui.times import WEEKDAYS, show_days, show_time

if TYPE_CHECKING:
    from datetime import date

    from bot.delivery.plans import Plan
    from bot.i18n import Texts

NUMBERS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
REPEATS = {
    Repeat.ONCE: "Once, at a time of your choice",
    Repeat.WEEKS: "On weekdays, every week or every few weeks",
    Repeat.DATE: "Each month on a date",
    Repeat.WEEKDAY: "Each month on a weekday, such as the last Friday",
}


def describe(plan: Plan, t: Texts) -> str:
    """When a plan posts, with its end, and what happens in months without its date."""
    time = t("{time} ({zone})", time=show_time(plan.minute_of_day), zone=plan.zone)
    if plan.repeat is Repeat.ONCE:
        return t("once, on {day} at {time}", day=show_date(plan.start), time=time)
    end = t("without an end") if plan.until is None else t("until {day}", day=show_date(plan.until))
    return f"{_describe_days(plan, t)}, {time}, {end}"


def show_date(day: date) -> str:
    """A date as ``28 Mar 2027``."""
    return f"{day.day} {day:%b %Y}"


def _describe_days(plan: Plan, t: Texts) -> str:
    if plan.repeat is Repeat.WEEKS:
        names = show_days(plan.weekdays, t)
        if plan.weeks == 1:
            return t("every week: {days}", days=names)
        return t("every {weeks} weeks: {days}", weeks=plan.weeks, days=names)
    if plan.repeat is Repeat.WEEKDAY:
        number, weekday = t(NUMBERS[plan.number]), t(WEEKDAYS[plan.weekday])
        return t("each month on the {number} {weekday}", number=number, weekday=weekday)
    if plan.day <= LAST_SURE_DAY:
        return t("each month on day {day}", day=plan.day)
    if plan.is_clamped:
        return t("each month on day {day}, in shorter months on the last day", day=plan.day)
    return t("each month on day {day}, in months without it not at all", day=plan.day)
