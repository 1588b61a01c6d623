"""The forms of events: words, length and line-up, recap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.errors import RefusalError
from bot.events import rules
from bot.events.rules import Place, Slot, read_line_up, write_line_up
from bot.events.stage import MOST_PEOPLE, RECAP_LENGTH
from bot.links import clean_link, is_link
from cogs.ui.cards import cut
from cogs.ui.fields import SHORT_LENGTH, add_select, add_text, read_number
from cogs.ui.plain import plain
from cogs.ui.routes import custom_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.events.rules import Event
    from bot.i18n import Texts

Values = dict[str, Any]
PARAGRAPH = discord.TextStyle.paragraph
LINE_UP_LENGTH = 900
LINK_SHOWN = 60
NEW = "0"


def words_values(event: Event) -> Values:
    """What the form for the words begins with."""
    return {"title": event.title, "body": event.body, "link": event.link or ""}


def make_words_form(event_id: object, values: Mapping[str, Any], t: Texts) -> ui.Modal:
    """The form for what it is called, what it is about, and its link."""
    form = ui.Modal(title=t("A live event"), custom_id=custom_id("event:form", event_id))
    add_text(form, t("Title"), "title", values.get("title") or "", rules.TITLE_LENGTH)
    add_text(
        form,
        t("What it is about"),
        "body",
        values.get("body") or "",
        rules.BODY_LENGTH,
        style=PARAGRAPH,
    )
    add_text(
        form,
        t("Link, if it takes place elsewhere"),
        "link",
        values.get("link") or "",
        rules.LINK_LENGTH,
        is_required=False,
        hint=t("Leave it empty for a stage or voice channel of this community."),
    )
    form.stop()
    return form


def read_words(values: Mapping[str, Any], before: Event | None) -> Values:
    """The words that were typed. With a link, it takes place there and not in a channel."""
    changes: Values = {"title": values.get("title") or "", "body": values.get("body") or ""}
    link = clean_link(values.get("link") or "")
    if link:
        return changes | {"place": Place.LINK, "link": link, "place_channel_id": None}
    if before is not None and before.place is Place.LINK:
        return changes | {"place": None, "link": None}
    return changes


def explain_link(link: str | None, t: Texts) -> str | None:
    """Why an event can't take place behind a link as it is kept; None where it can."""
    if not link or (is_link(link) and len(link) <= rules.LINK_LENGTH):
        return None
    if is_link(link):
        return t(
            "That link is too long as browsers send it: Discord takes {most} characters. "
            "Choose a shorter one.",
            most=rules.LINK_LENGTH,
        )
    return t(
        "The link must be the plain address of a public page and begin with https://, "
        "not “{text}”.",
        text=plain(cut(link, LINK_SHOWN)),
    )


def details_values(event: Event) -> Values:
    """What the form for length and line-up begins with."""
    return {
        "minutes": str(event.minutes),
        "line_up": write_line_up(event.line_up),
        "therapist": ["yes" if event.has_therapist else "no"],
    }


def make_details_form(event_id: object, values: Mapping[str, Any], t: Texts) -> ui.Modal:
    """The form for how long it lasts, who comes when, and whether a therapist is there."""
    form = ui.Modal(title=t("Length and line-up"), custom_id=custom_id("event:lengths", event_id))
    add_text(form, t("Length in minutes"), "minutes", values.get("minutes") or "", SHORT_LENGTH)
    add_text(
        form,
        t("Line-up"),
        "line_up",
        values.get("line_up") or "",
        LINE_UP_LENGTH,
        is_required=False,
        style=PARAGRAPH,
        hint=t("A name and minutes on each line, like: Ana, 20. Empty: nobody takes turns."),
    )
    add_select(
        form,
        t("Is a licensed therapist a guest?"),
        "therapist",
        [("no", t("No")), ("yes", t("Yes"))],
        values.get("therapist") or ["no"],
        1,
    )
    form.stop()
    return form


def read_details(values: Mapping[str, Any], t: Texts) -> Values:
    """What was typed. Raises :class:`RefusalError` for what can't be read."""
    minutes = read_number(values.get("minutes") or "", rules.MOST_MINUTES, t)
    if minutes < rules.LEAST_MINUTES:
        message = t("An event lasts at least {least} minutes.", least=rules.LEAST_MINUTES)
        raise RefusalError(message)
    return {
        "minutes": minutes,
        "line_up": _read_slots(values.get("line_up") or "", t),
        "has_therapist": "yes" in (values.get("therapist") or ()),
    }


def _read_slots(text: str, t: Texts) -> tuple[Slot, ...]:
    try:
        return read_line_up(text)
    except ValueError as error:
        message = t(
            "I can't read this line of the line-up: “{line}”. Write a name, a comma and minutes, "
            "like Ana, 15; at most {most} lines. Press Length and line-up again.",
            line=str(error)[:SHORT_LENGTH],
            most=rules.MOST_SLOTS,
        )
        raise RefusalError(message) from error


def make_recap_form(
    guild_id: object, event_id: object, values: Mapping[str, Any], t: Texts
) -> ui.Modal:
    """The form for what to say afterwards."""
    form = ui.Modal(title=t("Looking back"), custom_id=custom_id("event:recap", guild_id, event_id))
    typed = values.get("recap") or ""
    add_text(form, t("What was it like?"), "recap", typed, RECAP_LENGTH, style=PARAGRAPH)
    add_text(
        form,
        t("How many people were there, about?"),
        "attendance",
        values.get("attendance") or "",
        SHORT_LENGTH,
        is_required=False,
        hint=t("A number, or nothing. It is shown from 2 people on."),
    )
    form.stop()
    return form


def read_attendance(values: Mapping[str, Any], t: Texts) -> int | None:
    """How many people were there; None where nothing was typed."""
    text = (values.get("attendance") or "").strip()
    return read_number(text, MOST_PEOPLE, t) if text else None
