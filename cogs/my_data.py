"""``/my-data``: see, download and erase what is kept about you. Looking creates nothing."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.ui.cards import button, card, row
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from bot.app import Services
    from bot.client import BreatherClient

TABLE_NAMES = {
    "saved_tips": "Tips you saved (tip and when)",
    "tip_votes": "Tips you rated (tip and helpful or not)",
    "audit_entries": "Settings you changed as a moderator",
}


class MyDataCog(commands.Cog):
    """Asks the registry; answers only the person who asked."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._privacy = services.privacy
        client.routes.on_press("my-data:download", self.download)
        client.routes.on_press("my-data:ask", self.ask)
        client.routes.on_press("my-data:erase", self.erase)
        client.routes.on_press("my-data:open", self.reopen)

    @app_commands.command(name="my-data", description="See, download or erase what I keep about you")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def my_data(self, interaction: discord.Interaction[Any]) -> None:
        """Show it."""
        await show(interaction, await self._overview(interaction))

    async def reopen(self, interaction: discord.Interaction[Any]) -> None:
        """Show it in the card's place."""
        await update(interaction, await self._overview(interaction))

    async def download(self, interaction: discord.Interaction[Any]) -> None:
        """Send everything as one JSON file, privately."""
        exported = await self._privacy.export(interaction.user.id)
        data = json.dumps(exported, indent=2, ensure_ascii=False).encode()
        await interaction.response.send_message(
            file=discord.File(io.BytesIO(data), "my-data.json"), ephemeral=True
        )

    async def ask(self, interaction: discord.Interaction[Any]) -> None:
        """Ask before erasing."""
        t = texts(interaction)
        await update(
            interaction,
            card(
                "## " + t("Erase everything I keep about you?"),
                t("Your saved tips and ratings go for good, in every community. You can go on using me."),
                row(
                    button(t("Erase"), "my-data:erase", style=discord.ButtonStyle.danger),
                    button(t("Keep it"), "my-data:open"),
                ),
            ),
        )

    async def erase(self, interaction: discord.Interaction[Any]) -> None:
        """Erase, with a receipt."""
        t = texts(interaction)
        receipt = await self._privacy.erase(interaction.user.id)
        lines = [f"- {t(TABLE_NAMES.get(table, table))}: {count}" for table, count in receipt.erased.items() if count]
        await update(
            interaction,
            card(
                "## " + t("Erased"),
                "\n".join(lines) or t("There was nothing to erase."),
                "\n".join(t(word) for word in receipt.stays) or t("Nothing stays."),
            ),
        )

    async def _overview(self, interaction: discord.Interaction[Any]) -> discord.ui.LayoutView:
        t = texts(interaction)
        counts = await self._privacy.count(interaction.user.id)
        lines = [f"- {t(TABLE_NAMES.get(table, table))}: **{count}**" for table, count in counts.items()]
        nothing = not any(counts.values())
        return card(
            "## " + t("What I keep about you"),
            t("Nothing. Looking here did not change that.") if nothing else "\n".join(lines),
            t("I never keep how you feel, what you ask for in /help-now, or your messages."),
            row(
                button(t("Download (JSON)"), "my-data:download"),
                button(t("Erase everything"), "my-data:ask", style=discord.ButtonStyle.danger, disabled=nothing),
            ),
        )
