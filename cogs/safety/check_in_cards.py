"""What the person and the moderators read when somebody asked for a moderator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from cogs.safety.cards import help_buttons
from cogs.ui.cards import CARE, button, card, line, row

if TYPE_CHECKING:
    from discord import ui

    from bot.i18n import Texts


def render_request(user_id: int, check_in_id: int, t: Texts) -> ui.LayoutView:
    """What moderators read: who asked. Nothing of what was written, and nobody is pinged."""
    return card(
        "## " + t("Someone asked for support"),
        t(
            "<@{user_id}> pressed “Ask a moderator to check on me”. I can't tell you more than "
            "that.",
            user_id=user_id,
        ),
        _guidance(t),
        row(
            button(
                t("I'll look after them"),
                "check-in:answer",
                check_in_id,
                style=discord.ButtonStyle.primary,
            ),
            button(t("How to support someone"), "resources:show", "helping-a-friend"),
        ),
        "-# "
        + t(
            "I forget the request when one of you answers, or after a day. This message stays "
            "until you delete it."
        ),
        accent=CARE,
    )


def render_taken(moderator_id: int, user_id: int, t: Texts) -> ui.LayoutView:
    """What moderators read in its place once one of them answered."""
    words = t(
        "<@{moderator_id}> is looking after <@{user_id}>.",
        moderator_id=moderator_id,
        user_id=user_id,
    )
    return card(words, _guidance(t))


def render_asked(t: Texts) -> ui.LayoutView:
    """What the person reads: what was said, what to expect, and what is kept."""
    return card(
        "## " + t("I told the moderators that you would like support"),
        t(
            "My message says that you asked, and nothing else. They are people with lives of "
            "their own and may be asleep, so please don't wait for them alone. If nobody answers "
            "in ten minutes, I try to show you the help lines again."
        ),
        help_buttons(t),
        line(),
        "-# "
        + t(
            "I keep who asked and when, until one of them answers or for a day; /my-data erases "
            "it. My message in their channel stays."
        ),
        accent=CARE,
    )


def render_asked_before(t: Texts) -> ui.LayoutView:
    """What the person reads when their request is open already."""
    return card(
        t(
            "You asked already, so I did not tell the moderators twice. You can talk to someone "
            "now, too:"
        ),
        help_buttons(t),
        accent=CARE,
    )


def render_answered(t: Texts) -> ui.LayoutView:
    """What the person reads when a moderator answered."""
    return card(
        t(
            "A moderator has seen that you asked, and said that they look after you. You can talk "
            "to someone else, too:"
        ),
        help_buttons(t),
        accent=CARE,
    )


def render_nobody_yet(t: Texts) -> ui.LayoutView:
    """What the person reads when nobody answered in time."""
    return card(
        "## " + t("No moderator has answered yet"),
        t(
            "They may still come. You don't have to wait for them: you can talk to someone else "
            "now."
        ),
        help_buttons(t),
        accent=CARE,
    )


def _guidance(t: Texts) -> str:
    return t(
        "Write to them privately and kindly. You don't have to solve anything: ask how they are, "
        "listen, and show /help-now. In danger: the emergency number of where they are."
    )
