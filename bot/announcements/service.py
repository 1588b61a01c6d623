"""Use cases of announcements: write, look, copy, delete and bring back. Each writes the log.

A planned announcement is one schedule, so the engine posts it: once, at its local time.
:mod:`bot.announcements.planning` has what concerns the plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.announcements import store
from bot.announcements.approving import Approving
from bot.announcements.keeping import Keeper, take, to_schedule
from bot.announcements.planning import Planning
from bot.announcements.rules import KEPT_SECONDS, MOST, Announcement, Picture, Words
from bot.clock import MINUTE, Clock
from bot.delivery.follow_ups import FollowUp, find_follow_up
from bot.delivery.plans import Repeat
from bot.delivery.ports import Delivery, Schedule
from bot.delivery.rules import Note, ScheduleState
from bot.delivery.schedules import Schedules
from bot.delivery.times import Run
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog, Change
from bot.guilds.locking import lock_guild
from bot.storage import Database, Transaction

RUNS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Look:
    """An announcement with what is to come of it, what was left out, and what came of it last.

    ``is_imminent`` says of one that is posted once that the next minute is when.
    """

    item: Announcement
    schedule: Schedule | None
    runs: tuple[Run, ...]
    left_out: tuple[str, ...] = ()
    last: Delivery | None = None
    follow_up: FollowUp | None = None
    is_imminent: bool = False

    @property
    def state(self) -> str:
        """``draft``, ``waiting`` for approval, ``held`` until it is approved again, ``done``.

        ``done`` is one of which nothing is to come; otherwise it is how its schedule stands.
        """
        if self.item.asked_at is not None:
            return "waiting"
        if self.schedule is None:
            return "draft"
        if self.item.is_held:
            return "held"
        is_over = not self.runs and not self.left_out and not self.is_imminent
        return "done" if is_over and self.schedule.state == "active" else self.schedule.state


class Announcements:
    """What communities' moderators announce. ``plans`` says when, ``approvals`` whether."""

    def __init__(
        self, database: Database, schedules: Schedules, audit: AuditLog, clock: Clock
    ) -> None:
        self.plans = Planning(database, schedules, audit, clock)
        self.approvals = Approving(database, schedules, audit, clock)
        self._keeper = Keeper(schedules, clock)
        self._database = database
        self._schedules = schedules
        self._audit = audit
        self._clock = clock

    async def write(
        self, guild_id: int, actor_id: int, words: Words, picture: Picture | None = None
    ) -> Announcement:
        """Keep a draft; its words may still lack. Raises :class:`RefusalError` without room."""
        item = Announcement(
            announcement_id=0,
            guild_id=guild_id,
            author_id=actor_id,
            words=words if picture is None else replace(words, alt=picture.alt),
            picture=None if picture is None else picture.name,
            changed_at=self._clock.now(),
        )
        return await self._add(item, None if picture is None else picture.content)

    async def rewrite(
        self, guild_id: int, actor_id: int, announcement_id: int, words: Words
    ) -> None:
        """Say it in other words, in every post that is to come. Raises :class:`RefusalError`."""
        async with self._database.transaction() as tx:
            before, needs_approval = await self._keeper.lock(tx, guild_id, announcement_id)
            alt = words.alt or before.words.alt if before.picture else None
            words = replace(words, alt=alt)
            if before.words == words:
                return
            after = replace(before, words=words)
            await self._keeper.change(tx, after, needs_approval=needs_approval)
            change = Change("announcement.words", None, before.words.title, words.title)
            await self._audit.write(tx, guild_id, actor_id, change)

    async def find(self, guild_id: int, announcement_id: int) -> Announcement:
        """One that is there. Raises :class:`RefusalError` when it is deleted or elsewhere."""
        return await take(self._database, guild_id, announcement_id)

    async def look(self, item: Announcement) -> Look:
        """One with all that is known about its posts."""
        if item.schedule_id is None:
            return Look(item, None, await self._runs(item))
        schedule = await self._schedules.find(item.schedule_id)
        if schedule is None:
            return Look(item, None, ())
        history = await self._schedules.history(schedule.schedule_id, 20)
        now = self._clock.now()
        left_out = {
            one.slot for one in history if one.note == Note.BY_MODERATOR and one.due_at > now
        }
        last = next((one for one in history if one.slot not in left_out), None)
        return Look(
            item=item,
            schedule=schedule,
            runs=tuple(await self._schedules.upcoming(schedule, RUNS_SHOWN)),
            left_out=tuple(sorted(left_out)),
            last=last,
            follow_up=None
            if last is None
            else await find_follow_up(self._database, last.delivery_id),
            is_imminent=_is_imminent(item, schedule, now),
        )

    async def in_guild(self, guild_id: int) -> Sequence[Announcement]:
        """A community's announcements, newest first."""
        return list(reversed(await store.fetch_all(self._database, guild_id)))

    async def picture(self, item: Announcement) -> Picture | None:
        """Its picture."""
        return await store.read_picture(self._database, item)

    async def take_picture_out(self, guild_id: int, actor_id: int, announcement_id: int) -> None:
        """Post it without its picture from now on."""
        async with self._database.transaction() as tx:
            before, needs_approval = await self._keeper.lock(tx, guild_id, announcement_id)
            if before.picture is None:
                return
            await tx.execute(store.DELETE_PICTURE, announcement_id=announcement_id)
            after = replace(before, words=replace(before.words, alt=None), picture=None)
            await self._keeper.change(tx, after, needs_approval=needs_approval)
            change = Change("announcement.picture", before.words.title, "kept", "removed")
            await self._audit.write(tx, guild_id, actor_id, change)

    async def copy(self, guild_id: int, actor_id: int, announcement_id: int) -> Announcement:
        """A draft with the same words, picture and choices; a single date is not copied."""
        item = await self.find(guild_id, announcement_id)
        content = await store.fetch_picture(self._database, announcement_id)
        is_over = item.plan is None or item.plan.repeat is Repeat.ONCE
        twin = Announcement(
            announcement_id=0,
            guild_id=guild_id,
            author_id=actor_id,
            words=item.words,
            picture=item.picture,
            channel_id=item.channel_id,
            role_id=item.role_id,
            is_silent=item.is_silent,
            plan=None if is_over else item.plan,
            changed_at=self._clock.now(),
            is_crossposted=item.is_crossposted,
        )
        return await self._add(twin, content)

    async def remove(self, guild_id: int, actor_id: int, announcement_id: int) -> bool:
        """Delete it: nothing more is posted. For a quarter of an hour it can be brought back.

        False when it was deleted already.
        """
        async with self._database.transaction() as tx:
            await lock_guild(tx, guild_id)
            item = await store.fetch_one(tx, guild_id, announcement_id)
            if item is None or item.removed_at is not None:
                return False
            schedule = await self._keeper.find(item)
            was_active = schedule is not None and await self._schedules.pause(tx, schedule)
            gone = replace(item, removed_at=self._clock.now(), was_active=was_active)
            await store.save(tx, gone)
            await self._note_removal(tx, actor_id, item, "kept", "deleted")
        return True

    async def restore(self, guild_id: int, actor_id: int, announcement_id: int) -> None:
        """Take a deletion back. Raises :class:`RefusalError` when it is too late for that."""
        async with self._database.transaction() as tx:
            await lock_guild(tx, guild_id)
            item = await store.fetch_one(tx, guild_id, announcement_id)
            if item is None or self._is_gone(item):
                message = (
                    "It was deleted more than 15 minutes ago, so it is gone for good. "
                    "/announce writes a new one."
                )
                raise RefusalError(message)
            if item.removed_at is None:
                return
            _ensure_room(await store.fetch_all(tx, guild_id))
            await store.save(tx, replace(item, removed_at=None, was_active=False))
            schedule = await self._keeper.find(item)
            if schedule is not None and item.was_active:
                await self._schedules.resume(tx, schedule)
            await self._note_removal(tx, actor_id, item, "deleted", "kept")

    async def sweep(self) -> None:
        """Delete for good what was deleted a quarter of an hour ago. A chore of every minute."""
        until = self._clock.now() - KEPT_SECONDS
        rows = await self._database.fetch_all(store.SELECT_REMOVED, until=until)
        for item in map(store.to_announcement, rows):
            async with self._database.transaction() as tx:
                await lock_guild(tx, item.guild_id)
                found = await store.fetch_one(tx, item.guild_id, item.announcement_id)
                if found is not None and found.removed_at is not None and self._is_gone(found):
                    await store.delete_one(tx, item)
                    if item.schedule_id is not None:
                        await self._schedules.remove(tx, item.schedule_id)

    async def forget(self, tx: Transaction, guild_id: int) -> None:
        """Delete all of a community's, with their pictures."""
        await tx.execute(store.FORGET_GUILD, guild_id=guild_id)

    async def _add(self, item: Announcement, content: bytes | None) -> Announcement:
        async with self._database.transaction() as tx:
            await lock_guild(tx, item.guild_id)
            _ensure_room(await store.fetch_all(tx, item.guild_id))
            number = await store.insert_one(tx, item)
            if content is not None:
                await store.keep_picture(tx, number, content)
            title = item.words.title or None
            change = Change("announcement.words", None, None, title)
            await self._audit.write(tx, item.guild_id, item.author_id or 0, change)
        return replace(item, announcement_id=number)

    async def _runs(self, item: Announcement) -> tuple[Run, ...]:
        if item.plan is None:
            return ()
        return tuple(await self._schedules.upcoming(to_schedule(item, item.plan), RUNS_SHOWN))

    async def _note_removal(
        self, tx: Transaction, actor_id: int, item: Announcement, old: str, new: str
    ) -> None:
        change = Change("announcement", item.words.title, old, new)
        await self._audit.write(tx, item.guild_id, actor_id, change)

    def _is_gone(self, item: Announcement) -> bool:
        return item.removed_at is not None and item.removed_at <= self._clock.now() - KEPT_SECONDS


class AnnouncementsPersonalData:
    """What is kept about who wrote, asked for or approved announcements, for ``/my-data``."""

    name = "announcements"
    tables = frozenset({"announcements"})

    async def export(self, database: Database, user_id: int) -> dict[str, Any]:
        """The announcements that the person had a part in."""
        rows = await database.fetch_all(store.SELECT_PERSON, user_id=user_id)
        return {"announcements": [store.export_row(row, user_id) for row in rows]}

    async def erase(self, tx: Transaction, user_id: int) -> str | None:
        """Take the person's id out; the announcement is the community's and stays."""
        changed = [await tx.execute(one, user_id=user_id) for one in store.ERASE_PERSON]
        return (
            "Announcements that you wrote or approved as a moderator stay with their community, "
            "without your id."
            if any(changed)
            else None
        )


def _is_imminent(item: Announcement, schedule: Schedule, now: int) -> bool:
    is_once = item.plan is not None and item.plan.repeat is Repeat.ONCE and not item.is_held
    is_due = schedule.next_run_at is not None and schedule.next_run_at <= now + MINUTE
    return is_once and is_due and schedule.state == ScheduleState.ACTIVE


def _ensure_room(own: Sequence[Announcement]) -> None:
    if len(own) >= MOST:
        message = (
            f"A community can keep {MOST} announcements, with drafts and those that were posted, "
            "so nothing was kept. Delete some in /announcements first."
        )
        raise RefusalError(message)
