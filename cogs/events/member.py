"""``/events`` for everybody: what is coming, saying that one comes, and how to be reminded."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import RefusalError
from bot.events.announcer import MOST_MENTIONED
from bot.events.entries import to_entry
from bot.events.rsvps import Way
from bot.events.rules import AHEAD
from cogs.events.member_cards import ALL, PAGE, render_answer, render_left, render_list
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from bot.client import BreatherClient
    from bot.events.rules import Event
    from bot.services import Services

log = logging.getLogger(__name__)


class ComingCog(commands.Cog):
    """The members' side. Answers are private; nobody is told who comes."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons. They work in direct messages too, so they name the community."""
        self._client = client
        self._services = services
        self._events = services.events
        routes = client.routes
        for action, handler in (
            ("list", self.turn),
            ("come", self.come),
            ("answer", self.look),
            ("way", self.choose_way),
            ("leave", self.leave),
            ("ics", self.send_calendar),
        ):
            routes.on_press(f"event:{action}", handler)

    @app_commands.command(
        name="events", description="Live events: see what is coming, say you come"
    )
    @app_commands.guild_only()
    @app_commands.guild_install()
    async def events(self, interaction: discord.Interaction[Any]) -> None:
        """The nearest ones, to this person alone."""
        await self.turn(interaction, str(interaction.guild_id or 0), "0")

    async def turn(
        self, interaction: discord.Interaction[Any], guild_id: str, page: str, _key: str = ""
    ) -> None:
        """A page of what is coming."""
        ahead = await self._events.ahead(int(guild_id))
        pages = max(1, -(-len(ahead) // PAGE))
        number = min(max(int(page), 0), pages - 1)
        shown = ahead[number * PAGE : (number + 1) * PAGE]
        ways = {
            event.event_id: await self._events.rsvps.find(event.event_id, interaction.user.id)
            for event in shown
        }
        view = render_list(
            shown,
            ways,
            number,
            pages,
            int(guild_id),
            interaction.user.id,
            texts(interaction),
            has_feed=bool(self._services.settings.feed_url),
        )
        message = interaction.message
        if message is not None and message.flags.ephemeral:
            await update(interaction, view)
        else:
            await show(interaction, view)

    async def come(self, interaction: discord.Interaction[Any], guild_id: str, number: str) -> None:
        """Count the person in; who was counted in keeps how they are reminded."""
        user_id = interaction.user.id
        rsvps = self._events.rsvps
        way = await rsvps.find(int(number), user_id) or Way.NONE
        event = await rsvps.come(int(guild_id), int(number), user_id, way)
        await self._answer(interaction, event, way, is_new=True)

    async def look(self, interaction: discord.Interaction[Any], guild_id: str, number: str) -> None:
        """How the person answered, as a card of its own."""
        event = await self._events.find(int(guild_id), int(number))
        way = await self._events.rsvps.find(event.event_id, interaction.user.id)
        await self._answer(interaction, event, way, is_new=True)

    async def choose_way(
        self, interaction: discord.Interaction[Any], guild_id: str, number: str, way: str
    ) -> None:
        """Be reminded in this way from now on."""
        chosen = Way(way)
        event = await self._events.find(int(guild_id), int(number))
        if chosen is Way.THREAD:
            await self._ensure_thread(interaction, event)
        event = await self._events.rsvps.come(
            int(guild_id), int(number), interaction.user.id, chosen
        )
        if chosen is Way.THREAD:
            await self._join(event, interaction.user)
        await self._answer(interaction, event, chosen)

    async def leave(
        self, interaction: discord.Interaction[Any], guild_id: str, number: str
    ) -> None:
        """Not coming after all: nothing is kept."""
        await self._events.rsvps.leave(int(number), interaction.user.id)
        event = await self._events.find(int(guild_id), int(number))
        await update(interaction, render_left(event, texts(interaction)))

    async def send_calendar(
        self, interaction: discord.Interaction[Any], guild_id: str, number: str
    ) -> None:
        """One event, or all that are coming, as a file for the person's own calendar."""
        from bot.calendars.files import make_ics  # noqa: PLC0415 (few people ask for it)

        t = texts(interaction)
        if int(number) == ALL:
            events = await self._events.ahead(int(guild_id))
        else:
            events = [await self._events.find(int(guild_id), int(number))]
        entries = [to_entry(event) for event in events if event.state in AHEAD]
        if not entries:
            message = t("It is over or cancelled, so there is nothing to add to your calendar.")
            raise RefusalError(message)
        title = entries[0].summary if len(entries) == 1 else t("Live events")
        file = discord.File(
            io.BytesIO(make_ics(title, entries, self._services.clock.now())), "events.ics"
        )
        words = t(
            "For your own calendar: open the file. It doesn't follow when an event is moved; then "
            "take a new one."
        )
        await interaction.response.send_message(words, file=file, ephemeral=True)

    async def _ensure_thread(self, interaction: discord.Interaction[Any], event: Event) -> None:
        t = texts(interaction)
        if event.thread_id is None:
            message = t("This event has no thread. Choose a direct message instead.")
            raise RefusalError(message)
        if await self._events.rsvps.count(event.event_id, Way.THREAD) >= MOST_MENTIONED:
            message = t(
                "The thread reminds {most} people already, and Discord allows no more. Choose a "
                "direct message instead.",
                most=MOST_MENTIONED,
            )
            raise RefusalError(message)

    async def _join(self, event: Event, user: discord.abc.User) -> None:
        """Let the thread show up for them. Without that, the ping brings them there."""
        try:
            channel = self._client.get_partial_messageable(event.thread_id or 0)
            await self._client.http.add_user_to_thread(channel.id, user.id)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.info("somebody could not be added to a thread (%s)", type(error).__name__)

    async def _answer(
        self,
        interaction: discord.Interaction[Any],
        event: Event,
        way: Way | None,
        *,
        is_new: bool = False,
    ) -> None:
        coming = await self._events.rsvps.count(event.event_id)
        now = self._services.clock.now()
        guild = self._client.get_guild(event.guild_id)
        is_here = interaction.guild_id == event.guild_id
        community = None if guild is None or is_here else guild.name
        view = render_answer(event, way, coming, now, community, texts(interaction))
        message = interaction.message
        if not is_new or (message is not None and message.flags.ephemeral):
            await update(interaction, view)
        else:
            await show(interaction, view)
