"""Who may configure: Manage Server, or the staff role that a community chose."""

from typing import Any

import discord

from bot.errors import RefusalError
from bot.guilds.service import Guilds
from cogs.ui.replies import texts

MODERATORS = discord.Permissions(manage_guild=True)
"""The default permission that hides a moderators' command from everyone else."""


async def ensure_moderator(interaction: discord.Interaction[Any], guilds: Guilds) -> discord.Guild:
    """The community, if the person may configure it here.

    Raises :class:`RefusalError` in a direct message, where the bot was not added, and for
    members without the permission or role; each says what is needed.
    """
    t = texts(interaction)
    member = interaction.user
    # A person may bring a user-installed bot along: only a cached guild has the bot as a member.
    guild: discord.Guild | None = interaction.client.get_guild(interaction.guild_id or 0)
    if guild is None or not isinstance(member, discord.Member):
        message = t(
            "This works inside a community that I was added to. "
            "Run it in one of its channels, or ask its moderators to add me."
        )
        raise RefusalError(message)
    if interaction.permissions.manage_guild:
        return guild
    settings = await guilds.settings(guild.id)
    role_id = settings.staff_role_id
    if role_id is not None and any(role.id == role_id for role in member.roles):
        return guild
    needed = t("the permission Manage Server")
    if role_id is not None:
        needed += t(" or the role <@&{role_id}>", role_id=role_id)
    message = t("This is for moderators: it needs {needed}. Ask someone who has it.", needed=needed)
    raise RefusalError(message)
