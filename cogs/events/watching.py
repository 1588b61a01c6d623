"""Watches Discord's own events, and keeps them in step with ours each minute."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.errors import StorageError
from bot.events.syncing import Syncing

if TYPE_CHECKING:
    import discord

    from bot.services import Services
    from cogs.events.mirror import DiscordMirror

log = logging.getLogger(__name__)


class WatchingCog(commands.Cog):
    """What the gateway tells is looked at once more: it may be older than what was just changed."""

    def __init__(self, services: Services, mirror: DiscordMirror) -> None:
        """Let the engine bring events in step each minute, and then their cards."""
        engine = services.engine
        self.syncing = Syncing(services.database, services.events, services.clock, mirror, engine)
        engine.each_minute += [self.syncing.run, services.renewing.run]

    @commands.Cog.listener()
    async def on_scheduled_event_update(
        self, _before: discord.ScheduledEvent, after: discord.ScheduledEvent
    ) -> None:
        """Take over what was changed at Discord."""
        await self._hear(after)

    @commands.Cog.listener()
    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        """Cancel what was deleted at Discord."""
        await self._hear(event)

    async def _hear(self, event: discord.ScheduledEvent) -> None:
        try:
            await self.syncing.hear(event.guild_id, event.id)
        except StorageError as error:
            log.warning("an event was changed at Discord, but storage is away: %s", error)
