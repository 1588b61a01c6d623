"""A community's resources as a file: export, and import with a preview."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import RefusalError
from bot.resources.exchange import MOST_BYTES, read_file, write_file
from cogs.resources.own_cards import advise_on
from cogs.ui.cards import button, card, cut, refusal, row
from cogs.ui.drafts import Drafts
from cogs.ui.moderators import ensure_moderator
from cogs.ui.once import OneAtATime
from cogs.ui.plain import plain
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import Router
    from bot.i18n import Texts
    from bot.resources.rules import CommunityResource
    from bot.services import Services

COMMAND = "/resources import"
FAULTS_SHOWN = 15
FAULT_LENGTH = 120
FAULTS_LENGTH = FAULTS_SHOWN * FAULT_LENGTH
"""Of all faults together: a few may say more each than many."""
NAMES_LENGTH = 500
FILE_NAME = "resources.toml"


class ResourceFiles:
    """Out and in again; an import is all or nothing."""

    def __init__(self, routes: Router, services: Services) -> None:
        """Register the buttons of the preview."""
        self._services = services
        self._drafts: Drafts[Sequence[CommunityResource]] = Drafts(services.clock)
        self._importing = OneAtATime()
        routes.on_press("resource-file:import", self.import_all)
        routes.on_press("resource-file:cancel", self.cancel)

    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """Give the resources as a file."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        own = await self._services.resources.own(guild.id)
        content = write_file(own).encode()
        t = texts(interaction)
        begin = (
            t("Your community's own resources: {count}.", count=len(own))
            if own
            else t("Your community has no resources of its own yet. The file shows how to begin.")
        )
        then = t(
            "Change the file and bring it back with {command}: a title that is there already is "
            "changed, a new one is added, nothing is removed.",
            command=COMMAND,
        )
        file = discord.File(io.BytesIO(content), FILE_NAME)
        await interaction.response.send_message(f"{begin} {then}", file=file, ephemeral=True)

    async def preview(
        self, interaction: discord.Interaction[Any], attachment: discord.Attachment
    ) -> None:
        """Read a file and show what an import would do; every fault at once."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        if attachment.size > MOST_BYTES:
            message = t(
                "The file is larger than {most} KB, so I did not read it. Split it and import "
                "the parts one after the other.",
                most=MOST_BYTES // 1024,
            )
            raise RefusalError(message)
        await interaction.response.defer(ephemeral=True)
        try:
            content = await attachment.read()
        except discord.HTTPException as error:
            message = t("I could not fetch the file from Discord. Please upload it again.")
            raise RefusalError(message) from error
        resources, faults = await asyncio.to_thread(read_file, content, t)
        if faults:
            await show(interaction, _render_faults(faults, t))
            return
        plan = await self._services.resource_curation.plan(guild.id, resources)
        token = self._drafts.hold(interaction.user.id, resources)
        counts = t(
            "{new} new, {changed} changed, {same} as they are.",
            new=len(plan.new),
            changed=len(plan.changed),
            same=plan.same,
        )
        wanted = (*plan.new, *plan.changed)
        advised = await asyncio.to_thread(lambda: [item for item in wanted if advise_on(item)])
        view = card(
            "## " + t("Import from this file?"),
            counts,
            _list_names(plan.new, t("New:")),
            _list_names(plan.changed, t("Changed:")),
            _list_names(advised, t("Safe messaging suggests another look at:")),
            row(
                button(
                    t("Import"),
                    "resource-file:import",
                    token,
                    style=discord.ButtonStyle.primary,
                    disabled=not wanted,
                ),
                button(t("Cancel"), "resource-file:cancel", token),
            ),
        )
        await show(interaction, view)

    async def import_all(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Do it, once."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        with self._importing.turn(token) as is_first:
            if not is_first:
                await interaction.response.defer()
                return
            resources = self._drafts.take(token, interaction.user.id, COMMAND, t)
            await interaction.response.defer()
            curation = self._services.resource_curation
            plan = await curation.import_all(guild.id, interaction.user.id, resources)
            self._drafts.drop(token)
        words = t(
            "Imported: {new} new, {changed} changed.", new=len(plan.new), changed=len(plan.changed)
        )
        buttons = row(button(t("Own resources"), "own-resource:list", 0))
        await update(interaction, card(words, buttons))

    async def cancel(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Change nothing."""
        self._drafts.drop(token)
        await update(interaction, card(texts(interaction)("Nothing was changed.")))


def _list_names(resources: Sequence[CommunityResource], heading: str) -> str | None:
    """The titles as far as there is room for them."""
    if not resources:
        return None
    names = " · ".join(item.title for item in resources)
    return f"**{heading}** {plain(cut(names, NAMES_LENGTH))}"


def _render_faults(faults: Sequence[str], t: Texts) -> discord.ui.LayoutView:
    shown = faults[:FAULTS_SHOWN]
    room = FAULTS_LENGTH // len(shown)
    lines = "\n".join(f"- {plain(cut(fault, room))}" for fault in shown)
    more = len(faults) - FAULTS_SHOWN
    if more > 0:
        lines += "\n" + t("… and {count} more.", count=more)
    return refusal(
        "## "
        + t("Nothing was imported yet")
        + f"\n{lines}\n"
        + t("Correct that in the file and import it again.")
    )
