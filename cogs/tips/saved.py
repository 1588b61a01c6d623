"""The tips that a person saved: only they can see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogs.tips.cards import render_empty_saved, render_saved
from cogs.tips.finding import find_tip
from cogs.tips.words import title_of
from cogs.ui.cards import button, card, row
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    import discord
    from discord import ui

    from bot.client import Router
    from bot.i18n import Texts
    from bot.services import Services


class SavedTips:
    """Save, look through, remove, undo."""

    def __init__(self, routes: Router, services: Services) -> None:
        """Register the buttons."""
        self._tips = services.tips
        routes.on_press("tip:save", self.save)
        routes.on_press("tip:unsave", self.unsave)
        routes.on_press("tip:open", self.open)

    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Answer ``/tips saved``."""
        await show(interaction, await self._page(interaction.user.id, 0, texts(interaction)))

    async def save(self, interaction: discord.Interaction[Any], tip_id: str, *_: str) -> None:
        """Keep the tip for the person who pressed."""
        t = texts(interaction)
        tip = await find_tip(self._tips, tip_id, t)
        added = await self._tips.save(interaction.user.id, tip_id)
        words = (
            t("Saved: “{title}”.", title=title_of(tip))
            if added
            else t("You have saved “{title}” already.", title=title_of(tip))
        )
        await show(
            interaction,
            card(
                f"{words} " + t("Find it with /tips saved, also in a direct message to me."),
                row(
                    button(t("My saved tips"), "tip:open", 0, "new"),
                    button(t("Undo"), "tip:unsave", tip_id, "note") if added else None,
                ),
            ),
        )

    async def unsave(
        self,
        interaction: discord.Interaction[Any],
        tip_id: str,
        where: str = "note",
        page: str = "0",
    ) -> None:
        """Remove a saved tip, with a way back."""
        t = texts(interaction)
        removed = await self._tips.unsave(interaction.user.id, tip_id)
        if where == "list":
            undo = tip_id if removed else ""
            await update(interaction, await self._page(interaction.user.id, int(page), t, undo))
            return
        words = t("Removed from your saved tips.") if removed else t("It is not saved any more.")
        await update(interaction, card(words, row(button(t("Save it again"), "tip:save", tip_id))))

    async def open(
        self,
        interaction: discord.Interaction[Any],
        page: str = "0",
        how: str = "page",
        tip_id: str = "",
    ) -> None:
        """Turn the pages of the saved tips; ``undo`` saves a removed one again."""
        t = texts(interaction)
        if how == "undo":
            await find_tip(self._tips, tip_id, t)
            await self._tips.save(interaction.user.id, tip_id)
        view = await self._page(interaction.user.id, int(page), t)
        await (show if how == "new" else update)(interaction, view)

    async def _page(self, user_id: int, page: int, t: Texts, undo: str = "") -> ui.LayoutView:
        tips = await self._tips.saved(user_id)
        if not tips:
            return render_empty_saved(t, undo)
        return render_saved(tips, min(max(page, 0), len(tips) - 1), t, undo)
