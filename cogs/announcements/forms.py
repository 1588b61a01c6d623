"""The forms of announcements: what they say, and when they are posted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.announcements import rules
from bot.announcements.plans import Plan, Repeat
from bot.announcements.rules import Words, clean
from bot.errors import RefusalError
from bot.links import LINK_LENGTH
from cogs.announcements.words import NUMBERS
from cogs.ui.routes import custom_id
from cogs.ui.times import WEEKDAYS, parse_time, show_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.i18n import Texts

Values = dict[str, Any]

SHORT_LENGTH = 40
FIELDS = {
    Repeat.ONCE: ("date", "time"),
    Repeat.WEEKS: ("weekdays", "weeks", "time", "start", "end"),
    Repeat.DATE: ("day", "short", "time", "end"),
    Repeat.WEEKDAY: ("number", "weekday", "time", "end"),
}
"""The fields of the form for each kind of plan."""


def read_words(values: Mapping[str, Any]) -> Words:
    """The words that were typed into the form."""
    alt = values.get("alt")
    link = values.get("link") or None
    return clean(Words(values.get("title") or "", values.get("body") or "", link, alt))


def make_words_form(announcement_id: object, words: Words, t: Texts) -> ui.Modal:
    """The form for the words; with alt text where there is a picture."""
    form = ui.Modal(
        title=t("An announcement"), custom_id=custom_id("announce:form", announcement_id)
    )
    body = discord.TextStyle.paragraph
    _add_text(form, t("Title"), "title", words.title, rules.TITLE_LENGTH)
    _add_text(form, t("Text"), "body", words.body, rules.BODY_LENGTH, style=body)
    _add_text(
        form,
        t("Link (https://…), if there is one"),
        "link",
        words.link or "",
        LINK_LENGTH,
        is_required=False,
    )
    if words.alt is not None:
        _add_text(form, t("Alt text: what the picture shows"), "alt", words.alt, rules.ALT_LENGTH)
    form.stop()
    return form


def plan_values(plan: Plan | None, repeat: Repeat, today: date) -> Values:
    """What the form for a plan begins with."""
    values: Values = {"date": f"{today}", "start": f"{today}", "time": "10:00", "weeks": "1"}
    if plan is None:
        return values
    values["time"] = show_time(plan.minute_of_day)
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
    announcement_id: object, repeat: Repeat, values: Mapping[str, Any], t: Texts
) -> ui.Modal:
    """The form for one kind of plan."""
    form = ui.Modal(
        title=t("When to post it"), custom_id=custom_id("announce:when", announcement_id, repeat)
    )
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
            [("skip", t("post nothing")), ("last", t("post on the last day of the month"))],
            1,
        ),
    }
    for name in FIELDS[repeat]:
        if name in texts:
            typed = values.get(name) or ""
            _add_text(form, texts[name], name, typed, SHORT_LENGTH, is_required=name != "end")
        else:
            label, options, most = selects[name]
            _add_select(form, label, name, options, values.get(name) or (), most)
    form.stop()
    return form


def read_plan(values: Mapping[str, Any], repeat: Repeat, zone: str, today: date, t: Texts) -> Plan:
    """The plan that was typed. Raises :class:`RefusalError` for what can't be read."""
    start = _read_date(values.get("date") or values.get("start") or f"{today}", t)
    end = (values.get("end") or "").strip()
    return Plan(
        repeat=repeat,
        zone=zone,
        minute_of_day=parse_time(values.get("time") or "", t),
        start=start,
        until=_read_date(end, t) if end else None,
        weekdays=tuple(sorted(int(day) for day in values.get("weekdays") or ())),
        weeks=_read_number(values.get("weeks") or "1", 52, t),
        day=_read_number(values.get("day") or "1", 31, t),
        is_clamped="last" in (values.get("short") or ()),
        weekday=int((values.get("weekday") or ["0"])[0]),
        number=int((values.get("number") or ["1"])[0]),
    )


def _read_date(text: str, t: Texts) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        message = t(
            "I can't read “{text}” as a date. Write it like 2027-03-28: year, month, day.",
            text=text[:SHORT_LENGTH],
        )
        raise RefusalError(message) from error


def _read_number(text: str, most: int, t: Texts) -> int:
    text = text.strip()
    if text.isdecimal() and 1 <= int(text) <= most:
        return int(text)
    message = t(
        "I can't use “{text}” here. Write a whole number from 1 to {most}.",
        text=text[:SHORT_LENGTH],
        most=most,
    )
    raise RefusalError(message)


def _add_text(  # noqa: PLR0913 (what a field is made of)
    form: ui.Modal,
    label: str,
    name: str,
    typed: str,
    most: int,
    *,
    is_required: bool = True,
    style: discord.TextStyle = discord.TextStyle.short,
) -> None:
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=name, default=typed or None, max_length=most, required=is_required, style=style
    )
    form.add_item(ui.Label(text=label, component=field))


def _add_select(  # noqa: PLR0913, PLR0917 (what a field is made of)
    form: ui.Modal,
    label: str,
    name: str,
    options: Sequence[tuple[str, str]],
    chosen: Sequence[str],
    most: int,
) -> None:
    field: ui.Select[Any] = ui.Select(
        custom_id=name,
        max_values=most,
        options=[
            discord.SelectOption(label=words, value=value, default=value in chosen)
            for value, words in options
        ],
    )
    form.add_item(ui.Label(text=label, component=field))
