"""``/campaign``: on and off, channel, time, steps, ping. Its calendar is in ``steps``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from cogs.campaigns import cards
from cogs.campaigns.access import find_on
from cogs.campaigns.picture_panel import PicturePanel
from cogs.campaigns.steps import Steps
from cogs.campaigns.sun import Sun
from cogs.schedules.checks import ensure_postable
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.replies import texts, update
from cogs.ui.routes import custom_id, selected
from cogs.ui.times import parse_time, show_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.campaigns.service import Campaigns, Choice
    from bot.client import BreatherClient
    from bot.services import Services

TIME_LENGTH = 40


class CampaignCog(commands.Cog):
    """The moderators' side; each press looks at the permission anew."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the controls and the forms."""
        self._client = client
        self._services = services
        routes = client.routes
        for action, handler in (
            ("list", self.list_all),
            ("open", self.open),
            ("channel", self.choose_channel),
            ("steps", self.choose_steps),
            ("role", self.choose_role),
            ("silent", self.switch_silent),
            ("time", self.ask_time),
            ("off", self.turn_off),
        ):
            routes.on_press(f"campaign:{action}", handler)
        routes.on_form("campaign:time", self.change_time, self._time_form)
        Steps(client, services)
        Sun(client, services)
        PicturePanel(client, services)

    @app_commands.command(
        name="campaign", description="For moderators: World Mental Health Day and other campaigns"
    )
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    @app_commands.guild_install()
    async def campaign(self, interaction: discord.Interaction[Any]) -> None:
        """List the campaigns."""
        await self.list_all(interaction)

    async def list_all(self, interaction: discord.Interaction[Any]) -> None:
        """Every campaign, and whether it is on."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        on = await self._campaigns.in_guild(guild.id)
        library = list(self._campaigns.library.by_id.values())
        await update(interaction, cards.render_list(library, on, texts(interaction)))

    async def open(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """The panel of one campaign."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        campaign = self._campaigns.find(campaign_id)
        schedule = (await self._campaigns.in_guild(guild.id)).get(campaign_id)
        zone = (await self._services.guilds.settings(guild.id)).zone
        follow = None
        if campaign.follows_sun:
            follow = await self._services.following.look(guild.id, campaign)
        view = cards.render_panel(campaign, schedule, zone, texts(interaction), follow)
        await update(interaction, view)

    async def choose_channel(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Turn it on in a channel, or move it there."""
        channel_id = int(selected(interaction)[0])
        chosen = await self._chosen(interaction, campaign_id)
        await self._ensure_postable(
            interaction, replace(chosen, channel_id=channel_id), "the channel's name again"
        )
        await self._change(
            interaction, campaign_id, lambda choice: replace(choice, channel_id=channel_id)
        )

    async def choose_steps(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Post these steps only."""
        offsets = tuple(sorted(int(offset) for offset in selected(interaction)))
        await self._change(
            interaction, campaign_id, lambda choice: replace(choice, offsets=offsets)
        )

    async def choose_role(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Ping a role that people opted in to, or nobody."""
        chosen = selected(interaction)
        role_id = int(chosen[0]) if chosen else None
        if role_id is not None:
            before = await self._chosen(interaction, campaign_id)
            await self._ensure_postable(
                interaction, replace(before, role_id=role_id), "the role's name again"
            )
        await self._change(
            interaction, campaign_id, lambda choice: replace(choice, role_id=role_id)
        )

    async def switch_silent(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """With or without a notification."""
        await find_on(self._services, interaction, campaign_id)
        await self._change(
            interaction,
            campaign_id,
            lambda choice: replace(choice, is_silent=not choice.is_silent),
        )

    async def ask_time(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Open the form for the time."""
        _, schedule = await find_on(self._services, interaction, campaign_id)
        values = {"text": show_time(schedule.recurrence.minute_of_day)}
        await interaction.response.send_modal(self._time_form(interaction, values, campaign_id))

    async def change_time(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], campaign_id: str
    ) -> None:
        """Post at another time of the day."""
        minute = parse_time(values.get("text") or "", texts(interaction))
        await find_on(self._services, interaction, campaign_id)
        await self._change(
            interaction, campaign_id, lambda choice: replace(choice, minute_of_day=minute)
        )

    async def turn_off(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Post nothing more of it."""
        _, schedule = await find_on(self._services, interaction, campaign_id)
        await self._campaigns.turn_off(interaction.user.id, schedule)
        await self.open(interaction, campaign_id)

    async def _change(
        self,
        interaction: discord.Interaction[Any],
        campaign_id: str,
        make: Callable[[Choice], Choice],
    ) -> None:
        """Change what was chosen, and show the panel."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        campaign = self._campaigns.find(campaign_id)
        zone = (await self._services.guilds.settings(guild.id)).zone
        await self._campaigns.change(interaction.user.id, guild.id, campaign, zone, make)
        await self.open(interaction, campaign_id)

    async def _chosen(self, interaction: discord.Interaction[Any], campaign_id: str) -> Choice:
        guild = await ensure_moderator(interaction, self._services.guilds)
        return await self._campaigns.choice(guild.id, self._campaigns.find(campaign_id))

    async def _ensure_postable(
        self, interaction: discord.Interaction[Any], wanted: Choice, retry: str
    ) -> None:
        """Refuse a channel or a ping that would fail on the day."""
        await ensure_moderator(interaction, self._services.guilds)
        has_files = wanted.has_picture
        await ensure_postable(
            interaction, wanted.channel_id, wanted.role_id, retry, has_files=has_files
        )

    @property
    def _campaigns(self) -> Campaigns:
        return self._services.campaigns

    @staticmethod
    def _time_form(
        interaction: discord.Interaction[Any], values: dict[str, Any], campaign_id: str
    ) -> ui.Modal:
        t = texts(interaction)
        form = ui.Modal(
            title=t("Time of the day"), custom_id=custom_id("campaign:time", campaign_id)
        )
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id="text", default=values.get("text"), max_length=TIME_LENGTH
        )
        form.add_item(ui.Label(text=t("Such as 09:30 or 9:30 pm"), component=field))
        form.stop()
        return form
