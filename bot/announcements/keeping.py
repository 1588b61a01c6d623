"""Keeps an announcement and its schedule in line; whoever changes either goes through here."""

from dataclasses import replace

from bot.announcements import approval, rules, store
from bot.announcements.rules import Announcement
from bot.clock import Clock
from bot.delivery.plans import Plan, Repeat, next_minute
from bot.delivery.ports import FOLLOW_UP, Schedule
from bot.delivery.rules import DeliveryState, ScheduleState
from bot.delivery.schedules import Schedules
from bot.delivery.times import next_run
from bot.errors import RefusalError
from bot.guilds.locking import lock_guild
from bot.guilds.store import DEFAULT_ZONE
from bot.storage import Database, Transaction


class Keeper:
    """Takes announcements for a change, and brings their schedules in line with them."""

    def __init__(self, schedules: Schedules, clock: Clock) -> None:
        self._schedules = schedules
        self._clock = clock

    async def lock(
        self, tx: Transaction, guild_id: int, announcement_id: int
    ) -> tuple[Announcement, bool]:
        """One for a change, and whether the community asks for a second moderator's approval.

        Changes of one community wait for each other. Raises :class:`RefusalError`.
        """
        row = await lock_guild(tx, guild_id)
        item = await take(tx, guild_id, announcement_id)
        return item, row is not None and bool(row["needs_approval"])

    async def plan_now(self, tx: Transaction, guild_id: int) -> Plan:
        """The plan for the next full minute, in the community's zone."""
        row = await lock_guild(tx, guild_id)
        return next_minute(self._clock.now(), DEFAULT_ZONE if row is None else row["zone"])

    async def find(self, item: Announcement) -> Schedule | None:
        """Its schedule, if it was ever planned."""
        return None if item.schedule_id is None else await self._schedules.find(item.schedule_id)

    async def change(self, tx: Transaction, item: Announcement, *, needs_approval: bool) -> None:
        """Keep one whose words were changed; what must be approved again is posted no more."""
        after = approval.change(item, self._clock.now(), needs_approval=needs_approval)
        schedule = await self.find(after) if after.is_held else None
        if schedule is not None:
            await self._hold(tx, schedule)
        await store.save(tx, after)

    async def plan(self, tx: Transaction, item: Announcement, plan: Plan) -> Announcement:
        """Let it be posted as planned from now on. Raises :class:`RefusalError`."""
        before = await self.find(item)
        item = replace(item, plan=plan)
        saved = await self.bring_in_line(tx, item, before)
        if saved.next_run_at is None:
            raise await self._nothing_ahead(saved, plan)
        item = replace(item, schedule_id=saved.schedule_id)
        await store.save(tx, item)
        return item

    async def bring_in_line(
        self, tx: Transaction, item: Announcement, before: Schedule | None
    ) -> Schedule:
        """Make the schedule what the announcement says; it is active afterwards, or held."""
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
            raise await self._nothing_ahead(saved, item.plan)
        if item.is_held:
            await self._hold(tx, saved)
        return saved

    async def ensure_ahead(self, item: Announcement, plan: Plan) -> None:
        """Refuse a plan of which nothing is to come any more."""
        wanted = replace(to_schedule(item, plan), schedule_id=item.schedule_id or 0)
        if not await self._schedules.upcoming(wanted, 1):
            raise await self._nothing_ahead(wanted, plan)

    async def _nothing_ahead(self, schedule: Schedule, plan: Plan) -> RefusalError:
        """The refusal of a plan of which nothing is to come any more, with the reason."""
        run = next_run(schedule.recurrence, self._clock.now())
        if run is None:
            what = (
                "That time is past" if plan.repeat is Repeat.ONCE else "None of its days is to come"
            )
            return _refuse(what, "one that is still to come")
        history = await self._schedules.history(schedule.schedule_id)
        is_sent = any(one.slot == run.slot and one.state == DeliveryState.SENT for one in history)
        what = "It was posted on that day already" if is_sent else "That day's turn is over already"
        return _refuse(f"{what}, and each day has one at most", "another day")

    async def _hold(self, tx: Transaction, schedule: Schedule) -> None:
        """Pause it, however it stood: also one that is away must not come back by itself."""
        if schedule.state != ScheduleState.ACTIVE:
            await self._schedules.resume(tx, schedule)
        active = replace(schedule, state=ScheduleState.ACTIVE.value)
        await self._schedules.pause(tx, active)


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
    options: dict[str, int | str] = {"announcement": item.announcement_id}
    if item.is_crossposted:
        options[FOLLOW_UP] = rules.CROSSPOST
    return Schedule(
        schedule_id=0,
        guild_id=item.guild_id,
        kind=rules.KIND,
        channel_id=item.channel_id or 0,
        recurrence=recurrence,
        role_id=item.role_id,
        is_silent=item.is_silent,
        options=options,
        state=ScheduleState.ACTIVE.value,
        problem=None,
        next_run_at=None,
    )


def _refuse(what: str, choice: str) -> RefusalError:
    return RefusalError(
        f"{what}, so nothing would go out and nothing was changed. Choose {choice}."
    )


def summarise(item: Announcement) -> str:
    """Where and when, for the log of changes."""
    where = "no channel" if item.channel_id is None else f"<#{item.channel_id}>"
    when = "no time" if item.plan is None else item.plan.summarise()
    loud = " silent" if item.is_silent else ""
    ping = "" if item.role_id is None else f" <@&{item.role_id}>"
    further = " published" if item.is_crossposted else ""
    return f"{where}{ping}{loud}{further}; {when}"
