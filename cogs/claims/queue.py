"""The moderators' queue: cards that survive a restart, and say who decided.

Each press looks at the moderator's permission anew; the claim's version in the custom id guards
against deciding on what has changed meanwhile.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.claims.review import REASON_LENGTH
from bot.errors import RefusalError
from bot.i18n import Texts
from bot.words import clean_line
from cogs.claims import queue_cards
from cogs.claims.access import opened
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts, update

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from discord import ui

    from bot.claims.opening import ClaimServices
    from bot.claims.standing import Claim
    from bot.client import BreatherClient
    from bot.services import Services

    AskReplacement = Callable[[discord.Interaction[Any], int, str], Awaitable[None]]

log = logging.getLogger(__name__)


class Queue:
    """Announces claims that wait, and takes the decisions."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons and the form."""
        self._client = client
        self._services = services
        self.on_replacement: AskReplacement | None = None
        for action, handler in (
            ("approve", self.approve),
            ("reject", self.ask_reason),
            ("ask", self.ask_reason),
            ("revoke", self.ask_reason),
            ("replace", self.ask_reason),
            ("look", self.look),
        ):
            client.routes.on_press(f"claims:{action}", handler)
        client.routes.on_form("claims:reason", self.decide, _form_again)

    async def announce(self, claim: Claim) -> None:
        """Show a claim that waits where moderators look for it. A lost card is in /claims queue."""
        word = await self._opened(Texts()).members.word_of(claim)
        await self.post(claim, lambda t: queue_cards.render_claim(claim, t, word=word))

    async def post(self, claim: Claim, render: Callable[[Texts], ui.LayoutView]) -> None:
        """Show a card about a claim in the moderators' channel, in the community's language."""
        settings = await self._services.guilds.settings(claim.guild_id)
        t = self._services.languages.texts(settings.language)
        wanted = await self._opened(t).settings.of(claim.program_id, claim.guild_id)
        channel_id = wanted.queue_channel_id or settings.staff_channel_id
        if channel_id is None:
            return
        channel = self._client.get_partial_messageable(channel_id)
        try:
            await channel.send(view=render(t), allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            log.warning("a claim could not be announced (code %s)", error.code)
        except (discord.RateLimited, aiohttp.ClientError, OSError) as error:
            log.warning("a claim could not be announced (%s)", type(error).__name__)

    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Answer ``/claims queue``: what waits, oldest first."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        claims = self._opened(t)
        waiting = await claims.review.queue(guild.id, queue_cards.SHOWN + 1)
        programs = list(claims.catalogue.by_id)
        wanted = [await claims.settings.of(program_id, guild.id) for program_id in programs]
        is_on = any(settings.is_on for settings in wanted)
        await update(interaction, queue_cards.render_queue(waiting, t, is_on=is_on))

    async def look(self, interaction: discord.Interaction[Any], claim_id: str) -> None:
        """One claim with its buttons."""
        claim = await self.find(interaction, claim_id)
        await update(interaction, await self.render(claim, texts(interaction)))

    async def find(self, interaction: discord.Interaction[Any], claim_id: str) -> Claim:
        """A claim of this community, for a moderator. Raises :class:`RefusalError`."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        claim = await self._opened(t).review.find(guild.id, int(claim_id))
        if claim is None:
            message = t("That claim is not one of this community's.")
            raise RefusalError(message)
        return claim

    async def render(self, claim: Claim, t: Texts, decider_id: int | None = None) -> ui.LayoutView:
        """A claim's card, with the word that its page should show."""
        claims = self._opened(t)
        word = await claims.members.word_of(claim)
        is_asked = await claims.replacing.open_request(claim.claim_id) is not None
        return queue_cards.render_claim(
            claim, t, decider_id=decider_id, word=word, is_replacement_asked=is_asked
        )

    async def approve(
        self, interaction: discord.Interaction[Any], claim_id: str, version: str
    ) -> None:
        """Approve: a code, or a place in the waitlist."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t, who = texts(interaction), interaction.user.id
        await interaction.response.defer()
        claim = await self._opened(t).review.approve(guild.id, who, int(claim_id), int(version))
        await self._conclude(interaction, claim)

    async def ask_reason(
        self, interaction: discord.Interaction[Any], claim_id: str, version: str, word: str
    ) -> None:
        """Open the form for the words that the member will read."""
        claim = await self.find(interaction, claim_id)
        if claim.version != int(version):
            message = texts(interaction)(
                "Somebody else was faster, or the member changed it. Look at it again."
            )
            raise RefusalError(message)
        await interaction.response.send_modal(_form_again(interaction, {}, claim_id, version, word))

    async def decide(
        self,
        interaction: discord.Interaction[Any],
        values: dict[str, Any],
        claim_id: str,
        version: str,
        word: str,
    ) -> None:
        """Reject, ask for more, or revoke, with a reason."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t, who = texts(interaction), interaction.user.id
        await interaction.response.defer()
        reason = clean_line(values.get("reason") or "", REASON_LENGTH)
        if not reason:
            message = t("Your reason will be read, so it can't be empty.")
            raise RefusalError(message)
        if word == "replace" and self.on_replacement is not None:
            await self.on_replacement(interaction, int(claim_id), reason)
            return
        review = self._opened(t).review
        decisions = {"reject": review.reject, "ask": review.ask, "revoke": review.revoke}
        claim = await decisions[word](guild.id, who, int(claim_id), int(version), reason)
        await self._conclude(interaction, claim)

    async def _conclude(self, interaction: discord.Interaction[Any], claim: Claim) -> None:
        """Show who decided, and tell the member, also where that card is gone by now."""
        view = await self.render(claim, texts(interaction), interaction.user.id)
        try:
            await update(interaction, view)
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning("a decision could not be shown (code %s)", error.code)
        await self.tell(claim)

    async def tell(self, claim: Claim) -> None:
        """Tell the member by direct message that there is news, if they chose that; never what."""
        if claim.user_id is None or not claim.wants_dm:
            return
        settings = await self._services.guilds.settings(claim.guild_id)
        t = self._services.languages.texts(settings.language)
        guild = self._client.get_guild(claim.guild_id)
        view = queue_cards.render_news(guild.name if guild else None, t)
        try:
            person = await self._client.fetch_user(claim.user_id)
            await person.send(view=view, allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            log.info("news of a claim could not be sent (code %s)", error.code)
        except (discord.RateLimited, aiohttp.ClientError, OSError) as error:
            log.info("news of a claim could not be sent (%s)", type(error).__name__)

    def _opened(self, t: Texts) -> ClaimServices:
        return opened(self._services, t)


def _form_again(
    interaction: discord.Interaction[Any],
    values: dict[str, Any],
    claim_id: str,
    version: str,
    word: str,
) -> ui.Modal:
    return queue_cards.make_reason_form(claim_id, version, word, values, texts(interaction))
