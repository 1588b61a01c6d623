"""What the bot may do in a channel, and words for what it lacks."""

import discord

NEEDED = ("view_channel", "send_messages", "read_message_history")
NEEDED_IN_THREADS = ("view_channel", "send_messages_in_threads", "read_message_history")
PERMISSION_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
    "create_public_threads": "Create Public Threads",
    "create_events": "Create Events",
    "mention_everyone": "Mention @everyone, @here, and All Roles",
}


def missing_permissions(
    channel: discord.abc.GuildChannel | discord.Thread,
    role: discord.Role | None = None,
    *,
    has_files: bool = False,
) -> list[str]:
    """The names of the permissions that the bot lacks to post in a channel and ping a role.

    ``has_files`` says that what is posted has a picture.
    """
    me = channel.guild.me
    allowed = channel.permissions_for(me)
    needed = NEEDED_IN_THREADS if isinstance(channel, discord.Thread) else NEEDED
    missing = [name for name in needed if not getattr(allowed, name)]
    if role is not None and not role.mentionable and not allowed.mention_everyone:
        missing.append("mention_everyone")
    if has_files and not allowed.attach_files:
        missing.append("attach_files")
    return [PERMISSION_NAMES[name] for name in missing]


def explain_missing(channel_id: int, missing: list[str], retry: str = "Retry") -> str:
    """A sentence for moderators on what to allow where, and what to press then."""
    names = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
    return (
        f"I can't {names} in <#{channel_id}>. Fix: open the channel's settings, Permissions, "
        f"choose my role and allow {names}; then press {retry}."
    )
