"""Which schedule is meant: the only one, the one that was named, or one to choose."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, Any

from bot.errors import RefusalError
from cogs.schedules.kinds import find_schedule
from cogs.schedules.words import label_of
from cogs.ui.cards import button, card, refusal, row, select
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts, update
from cogs.ui.routes import selected

if TYPE_CHECKING:
    import discord

    from bot.client import Router
    from bot.delivery.ports import Schedule
    from bot.services import Services
    from cogs.schedules.kinds import Kinds, ScheduleKind

Work = Callable[..., Awaitable[None]]


class Which:
    """Finds schedules for moderators; each kind of work is registered by a word."""

    def __init__(self, routes: Router, services: Services, kinds: Kinds) -> None:
        """Register the select."""
        self._services = services
        self._kinds = kinds
        self._works: dict[str, Work] = {}
        routes.on_press("queue:choose", self.choose)

    def register(self, word: str, work: Work) -> None:
        """Go on with ``work(interaction, schedule, *arguments)`` once a schedule is chosen."""
        self._works[word] = work

    async def ask(
        self,
        interaction: discord.Interaction[Any],
        kind: ScheduleKind,
        word: str,
        schedule_id: str | None,
        *arguments: str,
    ) -> None:
        """Do a command's work on the schedule that is meant, or let the moderator choose one."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        schedules = await self._services.schedules.in_guild(guild.id, kind.kind)
        if schedule_id is not None or len(schedules) == 1:
            wanted = schedule_id or str(schedules[0].schedule_id)
            schedule = await self.find(interaction, wanted, {kind.kind})
            await self._works[word](interaction, schedule, *arguments)
            return
        t = texts(interaction)
        if not schedules:
            begin = button(kind.words.begin(t), "schedule:new", kind.kind)
            await update(interaction, refusal(kind.words.none_here(t), row(begin)))
            return
        options = [(str(item.schedule_id), label_of(guild, item, t)) for item in schedules]
        choice = select(t("Schedule"), "queue:choose", word, *arguments, options=options)
        await update(interaction, card(t("Which schedule?"), row(choice)))

    async def choose(
        self, interaction: discord.Interaction[Any], word: str, *arguments: str
    ) -> None:
        """Go on with the schedule that was chosen."""
        await self.go_on(interaction, word, selected(interaction)[0], *arguments)

    async def go_on(
        self, interaction: discord.Interaction[Any], word: str, schedule_id: str, *arguments: str
    ) -> None:
        """Do a button's work on its schedule."""
        schedule = await self.find(interaction, schedule_id)
        await self._works[word](interaction, schedule, *arguments)

    async def find(
        self,
        interaction: discord.Interaction[Any],
        schedule_id: str,
        kinds: Collection[str] | None = None,
    ) -> Schedule:
        """A schedule of this community, for its moderators; of some kinds, or of any.

        Raises :class:`RefusalError` when it is not there.
        """
        guild = await ensure_moderator(interaction, self._services.guilds)
        schedules = self._services.schedules
        schedule = await find_schedule(schedules, guild.id, schedule_id, kinds or self._kinds)
        if schedule is not None:
            return schedule
        t = texts(interaction)
        message = t("That schedule is not there. Run the command again and choose from the list.")
        raise RefusalError(message)
