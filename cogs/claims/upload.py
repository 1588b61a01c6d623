"""``/claims import``: a partner's file of codes, privately, from whoever runs this bot.

The file is read first and only counted; a button then adds it. Neither the answers nor anything
that is kept in between show a code, and the draft lives in memory for a quarter of an hour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import discord

from bot.claims.code_files import MOST_BYTES
from bot.claims.codes import Imported, import_codes
from bot.errors import RefusalError
from cogs.claims.access import find_program, opened
from cogs.ui.cards import WARN, button, card, row, select
from cogs.ui.drafts import Drafts
from cogs.ui.once import OneAtATime
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import selected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

COMMAND = "/claims import"
LINES_SHOWN = 20
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class _Draft:
    """A file on its way into a pool."""

    content: bytes
    program_id: str = ""


class Upload:
    """Reads, counts, asks, adds: all or nothing, and once."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons of the preview."""
        self._services = services
        self._drafts: Drafts[_Draft] = Drafts(services.clock)
        self._adding = OneAtATime()
        client.routes.on_press("codes:choose", self.choose)
        client.routes.on_press("codes:add", self.add)
        client.routes.on_press("codes:cancel", self.cancel)

    async def receive(
        self, interaction: discord.Interaction[Any], file: discord.Attachment
    ) -> None:
        """Take a file. Raises :class:`RefusalError` for anybody but the operator."""
        t = texts(interaction)
        _ensure_operator(interaction, t)
        programs = opened(self._services, t).catalogue.by_id
        if not programs:
            message = t("No program was applied yet: python -m bot programs apply FILE does it.")
            raise RefusalError(message)
        if file.size > MOST_BYTES:
            message = t("The file is larger than {most} MB.", most=MOST_BYTES // MEGABYTE)
            raise RefusalError(message)
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            content = await file.read()
        except discord.HTTPException as error:
            message = t("I could not fetch the file from Discord. Please upload it again.")
            raise RefusalError(message) from error
        token = self._drafts.hold(interaction.user.id, _Draft(content))
        if len(programs) == 1:
            await self._preview(interaction, token, next(iter(programs)))
            return
        options = [(program.id, program.title) for program in programs.values()]
        choice = select(t("Which program?"), "codes:choose", token, options=options)
        await show(interaction, card("## " + t("Whose codes are these?"), row(choice)))

    async def choose(self, interaction: discord.Interaction[Any], token: str) -> None:
        """The program was chosen."""
        _ensure_operator(interaction, texts(interaction))
        await interaction.response.defer()
        await self._preview(interaction, token, selected(interaction)[0])

    async def _preview(
        self, interaction: discord.Interaction[Any], token: str, program_id: str
    ) -> None:
        """Count what the file would add."""
        t = texts(interaction)
        draft = self._drafts.take(token, interaction.user.id, COMMAND, t)
        program = find_program(self._services, program_id, t)
        counted = await self._import(program_id, draft.content, is_dry_run=True)
        heading = "## " + t("Codes for {title}", title=program.title)
        if counted.malformed or not counted.added:
            self._drafts.drop(token)
            words = _count(counted, t)
            again = t("Nothing was added. Correct the file, or the program's pattern, and try it.")
            await update(interaction, card(heading, words, again, accent=WARN))
            return
        self._drafts.replace(token, replace(draft, program_id=program_id))
        buttons = row(
            button(t("Add them"), "codes:add", token, style=discord.ButtonStyle.primary),
            button(t("Cancel"), "codes:cancel", token),
        )
        await update(interaction, card(heading, _count(counted, t), buttons))

    async def add(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Add them, once."""
        t = texts(interaction)
        _ensure_operator(interaction, t)
        with self._adding.turn(token) as is_first:
            if not is_first:
                await interaction.response.defer()
                return
            draft = self._drafts.take(token, interaction.user.id, COMMAND, t)
            await interaction.response.defer()
            added = await self._import(draft.program_id, draft.content)
            self._drafts.drop(token)
        done = t("Added: {count}. Delete the file where you can.", count=added.added)
        await update(interaction, card(done))

    async def cancel(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Forget the file."""
        self._drafts.drop(token)
        await update(interaction, card(texts(interaction)("Nothing was added.")))

    async def _import(
        self, program_id: str, content: bytes, *, is_dry_run: bool = False
    ) -> Imported:
        claims = opened(self._services, self._services.languages.texts("en"))
        return await import_codes(
            self._services.database,
            claims.keys,
            program_id,
            content,
            self._services.clock.now(),
            fence=claims.fence,
            is_dry_run=is_dry_run,
        )


def _ensure_operator(interaction: discord.Interaction[Any], t: Texts) -> None:
    application = interaction.client.application
    if application is None:
        owners = set()
    elif application.team is not None:
        owners = {member.id for member in application.team.members}
    else:
        owners = {application.owner.id}
    if interaction.user.id not in owners:
        message = t(
            "Only whoever runs this bot can add codes. Partners' files belong to them alone: "
            "please don't send one here."
        )
        raise RefusalError(message)


def _count(counted: Imported, t: Texts) -> str:
    parts = [
        t("{count} new", count=counted.added),
        t("{count} known already", count=len(counted.known)) + _lines(counted.known, t),
        t("{count} malformed", count=len(counted.malformed)) + _lines(counted.malformed, t),
    ]
    return "\n".join(f"- {part}" for part in parts)


def _lines(numbers: Sequence[int], t: Texts) -> str:
    if not numbers:
        return ""
    shown = ", ".join(map(str, numbers[:LINES_SHOWN]))
    more = "…" if len(numbers) > LINES_SHOWN else ""
    return " " + t("(lines {numbers})", numbers=shown + more)
