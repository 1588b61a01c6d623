"""``/ask``: the best answer, the next ones, and what is missing. Nothing asked is stored.

The question lives in memory for 15 minutes, so that "This didn't help" can go on from it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import HOUR
from bot.errors import RefusalError, StorageError
from bot.resources.offers import offered
from bot.resources.search.texts import fold
from cogs.resources import ask_cards
from cogs.ui.drafts import KEPT_SECONDS, Drafts
from cogs.ui.once import OneAtATime, Seldom
from cogs.ui.replies import show, texts, update
from cogs.ui.staff import find_staff_channel, show_staff

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.resources.words import Shown

QUESTION_LENGTH = 500
AT_ONCE = 3
MOST = 9
MOST_TOLD = 3
"""Messages to moderators from one person within an hour; they have no name on them."""


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    found: tuple[str, ...]
    is_confident: bool
    has_words: bool
    """Whether a word of it says anything."""


class AskCog(commands.Cog):
    """One question, its answers, and the way on when they don't help."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons of the answers."""
        self._services = services
        self._resources = services.resources
        self._asked: Drafts[_Asked] = Drafts(services.clock)
        self._telling = OneAtATime()
        self._told = Seldom(services.clock, MOST_TOLD, HOUR)
        for action, handler in (
            ("first", self.show_first),
            ("more", self.show_more),
            ("missing", self.ask_missing),
            ("tell", self.tell),
            ("keep", self.keep),
        ):
            client.routes.on_press(f"ask:{action}", handler)

    @app_commands.command(name="ask", description="Ask in your own words; only you see the answer")
    @app_commands.describe(question="What is on your mind? In English so far")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(
        self,
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, QUESTION_LENGTH],
    ) -> None:
        """Answer privately; what is said to the bot itself is not searched for."""
        reply = self._services.small_talk.by_words.get(fold(question))
        if reply is not None:
            await show(interaction, ask_cards.render_reply(reply, texts(interaction)))
            return
        found = await self._resources.ask(interaction.guild_id, question, MOST)
        ids = offered(found, self._resources.library)
        asked = _Asked(question, ids, found.is_confident, has_words=bool(found.hits))
        token = self._asked.hold(interaction.user.id, asked)
        asyncio.get_running_loop().call_later(KEPT_SECONDS, self._asked.drop, token)
        if found.language is None:
            await show(interaction, await self._answer(interaction, asked, token))
            return
        words = self._services.notices.search_in_english(found.language)
        view = ask_cards.render_other_language(words, token if ids else None, texts(interaction))
        await show(interaction, view)

    async def show_first(self, interaction: discord.Interaction[Any], token: str) -> None:
        """The answer as it came first."""
        asked = self._take(interaction, token)
        await update(interaction, await self._answer(interaction, asked, token))

    async def show_more(
        self, interaction: discord.Interaction[Any], token: str, position: str, *read: str
    ) -> None:
        """The next ones from a position in what was found; ``read`` was read meanwhile."""
        asked = self._take(interaction, token)
        offers = await self._may_tell(interaction)
        rest = [
            (place, item)
            for place, item in enumerate(asked.found, start=1)
            if place > int(position) and item not in read
        ]
        following = await self._open(interaction, [item for _, item in rest[:AT_ONCE]])
        view = ask_cards.render_more(
            following,
            token,
            rest[:AT_ONCE][-1][0] if rest else len(asked.found),
            texts(interaction),
            has_more=len(rest) > AT_ONCE,
            offers_telling=offers,
        )
        await update(interaction, view)

    async def ask_missing(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Show what would be sent, before it is."""
        asked = self._take(interaction, token)
        t = texts(interaction)
        await update(interaction, ask_cards.render_missing(asked.question, token, t))

    async def tell(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Send the question to the moderators' channel, without a name, once."""
        with self._telling.turn(token) as is_first:
            await interaction.response.defer()
            if not is_first:
                return
            asked = self._take(interaction, token)
            if not self._told.may(interaction.user.id):
                message = texts(interaction)(
                    "You have told the moderators {count} times within the last hour, and they "
                    "read each of them. Please tell them this one later.",
                    count=MOST_TOLD,
                )
                raise RefusalError(message)
            told = ask_cards.render_told(asked.question, await self._staff_texts(interaction))
            await show_staff(interaction, self._services.guilds, told)
            self._asked.drop(token)
            self._told.note(interaction.user.id)
        t = texts(interaction)
        words = t("Sent, without your name. Thank you: it helps others.")
        await update(interaction, ask_cards.render_ways(words, t))

    async def keep(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Send nothing."""
        self._asked.drop(token)
        t = texts(interaction)
        await update(interaction, ask_cards.render_ways(t("Nothing was sent."), t))

    async def _answer(
        self, interaction: discord.Interaction[Any], asked: _Asked, token: str
    ) -> ui.LayoutView:
        t = texts(interaction)
        first = await self._open(interaction, asked.found[:AT_ONCE])
        if asked.is_confident and first:
            return ask_cards.render_answer(first[0], first[1:], token, t)
        if first:
            return ask_cards.render_unsure(first, token, t)
        may_tell = asked.has_words and await self._may_tell(interaction)
        return ask_cards.render_not_understood(token if may_tell else None, t)

    async def _may_tell(self, interaction: discord.Interaction[Any]) -> bool:
        guilds = self._services.guilds
        try:
            return await find_staff_channel(guilds, interaction.guild_id) is not None
        except StorageError:
            return False

    def _take(self, interaction: discord.Interaction[Any], token: str) -> _Asked:
        """The question behind a token. It is not kept any longer for being looked at."""
        asked = self._asked.find(token, interaction.user.id)
        if asked is None:
            t = texts(interaction)
            message = t(
                "I don't have your question any more: I keep it for 15 minutes at most, and never "
                "over a restart. Ask it again with /ask, or look around with /resources browse."
            )
            raise RefusalError(message)
        return asked

    async def _open(
        self, interaction: discord.Interaction[Any], ids: Sequence[str]
    ) -> Sequence[Shown]:
        found = [await self._resources.find(interaction.guild_id, item) for item in ids]
        return [item for item in found if item is not None]

    async def _staff_texts(self, interaction: discord.Interaction[Any]) -> Texts:
        settings = await self._services.guilds.settings(interaction.guild_id or 0)
        return self._services.languages.texts(settings.language)
