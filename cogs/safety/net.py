"""Every free text passes here before its handler: one call for all commands and forms.

What was held back lives in this process's memory for 15 minutes at most. It is in no log, no
table and no message but the person's own form.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

import discord
from discord import app_commands

from bot.errors import RefusalError
from cogs.safety import cards
from cogs.safety.held import HeldCommand, rest, texts_in
from cogs.ui.drafts import Drafts
from cogs.ui.once import OneAtATime
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from discord import ui

    from bot.clock import Clock
    from cogs.ui.routes import Routes

log = logging.getLogger(__name__)

Step = Callable[[discord.Interaction[Any]], Awaitable[None]]
Offer = Callable[[int], Awaitable[bool]]

TAKES_THE_PLACE = {
    discord.InteractionResponseType.message_update,
    discord.InteractionResponseType.deferred_message_update,
}

OFFER_SECONDS = 1.0
"""Help must not wait for a database that is slow or away: then it comes without check-ins."""


class Finding(Protocol):
    """What the screen found: in which language, and about the person or somebody else."""

    @property
    def language(self) -> str:
        """Two letters (ISO 639-1)."""
        ...

    @property
    def about(self) -> Literal["self", "other"]:
        """Whom the text worries about."""
        ...


class Screen(Protocol):
    """Looks at one text."""

    def screen(self, text: str) -> Finding | None:
        """What was found, or None for ordinary text."""
        ...


@dataclass(frozen=True, slots=True)
class _Held:
    """How to go on with what was held back, and how to open it for changes."""

    send: Step
    edit: Callable[[str], Step]
    """What opens the form again, given the token under which this is held."""
    command: HeldCommand | None = None
    shown: discord.Interaction[Any] | None = None
    """What the card answered."""


class SafetyNet:
    """Holds back what sounds like a crisis, shows help, and lets the person decide."""

    def __init__(self, screen: Screen, clock: Clock, help_words: Mapping[str, str]) -> None:
        """``help_words`` says by language where help is; the card begins with it."""
        self._screen = screen
        self._help_words = help_words
        self._held: Drafts[_Held] = Drafts(clock)
        self._sending = OneAtATime()
        self.check_in_offer: Offer | None = None
        """Whether "Ask a moderator to check on me" works in a community; set by its cog."""

    def register(self, routes: Routes) -> None:
        """Answer the buttons of the help card."""
        routes.on_press("safety:send", self.send)
        routes.on_press("safety:edit", self.edit)
        routes.on_press("safety:delete", self.delete)
        routes.on_form("safety:again", self.run_again, self._form_again)

    async def catches(
        self, interaction: discord.Interaction[Any], typed: Sequence[str], send: Step, edit: Step
    ) -> bool:
        """Whether help was shown instead of going on; ``send`` goes on if the person says so."""
        return await self._catches(interaction, typed, _Held(send, lambda _token: edit))

    async def catches_command(self, interaction: discord.Interaction[Any]) -> bool:
        """The same for the texts among a command's options."""
        command = interaction.command
        if command is None:
            # In help-only mode Discord still offers commands that rest.
            return await self.catches(interaction, texts_in(interaction.data), rest, rest)
        if not isinstance(command, app_commands.Command):
            return False
        run = HeldCommand(command, interaction.namespace)
        held = _Held(run.run, run.editing, run)
        return await self._catches(interaction, list(run.typed.values()), held)

    async def send(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Go on as if nothing had been noticed. What fails can be sent again."""
        with self._sending.turn(token) as is_first:
            if not is_first:
                await interaction.response.defer()
                return
            held = self._held.find(token, interaction.user.id)
            if held is None:
                await show(interaction, cards.render_gone(texts(interaction)))
                return
            await held.send(interaction)
            self._held.drop(token)
            await _clear(interaction, held)

    async def edit(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Open the form again with what was typed."""
        held = self._held.find(token, interaction.user.id)
        if held is None:
            await show(interaction, cards.render_gone(texts(interaction)))
        else:
            await held.edit(token)(interaction)

    async def delete(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Forget the text."""
        t = texts(interaction)
        if self._held.find(token, interaction.user.id) is None:
            await show(interaction, cards.render_gone(t))
            return
        self._held.drop(token)
        await update(interaction, cards.render_deleted(t))

    async def run_again(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], token: str
    ) -> None:
        """Run the command with the changed texts, which passed the screen like any other form."""
        command = self._find_command(interaction, token)
        if command is None:
            await show(interaction, cards.render_gone(texts(interaction)))
            return
        command.change(values)
        await command.run(interaction)
        self._held.drop(token)

    async def _catches(
        self, interaction: discord.Interaction[Any], typed: Sequence[str], held: _Held
    ) -> bool:
        finding = self._find(typed)
        if finding is None:
            return False
        token = self._held.hold(interaction.user.id, replace(held, shown=interaction))
        offers = finding.about == "self" and await self._offers_check_in(interaction)
        t = texts(interaction)
        is_theirs = finding.language == t.language.partition("-")[0]
        own = None if is_theirs else self._help_words.get(finding.language)
        view = cards.render_help_first(finding.about, token, t, own, offers_check_in=offers)
        await show(interaction, view)
        return True

    def _find(self, typed: Sequence[str]) -> Finding | None:
        """The first finding; a fault of the screen must not keep anyone from going on."""
        try:
            found = (self._screen.screen(text) for text in typed)
            return next((finding for finding in found if finding is not None), None)
        except Exception as error:  # noqa: BLE001 (the text must not reach the log)
            log.error("the safety net failed: %s", type(error).__name__)  # noqa: TRY400
            return None

    async def _offers_check_in(self, interaction: discord.Interaction[Any]) -> bool:
        guild_id = interaction.guild_id
        if guild_id is None or self.check_in_offer is None:
            return False
        try:
            async with asyncio.timeout(OFFER_SECONDS):
                return await self.check_in_offer(guild_id)
        except Exception as error:  # noqa: BLE001 (help comes, whatever is broken)
            log.warning("check-ins could not be offered: %s", type(error).__name__)
            return False

    def _find_command(
        self, interaction: discord.Interaction[Any], token: str
    ) -> HeldCommand | None:
        held = self._held.find(token, interaction.user.id)
        return None if held is None else held.command

    def _form_again(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], token: str
    ) -> ui.Modal:
        t = texts(interaction)
        command = self._find_command(interaction, token)
        if command is None:
            message = t("I don't have that text any more. Please write it again.")
            raise RefusalError(message)
        return command.form(values, token, t)


async def _clear(interaction: discord.Interaction[Any], held: _Held) -> None:
    """Take the choice off the card, unless what came stands in its place already."""
    if interaction.response.type in TAKES_THE_PLACE or held.shown is None:
        return
    with contextlib.suppress(discord.HTTPException):  # it was dismissed
        await held.shown.edit_original_response(view=cards.render_sent(texts(interaction)))
