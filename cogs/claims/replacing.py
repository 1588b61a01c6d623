"""Replacing a faulty code: one moderator asks, another agrees, and the member sees a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import RefusalError
from cogs.claims.access import opened
from cogs.ui.cards import WARN, button, card, row
from cogs.ui.moderators import ensure_moderator
from cogs.ui.plain import plain
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from discord import ui

    from bot.claims.replacing import Replacement
    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.claims.queue import Queue


class Replacements:
    """The request's card, and what a second moderator answers."""

    def __init__(self, client: BreatherClient, services: Services, queue: Queue) -> None:
        """Register the buttons; the form that asks is the queue's."""
        self._services = services
        self._queue = queue
        client.routes.on_press("claims:replacement", self.look)
        client.routes.on_press("claims:agree", self.agree)
        client.routes.on_press("claims:decline", self.decline)
        queue.on_replacement = self.ask

    async def ask(self, interaction: discord.Interaction[Any], claim_id: int, reason: str) -> None:
        """Keep the request, and show it where moderators look."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        replacing = opened(self._services, t).replacing
        request = await replacing.ask(guild.id, interaction.user.id, claim_id, reason)
        claim = await self._queue.find(interaction, str(claim_id))
        await self._queue.post(claim, lambda words: _render_request(request, words))
        await update(interaction, _render_request(request, t))

    async def look(self, interaction: discord.Interaction[Any], claim_id: str) -> None:
        """The open request of a claim."""
        claim = await self._queue.find(interaction, claim_id)
        t = texts(interaction)
        request = await opened(self._services, t).replacing.open_request(claim.claim_id)
        if request is None:
            message = t("Nobody asks for another code here any more. Look at the claim again.")
            raise RefusalError(message)
        await show(interaction, _render_request(request, t))

    async def agree(
        self, interaction: discord.Interaction[Any], claim_id: str, asked_at: str = ""
    ) -> None:
        """The second consent: a fresh code for the same claim."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t, who = texts(interaction), interaction.user.id
        await interaction.response.defer()
        replacing = opened(self._services, t).replacing
        claim = await replacing.confirm(guild.id, who, int(claim_id), _to_instant(asked_at))
        await update(
            interaction,
            card(
                "## " + t("Claim {number}: another code", number=claim.claim_id),
                t("The old code is void for good. The member sees the new one with /claim."),
                "-# " + t("Agreed by {who}.", who=f"<@{who}>"),
            ),
        )
        await self._queue.tell(claim)

    async def decline(
        self, interaction: discord.Interaction[Any], claim_id: str, asked_at: str = ""
    ) -> None:
        """The claim keeps its code."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t, who = texts(interaction), interaction.user.id
        await interaction.response.defer()
        replacing = opened(self._services, t).replacing
        claim = await replacing.decline(guild.id, who, int(claim_id), _to_instant(asked_at))
        words = t("Claim {number} keeps its code.", number=claim.claim_id)
        await update(interaction, card(words, "-# " + t("Decided by {who}.", who=f"<@{who}>")))


def _to_instant(asked_at: str) -> int | None:
    """When the request of a card was made; a card of an earlier version doesn't say."""
    return int(asked_at) if asked_at else None


def _render_request(request: Replacement, t: Texts) -> ui.LayoutView:
    """The request, for the moderator who asked and for the one who agrees."""
    return card(
        "## " + t("Claim {number}: replace its code?", number=request.claim_id),
        t("<@{who}> says: {reason}", who=request.asked_by, reason=plain(request.reason)),
        t("It takes a second moderator. Then the old code is void, and the member gets another."),
        row(
            button(
                t("Agree"),
                "claims:agree",
                request.claim_id,
                request.asked_at,
                style=discord.ButtonStyle.primary,
            ),
            button(t("Decline"), "claims:decline", request.claim_id, request.asked_at),
        ),
        accent=WARN,
    )
