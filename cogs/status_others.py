"""What ``/status`` says of what has panels of its own: campaigns, announcements, events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.announcements.rules import KIND as ANNOUNCEMENT
from bot.campaigns.rules import KIND as CAMPAIGN
from bot.campaigns.sun import KIND as SUN
from bot.delivery.rules import ScheduleState
from bot.events.posts import POSTS as EVENT
from bot.events.posts import SOON_POSTS as EVENT_SOON
from bot.events.rules import State
from cogs.ui.cards import Part, button, cut, line, row
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.delivery.ports import Schedule
    from bot.i18n import Texts
    from bot.services import Services

NAMES = {
    CAMPAIGN: "Campaign",
    SUN: "Board that follows the sun",
    ANNOUNCEMENT: "Announcement",
    EVENT: "Live event",
    EVENT_SOON: "Live event",
}
COMMANDS = {
    CAMPAIGN: "/campaign",
    SUN: "/campaign",
    ANNOUNCEMENT: "/announcements",
    EVENT: "/event manage",
    EVENT_SOON: "/event manage",
}
BROKEN_SHOWN = 2
PROBLEM_LENGTH = 240


class Others:
    """Reads everything afresh at each call."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def find(self, guild_id: int, schedule_id: str) -> Schedule | None:
        """A schedule of such a kind, by its id."""
        found = await self._services.schedules.in_guild(guild_id)
        return next(
            (one for one in found if str(one.schedule_id) == schedule_id and one.kind in NAMES),
            None,
        )

    async def parts(self, guild_id: int, t: Texts) -> Sequence[Part]:
        """A line for each that is on, and first whatever stands still because of its channel."""
        found = await self._services.schedules.in_guild(guild_id)
        parts: list[Part] = []
        broken = [one for one in found if one.kind in NAMES and one.state == ScheduleState.BROKEN]
        for one in broken[:BROKEN_SHOWN]:
            problem = cut(t(one.problem or "It needs you."), PROBLEM_LENGTH)
            retry = button(
                t("Retry"),
                "status:restart",
                one.schedule_id,
                style=discord.ButtonStyle.primary,
            )
            name, command = t(NAMES[one.kind]), COMMANDS[one.kind]
            parts += [f"**{name}** ({command})\n**{problem}**", row(retry)]
        if len(broken) > BROKEN_SHOWN:
            more = len(broken) - BROKEN_SHOWN
            parts.append("-# " + t("and {more} more that stand still", more=more))
        return [line(), *parts, await self._lines(guild_id, found, t)]

    async def _lines(self, guild_id: int, found: Sequence[Schedule], t: Texts) -> str:
        lines = [
            _line(t("Campaigns"), "/campaign", _of(found, CAMPAIGN), t),
            _line(t("Announcements"), "/announcements", _of(found, ANNOUNCEMENT), t),
        ]
        ahead = await self._services.events.ahead(guild_id)
        planned = [one.starts_at for one in ahead if one.state is State.PLANNED and one.starts_at]
        lines.append(_line(t("Live events"), "/event manage", planned, t))
        return "\n".join(lines)


def _of(found: Sequence[Schedule], kind: str) -> list[int]:
    return [
        one.next_run_at
        for one in found
        if one.kind == kind and one.state == ScheduleState.ACTIVE and one.next_run_at is not None
    ]


def _line(name: str, command: str, ahead: Sequence[int], t: Texts) -> str:
    if not ahead:
        return f"**{name}:** " + t("nothing is planned ({command})", command=command)
    return f"**{name}:** " + t(
        "{count} planned, next {when} ({command})",
        count=len(ahead),
        when=stamp(min(ahead), "R"),
        command=command,
    )
