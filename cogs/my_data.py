"""``/my-data``: see, download and erase what is kept about you. Looking creates nothing."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from cogs.ui.cards import button, card, row
from cogs.ui.once import OneAtATime
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

TABLE_NAMES = {
    "check_ins": "Your open request for a moderator",
    "deliveries": "Direct messages you asked for that are on their way (what kind, when)",
    "reminders": "Reminders you set (which day, when, your time zone and language)",
    "saved_tips": "Tips you saved (which tip, and when)",
    "tip_votes": "Tips you rated (which tip, and whether it helped)",
    "claims": "Your claims (what you declared, how each stands, your code)",
    "claim_decisions": "Claims you decided on as a moderator (which, what, when)",
    "allocations": "Faulty codes you helped to replace as a moderator (which claim, when)",
    "code_replacements": "Codes you asked to replace as a moderator (which claim, when)",
    "announcements": "Announcements you wrote or approved as a moderator (where, their words)",
    "events": "Live events you wrote or lead (where, what, when)",
    "event_rsvps": "Live events you said you come to (which, how you are reminded)",
    "audit_entries": "Settings you changed as a moderator (what, where, when)",
}
"""Words for every enrolled table; a test fails when one is missing."""

STAYING = {
    "announcements": "Announcements that you wrote or approved stay with their community, but "
    "without you: your id is taken out.",
    "audit_entries": "What you changed as a moderator stays in that community's log "
    "for 90 days, but without you: your id is taken out.",
    "check_ins": "My message in the moderators' channel that you asked for support stays until "
    "they delete it.",
    "claims": "**If you have a code, copy it first: I can't show it again, and there is no second "
    "one.** Where you still wait, your place passes on. Of a claim stay how it stood, where and "
    "when, and keyed hashes of your Discord id and your handle, so that nobody claims twice. "
    "30 days after the program's last access ends, the key that made them is destroyed. What "
    "moderators were shown in their channel stays until they delete it.",
    "events": "Events that you wrote or lead stay with their community, but without you: your id "
    "is taken out. Posts that name you as the host stay in their channels.",
    "claim_decisions": "What you decided about claims stays with them, but without you: your id "
    "is taken out.",
    "allocations": "That a faulty code was replaced stays, but without you: your id is taken out.",
}
"""What outlives an erasure, and why, said before it."""


HASHES_STAY = (
    "If you erased a claim: keyed hashes of it, which show nothing of you, stay until 30 days "
    "after the program's last access ends, so that nobody claims twice."
)
"""Said where nothing is listed: those hashes can't be shown as somebody's."""


class MyDataCog(commands.Cog):
    """Asks the registry; answers only the person who asked."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._privacy = services.privacy
        self._erasing = OneAtATime()
        routes = client.routes
        routes.on_press("my-data:download", self.download)
        routes.on_press("my-data:ask", self.ask)
        routes.on_press("my-data:erase", self.erase)
        routes.on_press("my-data:open", self.reopen)

    @app_commands.command(
        name="my-data", description="See, download or erase what I keep about you"
    )
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
        await interaction.response.defer(ephemeral=True, thinking=True)
        exported = await self._privacy.export(interaction.user.id)
        data = json.dumps(exported, indent=2, ensure_ascii=False).encode()
        file = discord.File(io.BytesIO(data), "my-data.json")
        await interaction.followup.send(file=file, ephemeral=True)

    async def ask(self, interaction: discord.Interaction[Any]) -> None:
        """Say what goes and what stays, and ask."""
        t = texts(interaction)
        counts = await self._privacy.count(interaction.user.id)
        if not any(counts.values()):
            await update(interaction, await self._overview(interaction))
            return
        stays = [t(words) for table, words in STAYING.items() if counts.get(table)]
        await update(
            interaction,
            card(
                "## " + t("Erase everything I keep about you?"),
                _listed(counts, t),
                "\n".join(stays),
                t(
                    "It goes for good, in every community at once, and can't be undone. "
                    "You can go on using me afterwards."
                ),
                row(
                    button(t("Erase"), "my-data:erase", style=discord.ButtonStyle.danger),
                    button(t("Keep it"), "my-data:open"),
                    button(t("Download first (JSON)"), "my-data:download"),
                ),
            ),
        )

    async def erase(self, interaction: discord.Interaction[Any]) -> None:
        """Erase, with a receipt, also if it takes longer than Discord waits for an answer."""
        await interaction.response.defer()
        with self._erasing.turn(interaction.user.id) as is_first:
            if is_first:
                await self._erase(interaction)

    async def _erase(self, interaction: discord.Interaction[Any]) -> None:
        t = texts(interaction)
        receipt = await self._privacy.erase(interaction.user.id)
        erased = _listed(receipt.erased, t)
        if not erased:
            words = t("There is nothing left to erase: I keep nothing about you.")
            await update(interaction, card("## " + t("Nothing to erase"), words))
            return
        stays = "\n".join(t(word) for word in receipt.stays)
        await update(interaction, card("## " + t("Erased"), erased, stays or t("Nothing stays.")))

    async def _overview(self, interaction: discord.Interaction[Any]) -> discord.ui.LayoutView:
        t = texts(interaction)
        listed = _listed(await self._privacy.count(interaction.user.id), t)
        return card(
            "## " + t("What I keep about you"),
            listed or t("Nothing, and looking here did not change that."),
            None if listed else "-# " + t(HASHES_STAY),
            t("I never keep how you feel, what you ask in /help-now, or your messages."),
            row(
                button(t("Download (JSON)"), "my-data:download"),
                button(
                    t("Erase everything"),
                    "my-data:ask",
                    style=discord.ButtonStyle.danger,
                    disabled=not listed,
                ),
            ),
        )


def _listed(counts: dict[str, int], t: Texts) -> str:
    """One line for each table that holds something; an empty text when none does."""
    return "\n".join(
        f"- {t(TABLE_NAMES.get(table, table))}: **{count}**"
        for table, count in counts.items()
        if count
    )
