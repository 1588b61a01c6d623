"""``/myth`` and the presses under myths and facts: for members, everywhere. Nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.content.myths import TOPICS, Myth
from bot.errors import RefusalError
from bot.rotation import split_short_ids
from cogs.myths.cards import ON_TOPIC, render_answer, render_statement
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

GUIDES = "resources"
"""The feature that has the guides; a community may switch it off."""

TOPIC_CHOICES = [app_commands.Choice(name=name, value=topic) for topic, name in TOPICS.items()]


class MemberMyths(commands.Cog):
    """What members do with myths and facts."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons."""
        self._myths = services.myths
        self._guilds = services.guilds
        client.routes.on_press("myth:answer", self.answer)
        client.routes.on_press("myth:guess", self.guess)
        client.routes.on_press("myth:another", self.show_another)

    @app_commands.command(name="myth", description="Myth or fact? One question, just for you")
    @app_commands.describe(topic="What it should be about")
    @app_commands.choices(topic=TOPIC_CHOICES)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def myth(
        self, interaction: discord.Interaction[Any], topic: app_commands.Choice[str] | None = None
    ) -> None:
        """Show a private card."""
        drawn = self._draw(topic.value if topic else "", "", texts(interaction))
        await show(interaction, drawn)

    async def show_another(
        self, interaction: discord.Interaction[Any], topic: str = "", seen: str = ""
    ) -> None:
        """Put another statement in the card's place."""
        await update(interaction, self._draw(topic, seen, texts(interaction)))

    async def answer(
        self, interaction: discord.Interaction[Any], myth_id: str, said: str, *_: str
    ) -> None:
        """Answer a press under a post, to the person alone; the post stays as it is."""
        t = texts(interaction)
        myth = self._find(myth_id, t)
        guide = await self._find_guide(interaction, myth)
        await show(interaction, render_answer(myth, said, "", (), t, guide=guide))

    async def guess(
        self,
        interaction: discord.Interaction[Any],
        myth_id: str,
        said: str,
        scope: str = "",
        seen: str = "",
    ) -> None:
        """Answer a press under the person's own card, in its place."""
        t = texts(interaction)
        myth = self._find(myth_id, t)
        guide = await self._find_guide(interaction, myth)
        topic = myth.topic if scope == ON_TOPIC else ""
        shown = split_short_ids(seen)
        await update(interaction, render_answer(myth, said, topic, shown, t, guide=guide))

    def _draw(self, topic: str, seen: str, t: Texts) -> discord.ui.LayoutView:
        shown = split_short_ids(seen)
        draw = self._myths.pick(topic or None, shown)
        if draw is None:
            message = t("I have nothing on that topic any more. Run /myth without a topic.")
            raise RefusalError(message)
        note = ""
        if draw.starts_over:
            shown = ()
            note = t("You have seen all {total} there are; they begin again.", total=draw.total)
        return render_statement(draw.myth, topic, shown, t, note=note)

    def _find(self, myth_id: str, t: Texts) -> Myth:
        myth = self._myths.find(myth_id)
        if myth is None:
            message = t("That one is no longer in my library. Run /myth for another one.")
            raise RefusalError(message)
        return myth

    async def _find_guide(self, interaction: discord.Interaction[Any], myth: Myth) -> str | None:
        """The guide with more about it, unless the community switched guides off."""
        if myth.guide is None or interaction.guild_id is None:
            return myth.guide
        settings = await self._guilds.settings(interaction.guild_id)
        return myth.guide if settings.is_on(GUIDES) else None
