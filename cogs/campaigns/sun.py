"""Follow the sun: moderators switch it on and off, and anyone looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.campaigns.following import SunPost
from bot.delivery.rules import ScheduleState
from bot.errors import RefusalError
from cogs.campaigns.sun_cards import render_own, render_panel
from cogs.schedules.checks import find_problem
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    import discord

    from bot.client import BreatherClient
    from bot.content.campaigns import Campaign
    from bot.services import Services


class Sun:
    """Each press of a moderator looks at the permission anew."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the controls."""
        self._services = services
        for route, handler in (
            ("campaign:sun", self.open),
            ("campaign:sun-on", self.switch_on),
            ("campaign:sun-off", self.switch_off),
            ("campaign:sun-look", self.look),
            ("day:sun", self.show_member),
        ):
            client.routes.on_press(route, handler)

    async def open(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """What it is, what is counted, and how it stands."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        campaign = self._find(interaction, campaign_id)
        follow = await self._services.following.look(guild.id, campaign)
        posts = (await self._services.campaigns.in_guild(guild.id)).get(campaign_id)
        is_posted = posts is not None and posts.state == ScheduleState.ACTIVE
        now, t = self._services.clock.now(), texts(interaction)
        await update(interaction, render_panel(campaign, follow, now, t, is_posted=is_posted))

    async def switch_on(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Opt in, if the board could be posted."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        campaign = self._find(interaction, campaign_id)
        posts = (await self._services.campaigns.in_guild(guild.id)).get(campaign_id)
        if posts is not None and posts.state == ScheduleState.ACTIVE:
            t = texts(interaction)
            problem = await find_problem(guild, posts.channel_id, None, t, t("Switch on"))
            if problem is not None:
                raise RefusalError(problem)
        await self._services.following.switch_on(interaction.user.id, guild.id, campaign)
        await self.open(interaction, campaign_id)

    async def switch_off(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Opt out, at any time."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await self._services.following.switch_off(interaction.user.id, guild.id, campaign_id)
        await self.open(interaction, campaign_id)

    async def look(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """The board as it would look now, for this moderator alone."""
        await ensure_moderator(interaction, self._services.guilds)
        body = await self._compose(interaction, campaign_id)
        await show(interaction, render_own(body, texts(interaction), can_go_back=False))

    async def show_member(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """The same board for a member, also in direct messages."""
        body = await self._compose(interaction, campaign_id)
        await update(interaction, render_own(body, texts(interaction)))

    async def _compose(self, interaction: discord.Interaction[Any], campaign_id: str) -> SunPost:
        campaign = self._find(interaction, campaign_id)
        zone = None
        if interaction.guild_id is not None:
            zone = (await self._services.guilds.settings(interaction.guild_id)).zone
        return SunPost(campaign, await self._services.following.board(campaign, zone))

    def _find(self, interaction: discord.Interaction[Any], campaign_id: str) -> Campaign:
        campaign = self._services.following.find(campaign_id)
        if campaign is None:
            message = texts(interaction)(
                "That campaign has no board to show. /wmhd has what there is."
            )
            raise RefusalError(message)
        return campaign
