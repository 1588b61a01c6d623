"""What every press on a campaign needs first: a moderator, and a campaign that is on here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.delivery.rules import ScheduleState
from bot.errors import RefusalError
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts

if TYPE_CHECKING:
    import discord

    from bot.content.campaigns import Campaign
    from bot.delivery.ports import Schedule
    from bot.services import Services


async def find_on(
    services: Services, interaction: discord.Interaction[Any], campaign_id: str
) -> tuple[Campaign, Schedule]:
    """A campaign that is on here, for a moderator. Raises :class:`RefusalError`."""
    guild = await ensure_moderator(interaction, services.guilds)
    campaign = services.campaigns.find(campaign_id)
    schedule = (await services.campaigns.in_guild(guild.id)).get(campaign_id)
    if schedule is None or schedule.state != ScheduleState.ACTIVE:
        message = texts(interaction)("It is off by now. Open /campaign and turn it on again.")
        raise RefusalError(message)
    return campaign, schedule
