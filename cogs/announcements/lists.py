"""The list of a community's announcements, and whether a second moderator approves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from cogs.announcements.cards import RUNS_SHOWN_IN
from cogs.announcements.words import last_of, list_runs, state_of
from cogs.ui.cards import button, card, cut, line, row, select
from cogs.ui.plain import plain
from cogs.ui.plans import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.announcements.service import Look
    from bot.i18n import Texts

TITLE_SHOWN = 60


def render_list(
    looks: Sequence[Look], page: int, pages: int, t: Texts, *, needs_approval: bool
) -> ui.LayoutView:
    """A page of a community's announcements, each with its next runs."""
    buttons = row(
        button(t("Write one"), "announce:write", style=discord.ButtonStyle.primary),
        button(
            t("Switch approval off") if needs_approval else t("Switch approval on"),
            "announce:approval",
            "off" if needs_approval else "on",
        ),
    )
    rule = "-# " + (
        t("A second moderator's approval: on. Nothing is posted that nobody else has approved.")
        if needs_approval
        else t("A second moderator's approval: off.")
    )
    if not looks:
        words = t(
            "Nothing is planned and there is no draft. Write one; /announce takes a picture, too."
        )
        return card("## " + t("Announcements"), words, rule, buttons)
    options = [
        (str(look.item.announcement_id), cut(_title(look, t), TITLE_SHOWN)) for look in looks
    ]
    turn = row(
        button(t("Back"), "announce:list", page - 1, disabled=page == 0),
        button(t("Next"), "announce:list", page + 1, disabled=page == pages - 1),
    )
    return card(
        "## " + t("Announcements"),
        *(_entry(look, t) for look in looks),
        row(select(t("Open one"), "announce:open", options=options)),
        turn if pages > 1 else None,
        line(),
        rule,
        buttons,
    )


def _entry(look: Look, t: Texts) -> str:
    plan = look.item.plan
    lines = [f"**{plain(_title(look, t))}** · {state_of(look, t)}"]
    if plan is not None:
        lines.append(describe(plan, t))
    if look.state in RUNS_SHOWN_IN:
        lines.append(list_runs(look, t))
    else:
        lines.append(last_of(look, t) or "")
    return "\n".join(filter(None, lines))


def _title(look: Look, t: Texts) -> str:
    return cut(look.item.words.title, TITLE_SHOWN) or t("A picture without words yet")
