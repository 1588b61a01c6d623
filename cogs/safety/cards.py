"""The card that shows help before anything else, and what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import discord

from bot.safety.emergency import FIND_A_HELPLINE
from cogs.ui.cards import CARE, button, card, line, link, row

if TYPE_CHECKING:
    from discord import ui

    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary


def render_help_first(
    about: Literal["self", "other"],
    token: str,
    t: Texts,
    own_language: str | None = None,
    *,
    offers_check_in: bool,
) -> ui.LayoutView:
    """Help, and then the choice; nothing of the text is repeated.

    ``own_language`` says where help is in the language of the text, where the rest is in another.
    """
    return card(
        own_language,
        line() if own_language else None,
        *(_for_self(t) if about == "self" else _for_other(t)),
        help_buttons(t),
        line(),
        t(
            "**What you wrote has gone nowhere yet.** Only you can see this. I may have read it "
            "wrongly; what happens with it is yours to decide."
        ),
        row(
            button(t("Send it as it is"), "safety:send", token),
            button(t("Edit it"), "safety:edit", token),
            button(t("Delete it"), "safety:delete", token),
        ),
        *(_check_in(t) if offers_check_in and about == "self" else ()),
        "-# "
        + t(
            "I am a bot, not a counsellor, and nobody watches this. Until you decide, your text "
            "is in my memory only, for 15 minutes at most. I tell nobody about it."
        ),
        accent=CARE,
    )


def render_sent(t: Texts) -> ui.LayoutView:
    """In the place of the card, after the text went on its way: help stays."""
    return card(
        t("I went on with it as it was."),
        t("If it is hard right now, you can talk to someone, whatever it is about."),
        help_buttons(t),
        accent=CARE,
    )


def render_gone(t: Texts) -> ui.LayoutView:
    """For a press that comes too late."""
    return card(
        t(
            "I don't have that text any more. Either you sent or deleted it, or 15 minutes "
            "have passed, or I was restarted. If it is not where it should be, please write "
            "it again. /help-now is there all the same."
        ),
        help_buttons(t),
        accent=CARE,
    )


def render_deleted(t: Texts) -> ui.LayoutView:
    """After the text was deleted."""
    return card(
        t("Deleted. Nothing was sent, and I keep nothing of it."),
        t("If it is hard right now, you can talk to someone, whatever it is about."),
        help_buttons(t),
        accent=CARE,
    )


def help_buttons(t: Texts) -> ui.ActionRow[ui.LayoutView] | None:
    """The ways to help lines: nothing is guessed, the person chooses the country."""
    return row(
        button(t("Show help lines"), "help-now:country", style=PRIMARY),
        link(t("Find a help line"), FIND_A_HELPLINE),
    )


def _check_in(t: Texts) -> tuple[str, ui.ActionRow[ui.LayoutView] | None]:
    return (
        t(
            "Moderators can look after you, too. They would read that you asked, and nothing of "
            "what you wrote."
        ),
        row(button(t("Ask a moderator to check on me"), "check-in:ask")),
    )


def _for_self(t: Texts) -> tuple[str, ...]:
    return (
        "## " + t("First of all: you don't have to carry this alone"),
        t(
            "If you are thinking about ending your life or hurting yourself, please talk to "
            "someone now. Many people have felt this way and have come through it, with help."
        ),
        t("**If you are in danger right now, or hurt, call your local emergency number.**"),
    )


def _for_other(t: Texts) -> tuple[str, ...]:
    return (
        "## " + t("It sounds as if you are worried about someone"),
        t(
            "Take it seriously. Ask them calmly and directly how they are and whether they think "
            "about suicide: asking does not plant the idea. Listen, stay in touch, and help them "
            "reach someone they trust or a help line. You don't have to do this alone; the lines "
            "are there for you, too."
        ),
        t("**If they are in danger right now, call the emergency number of where they are.**"),
    )
