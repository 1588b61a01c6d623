"""Sends the slash commands to Discord without connecting to its gateway."""

import discord

from bot.app import App
from bot.clock import SystemClock
from bot.errors import SettingsError, StorageError
from bot.settings import Settings


async def sync_commands(settings: Settings, *, is_forced: bool) -> bool:
    """Send the command tree when it differs from what was sent last; whether it was sent.

    Raises :class:`SettingsError` without a valid token, and ``StorageError`` when the commands
    are not whole because storage or content cannot be had.
    """
    if settings.discord_token is None:
        message = "DISCORD_TOKEN: not set. Put the bot's token into .env (see .env.example)."
        raise SettingsError([message])
    app = App(settings, SystemClock())
    await app.open()
    try:
        if app.problem is not None:
            raise StorageError(app.problem)
        client = app.client
        client.is_syncing_at_start = False
        try:
            await client.login(settings.discord_token.get_secret_value())
        except discord.LoginFailure as error:
            message = (
                "DISCORD_TOKEN: Discord does not accept it. "
                "Copy it again from the developer portal."
            )
            raise SettingsError([message]) from error
        return await client.sync_if_changed(is_forced=is_forced)
    finally:
        await app.close()
