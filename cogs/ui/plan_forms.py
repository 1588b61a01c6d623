"""The form for a plan: one for each kind of repetition, and what is read out of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from discord import ui

from bot.clock import to_datetime
from bot.delivery.plans import Plan, Repeat
from bot.delivery.times import next_run
from cogs.ui.fields import SHORT_LENGTH, add_select, add_text, read_date, read_number
from cogs.ui.plans import NUMBERS
from cogs.ui.times import MINUTES, WEEKDAYS, parse_time, show_time, suggest_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.i18n import Texts

Values = dict[str, Any]

FIELDS = {
    Repeat.ONCE: ("date", "time"),
    Repeat.WEEKS: ("weekdays", "weeks", "time", "start", "end"),
    Repeat.DATE: ("day", "short", "time", "end"),
    Repeat.WEEKDAY: ("number", "weekday", "time", "end"),
}
"""The fields of the form for each kind of plan."""


def plan_values(plan: Plan | None, repeat: Repeat, zone: str, now: int) -> Values:
    """What the form for a plan begins with in a zone; a single date is always ahead."""
    today = to_datetime(now).astimezone(ZoneInfo(zone)).date()
    soon = suggest_time(now, zone)
    values: Values = {"date": f"{soon.date()}", "start": f"{today}", "weeks": "1", "time": "10:00"}
    if repeat is Repeat.ONCE:
        values["time"] = f"{soon:%H:%M}"
    if plan is None or (plan.repeat is Repeat.ONCE and next_run(plan.recur(), now) is None):
        return values
    values["time"] = show_time(plan.minute_of_day)
    if plan.minute_of_day < soon.hour * MINUTES + soon.minute:
        values["date"] = f"{soon.date() + timedelta(days=1)}"
    if plan.repeat is not repeat:
        return values
    return values | {
        "date": f"{plan.start}",
        "start": f"{plan.start}",
        "end": f"{plan.until}" if plan.until else "",
        "weeks": str(plan.weeks),
        "weekdays": [str(weekday) for weekday in plan.weekdays],
        "day": str(plan.day),
        "short": ["last" if plan.is_clamped else "skip"],
        "number": [str(plan.number)],
        "weekday": [str(plan.weekday)],
    }


def make_plan_form(
    title: str, custom_id: str, repeat: Repeat, values: Mapping[str, Any], t: Texts
) -> ui.Modal:
    """The form for one kind of plan; ``custom_id`` leads to whoever reads it."""
    form = ui.Modal(title=title, custom_id=custom_id)
    texts = {
        "date": t("Date (like 2027-03-28)"),
        "start": t("Not before (like 2027-03-28)"),
        "end": t("Last date; empty for no end"),
        "time": t("Time there (like 18:30 or 6:30 pm)"),
        "weeks": t("Every how many weeks (1 to 52)"),
        "day": t("Day of the month (1 to 31)"),
    }
    days = [(str(number), t(name)) for number, name in enumerate(WEEKDAYS)]
    selects = {
        "weekdays": (t("Weekdays"), days, len(days)),
        "weekday": (t("Weekday"), days, 1),
        "number": (t("Which one"), [(str(key), t(name)) for key, name in NUMBERS.items()], 1),
        "short": (
            t("In months without that day"),
            [("skip", t("nothing")), ("last", t("the last day of the month"))],
            1,
        ),
    }
    for name in FIELDS[repeat]:
        if name in texts:
            typed = values.get(name) or ""
            add_text(form, texts[name], name, typed, SHORT_LENGTH, is_required=name != "end")
        else:
            label, options, most = selects[name]
            add_select(form, label, name, options, values.get(name) or (), most)
    form.stop()
    return form


def read_plan(values: Mapping[str, Any], repeat: Repeat, zone: str, today: date, t: Texts) -> Plan:
    """The plan that was typed. Raises :class:`RefusalError` for what can't be read."""
    start = read_date(values.get("date") or values.get("start") or f"{today}", t)
    end = (values.get("end") or "").strip()
    return Plan(
        repeat=repeat,
        zone=zone,
        minute_of_day=parse_time(values.get("time") or "", t),
        start=start,
        until=read_date(end, t) if end else None,
        weekdays=tuple(sorted(int(day) for day in values.get("weekdays") or ())),
        weeks=read_number(values.get("weeks") or "1", 52, t),
        day=read_number(values.get("day") or "1", 31, t),
        is_clamped="last" in (values.get("short") or ()),
        weekday=int((values.get("weekday") or ["0"])[0]),
        number=int((values.get("number") or ["1"])[0]),
    )
