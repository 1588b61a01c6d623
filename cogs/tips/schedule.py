"""What is particular about schedules of daily tips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.content.tips import TOPICS
from bot.tips.announcer import KIND
from cogs.schedules.kinds import ScheduleKind, Words
from cogs.tips.cards import tip_parts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.delivery.ports import Schedule
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.ui.cards import Part

WORDS = Words(
    none_here=lambda t: t("There are no daily tips here yet."),
    none_scheduled=lambda t: t("No daily tips are scheduled yet."),
    begin=lambda t: t("Schedule daily tips"),
    left_out=lambda t, **values: t(
        "The tip of {skipped} in <#{channel_id}> is left out.", **values
    ),
    back_in=lambda t, **values: t("Undone: the tip of {when} will be posted.", **values),
    back_in_still=lambda t, **values: t(
        "Undone: the tip of {when} is not left out. The schedule is {standing}, though.", **values
    ),
    nothing_fits=lambda t: t("skipped: no tip fits"),
    nothing_to_show=lambda t: t(
        "No tip fits this schedule, so nothing could be posted. "
        "Choose more topics with /tips schedule, or unmute some with /tips mute."
    ),
    history_note=lambda t: t("Ratings count everyone who pressed, in every community."),
)


def tips_kind(services: Services) -> ScheduleKind:
    """Daily tips: every day, on all topics of tips."""
    tips = services.tips

    async def find_gap(guild_id: int, topics: Collection[str]) -> str | None:
        if await tips.eligible(guild_id, topics):
            return None
        return await tips.explain_empty(guild_id, topics)

    async def show_sample(schedule: Schedule, t: Texts) -> Sequence[Part]:
        """The pinned tip, or any that fits; nothing is drawn for it."""
        pinned = await services.curation.pinned(schedule.schedule_id)
        tip = await tips.find(pinned) if pinned else None
        if tip is None:
            fitting = await tips.eligible(schedule.guild_id, schedule.options.get("topics", []))
            tip = next(iter(fitting.values()), None)
        return tip_parts(tip, t) if tip else ()

    async def name_entry(tip_id: str, t: Texts) -> tuple[str, str]:
        tip = await tips.find(tip_id)
        votes = await tips.votes(tip_id)
        counts = t("{yes} helpful, {no} not", yes=votes.helpful, no=votes.unhelpful)
        return tip.title if tip else tip_id, counts

    return ScheduleKind(
        kind=KIND,
        topics=TOPICS,
        weekdays=frozenset(range(7)),
        words=WORDS,
        find_gap=find_gap,
        show_sample=show_sample,
        name_entry=name_entry,
    )
