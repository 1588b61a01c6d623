"""What a second moderator sees: the request, how it ended, and the form for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.announcements.approval import REASON_LENGTH
from bot.words import clean_line
from cogs.announcements.cards import advice, decisions, preview
from cogs.announcements.words import facts_of
from cogs.ui.cards import CALM, card, row
from cogs.ui.plain import plain
from cogs.ui.routes import custom_id

if TYPE_CHECKING:
    from bot.announcements.rules import Announcement
    from bot.i18n import Texts


def render_request(item: Announcement, t: Texts) -> ui.LayoutView:
    """The post exactly as it will look; below it who asks, where and when, and the decision."""
    view = preview(item, t)
    facts = "\n".join(f"- {fact}" for fact in facts_of(item, t) if fact)
    parts = (
        "**"
        + t("Waits for approval")
        + "**\n-# "
        + t("Above is how it will look. <@{person}> asks to post it.", person=item.asked_by),
        facts,
        advice(item.words, t),
        row(*decisions(item, "desk", t)),
        "-# " + t("Any moderator can approve it but who wrote it and who asked."),
    )
    items = [ui.TextDisplay(part) if isinstance(part, str) else part for part in parts if part]
    view.add_item(ui.Container(*items, accent_colour=CALM))
    return view


def render_approved(
    asked: Announcement, planned: Announcement, approver_id: int, t: Texts
) -> ui.LayoutView:
    """In the request's place once it was approved."""
    words = t(
        "<@{approver}> approved “{title}”, for which <@{asker}> asked.",
        approver=approver_id,
        title=plain(asked.words.title),
        asker=asked.asked_by,
    )
    facts = [fact for fact in facts_of(planned, t) if fact]
    return card(words, "\n".join(f"- {fact}" for fact in facts))


def render_returned(asked: Announcement, moderator_id: int, reason: str, t: Texts) -> ui.LayoutView:
    """In the request's place once it was sent back: its author reads why."""
    people = dict.fromkeys(one for one in (asked.author_id, asked.asked_by) if one)
    return card(
        t(
            "<@{moderator}> sent “{title}” back to {people}:",
            moderator=moderator_id,
            title=plain(asked.words.title),
            people=" ".join(f"<@{person}>" for person in people),
        ),
        f"> {plain(clean_line(reason, REASON_LENGTH))}",
        "-# " + t("It is kept in /announcements: change it there, then ask again."),
    )


def make_reason_form(number: object, version: object, place: str, typed: str, t: Texts) -> ui.Modal:
    """The form for the reason that its author will read."""
    form = ui.Modal(
        title=t("Send it back"), custom_id=custom_id("announce:back", number, version, place)
    )
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id="reason",
        default=typed or None,
        max_length=REASON_LENGTH,
        style=discord.TextStyle.paragraph,
    )
    form.add_item(ui.Label(text=t("What to change (its author reads this)"), component=field))
    form.stop()
    return form
