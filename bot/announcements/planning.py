"""Use cases of an announcement's plan: where, when, now, pause, leave one out.

What moderators choose stands in the announcement; once it is planned, every change of it goes
into its schedule in the same transaction.
"""

from dataclasses import dataclass, replace

from bot.announcements import rules, store
from bot.announcements.rules import Announcement
from bot.clock import Clock
from bot.delivery.plans import Plan, next_minute
from bot.delivery.ports import Schedule
from bot.delivery.rules import ScheduleState
from bot.delivery.schedules import Schedules
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog, Change
from bot.guilds.locking import lock_guild
from bot.storage import Database, Transaction


@dataclass(frozen=True, slots=True)
class Choice:
    """Where, when and how loud an announcement is posted."""

    channel_id: int | None = None
    role_id: int | None = None
    is_silent: bool = False
    plan: Plan | None = None


def choice_of(item: Announcement) -> Choice:
    """What was chosen for an announcement so far."""
    return Choice(item.channel_id, item.role_id, item.is_silent, item.plan)


class Planning:
    """Plans of announcements as schedules of the engine."""

    def __init__(
        self, database: Database, schedules: Schedules, audit: AuditLog, clock: Clock
    ) -> None:
        self._database = database
        self._schedules = schedules
        self._audit = audit
        self._clock = clock

    async def choose(
        self, guild_id: int, actor_id: int, announcement_id: int, choice: Choice
    ) -> None:
        """Keep a choice; of a planned one, every post to come follows it at once.

        Raises :class:`RefusalError` for a plan without any day that is still to come.
        """
        async with self._database.transaction() as tx:
            before = await self._lock(tx, guild_id, announcement_id)
            after = replace(
                before,
                channel_id=choice.channel_id,
                role_id=choice.role_id,
                is_silent=choice.is_silent,
                plan=choice.plan,
                changed_at=self._clock.now(),
            )
            is_new_plan = choice.plan != before.plan
            schedule = await self._find(before)
            if is_new_plan and schedule is not None:
                await self._forget_skips(tx, schedule)
            if is_new_plan and choice.plan is not None and schedule is None:
                await self._ensure_ahead(after, choice.plan)
            if schedule is not None:
                await self._save(tx, after, schedule)
            await store.save(tx, after)
            old, new = _summarise(before), _summarise(after)
            if old != new:
                change = Change("announcement.plan", before.words.title, old, new)
                await self._audit.write(tx, guild_id, actor_id, change)

    async def start(self, guild_id: int, actor_id: int, announcement_id: int) -> None:
        """Post a draft as planned. Raises :class:`RefusalError` for what is lacking."""
        await self._start(guild_id, actor_id, announcement_id, is_now=False)

    async def send_now(self, guild_id: int, actor_id: int, announcement_id: int) -> None:
        """Plan a draft for the next full minute. Raises :class:`RefusalError`."""
        await self._start(guild_id, actor_id, announcement_id, is_now=True)

    async def pause(self, guild_id: int, actor_id: int, announcement_id: int) -> None:
        """Post nothing more of it until it is resumed."""
        async with self._database.transaction() as tx:
            item, schedule = await self._planned(tx, guild_id, announcement_id)
            if await self._schedules.pause(tx, schedule):
                change = Change("announcement", item.words.title, "active", "paused")
                await self._audit.write(tx, guild_id, actor_id, change)

    async def resume(self, guild_id: int, actor_id: int, announcement_id: int) -> None:
        """Post it again from now on; nothing is made up for."""
        async with self._database.transaction() as tx:
            item, schedule = await self._planned(tx, guild_id, announcement_id)
            if await self._schedules.resume(tx, schedule):
                change = Change("announcement", item.words.title, schedule.state, "active")
                await self._audit.write(tx, guild_id, actor_id, change)

    async def skip(self, guild_id: int, actor_id: int, announcement_id: int, slot: str) -> None:
        """Leave one post out. Raises :class:`RefusalError` when its time has passed."""
        async with self._database.transaction() as tx:
            item, schedule = await self._planned(tx, guild_id, announcement_id)
            if not await self._schedules.skip(tx, schedule, slot):
                message = "Its time has passed, or it is left out already. Look at it again."
                raise RefusalError(message)
            change = Change(f"announcement.skip {slot}", item.words.title, "planned", "left out")
            await self._audit.write(tx, guild_id, actor_id, change)

    async def unskip(self, guild_id: int, actor_id: int, announcement_id: int, slot: str) -> None:
        """Take that back. Raises :class:`RefusalError` when its time has passed."""
        async with self._database.transaction() as tx:
            item, schedule = await self._planned(tx, guild_id, announcement_id)
            if not await self._schedules.unskip(tx, schedule, slot):
                message = "Its time has passed, or it is not left out any more. Look at it again."
                raise RefusalError(message)
            change = Change(f"announcement.skip {slot}", item.words.title, "left out", "planned")
            await self._audit.write(tx, guild_id, actor_id, change)

    async def _start(
        self, guild_id: int, actor_id: int, announcement_id: int, *, is_now: bool
    ) -> None:
        async with self._database.transaction() as tx:
            item = await self._lock(tx, guild_id, announcement_id)
            if item.schedule_id is not None:
                message = (
                    "It is planned already. /announcements shows when; Duplicate makes another."
                )
                raise RefusalError(message)
            if rules.find_faults(item.words):
                message = "It has no title or no text yet. Press Edit first."
                raise RefusalError(message)
            plan = next_minute(self._clock.now()) if is_now else item.plan
            if item.channel_id is None:
                message = "Choose a channel first: it is posted there."
                raise RefusalError(message)
            if plan is None:
                message = "Choose when first, or press Send now."
                raise RefusalError(message)
            item = replace(item, plan=plan, changed_at=self._clock.now())
            saved = await self._save(tx, item, None)
            await store.save(tx, replace(item, schedule_id=saved.schedule_id))
            change = Change("announcement.plan", item.words.title, "draft", _summarise(item))
            await self._audit.write(tx, guild_id, actor_id, change)

    async def _save(self, tx: Transaction, item: Announcement, before: Schedule | None) -> Schedule:
        """Bring the schedule in line; one that a moderator paused stays paused."""
        if item.plan is None or item.channel_id is None:
            message = "A planned announcement needs a channel and a time. Nothing was changed."
            raise RefusalError(message)
        wanted = to_schedule(item, item.plan)
        if before is not None:
            wanted = replace(wanted, schedule_id=before.schedule_id)
        try:
            saved = await self._schedules.save(tx, wanted)
        except ValueError as error:
            raise RefusalError(str(error)) from error
        is_new_plan = before is None or before.recurrence != saved.recurrence
        if saved.next_run_at is None and is_new_plan:
            raise _past()
        if before is not None and before.state in {ScheduleState.PAUSED, ScheduleState.AWAY}:
            await self._schedules.pause(tx, saved, ScheduleState(before.state))
        return saved

    async def _ensure_ahead(self, item: Announcement, plan: Plan) -> None:
        if not await self._schedules.upcoming(to_schedule(item, plan), 1):
            raise _past()

    async def _forget_skips(self, tx: Transaction, schedule: Schedule) -> None:
        """What was left out of the old plan says nothing about the new one."""
        for slot in await self._schedules.skipped(schedule):
            await self._schedules.unskip(tx, schedule, slot)

    async def _lock(self, tx: Transaction, guild_id: int, announcement_id: int) -> Announcement:
        await lock_guild(tx, guild_id)
        return await take(tx, guild_id, announcement_id)

    async def _planned(
        self, tx: Transaction, guild_id: int, announcement_id: int
    ) -> tuple[Announcement, Schedule]:
        item = await self._lock(tx, guild_id, announcement_id)
        schedule = await self._find(item)
        if schedule is None:
            message = "It is a draft: nothing is planned yet. Press Plan it first."
            raise RefusalError(message)
        return item, schedule

    async def _find(self, item: Announcement) -> Schedule | None:
        return None if item.schedule_id is None else await self._schedules.find(item.schedule_id)


async def take(db: Database | Transaction, guild_id: int, announcement_id: int) -> Announcement:
    """One that is there. Raises :class:`RefusalError` when it is deleted or elsewhere."""
    item = await store.fetch_one(db, guild_id, announcement_id)
    if item is None or item.removed_at is not None:
        message = (
            "That announcement is gone: somebody deleted it. /announcements shows those that "
            "are there."
        )
        raise RefusalError(message)
    return item


def to_schedule(item: Announcement, plan: Plan) -> Schedule:
    """The schedule that an announcement asks for. Raises :class:`RefusalError`."""
    try:
        recurrence = plan.recur()
    except ValueError as error:
        raise RefusalError(str(error)) from error
    return Schedule(
        schedule_id=0,
        guild_id=item.guild_id,
        kind=rules.KIND,
        channel_id=item.channel_id or 0,
        recurrence=recurrence,
        role_id=item.role_id,
        is_silent=item.is_silent,
        options={"announcement": item.announcement_id},
        state=ScheduleState.ACTIVE.value,
        problem=None,
        next_run_at=None,
    )


def _past() -> RefusalError:
    return RefusalError(
        "That time is past, or it was posted on that day already, so nothing would go out and "
        "nothing was changed. Choose a time that is still to come."
    )


def _summarise(item: Announcement) -> str:
    where = "no channel" if item.channel_id is None else f"<#{item.channel_id}>"
    when = "no time" if item.plan is None else item.plan.summarise()
    loud = " silent" if item.is_silent else ""
    ping = "" if item.role_id is None else f" <@&{item.role_id}>"
    return f"{where}{ping}{loud}; {when}"
