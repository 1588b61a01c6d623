"""``/tips history``: what was posted, skipped or missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.delivery.rules import DeliveryState
from cogs.tips.queue import NOTES
from cogs.tips.schedule_words import describe
from cogs.ui.cards import card, cut
from cogs.ui.plain import plain
from cogs.ui.replies import texts, update

if TYPE_CHECKING:
    import discord

    from bot.delivery.ports import Delivery, Schedule
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.tips.which import Which

SHOWN = 10
TITLE_LENGTH = 60


class History:
    """The latest slots of a schedule."""

    def __init__(self, services: Services, which: Which) -> None:
        """Register what goes on after a schedule was chosen."""
        self._services = services
        self._which = which
        which.register("history", self._show)

    async def show(self, interaction: discord.Interaction[Any], schedule_id: str | None) -> None:
        """Answer ``/tips history``."""
        await self._which.ask(interaction, "history", schedule_id)

    async def _show(self, interaction: discord.Interaction[Any], schedule: Schedule) -> None:
        t = texts(interaction)
        entries = await self._services.schedules.history(schedule.schedule_id, SHOWN)
        lines = [await self._line(schedule, entry, t) for entry in entries]
        view = card(
            "## " + t("History"),
            describe(schedule, t),
            "\n".join(lines) or t("Nothing was posted or skipped yet."),
            "-# " + t("Ratings count everyone who pressed, in every community.") if lines else None,
        )
        await update(interaction, view)

    async def _line(self, schedule: Schedule, entry: Delivery, t: Texts) -> str:
        if entry.state != DeliveryState.SENT:
            return f"- {entry.slot} · {t(NOTES.get(entry.note or '', 'on its way'))}"
        tip_id = entry.content_id or ""
        tip = await self._services.tips.find(tip_id)
        title = plain(cut(tip.title if tip else tip_id, TITLE_LENGTH))
        votes = await self._services.tips.votes(tip_id)
        place = f"{schedule.guild_id}/{entry.channel_id}/{entry.message_id}"
        link = f"[{title}](<https://discord.com/channels/{place}>)"
        counts = t("{yes} helpful, {no} not", yes=votes.helpful, no=votes.unhelpful)
        return f"- {entry.slot} · {link} · {counts}"
