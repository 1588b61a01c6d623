"""``/wmhd``: when the day is, what it is about, how to take part, and what creators can copy."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.campaigns.entries import make_entries
from bot.campaigns.rules import coming_day
from bot.errors import RefusalError
from cogs.campaigns.day_cards import render_day, render_pack
from cogs.campaigns.pictures import DayPictures
from cogs.ui.calendars import render_addresses
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BreatherClient
    from bot.content.campaigns import Campaign
    from bot.services import Services

OF_COMMAND = "world-mental-health-day"
"""The campaign that the command is named after."""


class DayCog(commands.Cog):
    """The members' side. Nothing is kept about anybody."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons."""
        self._client = client
        self._services = services
        client.routes.on_press("day:show", self.press)
        client.routes.on_press("day:back", self.back)
        client.routes.on_press("day:pack", self.show_pack)
        client.routes.on_press("day:ics", self.send_calendar)
        client.routes.on_press("day:feed", self.show_addresses)
        DayPictures(client, services)

    @app_commands.command(
        name="wmhd", description="World Mental Health Day: when, what about, how to take part"
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def wmhd(self, interaction: discord.Interaction[Any]) -> None:
        """Show the day's card, to this person alone."""
        await show(interaction, await self._render(interaction, OF_COMMAND))

    async def press(
        self, interaction: discord.Interaction[Any], campaign_id: str, _key: str = ""
    ) -> None:
        """The same from a post's button."""
        await show(interaction, await self._render(interaction, campaign_id))

    async def back(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """The day's card in the pack's place."""
        await update(interaction, await self._render(interaction, campaign_id))

    async def show_pack(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """What creators can copy."""
        campaign = self._find(interaction, campaign_id)
        await update(interaction, render_pack(campaign, texts(interaction)))

    async def send_calendar(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """The days as a file for the person's own calendar."""
        from bot.calendars.files import make_ics  # noqa: PLC0415 (few people ask for it)

        campaign = self._find(interaction, campaign_id)
        now = self._services.clock.now()
        day = coming_day(campaign, "UTC", datetime.fromtimestamp(now, UTC)).day
        entries = make_entries(campaign, day.year)
        ics = make_ics(campaign.title, entries, now)
        file = discord.File(io.BytesIO(ics), f"{campaign.id}.ics")
        words = texts(interaction)("For your own calendar: open the file, and it adds the days.")
        await interaction.response.send_message(words, file=file, ephemeral=True)

    async def show_addresses(self, interaction: discord.Interaction[Any]) -> None:
        """Where calendar apps find this community's calendar, and the one for everyone."""
        feeds = self._services.feeds
        everyone, ours = feeds.address(), None
        # A person may bring the bot along to a community that it is not in.
        if self._client.get_guild(interaction.guild_id or 0) is not None:
            ours = feeds.address(interaction.guild_id)
        t = texts(interaction)
        if everyone is None:
            message = t(
                "Calendars aren't served any more, so there is no address to give you. "
                "“Add to my calendar” gives you a file."
            )
            raise RefusalError(message)
        await show(interaction, render_addresses(everyone, ours, t))

    async def _render(
        self, interaction: discord.Interaction[Any], campaign_id: str
    ) -> ui.LayoutView:
        campaign = self._find(interaction, campaign_id)
        zone = "UTC"
        if interaction.guild_id is not None:
            zone = (await self._services.guilds.settings(interaction.guild_id)).zone
        now = datetime.fromtimestamp(self._services.clock.now(), UTC)
        coming, has_feed = coming_day(campaign, zone, now), bool(self._services.settings.feed_url)
        return render_day(campaign, coming, zone, texts(interaction), has_feed=has_feed)

    def _find(self, interaction: discord.Interaction[Any], campaign_id: str) -> Campaign:
        campaign = self._services.campaigns.library.by_id.get(campaign_id)
        if campaign is None:
            message = texts(interaction)("That campaign is not there any more. /ask may help.")
            raise RefusalError(message)
        return campaign
