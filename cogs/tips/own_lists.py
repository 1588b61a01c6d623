"""The tips that a community wrote, and those that it never wants to see: lists with a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from cogs.tips.finding import choose_tip
from cogs.tips.words import title_of
from cogs.ui.cards import SELECT_OPTIONS, button, card, cut, row, select
from cogs.ui.moderators import ensure_moderator
from cogs.ui.plain import plain
from cogs.ui.replies import texts, update
from cogs.ui.routes import selected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.client import Router
    from bot.content.tips import Tip
    from bot.i18n import Texts
    from bot.services import Services

TITLE_LENGTH = 60
"""Longer titles are cut, so that a whole page stays within one message."""


class OwnLists:
    """Mute, unmute, list, remove and restore."""

    def __init__(self, routes: Router, services: Services) -> None:
        """Register the buttons and selects."""
        self._services = services
        for action, handler in (
            ("unmute", self.unmute),
            ("muted", self.turn_muted),
            ("remove", self.remove),
            ("restore", self.restore),
            ("list", self.turn_own),
        ):
            routes.on_press(f"own:{action}", handler)

    async def mute(self, interaction: discord.Interaction[Any], text: str | None) -> None:
        """Answer ``/tips mute``: mute a tip, or show the muted ones."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        if text is None:
            await update(interaction, await self._muted(guild.id, 0, t))
            return
        tip = choose_tip(await self._services.tips.known(guild.id), text, t)
        changed = await self._services.curation.mute(guild.id, interaction.user.id, tip.id)
        words = t("“{title}” is not shown in this community any more.", title=title_of(tip))
        if not changed:
            words = t("“{title}” was muted here already.", title=title_of(tip))
        buttons = row(
            button(t("Undo") if changed else t("Show it again"), "own:unmute", tip.id),
            button(t("Muted tips"), "own:muted", 0),
        )
        await update(interaction, card(words, buttons))

    async def unmute(self, interaction: discord.Interaction[Any], tip_id: str = "") -> None:
        """Show muted tips again."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        for muted in [tip_id] if tip_id else selected(interaction):
            await self._services.curation.unmute(guild.id, interaction.user.id, muted)
        await update(interaction, await self._muted(guild.id, 0, texts(interaction)))

    async def turn_muted(self, interaction: discord.Interaction[Any], page: str) -> None:
        """Turn the pages of the muted tips."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await update(interaction, await self._muted(guild.id, int(page), texts(interaction)))

    async def list_own(self, interaction: discord.Interaction[Any]) -> None:
        """Answer ``/tips own``: what the community wrote."""
        await self.turn_own(interaction, "0")

    async def turn_own(self, interaction: discord.Interaction[Any], page: str) -> None:
        """Turn the pages of the community's own tips."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await update(interaction, await self._own(guild.id, int(page), texts(interaction)))

    async def remove(self, interaction: discord.Interaction[Any], tip_id: str = "") -> None:
        """Remove a community tip, with a way back."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        tip_id = tip_id or selected(interaction)[0]
        await self._services.curation.remove(guild.id, interaction.user.id, tip_id)
        words = t("Removed. It is not posted any more; who saved it keeps it.")
        buttons = row(
            button(t("Undo"), "own:restore", tip_id), button(t("Own tips"), "own:list", 0)
        )
        await update(interaction, card(words, buttons))

    async def restore(self, interaction: discord.Interaction[Any], tip_id: str) -> None:
        """Take a removal back."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await self._services.curation.restore(guild.id, interaction.user.id, tip_id)
        await update(interaction, await self._own(guild.id, 0, texts(interaction)))

    async def _muted(self, guild_id: int, page: int, t: Texts) -> ui.LayoutView:
        muted = sorted(await self._services.curation.muted(guild_id))
        tips = [tip for tip_id in muted if (tip := await self._services.tips.find(tip_id))]
        if not tips:
            return card(
                t("No tip is muted here. To mute one, run /tips mute and type a word of its title.")
            )
        shown, pages = _turn(tips, page, "own:muted", t)
        options = [(tip.id, tip.title) for tip in shown]
        return card(
            "## " + t("Muted tips"),
            _lines(shown),
            row(select(t("Show again"), "own:unmute", options=options, most=len(shown))),
            pages,
        )

    async def _own(self, guild_id: int, page: int, t: Texts) -> ui.LayoutView:
        tips = list(reversed(await self._services.curation.own_tips(guild_id)))
        write = button(t("Write one"), "own:add", style=discord.ButtonStyle.primary)
        if not tips:
            words = t(
                "Your community has no tips of its own yet. One that you write takes its turn "
                "with the others, in /tip and in daily tips."
            )
            return card(words, row(write))
        shown, pages = _turn(tips, page, "own:list", t)
        options = [(tip.id, tip.title) for tip in shown]
        return card(
            "## " + t("Your community's own tips"),
            _lines(shown),
            row(select(t("Remove one"), "own:remove", options=options)),
            pages,
            row(write),
        )


def _turn(
    tips: Sequence[Tip], page: int, route: str, t: Texts
) -> tuple[Sequence[Tip], ui.ActionRow[Any] | None]:
    """One page of tips, newest first, and the buttons to the others."""
    last = (len(tips) - 1) // SELECT_OPTIONS
    page = min(max(page, 0), last)
    shown = tips[page * SELECT_OPTIONS : (page + 1) * SELECT_OPTIONS]
    if last == 0:
        return shown, None
    return shown, row(
        button(t("Back"), route, page - 1, disabled=page == 0),
        button(t("Next"), route, page + 1, disabled=page == last),
    )


def _lines(tips: Sequence[Tip]) -> str:
    return "\n".join(f"- {plain(cut(tip.title, TITLE_LENGTH))}" for tip in tips)
