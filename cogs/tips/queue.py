"""What moderators do with the next post: leave it out, or choose it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.delivery.rules import Note, ScheduleState
from bot.errors import RefusalError
from bot.tips.rules import short_id
from cogs.tips.finding import choose_tip
from cogs.tips.schedule_words import standing
from cogs.tips.words import title_of
from cogs.ui.cards import button, card, row
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts, update
from cogs.ui.times import in_zone, stamp

if TYPE_CHECKING:
    import discord

    from bot.client import Router
    from bot.delivery.ports import Schedule
    from bot.services import Services
    from cogs.tips.which import Which

NOTES = {
    Note.LATE.value: "skipped: more than 3 hours late",
    Note.BY_MODERATOR.value: "skipped by a moderator",
    Note.NOTHING_FITS.value: "skipped: no tip fits",
    Note.PAUSED.value: "skipped: paused at the time",
    Note.REFUSED.value: "failed: Discord refused the channel",
    Note.RESTORED.value: "skipped: the database was restored",
    Note.REJECTED.value: "failed: Discord rejected this tip",
}
"""What the ledger's notes mean, for the history and for ``/status``."""


class Queue:
    """Each use case answers the command and the buttons under it."""

    def __init__(self, routes: Router, services: Services, which: Which) -> None:
        """Register the buttons and what goes on after a schedule was chosen."""
        self._services = services
        self._which = which
        which.register("skip", self._skip)
        which.register("pin", self._pin)
        routes.on_press("queue:unskip", self.unskip)
        routes.on_press("queue:unpin", self.unpin)

    async def skip(self, interaction: discord.Interaction[Any], schedule_id: str | None) -> None:
        """Answer ``/tips skip``."""
        await self._which.ask(interaction, "skip", schedule_id)

    async def pin(
        self, interaction: discord.Interaction[Any], text: str, schedule_id: str | None
    ) -> None:
        """Answer ``/tips pin``."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        tips = await self._services.tips.eligible(guild.id, ())
        tip = choose_tip(tips, text, texts(interaction))
        await self._which.ask(interaction, "pin", schedule_id, tip.id)

    async def unskip(
        self, interaction: discord.Interaction[Any], schedule_id: str, slot: str, at: str
    ) -> None:
        """Take a skip back, unless its time has passed."""
        schedule = await self._which.find(interaction, schedule_id)
        t = texts(interaction)
        done = await self._services.scheduling.unskip(interaction.user.id, schedule, slot)
        when = in_zone(int(at), schedule.recurrence.zone)
        if not done:
            words = t("There is nothing to undo: that time has passed, or it was undone already.")
        elif schedule.state == ScheduleState.ACTIVE:
            words = t("Undone: the tip of {when} will be posted.", when=when)
        else:
            words = t(
                "Undone: the tip of {when} is not left out. The schedule is {standing}, though.",
                when=when,
                standing=standing(schedule, t),
            )
        await update(interaction, card(words))

    async def unpin(
        self,
        interaction: discord.Interaction[Any],
        schedule_id: str,
        pinned: str,
        before: str = "",
    ) -> None:
        """Take a pin back."""
        schedule = await self._which.find(interaction, schedule_id)
        t = texts(interaction)
        done = await self._services.curation.unpin(
            interaction.user.id, schedule, pinned, before or None
        )
        if not done:
            words = t("There is nothing to undo: it was posted, or another tip was pinned since.")
        elif before:
            words = t("Undone: the tip that was pinned before is posted next.")
        else:
            words = t("Undone: the next tip is drawn as usual.")
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
        words = t(
            "The tip of {skipped} in <#{channel_id}> is left out. "
            "The next one comes {next} ({wall} in {zone}).",
            skipped=in_zone(run.at, zone),
            channel_id=schedule.channel_id,
            next=stamp(following.at),
            wall=in_zone(following.at, zone),
            zone=zone,
        )
        undo = button(t("Undo"), "queue:unskip", schedule.schedule_id, run.slot, run.at)
        await update(interaction, card(words, row(undo)))

    async def _pin(
        self, interaction: discord.Interaction[Any], schedule: Schedule, tip_id: str
    ) -> None:
        t = texts(interaction)
        tips = await self._services.tips.eligible(schedule.guild_id, ())
        tip = choose_tip(tips, tip_id, t)
        before = await self._services.curation.pin(interaction.user.id, schedule, tip.id)
        when = stamp(schedule.next_run_at) if schedule.next_run_at else t("when it is resumed")
        words = t(
            "“{title}” is posted next in <#{channel_id}>: {when}.",
            title=title_of(tip),
            channel_id=schedule.channel_id,
            when=when,
        )
        if before == tip.id:
            await update(interaction, card(t("It was pinned already.") + " " + words))
            return
        if before:
            words += " " + t("It takes the place of the tip that was pinned before.")
        undo = button(
            t("Undo"), "queue:unpin", schedule.schedule_id, short_id(tip.id), before or ""
        )
        await update(interaction, card(words, row(undo)))
