"""Lets the chores of claims reach people through the client."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.claims.chores import Chores, Outcome
from cogs.claims.messages import render_notice, render_offer, render_reminder

if TYPE_CHECKING:
    from discord import ui

    from bot.claims.notices import Desk, Notice
    from bot.claims.reminders import Reminder
    from bot.claims.waitlist import Offer
    from bot.client import BreatherClient
    from bot.content.programs import Program
    from bot.i18n import Texts
    from bot.services import Services

log = logging.getLogger(__name__)

SEND_SECONDS = 20
"""How long one request may take."""

REFUSALS = frozenset({400, 403, 404})
OPENED_TOO_FAST = 40003
SERVER_ERROR = 500
TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError)
"""Whatever a request may end with; a timeout and a closed session are among them."""


class ClaimChores:
    """Once a minute, where there are claims: offers, reminders, the end of access, notices."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._chores: Chores | None = None
        if services.claims is not None:
            messenger = DiscordMessenger(client, services)
            self._chores = Chores(
                services.database, services.clock, services.claims.catalogue, messenger
            )

    async def run(self) -> None:
        """Do this minute's. Raises :class:`bot.errors.StorageUnavailableError`."""
        if self._chores is not None:
            await self._chores.run()


class DiscordMessenger:
    """Direct messages in the language of the community where somebody claimed."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._client = client
        self._services = services

    async def tell_offer(self, offer: Offer, program: Program, until: int) -> Outcome:
        """Say that a place is kept until an instant."""
        t = await self._texts(offer.guild_id)
        view = render_offer(program, self._name_of(offer.guild_id), until, t)
        return await self._send(offer.user_id, view, offer.nonce)

    async def remind(self, reminder: Reminder, program: Program) -> Outcome:
        """Say that access ends soon."""
        t = await self._texts(reminder.guild_id)
        view = render_reminder(program, self._name_of(reminder.guild_id), reminder.ends_at, t)
        return await self._send(reminder.user_id, view, reminder.nonce)

    async def tell_moderators(self, desk: Desk, notice: Notice, program: Program) -> None:
        """Say that the pool runs low; where no channel was chosen, nobody is told."""
        settings = await self._services.guilds.settings(desk.guild_id)
        channel_id = desk.queue_channel_id or settings.staff_channel_id
        if channel_id is None:
            return
        view = render_notice(notice, program, self._services.languages.texts(settings.language))
        channel = self._client.get_partial_messageable(channel_id)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await channel.send(view=view, allowed_mentions=discord.AllowedMentions.none())
        except TROUBLE as error:
            log.warning("moderators could not be told of the stock (%s)", _name(error))

    async def _send(self, user_id: int, view: ui.LayoutView, nonce: str) -> Outcome:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                channel = await self._client.create_dm(discord.Object(user_id))
        except TROUBLE as error:
            log.info("a direct message could not be opened (%s)", _name(error))
            return Outcome.REFUSED if is_refused(error) else Outcome.UNSENT
        try:
            async with asyncio.timeout(SEND_SECONDS):
                # discord.py asks Discord to enforce each nonce: a repeat is the same message.
                await channel.send(
                    view=view, nonce=nonce, allowed_mentions=discord.AllowedMentions.none()
                )
        except TROUBLE as error:
            log.info("a direct message was not sent (%s)", _name(error))
            return judge(error)
        return Outcome.SENT

    async def _texts(self, guild_id: int) -> Texts:
        settings = await self._services.guilds.settings(guild_id)
        return self._services.languages.texts(settings.language)

    def _name_of(self, guild_id: int) -> str | None:
        """The community's name; None where this process does not see it."""
        guild = self._client.get_guild(guild_id)
        return None if guild is None else guild.name


def judge(error: Exception) -> Outcome:
    """What became of a message whose sending ended with an error."""
    if is_refused(error):
        return Outcome.REFUSED
    is_answer = isinstance(error, discord.HTTPException) and error.status < SERVER_ERROR
    return (
        Outcome.UNSENT if is_answer or isinstance(error, discord.RateLimited) else Outcome.UNKNOWN
    )


def is_refused(error: Exception) -> bool:
    """Whether Discord's answer is about this person.

    A block of the whole machine (403 without Discord's own code) and too many messages in a short
    time say nothing about them.
    """
    return (
        isinstance(error, discord.HTTPException)
        and error.status in REFUSALS
        and error.code not in {0, OPENED_TOO_FAST}
    )


def _name(error: Exception) -> str:
    code = getattr(error, "code", None)
    return type(error).__name__ if code is None else f"code {code}"
