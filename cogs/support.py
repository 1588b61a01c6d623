"""The message command "Support for this person": guidance for whoever is worried.

The message itself is not looked at. Nothing is stored, and nobody is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.safety.cards import help_buttons
from cogs.ui.cards import CARE, button, card, cut, line, row
from cogs.ui.replies import show, texts

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

GUIDES = ("helping-a-friend", "a-friend-is-suicidal", "worrying-message-online")
FOR_HELPERS = "looking-after-yourself-as-a-helper"


class SupportCog(commands.Cog):
    """One entry in the menu of a message."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Add the menu entry."""
        self._client = client
        self._resources = services.resources
        self._menu = app_commands.ContextMenu(
            name="Support for this person",
            callback=self.support,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def cog_load(self) -> None:
        """Put the entry into the tree."""
        self._client.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it out again."""
        self._client.tree.remove_command(self._menu.name, type=self._menu.type)

    async def support(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        """Show guidance to the asker alone."""
        t = texts(interaction)
        is_own = message.author.id == interaction.user.id
        await show(interaction, self._render_own(t) if is_own else self._render(t))

    def _render(self, t: Texts) -> ui.LayoutView:
        return card(
            "## " + t("Being there for someone"),
            t(
                "You noticed, and that already matters. You don't need the perfect words:\n"
                "- Write to them **privately**, not below their message.\n"
                "- Say what you noticed, and ask openly how they are.\n"
                "- Listen. No advice is needed at first, and no promise to keep it a secret.\n"
                "- If you think of suicide, ask them directly and calmly. Asking does not plant "
                "the idea.\n"
                "- Help them reach someone: a person they trust, a doctor, a help line.\n"
                "- If a moderator should know that the message is there, you decide and you tell "
                "them; I don't."
            ),
            t(
                "**If someone is in danger right now, call the emergency number of where they "
                "are.**"
            ),
            help_buttons(t),
            line(),
            t("**Read on:**"),
            self._guides(t),
            "-# "
            + t(
                "I have not looked at the message. Only you can see this; nothing is stored, and "
                "nobody is told."
            ),
            accent=CARE,
        )

    def _render_own(self, t: Texts) -> ui.LayoutView:
        return card(
            "## " + t("This is your own message"),
            t(
                "If it is about you: you don't have to carry it alone. You can talk to someone "
                "now, or look for something that helps with /ask."
            ),
            help_buttons(t),
            "-# " + t("Only you can see this; nothing is stored, and nobody is told."),
            accent=CARE,
        )

    def _guides(self, t: Texts) -> ui.ActionRow[ui.LayoutView] | None:
        by_id = self._resources.library.by_id
        return row(
            *(
                button(cut(t(by_id[item].title), 80), "resources:beside", item)
                for item in (*GUIDES, FOR_HELPERS)
                if item in by_id
            )
        )
