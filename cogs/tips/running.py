"""Pause and resume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.delivery.rules import ScheduleState
from cogs.tips.checks import find_problem, find_switched_off
from cogs.tips.schedule_words import standing
from cogs.ui.cards import button, card, refusal, row
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts, update
from cogs.ui.times import stamp

if TYPE_CHECKING:
    import discord

    from bot.client import Router
    from bot.delivery.ports import Schedule
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.tips.which import Which


class Running:
    """Each use case answers the command and the button of the other."""

    def __init__(self, routes: Router, services: Services, which: Which) -> None:
        """Register the buttons and what goes on after a schedule was chosen."""
        self._services = services
        self._which = which
        which.register("pause", self._pause)
        which.register("resume", self._resume)
        routes.on_press("queue:pause", self.pause)
        routes.on_press("queue:resume", self.resume)

    async def pause(self, interaction: discord.Interaction[Any], schedule_id: str | None) -> None:
        """Answer ``/tips pause`` and the button."""
        await self._which.ask(interaction, "pause", schedule_id)

    async def resume(self, interaction: discord.Interaction[Any], schedule_id: str | None) -> None:
        """Answer ``/tips resume`` and the button."""
        await self._which.ask(interaction, "resume", schedule_id)

    async def _pause(self, interaction: discord.Interaction[Any], schedule: Schedule) -> None:
        t = texts(interaction)
        changed = await self._services.scheduling.pause(interaction.user.id, schedule)
        words = t(
            "Paused: nothing is posted in <#{channel_id}> until you resume.",
            channel_id=schedule.channel_id,
        )
        if not changed:
            stands = standing(schedule, t).rstrip(".")
            words = t("It stands still already: {standing}.", standing=stands)
        resume = button(t("Resume"), "queue:resume", schedule.schedule_id)
        await update(interaction, card(words, row(resume)))

    async def _resume(self, interaction: discord.Interaction[Any], schedule: Schedule) -> None:
        t = texts(interaction)
        problem = await self._find_problem(interaction, schedule, t)
        if problem is not None:
            buttons = row(
                button(t("Retry"), "queue:resume", schedule.schedule_id),
                button(t("Change"), "schedule:reopen", schedule.schedule_id),
            )
            heading = "## " + t("Not resumed yet")
            await update(interaction, refusal(f"{heading}\n{problem}", buttons))
            return
        changed = await self._services.scheduling.resume(interaction.user.id, schedule)
        run = (await self._services.schedules.upcoming(schedule, 1))[0]
        words = t(
            "Running. The next tip comes to <#{channel_id}> {when}.",
            channel_id=schedule.channel_id,
            when=stamp(run.at),
        )
        if not changed:
            words = t("It is running already. The next tip comes {when}.", when=stamp(run.at))
        pause = button(t("Pause"), "queue:pause", schedule.schedule_id)
        await update(interaction, card(words, row(pause)))

    async def _find_problem(
        self, interaction: discord.Interaction[Any], schedule: Schedule, t: Texts
    ) -> str | None:
        guild = await ensure_moderator(interaction, self._services.guilds)
        if schedule.state == ScheduleState.ACTIVE:
            return None
        off = await find_switched_off(self._services.guilds, guild.id, t)
        return off or await find_problem(guild, schedule.channel_id, schedule.role_id, t)
