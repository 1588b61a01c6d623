"""``/resources``: browse and search for everyone; add, own, import and export for moderators.

Discord hides whole commands only, so the moderators' part is visible too; each of its commands
checks the permission itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.content.guides import TOPICS
from cogs.resources.browse import Browse
from cogs.resources.files import ResourceFiles
from cogs.resources.own import OwnResources
from cogs.resources.self_check import SelfCheck

if TYPE_CHECKING:
    from bot.client import BreatherClient
    from bot.services import Services

TOPIC_CHOICES = [app_commands.Choice(name=name, value=topic) for topic, name in TOPICS.items()]
WORDS_LENGTH = 200


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class ResourcesGroup(
    commands.GroupCog, name="resources", description="Guides that are checked against sources"
):
    """The subcommands; what they do stands in the modules beside this one."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Make the parts that the subcommands hand over to."""
        self._browse = Browse(client.routes, services)
        self._own = OwnResources(client.routes, services)
        self._files = ResourceFiles(client.routes, services)
        SelfCheck(client.routes, services)

    @app_commands.command(name="browse", description="Guides by topic; only you see them")
    @app_commands.describe(topic="Leave empty to see all topics")
    @app_commands.choices(topic=TOPIC_CHOICES)
    async def browse(
        self, interaction: discord.Interaction[Any], topic: app_commands.Choice[str] | None = None
    ) -> None:
        """Show the topics, or one."""
        await self._browse.begin(interaction, topic.value if topic else None)

    @app_commands.command(name="search", description="Guides by words; only you see them")
    @app_commands.describe(words="One word or a few")
    async def search(
        self, interaction: discord.Interaction[Any], words: app_commands.Range[str, 1, WORDS_LENGTH]
    ) -> None:
        """List what fits."""
        await self._browse.search(interaction, words)

    @app_commands.command(
        name="add", description="For moderators: add a resource of your community's own"
    )
    async def add(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        await self._own.add(interaction)

    @app_commands.command(
        name="own", description="For moderators: edit or remove what your community added"
    )
    async def own(self, interaction: discord.Interaction[Any]) -> None:
        """List them."""
        await self._own.list_own(interaction)

    @app_commands.command(
        name="export", description="For moderators: your community's resources as a file"
    )
    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """Give the file."""
        await self._files.export(interaction)

    @app_commands.command(
        name="import", description="For moderators: add or change resources from a file"
    )
    @app_commands.describe(file="A file like the one that /resources export gives")
    async def import_(
        self, interaction: discord.Interaction[Any], file: discord.Attachment
    ) -> None:
        """Preview, then import."""
        await self._files.preview(interaction, file)
