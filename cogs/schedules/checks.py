"""Whether posts can go where a schedule wants them, checked there and then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import RefusalError
from bot.permissions import explain_missing, missing_permissions
from cogs.ui.replies import texts

if TYPE_CHECKING:
    from bot.guilds.service import Guilds
    from bot.i18n import Texts
    from cogs.schedules.kinds import ScheduleKind


async def find_problem(  # noqa: PLR0913 (what a post needs)
    guild: discord.Guild,
    channel_id: int,
    role_id: int | None,
    t: Texts,
    retry: str = "Retry",
    *,
    has_files: bool = False,
) -> str | None:
    """What keeps a post from a channel or its ping from a role; None when nothing does.

    ``retry`` is what to press once it is mended; ``has_files`` says that it has a picture.
    """
    channel = await _find_channel(guild, channel_id)
    if not isinstance(channel, discord.TextChannel | discord.Thread) or _is_orphan(channel):
        return t(
            "I can't see <#{channel_id}>: it is gone, or hidden from me. "
            "Fix: allow me View Channel there (add me, if it is a private thread) "
            "or choose another channel; then press {retry}.",
            channel_id=channel_id,
            retry=t(retry),
        )
    missing = missing_permissions(channel, has_files=has_files)
    if missing:
        return explain_missing(channel.id, missing, t(retry))
    allowed = channel.permissions_for(guild.me)
    if isinstance(channel, discord.Thread) and channel.locked and not allowed.manage_threads:
        return t(
            "The thread <#{channel_id}> is locked. "
            "Fix: unlock it or choose another one; then press {retry}.",
            channel_id=channel_id,
            retry=t(retry),
        )
    return _find_role_problem(guild, role_id, t, retry, may_ping_all=allowed.mention_everyone)


async def ensure_postable(
    interaction: discord.Interaction[Any],
    channel_id: int | None,
    role_id: int | None,
    retry: str,
    *,
    has_files: bool = False,
) -> None:
    """Refuse a channel or role that moderators chose and that a post could not go to.

    Without a channel there is nothing to refuse yet. Raises :class:`RefusalError`.
    """
    if interaction.guild is None or channel_id is None:
        return
    t = texts(interaction)
    problem = await find_problem(
        interaction.guild, channel_id, role_id, t, retry, has_files=has_files
    )
    if problem is not None:
        raise RefusalError(problem)


async def find_switched_off(
    kind: ScheduleKind, guilds: Guilds, guild_id: int, t: Texts
) -> str | None:
    """A sentence for moderators while a kind is switched off in their community."""
    if (await guilds.settings(guild_id)).is_on(kind.kind):
        return None
    return t(
        "“{feature}” is switched off in this community, so nothing would be posted. "
        "Fix: switch it on in /setup, step Features; then press Retry.",
        feature=kind.title(t),
    )


def _find_role_problem(
    guild: discord.Guild, role_id: int | None, t: Texts, retry: str, *, may_ping_all: bool
) -> str | None:
    if role_id is None:
        return None
    role = guild.get_role(role_id)
    if role is None or role.is_default():
        return t(
            "That role can't be pinged: it is gone, or everyone has it. "
            "Fix: choose a role that people opted in to, or nobody."
        )
    if role.mentionable or may_ping_all:
        return None
    return t(
        "I can't ping <@&{role_id}>. Fix: open Server Settings, Roles, that role, and allow "
        "anyone to @mention it; then press {retry}. Or choose nobody to ping.",
        role_id=role_id,
        retry=t(retry),
    )


async def _find_channel(guild: discord.Guild, channel_id: int) -> object | None:
    channel = guild.get_channel_or_thread(channel_id)
    if channel is not None:
        return channel
    try:
        return await guild.fetch_channel(channel_id)
    except (discord.Forbidden, discord.NotFound, discord.InvalidData):
        return None


def _is_orphan(channel: discord.TextChannel | discord.Thread) -> bool:
    """Whether it is a thread whose channel is hidden: its permissions are not known then."""
    return isinstance(channel, discord.Thread) and channel.parent is None
