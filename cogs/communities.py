"""Joining and leaving communities: one short hello, and thirty days of grace."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.guilds.service import GRACE_SECONDS
from bot.i18n import Texts
from cogs.ui.cards import button, card, row

if TYPE_CHECKING:
    from bot.app import Services
    from bot.client import BreatherClient

log = logging.getLogger(__name__)


class CommunitiesCog(commands.Cog):
    """Listens to guilds coming and going."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._client = client
        self._services = services

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say hello once, where the bot may speak; take the settings up again on a return."""
        if await self._services.guilds.mark_found(guild.id):
            log.info("a community is back within its grace")
            return
        if not await self._services.guilds.mark_greeted(guild.id):
            return
        channel = _place_to_speak(guild)
        if channel is not None:
            try:
                await channel.send(view=render_hello(Texts()))
            except discord.HTTPException as error:
                log.info("the hello was not possible (code %s)", error.code)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Begin the grace, if Discord confirms that the bot is no longer there."""
        if await self._is_gone(guild.id):
            await self._services.guilds.mark_lost(guild.id)
            log.info("a community removed the bot; its settings are kept for 30 days")

    async def keep_house(self) -> None:
        """Once a day: notice silent removals, and forget what has been lost for 30 days."""
        now = self._services.clock.now()
        present = {guild.id for guild in self._client.guilds}
        for guild_id, lost_at in (await self._services.guilds.lost()).items():
            if guild_id in present:
                await self._services.guilds.mark_found(guild_id)
            elif now - lost_at >= GRACE_SECONDS and await self._is_gone(guild_id):
                await self._services.guilds.forget(guild_id)
                log.info("a community that was lost for 30 days is forgotten")
        for guild_id in await self._services.guilds.known():
            if guild_id not in present and await self._is_gone(guild_id):
                await self._services.guilds.mark_lost(guild_id)

    async def _is_gone(self, guild_id: int) -> bool:
        """Ask Discord itself: an outage looks like a removal from here."""
        try:
            await self._client.fetch_guild(guild_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return True
        except (discord.HTTPException, OSError):
            return False
        return False


def render_hello(t: Texts) -> discord.ui.LayoutView:
    """The one public hello."""
    return card(
        "## " + t("Hello, I'm Breather"),
        t(
            "A small self-care tip a day for this community, and help one command away: /tip and /help-now "
            "work already. Moderators can set the rest up in two minutes."
        ),
        row(button(t("Set up"), "setup:open", style=discord.ButtonStyle.primary)),
    )


def _place_to_speak(guild: discord.Guild) -> discord.TextChannel | None:
    first = [guild.system_channel] if guild.system_channel else []
    for channel in (*first, *guild.text_channels):
        allowed = channel.permissions_for(guild.me)
        if allowed.view_channel and allowed.send_messages:
            return channel
    return None
