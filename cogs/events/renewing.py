"""Keeps posted cards of events as the events are: moved, cancelled, how many come, the recap."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.events.posts import Part
from cogs.events.posts import render_card, render_recap

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BreatherClient
    from bot.events.planning import Card
    from bot.events.rules import Event
    from bot.services import Services

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Cards that are renewed in one minute; the others have their turn in the next ones."""


class Renewing:
    """Edits a card once a minute at most. An edit does no harm twice."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._client = client
        self._services = services
        self._events = services.events

    async def run(self) -> None:
        """Renew what is stale, of the communities that this process looks after."""
        if not self._client.is_ready():
            return
        stale = [
            event
            for event in await self._events.stale()
            if self._client.get_guild(event.guild_id) is not None
        ]
        for event in stale[:AT_ONCE]:
            await self._renew(event)

    async def _renew(self, event: Event) -> None:
        await self._events.mark_stale(event, is_stale=False)
        settings = await self._services.guilds.settings(event.guild_id)
        t = self._services.languages.texts(settings.language)
        found = await self._events.planning.find_card(event)
        if found is not None:  # what is posted later says what is true then
            coming = await self._events.rsvps.count(event.event_id)
            await self._edit(event, found, render_card(event, coming, found.key, t))
        if event.recap and (found := await self._events.planning.find_card(event, Part.RECAP)):
            await self._edit(event, found, render_recap(event, found.key, t))

    async def _edit(self, event: Event, found: Card, view: ui.LayoutView) -> None:
        channel = self._client.get_partial_messageable(found.channel_id)
        message = channel.get_partial_message(found.message_id)
        try:
            await message.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
        except (discord.NotFound, discord.Forbidden) as error:
            log.info("a card of an event can't be renewed: %s", error.code)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.info("a card of an event is renewed later (%s)", type(error).__name__)
            await self._events.mark_stale(event, is_stale=True)
