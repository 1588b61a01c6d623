"""The host's panel on the day: start, whose turn it is, signal, close, recap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import RefusalError
from bot.events.stage import Stage
from cogs.events.base import Base, ensure_host
from cogs.events.forms import make_recap_form, read_attendance
from cogs.events.host_cards import render_host
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    import discord
    from discord import ui

    from bot.client import Router
    from bot.events.rules import Event
    from bot.events.syncing import Syncing
    from bot.services import Services
    from cogs.events.mirror import DiscordMirror


class HostPanel(Base):
    """For the event's host and for moderators. A second press of the same button counts once."""

    def __init__(
        self, routes: Router, services: Services, syncing: Syncing, mirror: DiscordMirror
    ) -> None:
        """Register the buttons and the form for the recap."""
        super().__init__(services)
        self._syncing = syncing
        self._mirror = mirror
        self._stage = Stage(services.database, services.events, services.clock)
        for action, handler in (
            ("host", self.open),
            ("start", self.start),
            ("next", self.go_on),
            ("signal", self.switch_signal),
            ("close", self.close),
            ("recap", self.ask_recap),
        ):
            routes.on_press(f"event:{action}", handler)
        routes.on_form("event:recap", self.keep_recap, recap_again)

    async def open(
        self,
        interaction: discord.Interaction[Any],
        guild_id: str,
        number: str,
        _key: str = "",
    ) -> None:
        """The panel as it is now."""
        event = await self._lead(interaction, guild_id, number)
        await self._show(interaction, event)

    async def start(
        self, interaction: discord.Interaction[Any], guild_id: str, number: str
    ) -> None:
        """Begin it, here and at Discord."""
        event = await self._lead(interaction, guild_id, number)
        await interaction.response.defer()
        event = await self._stage.start(event.guild_id, event.event_id)
        await self._syncing.sync(event.guild_id, event.event_id)
        await self._show(interaction, event)

    async def go_on(
        self, interaction: discord.Interaction[Any], guild_id: str, number: str, turn: str
    ) -> None:
        """The next one's turn."""
        event = await self._lead(interaction, guild_id, number)
        event = await self._stage.go_on(event.guild_id, event.event_id, int(turn))
        await self._show(interaction, event)

    async def switch_signal(
        self, interaction: discord.Interaction[Any], guild_id: str, number: str
    ) -> None:
        """Signal this person before turns end, or nobody."""
        event = await self._lead(interaction, guild_id, number)
        person = interaction.user.id if event.signal_id is None else None
        event = await self._stage.ask_for_signal(event.guild_id, event.event_id, person)
        await self._show(interaction, event)

    async def close(
        self, interaction: discord.Interaction[Any], guild_id: str, number: str
    ) -> None:
        """End it, here and at Discord."""
        event = await self._lead(interaction, guild_id, number)
        await interaction.response.defer()
        event = await self._stage.close(event.guild_id, event.event_id)
        await self._syncing.sync(event.guild_id, event.event_id)
        await self._show(interaction, event)

    async def ask_recap(
        self, interaction: discord.Interaction[Any], guild_id: str, number: str
    ) -> None:
        """Open the form for the recap, with how many said that they come."""
        event = await self._lead(interaction, guild_id, number)
        people = event.attendance
        if people is None:
            people = await self.events.rsvps.count(event.event_id)
        values = {"recap": event.recap or "", "attendance": str(people) if people else ""}
        form = make_recap_form(guild_id, number, values, texts(interaction))
        await interaction.response.send_modal(form)

    async def keep_recap(
        self,
        interaction: discord.Interaction[Any],
        values: dict[str, Any],
        guild_id: str,
        number: str,
    ) -> None:
        """Keep the recap, and post it."""
        event = await self._lead(interaction, guild_id, number)
        attendance = read_attendance(values, texts(interaction))
        recap = values.get("recap") or ""
        event = await self._stage.keep_recap(event.guild_id, event.event_id, recap, attendance)
        await self._show(interaction, event)

    async def _lead(
        self, interaction: discord.Interaction[Any], guild_id: str, number: str
    ) -> Event:
        event = await self.events.find(int(guild_id), int(number))
        try:
            guild = await ensure_moderator(interaction, self.services.guilds)
            is_moderator = guild.id == event.guild_id
        except RefusalError:
            is_moderator = False
        ensure_host(interaction, event, is_moderator=is_moderator)
        return event

    async def _show(self, interaction: discord.Interaction[Any], event: Event) -> None:
        coming = await self.events.rsvps.coming(event.event_id)
        count = await self._mirror.count(event, coming) if event.synced else len(coming)
        view = render_host(event, count, texts(interaction))
        message = interaction.message
        if message is not None and message.flags.ephemeral:
            await update(interaction, view)
        else:
            await show(interaction, view)


def recap_again(
    interaction: discord.Interaction[Any], values: dict[str, Any], guild_id: str, number: str
) -> ui.Modal:
    """The form for the recap with what was typed into it."""
    return make_recap_form(guild_id, number, values, texts(interaction))
