"""What is particular about schedules of the weekly myth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.content.myths import TOPICS
from bot.myths import rules
from bot.myths.announcer import KIND
from cogs.myths.cards import post_parts
from cogs.schedules.kinds import ScheduleKind, Words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.delivery.ports import Schedule
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.ui.cards import Part

MONDAY = 0
WORDS = Words(
    none_here=lambda t: t("There is no weekly myth here yet."),
    none_scheduled=lambda t: t("No weekly myth is scheduled yet."),
    begin=lambda t: t("Schedule a weekly myth"),
    left_out=lambda t, **values: t(
        "The myth of {skipped} in <#{channel_id}> is left out.", **values
    ),
    back_in=lambda t, **values: t("Undone: the myth of {when} will be posted.", **values),
    back_in_still=lambda t, **values: t(
        "Undone: the myth of {when} is not left out. The schedule is {standing}, though.", **values
    ),
    nothing_fits=lambda t: t("skipped: no myth or fact fits"),
    nothing_to_show=lambda t: t(
        "No myth or fact fits this schedule, so nothing could be posted. "
        "Choose other topics with /myths schedule."
    ),
)


def myths_kind(services: Services) -> ScheduleKind:
    """The weekly myth: on Mondays, on all topics of myths."""
    myths = services.myths

    async def find_gap(_guild_id: int, topics: Collection[str]) -> str | None:
        return None if myths.eligible(topics) else rules.explain_empty(topics)

    async def show_sample(schedule: Schedule, t: Texts) -> Sequence[Part]:
        """Any that fits, with buttons that work; nothing is drawn for it."""
        fitting = myths.eligible(schedule.options.get("topics", []))
        return post_parts(myths.library.by_id[fitting[0]], "test", t) if fitting else ()

    async def name_entry(myth_id: str, _t: Texts) -> tuple[str, str]:
        myth = myths.find(myth_id)
        return myth.statement if myth else myth_id, ""

    return ScheduleKind(
        kind=KIND,
        topics=TOPICS,
        weekdays=frozenset({MONDAY}),
        words=WORDS,
        find_gap=find_gap,
        show_sample=show_sample,
        name_entry=name_entry,
    )
