"""Which schedule is meant: the only one, the one that was named, or one to choose."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.errors import RefusalError
from bot.tips.announcer import KIND
from cogs.tips.schedule_words import label_of
from cogs.ui.cards import button, card, refusal, row, select
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts, update
from cogs.ui.routes import selected

if TYPE_CHECKING:
    import discord

    from bot.client import Router
    from bot.delivery.ports import Schedule
    from bot.services import Services

Work = Callable[..., Awaitable[None]]


class Which:
    """Finds schedules for moderators; each kind of work is registered by a word."""

    def __init__(self, routes: Router, services: Services) -> None:
        """Register the select."""
        self._services = services
        self._works: dict[str, Work] = {}
        routes.on_press("queue:choose", self.choose)

    def register(self, word: str, work: Work) -> None:
        """Go on with ``work(interaction, schedule, *arguments)`` once a schedule is chosen."""
        self._works[word] = work

    async def ask(
        self,
        interaction: discord.Interaction[Any],
        word: str,
        schedule_id: str | None,
        *arguments: str,
    ) -> None:
        """Do the work on the schedule that is meant, or let the moderator choose one first."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        schedules = await self._services.schedules.in_guild(guild.id, KIND)
        if schedule_id is not None or len(schedules) == 1:
            wanted = schedule_id or str(schedules[0].schedule_id)
            schedule = await self.find(interaction, wanted)
            await self._works[word](interaction, schedule, *arguments)
            return
        t = texts(interaction)
        if not schedules:
            words = t("There are no daily tips here yet.")
            begin = button(t("Schedule daily tips"), "schedule:new")
            await update(interaction, refusal(words, row(begin)))
            return
        options = [(str(item.schedule_id), label_of(guild, item, t)) for item in schedules]
        choice = select(t("Schedule"), "queue:choose", word, *arguments, options=options)
        await update(interaction, card(t("Which schedule?"), row(choice)))

    async def choose(
        self, interaction: discord.Interaction[Any], word: str, *arguments: str
    ) -> None:
        """Go on with the schedule that was chosen."""
        schedule = await self.find(interaction, selected(interaction)[0])
        await self._works[word](interaction, schedule, *arguments)

    async def find(self, interaction: discord.Interaction[Any], schedule_id: str) -> Schedule:
        """A schedule of this community, for its moderators.

        Raises :class:`RefusalError` when it is not there.
        """
        guild = await ensure_moderator(interaction, self._services.guilds)
        for schedule in await self._services.schedules.in_guild(guild.id, KIND):
            if str(schedule.schedule_id) == schedule_id:
                return schedule
        t = texts(interaction)
        message = t("That schedule is not there. Run the command again and choose from the list.")
        raise RefusalError(message)
