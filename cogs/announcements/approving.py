"""A second moderator: the card on their desk, approving, and sending back with a reason."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.announcements.approving import ensure_waiting
from bot.errors import RefusalError
from cogs.announcements import approval_cards as cards
from cogs.announcements.base import Base, ensure_sendable
from cogs.announcements.pictures import put, to_file
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts

if TYPE_CHECKING:
    from discord import ui

    from bot.announcements.rules import Announcement
    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

log = logging.getLogger(__name__)

DESK = "desk"


class Approvals(Base):
    """Decisions are made on the desk's card or on the panel; each finds the announcement anew."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons and the form for the reason."""
        super().__init__(services)
        self._client = client
        client.routes.on_press("announce:approve", self.approve)
        client.routes.on_press("announce:return", self.ask_reason)
        client.routes.on_form("announce:back", self.send_back, reason_again)

    async def announce(
        self, interaction: discord.Interaction[Any], asked: Announcement | None
    ) -> None:
        """Show one that waits on the moderators' desk, if there is one; nobody is pinged.

        Whoever asked is told when it could not be shown: it waits in /announcements all the same.
        """
        if asked is None:
            return
        settings = await self.services.guilds.settings(asked.guild_id)
        if settings.staff_channel_id is None:
            return
        view = cards.render_request(asked, self.services.languages.texts(settings.language))
        channel = self._client.get_partial_messageable(settings.staff_channel_id)
        picture = await self.announcements.picture(asked)
        try:
            await channel.send(
                view=view,
                files=discord.utils.MISSING if picture is None else [to_file(picture)],
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as error:
            log.warning("a request for approval could not be shown (%s)", type(error).__name__)
            message = texts(interaction)(
                "It waits for approval, but I could not show it on the moderators' desk. Other "
                "moderators find it in /announcements."
            )
            raise RefusalError(message) from error

    async def approve(
        self, interaction: discord.Interaction[Any], number: str, version: str, place: str
    ) -> None:
        """Let it be posted as it was asked for."""
        item = await self.take(interaction, number)
        await ensure_sendable(interaction, item, "Approve")
        who = interaction.user.id
        planned = await self.announcements.approvals.approve(
            item.guild_id, who, item.announcement_id, int(version)
        )
        if place == DESK:
            t = await self._desk_texts(item.guild_id)
            await put(interaction, cards.render_approved(item, planned, who, t))
        else:
            await self.show(interaction, number)

    async def ask_reason(
        self, interaction: discord.Interaction[Any], number: str, version: str, place: str
    ) -> None:
        """Open the form for the reason, unless it is decided: nobody should type in vain."""
        ensure_waiting(await self.take(interaction, number), int(version))
        form = cards.make_reason_form(number, version, place, "", texts(interaction))
        await interaction.response.send_modal(form)

    async def send_back(
        self,
        interaction: discord.Interaction[Any],
        values: dict[str, Any],
        number: str,
        version: str,
        place: str,
    ) -> None:
        """Make it a draft again and say why: on the card, and in its panel."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        who, reason = interaction.user.id, values.get("reason") or ""
        item = await self.announcements.approvals.send_back(
            guild.id, who, int(number), int(version), reason
        )
        if place == DESK:
            t = await self._desk_texts(item.guild_id)
            await put(interaction, cards.render_returned(item, who, reason, t))
        else:
            await self.show(interaction, number)

    async def _desk_texts(self, guild_id: int) -> Texts:
        settings = await self.services.guilds.settings(guild_id)
        return self.services.languages.texts(settings.language)


def reason_again(
    interaction: discord.Interaction[Any],
    values: dict[str, Any],
    number: str,
    version: str,
    place: str,
) -> ui.Modal:
    """The form for the reason with what was typed into it."""
    typed = values.get("reason") or ""
    return cards.make_reason_form(number, version, place, typed, texts(interaction))
