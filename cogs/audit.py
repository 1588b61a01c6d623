"""``/audit``: who changed what, when, from old to new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.guilds.audit import Entry
from cogs.ui.cards import button, card, escape, row
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.replies import show, texts, update
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from bot.app import Services
    from bot.client import BreatherClient
    from bot.i18n import Texts

PAGE = 8


class AuditCog(commands.Cog):
    """Pages through the log, newest first."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._services = services
        client.routes.on_press("audit:page", self.turn)

    @app_commands.command(name="audit", description="For moderators: who changed what, for 90 days")
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    async def audit(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page."""
        await show(interaction, await self._page(interaction, 0))

    async def turn(self, interaction: discord.Interaction[Any], page: str) -> None:
        """Show another page."""
        await update(interaction, await self._page(interaction, int(page)))

    async def _page(self, interaction: discord.Interaction[Any], page: int) -> ui.LayoutView:
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        entries = await self._services.audit.latest(guild.id)
        if not entries:
            return card(t("Nothing was changed here yet. Changes are kept for 90 days."))
        last = (len(entries) - 1) // PAGE
        page = max(0, min(page, last))
        lines = [_line(entry, t) for entry in entries[page * PAGE : (page + 1) * PAGE]]
        return card(
            "## " + t("Changes"),
            "\n".join(lines),
            "-# " + t("Page {page} of {pages} · kept for 90 days", page=page + 1, pages=last + 1),
            row(
                button(t("Newer"), "audit:page", page - 1, disabled=page == 0),
                button(t("Older"), "audit:page", page + 1, disabled=page == last),
            ),
        )


def _line(entry: Entry, t: Texts) -> str:
    who = f"<@{entry.actor_id}>" if entry.actor_id else t("someone who erased their data")
    change = entry.change
    target = f" {escape(change.target)}" if change.target and not change.target.startswith("<") else f" {change.target or ''}".rstrip()
    old = escape(change.old) if change.old else t("nothing")
    new = escape(change.new) if change.new else t("nothing")
    return f"- {stamp(entry.at, 'f')} · {who} · **{escape(change.action)}**{target}: {old} → {new}"
