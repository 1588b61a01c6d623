"""Leave the next post out, and take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.delivery.rules import ScheduleState
from bot.errors import RefusalError
from cogs.schedules.words import standing
from cogs.ui.cards import button, card, row
from cogs.ui.replies import texts, update
from cogs.ui.times import in_zone, stamp

if TYPE_CHECKING:
    import discord

    from bot.client import Router
    from bot.delivery.ports import Schedule
    from bot.services import Services
    from cogs.schedules.kinds import Kinds, ScheduleKind
    from cogs.schedules.which import Which


class Skipping:
    """Answers the command and the button under it."""

    def __init__(self, routes: Router, services: Services, kinds: Kinds, which: Which) -> None:
        """Register the button and what goes on after a schedule was chosen."""
        self._services = services
        self._kinds = kinds
        self._which = which
        which.register("skip", self._skip)
        routes.on_press("queue:unskip", self.unskip)

    async def skip(
        self, interaction: discord.Interaction[Any], kind: ScheduleKind, schedule_id: str | None
    ) -> None:
        """Answer a kind's command ``skip``."""
        await self._which.ask(interaction, kind, "skip", schedule_id)

    async def unskip(
        self, interaction: discord.Interaction[Any], schedule_id: str, slot: str, at: str
    ) -> None:
        """Take a skip back, unless its time has passed."""
        schedule = await self._which.find(interaction, schedule_id)
        said = self._kinds[schedule.kind].words
        t = texts(interaction)
        done = await self._services.scheduling.unskip(interaction.user.id, schedule, slot)
        when = in_zone(int(at), schedule.recurrence.zone)
        if not done:
            words = t("There is nothing to undo: that time has passed, or it was undone already.")
        elif schedule.state == ScheduleState.ACTIVE:
            words = said.back_in(t, when=when)
        else:
            words = said.back_in_still(t, when=when, standing=standing(schedule, t))
        await update(interaction, card(words))

    async def _skip(self, interaction: discord.Interaction[Any], schedule: Schedule) -> None:
        t = texts(interaction)
        if schedule.next_run_at is None:
            message = t(
                "Nothing is coming up: this schedule is {standing}.",
                standing=standing(schedule, t).rstrip("."),
            )
            raise RefusalError(message)
        run = await self._services.scheduling.skip_next(interaction.user.id, schedule)
        following = (await self._services.schedules.upcoming(schedule, 1))[0]
        zone = schedule.recurrence.zone
        left_out = self._kinds[schedule.kind].words.left_out(
            t, skipped=in_zone(run.at, zone), channel_id=schedule.channel_id
        )
        next_one = t(
            "The next one comes {next} ({wall} in {zone}).",
            next=stamp(following.at),
            wall=in_zone(following.at, zone),
            zone=zone,
        )
        undo = button(t("Undo"), "queue:unskip", schedule.schedule_id, run.slot, run.at)
        await update(interaction, card(f"{left_out} {next_one}", row(undo)))
