"""Pause and resume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.delivery.rules import ScheduleState
from cogs.schedules.checks import find_problem, find_switched_off
from cogs.schedules.words import standing
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
    from cogs.schedules.kinds import Kinds, ScheduleKind
    from cogs.schedules.which import Which


class Running:
    """Each use case answers the command and the button of the other."""

    def __init__(self, routes: Router, services: Services, kinds: Kinds, which: Which) -> None:
        """Register the buttons and what goes on after a schedule was chosen."""
        self._services = services
        self._kinds = kinds
        self._which = which
        which.register("pause", self._pause)
        which.register("resume", self._resume)
        routes.on_press("queue:pause", self.press_pause)
        routes.on_press("queue:resume", self.press_resume)

    async def pause(
        self, interaction: discord.Interaction[Any], kind: ScheduleKind, schedule_id: str | None
    ) -> None:
        """Answer a kind's command ``pause``."""
        await self._which.ask(interaction, kind, "pause", schedule_id)

    async def resume(
        self, interaction: discord.Interaction[Any], kind: ScheduleKind, schedule_id: str | None
    ) -> None:
        """Answer a kind's command ``resume``."""
        await self._which.ask(interaction, kind, "resume", schedule_id)

    async def press_pause(self, interaction: discord.Interaction[Any], schedule_id: str) -> None:
        """Answer the button."""
        await self._which.go_on(interaction, "pause", schedule_id)

    async def press_resume(self, interaction: discord.Interaction[Any], schedule_id: str) -> None:
        """Answer the button."""
        await self._which.go_on(interaction, "resume", schedule_id)

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
            "Running. The next one comes to <#{channel_id}> {when}.",
            channel_id=schedule.channel_id,
            when=stamp(run.at),
        )
        if not changed:
            words = t("It is running already. The next one comes {when}.", when=stamp(run.at))
        pause = button(t("Pause"), "queue:pause", schedule.schedule_id)
        await update(interaction, card(words, row(pause)))

    async def _find_problem(
        self, interaction: discord.Interaction[Any], schedule: Schedule, t: Texts
    ) -> str | None:
        guild = await ensure_moderator(interaction, self._services.guilds)
        if schedule.state == ScheduleState.ACTIVE:
            return None
        kind = self._kinds[schedule.kind]
        off = await find_switched_off(kind, self._services.guilds, guild.id, t)
        return off or await find_problem(guild, schedule.channel_id, schedule.role_id, t)
