"""What every press on an event needs first: who asks, which event, and its panel again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import RefusalError
from bot.events.rules import find_faults
from cogs.events.panel_cards import render_panel
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts, update

if TYPE_CHECKING:
    import discord

    from bot.events.rules import Event
    from bot.events.service import Events
    from bot.services import Services


class Base:
    """Each press looks at the permission anew, and finds the event again."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @property
    def events(self) -> Events:
        """The use cases."""
        return self.services.events

    async def take(self, interaction: discord.Interaction[Any], number: str) -> Event:
        """An event of this community, for its moderator. Raises :class:`RefusalError`."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        return await self.events.find(guild.id, int(number))

    async def show(
        self,
        interaction: discord.Interaction[Any],
        number: int | str,
        problem: str | None = None,
    ) -> None:
        """The panel of one in the place of what was there."""
        event = await self.take(interaction, str(number))
        coming = await self.events.rsvps.count(event.event_id)
        faults = find_faults(event, self.services.clock.now())
        await update(interaction, render_panel(event, coming, faults, problem, texts(interaction)))


def ensure_host(interaction: discord.Interaction[Any], event: Event, *, is_moderator: bool) -> None:
    """Let only the host and moderators lead. Raises :class:`RefusalError`."""
    if is_moderator or interaction.user.id == event.host_id:
        return
    t = texts(interaction)
    if interaction.guild is None:
        message = t(
            "In a direct message I can't see whether you are a moderator. Open the panel in the "
            "community: /event manage, or /events for its host."
        )
        raise RefusalError(message)
    message = t(
        "Only the event's host and moderators can lead it. A moderator chooses the host in "
        "/event manage."
    )
    raise RefusalError(message)
