"""The form for what an announcement says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.announcements import rules
from bot.announcements.rules import Words, clean
from bot.links import LINK_LENGTH
from cogs.ui.fields import add_text
from cogs.ui.routes import custom_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.i18n import Texts


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
    add_text(form, t("Title"), "title", words.title, rules.TITLE_LENGTH)
    add_text(form, t("Text"), "body", words.body, rules.BODY_LENGTH, style=body)
    add_text(
        form,
        t("Link (https://…), if there is one"),
        "link",
        words.link or "",
        LINK_LENGTH,
        is_required=False,
    )
    if words.alt is not None:
        add_text(form, t("Alt text: what the picture shows"), "alt", words.alt, rules.ALT_LENGTH)
    form.stop()
    return form
