"""The commands that moderators have for every kind of schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import RefusalError
from bot.zones import find_zones
from cogs.schedules.words import label_of
from cogs.ui.cards import cut
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts

if TYPE_CHECKING:
    from bot.services import Services
    from cogs.schedules.planning import Planning

CHOICES = 25


class ScheduleCommands(commands.GroupCog):
    """The group of one kind; a feature's group builds on it and may have more commands.

    Each command checks the permission itself.
    """

    def __init__(self, services: Services, planning: Planning, kind: str) -> None:
        """Find the kind among those that are planned."""
        self._services = services
        self._planning = planning
        self._kind = planning.kinds[kind]

    @app_commands.command(
        name="schedule", description="For moderators: when and where they are posted"
    )
    @app_commands.describe(zone="The time zone; type a city, a country or a short name")
    async def schedule(
        self, interaction: discord.Interaction[Any], zone: str | None = None
    ) -> None:
        """Open the panel, or the list when there are schedules."""
        await self._planning.panel.open(interaction, self._kind, zone)

    @app_commands.command(name="skip", description="For moderators: leave the next post out")
    @app_commands.describe(schedule="Which schedule; not needed when there is one")
    async def skip(
        self, interaction: discord.Interaction[Any], schedule: str | None = None
    ) -> None:
        """Skip the next slot, with an undo."""
        await self._planning.skipping.skip(interaction, self._kind, schedule)

    @app_commands.command(name="pause", description="For moderators: stop the posts for a while")
    @app_commands.describe(schedule="Which schedule; not needed when there is one")
    async def pause(
        self, interaction: discord.Interaction[Any], schedule: str | None = None
    ) -> None:
        """Pause, with a way back."""
        await self._planning.running.pause(interaction, self._kind, schedule)

    @app_commands.command(name="resume", description="For moderators: start the posts again")
    @app_commands.describe(schedule="Which schedule; not needed when there is one")
    async def resume(
        self, interaction: discord.Interaction[Any], schedule: str | None = None
    ) -> None:
        """Resume from the next slot on."""
        await self._planning.running.resume(interaction, self._kind, schedule)

    @app_commands.command(
        name="history", description="For moderators: what was posted, skipped or missed"
    )
    @app_commands.describe(schedule="Which schedule; not needed when there is one")
    async def history(
        self, interaction: discord.Interaction[Any], schedule: str | None = None
    ) -> None:
        """Show the ledger."""
        await self._planning.history.show(interaction, self._kind, schedule)

    @schedule.autocomplete("zone")
    async def suggest_zone(
        self, _interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Zones by city, country or short name."""
        found = find_zones(current, self._services.clock.now(), CHOICES)
        return [app_commands.Choice(name=cut(zone.label, 100), value=zone.name) for zone in found]

    @skip.autocomplete("schedule")
    @pause.autocomplete("schedule")
    @resume.autocomplete("schedule")
    @history.autocomplete("schedule")
    async def suggest_schedule(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """This community's schedules of the kind."""
        try:
            guild = await ensure_moderator(interaction, self._services.guilds)
        except RefusalError:
            return []
        t = texts(interaction)
        schedules = await self._services.schedules.in_guild(guild.id, self._kind.kind)
        labels = [(label_of(guild, item, t), str(item.schedule_id)) for item in schedules]
        return [
            app_commands.Choice(name=label, value=value)
            for label, value in labels
            if current.casefold() in label.casefold()
        ]
