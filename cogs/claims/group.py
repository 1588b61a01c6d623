"""``/claims``: settings, the queue, one member's claims, and a card for a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import RefusalError
from bot.permissions import explain_missing, missing_permissions
from cogs.claims import queue_cards
from cogs.claims.access import find_program, opened
from cogs.claims.cards import render_invitation
from cogs.claims.panel import SettingsPanel
from cogs.claims.stats import show_stats
from cogs.claims.upload import Upload
from cogs.ui.cards import SELECT_OPTIONS, card
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.replies import show, texts

if TYPE_CHECKING:
    from bot.client import BreatherClient
    from bot.services import Services
    from cogs.claims.queue import Queue


@app_commands.default_permissions(MODERATORS)
@app_commands.guild_only()
@app_commands.guild_install()
class ClaimsGroup(
    commands.GroupCog, name="claims", description="For moderators: claims of partners' codes"
):
    """The subcommands; each checks the permission itself."""

    def __init__(self, client: BreatherClient, services: Services, queue: Queue) -> None:
        """Register the panel."""
        self._services = services
        self._queue = queue
        self._panel = SettingsPanel(client, services)
        self._upload = Upload(client, services)

    @app_commands.command(name="settings", description="On or off, extra rules, share, review")
    @app_commands.describe(program="Which program")
    async def settings(self, interaction: discord.Interaction[Any], program: str) -> None:
        """Open the panel."""
        await self._panel.show(interaction, program)

    @app_commands.command(name="queue", description="Claims that wait for a decision")
    async def queue(self, interaction: discord.Interaction[Any]) -> None:
        """List them, oldest first."""
        await self._queue.show(interaction)

    @app_commands.command(name="stats", description="A picture and the numbers, by week")
    @app_commands.describe(program="Which program")
    async def stats(self, interaction: discord.Interaction[Any], program: str) -> None:
        """Show this community's numbers."""
        await show_stats(interaction, self._services, program)

    @app_commands.command(name="find", description="One member's claims: look, replace, revoke")
    @app_commands.describe(member="Whose claims")
    async def find(self, interaction: discord.Interaction[Any], member: discord.User) -> None:
        """List the claims that a member made in this community."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        claims = await opened(self._services, t).review.of_member(guild.id, member.id)
        await show(interaction, queue_cards.render_member(claims, member.id, t))

    @app_commands.command(name="post", description="Post a card with a button into this channel")
    @app_commands.describe(program="Which program")
    async def post(self, interaction: discord.Interaction[Any], program: str) -> None:
        """Post the invitation for everyone."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        found = find_program(self._services, program, t)
        wanted = await opened(self._services, t).settings.of(found.id, guild.id)
        if not wanted.is_on:
            message = t("Switch it on first, with /claims settings; then post it.")
            raise RefusalError(message)
        channel = interaction.channel
        if not isinstance(channel, discord.TextChannel | discord.Thread):
            message = t("I can post it in a text channel or a thread.")
            raise RefusalError(message)
        missing = missing_permissions(channel)
        if missing:
            raise RefusalError(explain_missing(channel.id, missing, "Enter"))
        language = (await self._services.guilds.settings(guild.id)).language
        view = render_invitation(found, self._services.languages.texts(language))
        await channel.send(view=view, allowed_mentions=discord.AllowedMentions.none())
        await show(interaction, card(t("Posted. Each press is answered to that person alone.")))

    @app_commands.command(name="import", description="For this bot's operator: add codes")
    @app_commands.describe(file="The partner's file: CSV in UTF-8")
    async def import_codes(
        self, interaction: discord.Interaction[Any], file: discord.Attachment
    ) -> None:
        """Count the codes of a file, and add them with a press."""
        await self._upload.receive(interaction, file)

    @settings.autocomplete("program")
    @post.autocomplete("program")
    @stats.autocomplete("program")
    async def suggest_program(
        self, _interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Programs by words of their title."""
        claims = self._services.claims
        programs = [] if claims is None else list(claims.catalogue.by_id.values())
        return [
            app_commands.Choice(name=item.title[:100], value=item.id)
            for item in programs
            if current.casefold() in item.title.casefold()
        ][:SELECT_OPTIONS]
