"""``/tips``: the member's saved tips, and everything moderators do with tips.

Discord hides whole commands only, and ``/tips saved`` is for everyone, so the moderators' part
is visible too; each of its commands checks the permission itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import RefusalError
from bot.tips.announcer import KIND
from bot.zones import find_zones
from cogs.tips.finding import match_tips
from cogs.tips.history import History
from cogs.tips.own import OwnTips
from cogs.tips.own_lists import OwnLists
from cogs.tips.panel import SchedulePanel
from cogs.tips.queue import Queue
from cogs.tips.running import Running
from cogs.tips.schedule_words import label_of
from cogs.tips.which import Which
from cogs.tips.words import is_own
from cogs.ui.cards import cut
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts

if TYPE_CHECKING:
    from bot.client import BreatherClient
    from bot.services import Services
    from cogs.tips.commands import MemberTips

CHOICES = 25


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class TipsGroup(
    commands.GroupCog, name="tips", description="Saved tips, and daily tips for this community"
):
    """The subcommands; what they do stands in the modules beside this one."""

    def __init__(self, client: BreatherClient, services: Services, member_tips: MemberTips) -> None:
        """Make the parts that the subcommands hand over to."""
        self._services = services
        self._member_tips = member_tips
        self._panel = SchedulePanel(client.routes, services)
        which = Which(client.routes, services)
        self._queue = Queue(client.routes, services, which)
        self._running = Running(client.routes, services, which)
        self._history = History(services, which)
        self._own = OwnTips(client.routes, services)
        self._lists = OwnLists(client.routes, services)

    @app_commands.command(name="saved", description="The tips you saved; only you can see them")
    async def saved(self, interaction: discord.Interaction[Any]) -> None:
        """Show the person's list."""
        await self._member_tips.show_saved(interaction)

    @app_commands.command(
        name="schedule", description="For moderators: when and where daily tips are posted"
    )
    @app_commands.describe(zone="The time zone; type a city, a country or a short name")
    async def schedule(
        self, interaction: discord.Interaction[Any], zone: str | None = None
    ) -> None:
        """Open the panel, or the list when there are schedules."""
        await self._panel.open(interaction, zone)

    @app_commands.command(name="skip", description="For moderators: leave the next daily tip out")
    @app_commands.describe(schedule="Which schedule; not needed when there is one")
    async def skip(
        self, interaction: discord.Interaction[Any], schedule: str | None = None
    ) -> None:
        """Skip the next slot, with an undo."""
        await self._queue.skip(interaction, schedule)

    @app_commands.command(name="pause", description="For moderators: stop daily tips for a while")
    @app_commands.describe(schedule="Which schedule; not needed when there is one")
    async def pause(
        self, interaction: discord.Interaction[Any], schedule: str | None = None
    ) -> None:
        """Pause, with a way back."""
        await self._running.pause(interaction, schedule)

    @app_commands.command(name="resume", description="For moderators: start daily tips again")
    @app_commands.describe(schedule="Which schedule; not needed when there is one")
    async def resume(
        self, interaction: discord.Interaction[Any], schedule: str | None = None
    ) -> None:
        """Resume from the next slot on."""
        await self._running.resume(interaction, schedule)

    @app_commands.command(
        name="history", description="For moderators: what was posted, skipped or missed"
    )
    @app_commands.describe(schedule="Which schedule; not needed when there is one")
    async def history(
        self, interaction: discord.Interaction[Any], schedule: str | None = None
    ) -> None:
        """Show the ledger."""
        await self._history.show(interaction, schedule)

    @app_commands.command(
        name="pin", description="For moderators: choose the tip that is posted next"
    )
    @app_commands.describe(
        tip="Words of its title", schedule="Which schedule; not needed when there is one"
    )
    async def pin(
        self, interaction: discord.Interaction[Any], tip: str, schedule: str | None = None
    ) -> None:
        """Pin a tip, with an undo."""
        await self._queue.pin(interaction, tip, schedule)

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
    @pin.autocomplete("schedule")
    async def suggest_schedule(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """This community's schedules."""
        try:
            guild = await ensure_moderator(interaction, self._services.guilds)
        except RefusalError:
            return []
        t = texts(interaction)
        schedules = await self._services.schedules.in_guild(guild.id, KIND)
        labels = [(label_of(guild, item, t), str(item.schedule_id)) for item in schedules]
        return [
            app_commands.Choice(name=label, value=value)
            for label, value in labels
            if current.casefold() in label.casefold()
        ]

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
