"""What the commands and the panel of announcements share: find one, show it, say who may."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from cogs.announcements.cards import Standing, render_panel
from cogs.announcements.pictures import put
from cogs.schedules.checks import ensure_postable
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts

if TYPE_CHECKING:
    from bot.announcements.rules import Announcement
    from bot.announcements.service import Announcements
    from bot.services import Services


class Base:
    """Each press looks at the permission anew, and finds the announcement again."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @property
    def announcements(self) -> Announcements:
        """The use cases."""
        return self.services.announcements

    async def take(
        self, interaction: discord.Interaction[Any], announcement_id: str
    ) -> Announcement:
        """An announcement of this community, for its moderator. Raises :class:`RefusalError`."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        return await self.announcements.find(guild.id, int(announcement_id))

    async def show(self, interaction: discord.Interaction[Any], announcement_id: int | str) -> None:
        """The panel of one in the place of what was there."""
        item = await self.take(interaction, str(announcement_id))
        look = await self.announcements.look(item)
        settings = await self.services.guilds.settings(item.guild_id)
        standing = Standing(settings.needs_approval, can_crosspost(interaction, item))
        load = partial(self.announcements.picture, item)
        await put(interaction, render_panel(look, standing, texts(interaction)), item.picture, load)


def can_crosspost(interaction: discord.Interaction[Any], item: Announcement) -> bool:
    """Whether posts in the chosen channel can be published to the servers that follow it."""
    guild = interaction.guild
    channel = None if guild is None else guild.get_channel(item.channel_id or 0)
    if guild is None or not isinstance(channel, discord.TextChannel) or not channel.is_news():
        return False
    allowed = channel.permissions_for(guild.me)
    return allowed.view_channel and allowed.send_messages


async def ensure_sendable(
    interaction: discord.Interaction[Any], item: Announcement, retry: str
) -> None:
    """Refuse a channel in which the bot could not post it, or not ping its role."""
    has_files = bool(item.picture)
    await ensure_postable(interaction, item.channel_id, item.role_id, retry, has_files=has_files)
