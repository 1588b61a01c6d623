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
    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

MINIMUM_AGE = 13
"""Discord's own minimum age in most countries (Discord's terms of service, "Who can use")."""


class AboutCog(commands.Cog):
    """One card."""

    def __init__(self, _client: BreatherClient, services: Services) -> None:
        self._settings = services.settings
        self._library = services.tips.library

    @app_commands.command(
        name="about", description="What this bot is and is not, who runs it, what it keeps"
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def about(self, interaction: discord.Interaction[Any]) -> None:
        """Show it."""
        await show(interaction, self._card(texts(interaction)))

    def _card(self, t: Texts) -> discord.ui.LayoutView:
        operator = self._settings.operator_name or t(
            "whoever added me here (they left no name; ask the moderators)"
        )
        contact = f" · {self._settings.operator_contact}" if self._settings.operator_contact else ""
        source = self._settings.source_url
        has_address = source.startswith(("https://", "http://"))
        return card(
            "## Breather",
            t(
                "A bot for creator communities: a small self-care tip a day, "
                "and help one command away."
            ),
            t(
                "**It is not therapy and not a crisis service.** Nobody watches it, "
                "and it can't see your messages. Its tips come from public sources "
                "or are common practice; no clinician reviewed them. "
                "If you need someone now: /help-now."
            ),
            t(
                "**It keeps** the tips you save or rate, your reminders and direct messages on "
                "their way, live events you come to, your claims with their codes, and your open "
                "request for a moderator. It keeps what this community set up, and of moderators "
                "the announcements, live events and decisions on claims and codes that are theirs, "
                "and which settings they changed (for 90 days). Nothing about how you feel. "
                "/my-data shows and erases what is yours."
            ),
            t("**Run by** {operator}{contact}.", operator=operator, contact=contact),
            None if has_address else t("**Source code:** ask whoever runs this copy."),
            line(),
            "-# "
            + t(
                "Version {version} · {tips} tips · for people of {age} and older, "
                "or the age that Discord asks for in your country",
                version=__version__,
                tips=len(self._library.by_id),
                age=MINIMUM_AGE,
            ),
            row(
                button(t("Get help now"), "help-now:open"),
                link(t("Source code"), source) if has_address else None,
            ),
        )
