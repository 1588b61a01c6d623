"""The moderators' channel: whether a community has one, and showing a card there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.errors import RefusalError
from cogs.ui.replies import texts

if TYPE_CHECKING:
    from discord import ui

    from bot.guilds.service import Guilds


async def find_staff_channel(guilds: Guilds, guild_id: int | None) -> int | None:
    """The id of the channel that a community chose for its moderators."""
    return None if guild_id is None else (await guilds.settings(guild_id)).staff_channel_id


async def show_staff(
    interaction: discord.Interaction[Any], guilds: Guilds, view: ui.LayoutView
) -> None:
    """Show a card to the moderators. Raises :class:`RefusalError` when it can't be shown."""
    t = texts(interaction)
    channel_id = await find_staff_channel(guilds, interaction.guild_id)
    if channel_id is None:
        message = t(
            "This community has chosen no channel for its moderators, so nothing was sent. "
            "You can write to one of them directly."
        )
        raise RefusalError(message)
    channel = interaction.client.get_partial_messageable(channel_id)
    try:
        await channel.send(view=view, allowed_mentions=discord.AllowedMentions.none())
    except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as error:
        message = t(
            "I could not write to the moderators' channel, so nothing was sent. "
            "You can write to one of them directly."
        )
        raise RefusalError(message) from error
