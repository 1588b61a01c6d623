"""Helpful, or not for me: one word a person, shown as counts only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogs.tips.finding import find_tip
from cogs.ui.cards import button, card, row
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    import discord

    from bot.client import Router
    from bot.services import Services


class Votes:
    """Count a word, change it, take it back."""

    def __init__(self, routes: Router, services: Services) -> None:
        """Register the buttons."""
        self._tips = services.tips
        routes.on_press("tip:helpful", self.vote_helpful)
        routes.on_press("tip:unhelpful", self.vote_unhelpful)
        routes.on_press("tip:unvote", self.unvote)

    async def vote_helpful(
        self, interaction: discord.Interaction[Any], tip_id: str, *_: str
    ) -> None:
        """Count one person's yes."""
        await self._vote(interaction, tip_id, is_helpful=True)

    async def vote_unhelpful(
        self, interaction: discord.Interaction[Any], tip_id: str, *_: str
    ) -> None:
        """Count one person's no."""
        await self._vote(interaction, tip_id, is_helpful=False)

    async def unvote(self, interaction: discord.Interaction[Any], tip_id: str) -> None:
        """Take the word back."""
        t = texts(interaction)
        done = await self._tips.unvote(interaction.user.id, tip_id)
        words = t("Taken back: it is not counted any more.") if done else t("Nothing was counted.")
        await update(interaction, card(words))

    async def _vote(
        self, interaction: discord.Interaction[Any], tip_id: str, *, is_helpful: bool
    ) -> None:
        t = texts(interaction)
        await find_tip(self._tips, tip_id, t)
        changed = await self._tips.vote(interaction.user.id, tip_id, is_helpful=is_helpful)
        if not changed:
            words = t("I have counted that already, once.")
        elif is_helpful:
            words = t("Thank you, I have counted that it helped.")
        else:
            words = t("Thank you, I have counted that it is not for you.")
        note = t("Others see counts only. Press the other button to change your mind.")
        await show(
            interaction,
            card(f"{words} {note}", row(button(t("Take it back"), "tip:unvote", tip_id))),
        )
