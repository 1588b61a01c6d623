"""Fields of forms, and what is read out of them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.errors import RefusalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Texts

SHORT_LENGTH = 40
MONTHS = 12
TYPED_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-[0-9]{2}")


def add_text(  # noqa: PLR0913 (what a field is made of)
    form: ui.Modal,
    label: str,
    name: str,
    typed: str,
    most: int,
    *,
    is_required: bool = True,
    style: discord.TextStyle = discord.TextStyle.short,
    hint: str | None = None,
) -> None:
    """Add a field for a text; ``most`` is its longest length in characters."""
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=name, default=typed or None, max_length=most, required=is_required, style=style
    )
    form.add_item(ui.Label(text=label, description=hint, component=field))


def add_select(  # noqa: PLR0913, PLR0917 (what a field is made of)
    form: ui.Modal,
    label: str,
    name: str,
    options: Sequence[tuple[str, str]],
    chosen: Sequence[str],
    most: int,
) -> None:
    """Add a select over ``(value, label)`` pairs."""
    field: ui.Select[Any] = ui.Select(
        custom_id=name,
        max_values=most,
        options=[
            discord.SelectOption(label=words, value=value, default=value in chosen)
            for value, words in options
        ],
    )
    form.add_item(ui.Label(text=label, component=field))


def read_date(text: str, t: Texts) -> date:
    """The date that was typed, ISO. Raises :class:`RefusalError` with the reason."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise RefusalError(_explain_date(text.strip()[:SHORT_LENGTH], t)) from error


def _explain_date(text: str, t: Texts) -> str:
    """Why a text is no date: no such day or month, or written in another way."""
    match = TYPED_DATE.fullmatch(text)
    year, month = (int(match["year"]), int(match["month"])) if match else (0, 0)
    if year and 1 <= month <= MONTHS:
        return t(
            "There is no day “{text}”: {month} has {days} days. Choose one of them.",
            text=text,
            month=f"{date(year, month, 1):%B} {year}",
            days=monthrange(year, month)[1],
        )
    if year:
        return t(
            "There is no day “{text}”: the months are 01 to 12. Write it like 2027-03-28: year, "
            "month, day.",
            text=text,
        )
    return t(
        "I can't read “{text}” as a date. Write it like 2027-03-28: year, month, day.", text=text
    )


def read_number(text: str, most: int, t: Texts) -> int:
    """The whole number that was typed, from 1 to ``most``. Raises :class:`RefusalError`."""
    text = text.strip()
    if text.isdecimal() and 1 <= int(text) <= most:
        return int(text)
    message = t(
        "I can't use “{text}” here. Write a whole number from 1 to {most}.",
        text=text[:SHORT_LENGTH],
        most=most,
    )
    raise RefusalError(message)
