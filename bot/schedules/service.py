"""Use cases of schedules for moderators, whatever they post; each change writes the log."""

from bot.delivery.ports import Schedule
from bot.delivery.schedules import Schedules
from bot.delivery.times import Run
from bot.guilds.audit import AuditLog, Change
from bot.storage import Database

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Scheduling:
    """Save, delete, skip, pause and resume, with who did it."""

    def __init__(self, database: Database, schedules: Schedules, audit: AuditLog) -> None:
        self._database = database
        self._schedules = schedules
        self._audit = audit

    async def save(self, actor_id: int, wanted: Schedule, before: Schedule | None) -> Schedule:
        """Keep a new schedule or a changed one; it is active afterwards."""
        async with self._database.transaction() as tx:
            saved = await self._schedules.save(tx, wanted)
            old = summarise(before) if before else None
            change = Change(_name(saved), f"<#{saved.channel_id}>", old, summarise(saved))
            await self._audit.write(tx, saved.guild_id, actor_id, change)
        return saved

    async def delete(self, actor_id: int, schedule: Schedule) -> None:
        """Delete a schedule with its history."""
        async with self._database.transaction() as tx:
            await self._schedules.remove(tx, schedule.schedule_id)
            change = Change(_name(schedule), None, summarise(schedule), None)
            await self._audit.write(tx, schedule.guild_id, actor_id, change)

    async def skip_next(self, actor_id: int, schedule: Schedule) -> Run:
        """Leave the next slot out; the slot that is left out."""
        async with self._database.transaction() as tx:
            run = await self._schedules.skip_next(tx, schedule)
            change = Change(_name(schedule, "skip"), run.slot, "planned", "skipped")
            await self._audit.write(tx, schedule.guild_id, actor_id, change)
        return run

    async def unskip(self, actor_id: int, schedule: Schedule, slot: str) -> bool:
        """Take a skip back; False when its time has passed or it was taken back already."""
        async with self._database.transaction() as tx:
            done = await self._schedules.unskip(tx, schedule, slot)
            if done:
                change = Change(_name(schedule, "skip"), slot, "skipped", "planned")
                await self._audit.write(tx, schedule.guild_id, actor_id, change)
        return done

    async def pause(self, actor_id: int, schedule: Schedule) -> bool:
        """Stop a schedule; False when it stood still already."""
        async with self._database.transaction() as tx:
            changed = await self._schedules.pause(tx, schedule)
            if changed:
                change = Change(_name(schedule), None, schedule.state, "paused")
                await self._audit.write(tx, schedule.guild_id, actor_id, change)
        return changed

    async def resume(self, actor_id: int, schedule: Schedule) -> bool:
        """Start a schedule that stands still; False when it was running already."""
        async with self._database.transaction() as tx:
            changed = await self._schedules.resume(tx, schedule)
            if changed:
                change = Change(_name(schedule), None, schedule.state, "active")
                await self._audit.write(tx, schedule.guild_id, actor_id, change)
        return changed


def summarise(schedule: Schedule) -> str:
    """A schedule as it stands in the log, whatever the moderator's language."""
    recurrence = schedule.recurrence
    hour, minute = divmod(recurrence.minute_of_day, 60)
    days = ", ".join(DAYS[day] for day in sorted(recurrence.weekdays))
    return ", ".join(
        filter(
            None,
            (
                f"{hour:02}:{minute:02} {recurrence.zone}",
                "every day" if len(recurrence.weekdays) == len(DAYS) else days,
                "silent" if schedule.is_silent else "",
                f"pings <@&{schedule.role_id}>" if schedule.role_id else "",
                ", ".join(schedule.options.get("topics", ())) or "all topics",
            ),
        )
    )


def _name(schedule: Schedule, what: str = "schedule") -> str:
    return f"{schedule.kind}.{what} {schedule.schedule_id}"
