"""What was posted, skipped or missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.delivery.rules import DeliveryState, Note
from cogs.schedules.words import describe
from cogs.ui.cards import card, cut
from cogs.ui.plain import plain
from cogs.ui.replies import texts, update

if TYPE_CHECKING:
    import discord

    from bot.delivery.ports import Delivery, Schedule
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.schedules.kinds import Kinds, ScheduleKind
    from cogs.schedules.which import Which

SHOWN = 10
TITLE_LENGTH = 60
NOTES = {
    Note.LATE.value: "skipped: more than 3 hours late",
    Note.BY_MODERATOR.value: "skipped by a moderator",
    Note.PAUSED.value: "skipped: paused at the time",
    Note.REFUSED.value: "failed: Discord refused the channel",
    Note.RESTORED.value: "skipped: the database was restored",
    Note.REJECTED.value: "failed: Discord rejected this post",
}
"""What the ledger's notes mean, for the history and for ``/status``."""


class History:
    """The latest slots of a schedule."""

    def __init__(self, services: Services, kinds: Kinds, which: Which) -> None:
        """Register what goes on after a schedule was chosen."""
        self._services = services
        self._kinds = kinds
        self._which = which
        which.register("history", self._show)

    async def show(
        self, interaction: discord.Interaction[Any], kind: ScheduleKind, schedule_id: str | None
    ) -> None:
        """Answer a kind's command ``history``."""
        await self._which.ask(interaction, kind, "history", schedule_id)

    async def _show(self, interaction: discord.Interaction[Any], schedule: Schedule) -> None:
        t = texts(interaction)
        kind = self._kinds[schedule.kind]
        entries = await self._services.schedules.history(schedule.schedule_id, SHOWN)
        lines = [await _line(kind, schedule, entry, t) for entry in entries]
        note = kind.words.history_note
        view = card(
            "## " + t("History"),
            describe(kind, schedule, t),
            "\n".join(lines) or t("Nothing was posted or skipped yet."),
            f"-# {note(t)}" if lines and note else None,
        )
        await update(interaction, view)


def explain_note(kind: ScheduleKind, entry: Delivery, t: Texts) -> str:
    """Why a slot has no post, or that it is on its way."""
    if entry.note == Note.NOTHING_FITS:
        return kind.words.nothing_fits(t)
    return t(NOTES.get(entry.note or "", "on its way"))


async def _line(kind: ScheduleKind, schedule: Schedule, entry: Delivery, t: Texts) -> str:
    if entry.state != DeliveryState.SENT:
        return f"- {entry.slot} · {explain_note(kind, entry, t)}"
    title, remark = await kind.name_entry(entry.content_id or "", t)
    place = f"{schedule.guild_id}/{entry.channel_id}/{entry.message_id}"
    link = f"[{plain(cut(title, TITLE_LENGTH))}](<https://discord.com/channels/{place}>)"
    return " · ".join(filter(None, (f"- {entry.slot}", link, remark)))
