"""``/audit``: who changed what, when, from old to new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from cogs.audit_lines import find_tip_ids, list_changes
from cogs.ui.cards import button, card, row
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from bot.client import BreatherClient
    from bot.services import Services

PAGE = 8
MOST = 100


class AuditCog(commands.Cog):
    """Pages through the log, newest first."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._services = services
        client.routes.on_press("audit:page", self.turn)

    @app_commands.command(name="audit", description="For moderators: who changed what, for 90 days")
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    @app_commands.guild_install()
    async def audit(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page."""
        await show(interaction, await self._page(interaction, 0))

    async def turn(self, interaction: discord.Interaction[Any], page: str = "0") -> None:
        """Show another page."""
        await update(interaction, await self._page(interaction, int(page)))

    async def _page(self, interaction: discord.Interaction[Any], page: int) -> ui.LayoutView:
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        entries = await self._services.audit.latest(guild.id, MOST)
        if not entries:
            return card(
                "## " + t("Changes"),
                t(
                    "Nothing was changed here in the last 90 days. "
                    "What moderators change in /setup or /tips shows up here."
                ),
            )
        last = (len(entries) - 1) // PAGE
        page = max(0, min(page, last))
        shown = entries[page * PAGE : (page + 1) * PAGE]
        found = [await self._services.tips.find(tip_id) for tip_id in find_tip_ids(shown)]
        titles = {tip.id: tip.title for tip in found if tip}
        kept = t("The latest {most}, kept for 90 days", most=MOST)
        return card(
            "## " + t("Changes"),
            list_changes(shown, titles, t),
            "-# " + t("Page {page} of {pages}", page=page + 1, pages=last + 1) + " · " + kept,
            row(
                button(t("Newer"), "audit:page", page - 1, disabled=page == 0),
                button(t("Older"), "audit:page", page + 1, disabled=page == last),
            )
            if last
            else None,
        )
