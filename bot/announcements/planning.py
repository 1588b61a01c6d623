"""Use cases of an announcement's plan: where, when, now, pause, leave one out.

What moderators choose stands in the announcement; once it is planned, every change of it goes
into its schedule in the same transaction. Where a community asks for a second moderator's
approval, planning waits for it: :mod:`bot.announcements.approving`.
"""

from dataclasses import dataclass, replace

from bot.announcements import approval, rules, store
from bot.announcements.keeping import Keeper, summarise
from bot.announcements.rules import Announcement
from bot.clock import Clock
from bot.delivery.plans import Plan
from bot.delivery.ports import Schedule
from bot.delivery.rules import ScheduleState
from bot.delivery.schedules import Schedules
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog, Change
from bot.storage import Database, Transaction


@dataclass(frozen=True, slots=True)
class Choice:
    """Where, when and how loud an announcement is posted."""

    channel_id: int | None = None
    role_id: int | None = None
    is_silent: bool = False
    plan: Plan | None = None
    is_crossposted: bool = False


def choice_of(item: Announcement) -> Choice:
    """What was chosen for an announcement so far."""
    return Choice(item.channel_id, item.role_id, item.is_silent, item.plan, item.is_crossposted)


class Planning:
    """Plans of announcements as schedules of the engine."""

    def __init__(
        self, database: Database, schedules: Schedules, audit: AuditLog, clock: Clock
    ) -> None:
        self._database = database
        self._schedules = schedules
        self._audit = audit
        self._clock = clock
        self._keeper = Keeper(schedules, clock)

    async def choose(
        self, guild_id: int, actor_id: int, announcement_id: int, choice: Choice
    ) -> None:
        """Keep a choice; of a planned one, every post to come follows it at once.

        Where a second moderator approves, what changed is not posted until one did. Raises
        :class:`RefusalError` for a plan without any day that is still to come.
        """
        async with self._database.transaction() as tx:
            before, needs_approval = await self._keeper.lock(tx, guild_id, announcement_id)
            if choice == choice_of(before) and needs_approval:
                return  # the same once more: what was approved stays approved
            chosen = replace(
                before,
                channel_id=choice.channel_id,
                role_id=choice.role_id,
                is_silent=choice.is_silent,
                plan=choice.plan,
                is_crossposted=choice.is_crossposted,
            )
            after = approval.change(chosen, self._clock.now(), needs_approval=needs_approval)
            is_new_plan = choice.plan != before.plan
            schedule = await self._keeper.find(before)
            if is_new_plan and schedule is not None:
                await self._forget_skips(tx, schedule)
            if is_new_plan and choice.plan is not None and schedule is None:
                await self._keeper.ensure_ahead(after, choice.plan)
            if schedule is not None:
                saved = await self._keeper.bring_in_line(tx, after, schedule)
                stands_still = schedule.state in {ScheduleState.PAUSED, ScheduleState.AWAY}
                if stands_still and not after.is_held:
                    await self._schedules.pause(tx, saved, ScheduleState(schedule.state))
            await store.save(tx, after)
            old, new = summarise(before), summarise(after)
            if old != new:
                change = Change("announcement.plan", before.words.title, old, new)
                await self._audit.write(tx, guild_id, actor_id, change)

    async def start(
        self, guild_id: int, actor_id: int, announcement_id: int
    ) -> Announcement | None:
        """Post a draft as planned; as it stands, if it waits for a second moderator instead.

        Raises :class:`RefusalError` for what is lacking.
        """
        return await self._start(guild_id, actor_id, announcement_id, is_now=False)

    async def send_now(
        self, guild_id: int, actor_id: int, announcement_id: int
    ) -> Announcement | None:
        """Plan a draft for the next full minute; as it stands, if it waits for approval instead.

        Raises :class:`RefusalError`.
        """
        return await self._start(guild_id, actor_id, announcement_id, is_now=True)

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
            if item.is_held:
                message = (
                    "It was changed since a second moderator approved it, so it is not posted as "
                    "it is. /announcements shows it: ask for approval there."
                )
                raise RefusalError(message)
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
    ) -> Announcement | None:
        async with self._database.transaction() as tx:
            item, needs_approval = await self._keeper.lock(tx, guild_id, announcement_id)
            now = await self._keeper.plan_now(tx, guild_id) if is_now else None
            plan = self._ensure_ready(item, now, needs_approval=needs_approval)
            asked = None
            if needs_approval:
                await self._keeper.ensure_ahead(item, plan)
                asked = approval.ask(item, actor_id, self._clock.now(), is_now=is_now)
                await store.save(tx, asked)
                new = "as soon as it is approved" if is_now else summarise(item)
                change = Change("announcement.approval", item.words.title, "draft", f"asked: {new}")
            else:
                settled = replace(approval.settle(item, None), changed_at=self._clock.now())
                item = await self._keeper.plan(tx, settled, plan)
                change = Change("announcement.plan", item.words.title, "draft", summarise(item))
            await self._audit.write(tx, guild_id, actor_id, change)
        return asked

    def _ensure_ready(self, item: Announcement, now: Plan | None, *, needs_approval: bool) -> Plan:
        """When it is to be posted; ``now`` is the plan for at once, if that is asked for.

        Raises :class:`RefusalError` for what is lacking.
        """
        if item.asked_at is not None and needs_approval:
            message = (
                "It waits for approval already: another moderator approves it, on the moderators' "
                "desk or in /announcements."
            )
            raise RefusalError(message)
        if item.schedule_id is not None and (now is not None or not item.is_held):
            message = "It is planned already. /announcements shows when; Duplicate makes another."
            raise RefusalError(message)
        if rules.find_faults(item.words):
            message = "It has no title or no text yet. Press Edit first."
            raise RefusalError(message)
        if item.channel_id is None:
            message = "Choose a channel first: it is posted there."
            raise RefusalError(message)
        plan = now or item.plan
        if plan is None:
            message = "Choose when first, or press Send now."
            raise RefusalError(message)
        return plan

    async def _forget_skips(self, tx: Transaction, schedule: Schedule) -> None:
        """What was left out of the old plan says nothing about the new one."""
        for slot in await self._schedules.skipped(schedule):
            await self._schedules.unskip(tx, schedule, slot)

    async def _planned(
        self, tx: Transaction, guild_id: int, announcement_id: int
    ) -> tuple[Announcement, Schedule]:
        item, _ = await self._keeper.lock(tx, guild_id, announcement_id)
        schedule = await self._keeper.find(item)
        if schedule is None:
            message = "It is a draft: nothing is planned yet. Press Plan it first."
            raise RefusalError(message)
        return item, schedule
