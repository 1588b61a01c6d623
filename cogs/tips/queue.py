"""What moderators do with the next posts: skip, pin, pause, resume; and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.delivery.ports import Schedule
from bot.delivery.rules import DeliveryState, Note
from bot.delivery.store import Delivery
from bot.errors import RefusalError
from bot.guilds.audit import Change
from bot.tips.announcer import KIND
from cogs.tips.panel_cards import describe, standing
from cogs.ui.cards import button, card, row, select
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import Routes, selected
from cogs.ui.times import in_zone, show_time, stamp

if TYPE_CHECKING:
    from bot.app import Services
    from bot.i18n import Texts

HISTORY = 10
NOTES = {
    Note.LATE.value: "skipped: more than 3 hours late",
    Note.BY_MODERATOR.value: "skipped by a moderator",
    Note.NOTHING_FITS.value: "skipped: no tip fits",
    Note.PAUSED.value: "skipped: paused at the time",
    Note.REFUSED.value: "failed: Discord refused the channel",
}


class Queue:
    """Each use case answers the command and the buttons under it."""

    def __init__(self, routes: Routes, services: Services) -> None:
        self._services = services
        for action, handler in (
            ("choose", self.choose),
            ("unskip", self.unskip),
            ("unpin", self.unpin),
            ("pause", self.press_pause),
            ("resume", self.press_resume),
        ):
            routes.on_press(f"queue:{action}", handler)

    async def skip(self, interaction: discord.Interaction[Any], schedule_id: str | None) -> None:
        """Leave the next slot out."""
        schedule = await self._one(interaction, schedule_id, "skip")
        if schedule is None:
            return
        t = texts(interaction)
        if schedule.next_run_at is None:
            message = t("Nothing is coming up: this schedule is {standing}.", standing=standing(schedule, t))
            raise RefusalError(message)
        async with self._services.database.transaction() as tx:
            run = await self._services.schedules.skip_next(tx, schedule)
            change = Change(f"tips.skip {schedule.schedule_id}", run.slot, "planned", "skipped")
            await self._services.audit.write(tx, schedule.guild_id, interaction.user.id, change)
        following = (await self._services.schedules.upcoming(schedule, 1))[0]
        zone = schedule.recurrence.zone
        await show(
            interaction,
            card(
                t(
                    "The tip of {skipped} is left out. The next one comes {next} ({wall} in {zone}).",
                    skipped=in_zone(run.at, zone),
                    next=stamp(following.at),
                    wall=in_zone(following.at, zone),
                    zone=zone,
                ),
                row(button(t("Undo"), "queue:unskip", schedule.schedule_id, run.slot)),
            ),
        )

    async def unskip(self, interaction: discord.Interaction[Any], schedule_id: str, slot: str) -> None:
        """Take a skip back."""
        schedule = await self._find(interaction, schedule_id)
        t = texts(interaction)
        async with self._services.database.transaction() as tx:
            done = await self._services.schedules.unskip(tx, schedule, slot)
            if done:
                change = Change(f"tips.skip {schedule.schedule_id}", slot, "skipped", "planned")
                await self._services.audit.write(tx, schedule.guild_id, interaction.user.id, change)
        word = t("Undone: the tip of {slot} will be posted.", slot=slot) if done else t(
            "That day is over, so there is nothing to undo."
        )
        await update(interaction, card(word))

    async def pin(
        self, interaction: discord.Interaction[Any], tip_id: str, schedule_id: str | None
    ) -> None:
        """Choose what is posted next."""
        t = texts(interaction)
        schedule = await self._one(interaction, schedule_id, "pin", tip_id)
        if schedule is None:
            return
        tip = (await self._services.tips.eligible(schedule.guild_id, [])).get(tip_id)
        if tip is None:
            message = t("I have no such tip. Type a word of its title and choose one from the list.")
            raise RefusalError(message)
        await self._services.curation.pin(interaction.user.id, schedule, tip.id)
        when = stamp(schedule.next_run_at) if schedule.next_run_at else t("when it is resumed")
        await show(
            interaction,
            card(
                t(
                    "“{title}” is posted next in <#{channel_id}>: {when}.",
                    title=tip.title,
                    channel_id=schedule.channel_id,
                    when=when,
                ),
                row(button(t("Undo"), "queue:unpin", schedule.schedule_id)),
            ),
        )

    async def unpin(self, interaction: discord.Interaction[Any], schedule_id: str) -> None:
        """Take a pin back."""
        schedule = await self._find(interaction, schedule_id)
        t = texts(interaction)
        before = await self._services.curation.pin(interaction.user.id, schedule, None)
        word = t("Undone: the next tip is drawn as usual.") if before else t(
            "That tip was posted already, so there is nothing to undo."
        )
        await update(interaction, card(word))

    async def pause(self, interaction: discord.Interaction[Any], schedule_id: str | None) -> None:
        """Answer ``/tips pause``."""
        schedule = await self._one(interaction, schedule_id, "pause")
        if schedule is not None:
            await show(interaction, await self._pause(interaction, schedule))

    async def press_pause(self, interaction: discord.Interaction[Any], schedule_id: str) -> None:
        """Answer the button."""
        await update(interaction, await self._pause(interaction, await self._find(interaction, schedule_id)))

    async def resume(self, interaction: discord.Interaction[Any], schedule_id: str | None) -> None:
        """Answer ``/tips resume``."""
        schedule = await self._one(interaction, schedule_id, "resume")
        if schedule is not None:
            await show(interaction, await self._resume(interaction, schedule))

    async def press_resume(self, interaction: discord.Interaction[Any], schedule_id: str) -> None:
        """Answer the button."""
        await update(interaction, await self._resume(interaction, await self._find(interaction, schedule_id)))

    async def history(self, interaction: discord.Interaction[Any], schedule_id: str | None) -> None:
        """Show the latest slots of a schedule."""
        schedule = await self._one(interaction, schedule_id, "history")
        if schedule is not None:
            await show(interaction, await self._history(schedule, texts(interaction)))

    async def choose(
        self, interaction: discord.Interaction[Any], action: str, tip_id: str = ""
    ) -> None:
        """Go on with the schedule that was chosen from several."""
        chosen = selected(interaction)[0]
        if action == "pin":
            await self.pin(interaction, tip_id, chosen)
        elif action in {"skip", "pause", "resume", "history"}:
            await getattr(self, action)(interaction, chosen)

    async def _pause(
        self, interaction: discord.Interaction[Any], schedule: Schedule
    ) -> discord.ui.LayoutView:
        t = texts(interaction)
        async with self._services.database.transaction() as tx:
            changed = await self._services.schedules.pause(tx, schedule)
            if changed:
                change = Change(f"tips.schedule {schedule.schedule_id}", None, "active", "paused")
                await self._services.audit.write(tx, schedule.guild_id, interaction.user.id, change)
        word = t("Paused: nothing is posted in <#{channel_id}> until you resume.", channel_id=schedule.channel_id)
        if not changed:
            word = t("It is not running: {standing}.", standing=standing(schedule, t))
        return card(word, row(button(t("Resume"), "queue:resume", schedule.schedule_id)))

    async def _resume(
        self, interaction: discord.Interaction[Any], schedule: Schedule
    ) -> discord.ui.LayoutView:
        t = texts(interaction)
        async with self._services.database.transaction() as tx:
            changed = await self._services.schedules.resume(tx, schedule)
            if changed:
                change = Change(f"tips.schedule {schedule.schedule_id}", None, schedule.state, "active")
                await self._services.audit.write(tx, schedule.guild_id, interaction.user.id, change)
        run = (await self._services.schedules.upcoming(schedule, 1))[0]
        words = t("Running. The next tip comes {when}.", when=stamp(run.at))
        if not changed:
            words = t("It is running already. The next tip comes {when}.", when=stamp(run.at))
        return card(words, row(button(t("Pause"), "queue:pause", schedule.schedule_id)))

    async def _history(self, schedule: Schedule, t: Texts) -> discord.ui.LayoutView:
        entries = await self._services.schedules.history(schedule.schedule_id, HISTORY)
        lines = [await self._line(schedule, entry, t) for entry in entries]
        return card(
            "## " + t("History"),
            describe(schedule, t),
            "\n".join(lines) or t("Nothing was posted yet. The first tip is on its way."),
        )

    async def _line(self, schedule: Schedule, entry: Delivery, t: Texts) -> str:
        if entry.state != DeliveryState.SENT:
            what = t(NOTES.get(entry.note or "", "on its way"))
            return f"- {entry.slot} · {what}"
        tip = await self._services.tips.find(entry.content_id or "")
        title = tip.title if tip else entry.content_id
        votes = await self._services.tips.votes(entry.content_id or "")
        url = f"https://discord.com/channels/{schedule.guild_id}/{entry.channel_id}/{entry.message_id}"
        counts = t("{yes} helpful, {no} not", yes=votes.helpful, no=votes.unhelpful)
        return f"- {entry.slot} · [{title}](<{url}>) · {counts}"

    async def _one(
        self,
        interaction: discord.Interaction[Any],
        schedule_id: str | None,
        action: str,
        *arguments: str,
    ) -> Schedule | None:
        """The schedule that is meant; None when the person is asked which one."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        schedules = await self._services.schedules.in_guild(guild.id, KIND)
        if not schedules:
            message = t("There are no daily tips here yet. Set them up with /tips schedule.")
            raise RefusalError(message)
        if schedule_id is not None:
            for schedule in schedules:
                if str(schedule.schedule_id) == schedule_id:
                    return schedule
            message = t("That schedule is gone. Choose one from the list while you type.")
            raise RefusalError(message)
        if len(schedules) == 1:
            return schedules[0]
        options = [
            (
                str(item.schedule_id),
                f"#{getattr(guild.get_channel_or_thread(item.channel_id), 'name', '?')} "
                f"{show_time(item.recurrence.minute_of_day)} ({item.recurrence.zone})",
            )
            for item in schedules
        ]
        await show(
            interaction,
            card(
                t("Which schedule?"),
                row(select(t("Schedule"), "queue:choose", action, *arguments, options=options)),
            ),
        )
        return None

    async def _find(self, interaction: discord.Interaction[Any], schedule_id: str) -> Schedule:
        schedule = await self._one(interaction, schedule_id, "")
        assert schedule is not None  # noqa: S101 (an id was given, so a missing one was refused)
        return schedule
