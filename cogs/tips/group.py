"""``/tips``: the member's saved tips, and everything moderators do with tips.

Discord hides whole commands only, and ``/tips saved`` is for everyone, so the moderators' part
is visible too; each of its commands checks the permission itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.tips.announcer import KIND
from cogs.schedules.commands import CHOICES, ScheduleCommands
from cogs.tips.finding import match_tips
from cogs.tips.own import OwnTips
from cogs.tips.own_lists import OwnLists
from cogs.tips.pinning import Pinning
from cogs.tips.words import is_own
from cogs.ui.cards import cut

if TYPE_CHECKING:
    from bot.client import BreatherClient
    from bot.services import Services
    from cogs.schedules.planning import Planning
    from cogs.tips.commands import MemberTips


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class TipsGroup(
    ScheduleCommands, name="tips", description="Saved tips, and daily tips for this community"
):
    """The subcommands; what they do stands in the modules beside this one."""

    def __init__(
        self,
        client: BreatherClient,
        services: Services,
        planning: Planning,
        member_tips: MemberTips,
    ) -> None:
        """Make the parts that the subcommands hand over to."""
        super().__init__(services, planning, KIND)
        self._member_tips = member_tips
        self._pinning = Pinning(client.routes, services, planning)
        self._own = OwnTips(client.routes, services)
        self._lists = OwnLists(client.routes, services)

    @app_commands.command(name="saved", description="The tips you saved; only you can see them")
    async def saved(self, interaction: discord.Interaction[Any]) -> None:
        """Show the person's list."""
        await self._member_tips.show_saved(interaction)

    @app_commands.command(
        name="pin", description="For moderators: choose the tip that is posted next"
    )
    @app_commands.describe(
        tip="Words of its title", schedule="Which schedule; not needed when there is one"
    )
    @app_commands.autocomplete(schedule=ScheduleCommands.suggest_schedule)
    async def pin(
        self, interaction: discord.Interaction[Any], tip: str, schedule: str | None = None
    ) -> None:
        """Pin a tip, with an undo."""
        await self._pinning.pin(interaction, tip, schedule)

    @app_commands.command(
        name="mute", description="For moderators: never show a tip here, or show it again"
    )
    @app_commands.describe(tip="Words of its title; leave empty to see what is muted")
    async def mute(self, interaction: discord.Interaction[Any], tip: str | None = None) -> None:
        """Mute a tip, or list the muted ones."""
        await self._lists.mute(interaction, tip)

    @app_commands.command(
        name="add", description="For moderators: write a tip of your community's own"
    )
    async def add(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        await self._own.add(interaction)

    @app_commands.command(name="own", description="For moderators: the tips your community wrote")
    async def own(self, interaction: discord.Interaction[Any]) -> None:
        """List them, each with a way out."""
        await self._lists.list_own(interaction)

    @pin.autocomplete("tip")
    @mute.autocomplete("tip")
    async def suggest_tip(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Tips by words of their title or topic, the community's own ones first."""
        tips = await self._services.tips.eligible(interaction.guild_id, ())
        found = sorted(match_tips(tips, current), key=is_own, reverse=True)
        return [
            app_commands.Choice(name=cut(tip.title, 100), value=tip.id) for tip in found[:CHOICES]
        ]
