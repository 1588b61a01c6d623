"""``/myths``: the weekly myth, for moderators. Members have ``/myth``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot.myths.announcer import KIND
from cogs.schedules.commands import ScheduleCommands
from cogs.ui.moderators import MODERATORS

if TYPE_CHECKING:
    from bot.services import Services
    from cogs.schedules.planning import Planning


@app_commands.default_permissions(MODERATORS)
@app_commands.guild_only()
@app_commands.guild_install()
class MythsGroup(
    ScheduleCommands, name="myths", description="For moderators: the weekly myth or fact"
):
    """Nothing but what every kind of schedule has."""

    def __init__(self, services: Services, planning: Planning) -> None:
        """Its kind is the weekly myth."""
        super().__init__(services, planning, KIND)
