"""Asking that a moderator looks after oneself: who asked, and nothing of what they wrote.

When nobody answers within ten minutes, the help lines are shown again, as long as the person's
own interaction lives; after a restart that reminder is lost, the request is not.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord.ext import commands

from bot.clock import MINUTE
from bot.errors import RefusalError, StorageError
from cogs.safety import check_in_cards as cards
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import show, texts, update
from cogs.ui.staff import find_staff_channel, show_staff

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

log = logging.getLogger(__name__)

PATIENCE = 10 * MINUTE
INTERACTION_LIFE = 15 * MINUTE
"""Discord's own limit for follow-ups."""


@dataclass(slots=True)
class _Waiting:
    """A person whose interaction still lives, so that they can be told something."""

    interaction: discord.Interaction[Any]
    asked_at: int
    was_reminded: bool = False


class CheckInCog(commands.Cog):
    """The request, the moderators' answer, and the reminder of help lines."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons, and tell the safety net where check-ins work."""
        self._client = client
        self._services = services
        self._waiting: dict[int, _Waiting] = {}
        client.routes.on_press("check-in:ask", self.ask)
        client.routes.on_press("check-in:answer", self.answer)
        client.net.check_in_offer = self._is_offered
        services.engine.each_minute.append(self.remind)

    async def ask(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the moderators that this person asked for support.

        The answer is a message of its own: what to do with the text stays to be decided.
        """
        t = texts(interaction)
        guild_id = interaction.guild_id
        if guild_id is None or not await self._is_offered(guild_id):
            message = t(
                "I can't reach moderators from here, so nobody was told. "
                "/help-now shows people you can talk to."
            )
            raise RefusalError(message)
        await interaction.response.defer(ephemeral=True, thinking=True)
        language = await self._staff_texts(guild_id)
        check_in_id = await self._services.check_ins.ask(guild_id, interaction.user.id)
        if check_in_id is None:
            await show(interaction, cards.render_asked_before(t))
            return
        view = cards.render_request(interaction.user.id, check_in_id, language)
        try:
            await show_staff(interaction, self._services.guilds, view)
        except Exception:
            await self._services.check_ins.close(check_in_id)
            raise
        self._waiting[check_in_id] = _Waiting(interaction, self._services.clock.now())
        await show(interaction, cards.render_asked(t))

    async def answer(self, interaction: discord.Interaction[Any], check_in_id: str) -> None:
        """A moderator looks after it: the request is deleted, and the person hears of it."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        check_in = await self._services.check_ins.find(guild.id, int(check_in_id))
        if check_in is not None and check_in.user_id == interaction.user.id:
            message = t("This is your own request: let another moderator look after you.")
            raise RefusalError(message)
        if check_in is None or not await self._services.check_ins.close(check_in.check_in_id):
            message = t(
                "Somebody answered this already, it was taken back, or it is more than a day old. "
                "Nothing was changed."
            )
            raise RefusalError(message)
        language = await self._staff_texts(guild.id)
        answered = cards.render_taken(interaction.user.id, check_in.user_id, language)
        await update(interaction, answered)
        waiting = self._waiting.pop(check_in.check_in_id, None)
        if waiting is not None:
            await _follow_up(waiting, cards.render_answered(texts(waiting.interaction)))

    async def remind(self) -> None:
        """Show help lines again to whoever waited ten minutes; delete what is a day old.

        A request that is not open any more (the person erased it) is reminded of by nothing.
        """
        now = self._services.clock.now()
        for check_in_id, waiting in list(self._waiting.items()):
            waited = now - waiting.asked_at
            if waited >= INTERACTION_LIFE:
                self._waiting.pop(check_in_id, None)
            elif waited >= PATIENCE and not waiting.was_reminded:
                waiting.was_reminded = True
                if await self._is_open(waiting.interaction.guild_id, check_in_id):
                    t = texts(waiting.interaction)
                    await _follow_up(waiting, cards.render_nobody_yet(t))
        await self._services.check_ins.sweep()

    async def _is_open(self, guild_id: int | None, check_in_id: int) -> bool:
        """Whether nobody answered and the person did not erase it; yes if nobody can tell."""
        try:
            return await self._services.check_ins.find(guild_id or 0, check_in_id) is not None
        except StorageError:
            return True

    async def _is_offered(self, guild_id: int) -> bool:
        """Where the bot is a member and moderators chose a channel to be told in."""
        if self._client.get_guild(guild_id) is None:
            return False
        return await find_staff_channel(self._services.guilds, guild_id) is not None

    async def _staff_texts(self, guild_id: int) -> Texts:
        settings = await self._services.guilds.settings(guild_id)
        return self._services.languages.texts(settings.language)


async def _follow_up(waiting: _Waiting, view: ui.LayoutView) -> None:
    try:
        await waiting.interaction.followup.send(view=view, ephemeral=True)
    except discord.HTTPException as error:
        log.warning("a follow-up came too late (code %s)", error.code)
    except (aiohttp.ClientError, OSError) as error:
        log.warning("a follow-up did not arrive (%s)", type(error).__name__)
