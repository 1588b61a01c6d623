"""``/event``: make one, look at what there is, open one. For moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.events.base import Base
from cogs.events.forms import (
    NEW,
    Values,
    details_values,
    explain_link,
    make_details_form,
    make_words_form,
    read_details,
    read_words,
    words_values,
)
from cogs.events.host import HostPanel
from cogs.events.panel import Panel
from cogs.events.panel_cards import render_list, render_refused
from cogs.ui.drafts import Drafts
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import selected

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BreatherClient
    from bot.services import Services
    from cogs.events.mirror import DiscordMirror
    from cogs.events.watching import WatchingCog


COMMAND = "/event create"
MOST_LISTED = 25
"""Discord's limit for a select."""


@app_commands.default_permissions(MODERATORS)
@app_commands.guild_only()
@app_commands.guild_install()
class EventsCog(commands.GroupCog, Base, name="event", description="For moderators: live events"):
    """What is written is a draft at once, so that it survives a restart.

    Only words with a link that leads nowhere wait in memory.
    """

    def __init__(
        self,
        client: BreatherClient,
        services: Services,
        watching: WatchingCog,
        mirror: DiscordMirror,
    ) -> None:
        """Register the buttons and forms."""
        Base.__init__(self, services)
        self._drafts: Drafts[tuple[str, Values]] = Drafts(services.clock)
        Panel(client.routes, services, watching.syncing)
        HostPanel(client.routes, services, watching.syncing, mirror)
        routes = client.routes
        for action, handler in (
            ("write", self.ask_words),
            ("words", self.ask_words),
            ("again", self.ask_again),
            ("details", self.ask_details),
            ("all", self.list_all),
            ("open", self.open),
        ):
            routes.on_press(f"event:{action}", handler)
        routes.on_form("event:form", self.keep_words, words_again)
        routes.on_form("event:lengths", self.keep_details, details_again)

    @app_commands.command(name="create", description="For moderators: plan a live event")
    async def create(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        await self.ask_words(interaction)

    @app_commands.command(
        name="manage", description="For moderators: events ahead, drafts, and the day's panel"
    )
    async def manage(self, interaction: discord.Interaction[Any]) -> None:
        """List what there is."""
        await self.list_all(interaction)

    async def list_all(self, interaction: discord.Interaction[Any]) -> None:
        """Drafts, events ahead, and the latest that are over."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        ahead = await self.events.open(guild.id)
        past = await self.events.past(guild.id)
        room = max(0, MOST_LISTED - len(ahead))
        await update(interaction, render_list(ahead, past[:room], texts(interaction)))

    async def open(self, interaction: discord.Interaction[Any], number: str = "") -> None:
        """The panel of the one that was chosen, or that a button names."""
        await self.show(interaction, number or selected(interaction)[0])

    async def ask_words(self, interaction: discord.Interaction[Any], number: str = NEW) -> None:
        """Open the form for the words, empty or with what is kept."""
        await ensure_moderator(interaction, self.services.guilds)
        t = texts(interaction)
        values = {} if number == NEW else words_values(await self.take(interaction, number))
        await interaction.response.send_modal(make_words_form(number, values, t))

    async def ask_again(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Open the form with what was typed and could not be kept."""
        await ensure_moderator(interaction, self.services.guilds)
        t = texts(interaction)
        number, values = self._drafts.take(token, interaction.user.id, COMMAND, t)
        await interaction.response.send_modal(make_words_form(number, values, t))

    async def keep_words(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], number: str
    ) -> None:
        """Keep what was typed, and show it as it will look."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        actor_id = interaction.user.id
        before = None if number == NEW else await self.take(interaction, number)
        words = read_words(values, before)
        t = texts(interaction)
        why = explain_link(words.get("link"), t)
        if why:
            token = self._drafts.hold(actor_id, (number, values))
            await show(interaction, render_refused(token, why, t))
            return
        if before is None:
            event = await self.events.write(guild.id, actor_id, **words)
        else:
            event = await self.events.change(guild.id, actor_id, before.event_id, **words)
        await self.show(interaction, event.event_id)

    async def ask_details(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Open the form for length and line-up."""
        event = await self.take(interaction, number)
        form = make_details_form(number, details_values(event), texts(interaction))
        await interaction.response.send_modal(form)

    async def keep_details(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], number: str
    ) -> None:
        """Keep length and line-up."""
        event = await self.take(interaction, number)
        changes = read_details(values, texts(interaction))
        await self.events.change(event.guild_id, interaction.user.id, event.event_id, **changes)
        await self.show(interaction, number)


def words_again(
    interaction: discord.Interaction[Any], values: dict[str, Any], number: str
) -> ui.Modal:
    """The form for the words with what was typed into it."""
    return make_words_form(number, values, texts(interaction))


def details_again(
    interaction: discord.Interaction[Any], values: dict[str, Any], number: str
) -> ui.Modal:
    """The form for length and line-up with what was typed into it."""
    return make_details_form(number, values, texts(interaction))
