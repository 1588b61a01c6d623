"""Where calendar apps find the calendars: addresses to copy, and buttons that open the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogs.ui.cards import card, line, link, row

if TYPE_CHECKING:
    from discord import ui

    from bot.calendars.feeds import Address
    from bot.i18n import Texts


def render_addresses(everyone: Address, ours: Address | None, t: Texts) -> ui.LayoutView:
    """The address of everyone's calendar, and inside a community that of its own first."""
    return card(
        "## " + t("Subscribe to a calendar"),
        t(
            "Your calendar app then looks by itself, and shows what is added, moved or cancelled. "
            "Open it there, or copy the address into the app, where it says "
            "“subscribe” or “from URL”."
        ),
        *(() if ours is None else _offer(t("This community: what it takes part in"), ours, t)),
        *_offer(t("Everyone: the days of all campaigns"), everyone, t),
        line(),
        "-# "
        + t(
            "Nothing is kept about who subscribes. A calendar names no member. Whoever has its "
            "address can read it."
        ),
    )


def _offer(title: str, address: Address, t: Texts) -> tuple[str, ui.ActionRow[Any] | None]:
    text = f"**{title}**\n```\n{address.file}\n```"
    return text, row(link(t("Open in my calendar app"), address.opening))
