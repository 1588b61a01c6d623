"""``/claim``: one's own claim, in every state. Whoever presses a button sees their own."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.claims.rules import Member, State
from bot.claims.service import ElsewhereError
from bot.clock import HOUR
from bot.errors import RefusalError
from bot.safety.emergency import load_numbers
from bot.words import clean_line
from cogs.claims import cards
from cogs.claims.access import ensure_own_card, find_program, opened
from cogs.claims.form import NOTE_LENGTH, make_answer_form, make_form, read_form, wants_dm
from cogs.claims.words import say_elsewhere
from cogs.ui.cards import card
from cogs.ui.once import Seldom
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from discord import ui

    from bot.claims.service import Claims
    from bot.claims.standing import Standing
    from bot.client import BreatherClient
    from bot.services import Services
    from cogs.claims.queue import Queue

    Press = Callable[..., Awaitable[None]]

log = logging.getLogger(__name__)

MOST_ANSWERS = 5
"""Answers of one person to moderators within an hour."""


class ClaimCog(commands.Cog):
    """The member's side. The card comes after the commit; asking again shows the same one."""

    def __init__(self, client: BreatherClient, services: Services, queue: Queue) -> None:
        """Register the buttons and the form."""
        self._services = services
        self._queue = queue
        self._answers = Seldom(services.clock, MOST_ANSWERS, HOUR)
        self._countries = load_numbers(services.settings.content_dir)
        routes = client.routes
        for action, handler in (
            ("show", self.show),
            ("form", self.open_form),
            ("answer", self.open_answer),
            ("withdraw", self.withdraw),
            ("accept", self.accept),
            ("appeal", self.appeal),
            ("redeem", self.redeem),
            ("remind", self.remind),
        ):
            routes.on_press(f"claim:{action}", _own(handler))
        routes.on_form("claim:send", self.send, self._form_again)
        routes.on_form("claim:reply", self.reply, _answer_form_again)

    @app_commands.command(
        name="claim", description="Claim a partner's access, or see how it stands"
    )
    @app_commands.guild_only()
    @app_commands.guild_install()
    async def claim(self, interaction: discord.Interaction[Any]) -> None:
        """Show the person's own card."""
        t = texts(interaction)
        async with _acknowledged(interaction):
            members = self._members(interaction)
            programs = await members.programs_in(interaction.guild_id or 0, interaction.user.id)
            if not programs:
                message = t(
                    "There is nothing to claim in this community at the moment. "
                    "Its moderators can switch a program on with /claims settings."
                )
                raise RefusalError(message)
            standing = None
            if len(programs) == 1:
                standing = await self._look(interaction, programs[0].id)
        if standing is None:
            await show(interaction, cards.render_choice(programs, t))
        else:
            await self._answer(interaction, standing)

    async def show(self, interaction: discord.Interaction[Any], program_id: str) -> None:
        """The same from a button, of a card in a channel for instance."""
        async with _acknowledged(interaction):
            standing = await self._look(interaction, program_id)
        await self._answer(interaction, standing)

    async def open_form(self, interaction: discord.Interaction[Any], program_id: str) -> None:
        """Ask what the program needs."""
        t, values = texts(interaction), {}
        if not find_program(self._services, program_id, t).eligibility.handle:
            settings = opened(self._services, t).settings
            # A community that asks for a word in the bio needs to know in whose.
            if (await settings.of(program_id, interaction.guild_id or 0)).needs_word:
                values = {"handle": None}
        await interaction.response.send_modal(self._form_again(interaction, values, program_id))

    async def open_answer(self, interaction: discord.Interaction[Any], program_id: str) -> None:
        """Ask for the answer to what a moderator wants to know."""
        await interaction.response.send_modal(_answer_form_again(interaction, {}, program_id))

    async def reply(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], program_id: str
    ) -> None:
        """Hand the answer to the moderators."""
        await interaction.response.defer()
        note = clean_line(values.get("note") or "", NOTE_LENGTH)
        if not note:
            message = texts(interaction)("There is no word in your answer, so nothing was sent.")
            raise RefusalError(message)
        if not self._answers.may(interaction.user.id):
            message = texts(interaction)(
                "You have answered {count} times within the last hour, and the moderators read "
                "each of them. Please give them a moment.",
                count=MOST_ANSWERS,
            )
            raise RefusalError(message)
        self._answers.note(interaction.user.id)
        standing = await self._members(interaction).answer(program_id, member_of(interaction), note)
        await self._answer(interaction, standing)
        if standing.claim is not None:
            await self._queue.announce(standing.claim)

    async def send(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], program_id: str
    ) -> None:
        """Claim. The answer is private, whatever it is."""
        answers = read_form(values, self._countries)
        guild_id, began_at = interaction.guild_id or 0, self._services.clock.now()
        async with _acknowledged(interaction):
            find_program(self._services, program_id, texts(interaction))
            standing = await self._members(interaction).claim(
                program_id, guild_id, member_of(interaction), answers, wants_dm=wants_dm(values)
            )
        if not answers.has_consented and standing.claim is None:
            message = texts(interaction)(
                "Without your consent nothing can be kept, so there is no claim. Nothing was kept."
            )
            raise RefusalError(message)
        await self._answer(interaction, standing)
        claim = standing.claim
        if claim is not None and claim.state is State.PENDING and claim.created_at >= began_at:
            await self._queue.announce(claim)  # one that waited before is known there

    async def withdraw(self, interaction: discord.Interaction[Any], program_id: str) -> None:
        """Leave the queue, the waitlist or an offer."""
        await interaction.response.defer()
        await self._members(interaction).withdraw(program_id, member_of(interaction))
        try:
            standing = await self._look(interaction, program_id)
        except RefusalError:  # it is not to be had here
            t = texts(interaction)
            await self._put(interaction, card(t("It is withdrawn, and nothing waits for you.")))
            return
        await self._answer(interaction, standing)

    async def accept(self, interaction: discord.Interaction[Any], program_id: str) -> None:
        """Take an offered place."""
        await interaction.response.defer()
        guild_id, member = interaction.guild_id or 0, member_of(interaction)
        try:
            standing = await self._members(interaction).accept(program_id, guild_id, member)
        except ElsewhereError as error:
            guild = interaction.client.get_guild(error.guild_id)
            message = say_elsewhere(guild.name if guild else None, texts(interaction))
            raise RefusalError(message) from error
        await self._answer(interaction, standing)

    async def appeal(self, interaction: discord.Interaction[Any], program_id: str) -> None:
        """Ask that somebody else looks again."""
        await interaction.response.defer()
        standing = await self._members(interaction).appeal(program_id, member_of(interaction))
        await self._answer(interaction, standing)
        if standing.claim is not None:
            await self._queue.announce(standing.claim)

    async def redeem(self, interaction: discord.Interaction[Any], program_id: str) -> None:
        """Begin the estimate of its end."""
        await interaction.response.defer()
        standing = await self._members(interaction).redeem(program_id, member_of(interaction))
        await self._answer(interaction, standing)

    async def remind(
        self, interaction: discord.Interaction[Any], program_id: str, wanted: str
    ) -> None:
        """Choose whether a reminder comes by direct message. It never carries a code."""
        await interaction.response.defer()
        member = member_of(interaction)
        await self._members(interaction).choose_reminders(
            program_id, member, wants_dm=wanted == "1"
        )
        await self._answer(interaction, await self._look(interaction, program_id))

    def _members(self, interaction: discord.Interaction[Any]) -> Claims:
        return opened(self._services, texts(interaction)).members

    async def _look(self, interaction: discord.Interaction[Any], program_id: str) -> Standing:
        guild_id = interaction.guild_id or 0
        return await self._members(interaction).look(program_id, guild_id, member_of(interaction))

    async def _answer(self, interaction: discord.Interaction[Any], standing: Standing) -> None:
        """Show the card; only then the claim counts as delivered, and nothing is built on it."""
        view = cards.render(standing, self._services.clock.now(), texts(interaction))
        try:
            await self._put(interaction, view)
        except (discord.NotFound, discord.Forbidden) as error:
            # The person went away, or the answer came too late: /claim shows the same again.
            log.warning("a claim's card could not be shown (code %s)", error.code)
            return
        claim = standing.claim
        if claim is not None and claim.state is State.ALLOCATED and standing.code is not None:
            await self._members(interaction).mark_delivered(claim.claim_id)

    @staticmethod
    async def _put(interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
        is_press = interaction.message is not None and interaction.message.flags.ephemeral
        if is_press or interaction.response.is_done():
            await update(interaction, view)
        else:
            await show(interaction, view)

    def _form_again(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], program_id: str
    ) -> ui.Modal:
        t = texts(interaction)
        program = find_program(self._services, program_id, t)
        return make_form(program, values, t, needs_handle="handle" in values)


def _answer_form_again(
    interaction: discord.Interaction[Any], values: dict[str, Any], program_id: str
) -> ui.Modal:
    return make_answer_form(program_id, values, texts(interaction))


@asynccontextmanager
async def _acknowledged(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Defer privately while the work goes on: neither waits for the other.

    A claim stands, then, even if Discord took the acknowledgement no more: /claim shows it.
    """
    deferral = asyncio.create_task(interaction.response.defer(ephemeral=True, thinking=True))
    try:
        yield
    finally:
        try:
            await deferral
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning("a claim could not be acknowledged (code %s)", error.code)


def _own(handler: Press) -> Press:
    """A press on a card that was made for this person alone."""

    async def press(interaction: discord.Interaction[Any], *arguments: str) -> None:
        ensure_own_card(interaction)
        await handler(interaction, *arguments)

    return press


def member_of(interaction: discord.Interaction[Any]) -> Member:
    """Who asks, from the interaction alone."""
    person = interaction.user
    if not isinstance(person, discord.Member):
        return Member(person.id)
    joined_at = None if person.joined_at is None else int(person.joined_at.timestamp())
    return Member(person.id, frozenset(role.id for role in person.roles), joined_at)
