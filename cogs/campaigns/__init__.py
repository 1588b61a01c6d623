"""``/campaign`` for moderators, ``/wmhd`` for members: a day that comes back every year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.campaigns.commands import CampaignCog
from cogs.campaigns.member import DayCog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord.ext import commands

    from bot.client import BreatherClient, CogMaker
    from bot.services import Services


def campaigns_cogs(services: Services) -> Sequence[CogMaker]:
    """The moderators' cog, and the members'."""

    def campaign(client: BreatherClient) -> commands.Cog:
        return CampaignCog(client, services)

    def day(client: BreatherClient) -> commands.Cog:
        return DayCog(client, services)

    return [campaign, day]
