"""``/about``: what this bot is and is not, who runs it, what it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import __version__
from cogs.ui.cards import button, card, line, link, row
from cogs.ui.replies import show, texts

if TYPE_CHECKING:
    from bot.app import Services
    from bot.client import BreatherClient

MINIMUM_AGE = 13
"""Discord's own minimum age in most countries (Discord's terms of service, "Who can use")."""


class AboutCog(commands.Cog):
    """One card."""

    def __init__(self, _client: BreatherClient, services: Services) -> None:
        self._settings = services.settings
        self._library = services.tips.library

    @app_commands.command(name="about", description="What this bot is and is not, who runs it, what it keeps")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def about(self, interaction: discord.Interaction[Any]) -> None:
        """Show it."""
        t = texts(interaction)
        settings = self._settings
        operator = settings.operator_name or t("the people of this community (no name was given)")
        contact = f" · {settings.operator_contact}" if settings.operator_contact else ""
        await show(
            interaction,
            card(
                "## Breather",
                t("A bot for creator communities: a small self-care tip a day, and help one command away."),
                t(
                    "**It is not therapy**, nobody watches it, and it can't see your messages. "
                    "Tips are gathered from public sources or are common practice; no clinician reviewed them. "
                    "If you need someone now: /help-now."
                ),
                t(
                    "**It keeps** only the tips you save or rate, and which settings moderators changed. "
                    "/my-data shows and erases it."
                ),
                t("**Run by** {operator}{contact}.", operator=operator, contact=contact),
                line(),
                "-# "
                + t(
                    "Version {version} · {tips} tips · for people of {age} and older, or the age Discord asks for in your country",
                    version=__version__,
                    tips=len(self._library.by_id),
                    age=MINIMUM_AGE,
                ),
                row(
                    button(t("Get help now"), "help-now:open"),
                    link(t("Source code"), settings.source_url) if settings.source_url else None,
                ),
            ),
        )
