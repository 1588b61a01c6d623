"""Joining and leaving communities: one short hello, and thirty days of grace."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.errors import StorageError
from bot.guilds.service import GRACE_SECONDS
from cogs.ui.cards import button, card, row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

log = logging.getLogger(__name__)

MOST_TRIES = 3
SHARD_BITS = 22
"""A guild belongs to the shard ``(guild_id >> 22) % shard_count`` (Discord's documentation)."""


class CommunitiesCog(commands.Cog):
    """Listens to guilds coming and going."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._client = client
        self._guilds = services.guilds
        self._clock = services.clock
        self._settings = services.settings

    async def cog_load(self) -> None:
        """Catch up when storage comes back while the bot is connected already."""
        if self._client.is_ready():
            await self.on_ready()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take the settings up again on a return, and say hello once where the bot may speak."""
        try:
            await self._end_grace(guild.id)
            if not await self._guilds.was_greeted(guild.id) and await self._say_hello(guild):
                await self._guilds.mark_greeted(guild.id)
        except StorageError as error:
            log.warning("a community was joined, but storage is away: %s", error)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """The same return, noticed after an outage. Those of a start are counted in on_ready."""
        if self._client.is_ready():
            try:
                await self._end_grace(guild.id)
            except StorageError as error:
                log.warning("a community is back, but storage is away: %s", error)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """End the grace of communities that the bot came back to while it was not running."""
        present = self._present()
        try:
            for guild_id in await self._guilds.lost():
                if guild_id in present:
                    await self._end_grace(guild_id)
        except StorageError as error:
            log.warning("who is back is looked up later: %s", error)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Begin the grace, if Discord confirms that the bot is no longer there."""
        try:
            if await self._is_gone(guild.id):
                await self._guilds.mark_lost(guild.id)
                log.info("a community removed the bot; its settings are kept for 30 days")
        except StorageError as error:
            log.warning("a removal is noticed again by the daily round: %s", error)

    async def keep_house(self) -> None:
        """Once a day: notice silent removals, and forget what has been lost for 30 days."""
        present = self._present()
        turns: dict[int, int | None] = dict(await self._guilds.lost())
        turns |= dict.fromkeys(await self._guilds.known())
        for guild_id, lost_at in turns.items():
            try:
                await self._look_after(guild_id, lost_at, is_present=guild_id in present)
            except StorageError:
                raise
            except Exception:
                log.exception("the daily round left one community out; the others had their turn")

    async def _look_after(self, guild_id: int, lost_at: int | None, *, is_present: bool) -> None:
        if is_present:
            if lost_at is not None:
                await self._end_grace(guild_id)
            return
        is_due = lost_at is None or self._clock.now() - lost_at >= GRACE_SECONDS
        if not is_due or not self._is_ours(guild_id) or not await self._is_gone(guild_id):
            return
        if lost_at is None:
            await self._guilds.mark_lost(guild_id)
            log.info("a community had removed the bot; its settings are kept for 30 days")
        else:
            await self._guilds.forget(guild_id)
            log.info("a community that was lost for 30 days is forgotten")

    async def _end_grace(self, guild_id: int) -> None:
        if await self._guilds.mark_found(guild_id):
            log.info("a community is back within its grace")

    async def _say_hello(self, guild: discord.Guild) -> bool:
        """Whether it was said, or there is no place for it: then /setup is simply there."""
        places = list(_places_to_speak(guild))[:MOST_TRIES]
        view = render_hello(self._client.languages.texts(str(guild.preferred_locale)))
        for channel in places:
            try:
                # A repeat within Discord's nonce window is the same message.
                await channel.send(view=view, nonce=f"hi{guild.id}"[:25])
            except (discord.DiscordException, OSError) as error:
                log.info("the hello was not possible (%s)", type(error).__name__)
            else:
                return True
        return not places

    def _present(self) -> set[int]:
        return {guild.id for guild in self._client.guilds}

    def _is_ours(self, guild_id: int) -> bool:
        """Whether this process would see the community if it were there."""
        settings = self._settings
        if settings.shard_id is None or settings.shard_count is None:
            return True
        return (guild_id >> SHARD_BITS) % settings.shard_count == settings.shard_id

    async def _is_gone(self, guild_id: int) -> bool:
        """Ask Discord itself: an outage looks like a removal from here. In doubt, it is there."""
        try:
            await self._client.fetch_guild(guild_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return True
        except Exception as error:  # noqa: BLE001 (whatever went wrong, it is no proof of leaving)
            log.info("whether a community is gone can't be told now (%s)", type(error).__name__)
        return False


def render_hello(t: Texts) -> discord.ui.LayoutView:
    """The one public hello."""
    return card(
        "## " + t("Hello, I'm Breather"),
        t(
            "A small self-care tip a day for this community, and help one command away: "
            "/tip and /help-now work already. Moderators can set up the rest in two minutes."
        ),
        row(button(t("Set up"), "setup:open", style=discord.ButtonStyle.primary)),
    )


def _places_to_speak(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """The system channel, then the others from the top; never rules or announcements."""
    first = [guild.system_channel] if guild.system_channel else []
    for channel in dict.fromkeys((*first, *guild.text_channels)):
        allowed = channel.permissions_for(guild.me)
        is_quiet = channel.is_news() or channel == guild.rules_channel
        if allowed.view_channel and allowed.send_messages and not is_quiet:
            yield channel
