"""Use cases of events for moderators and hosts. Each change is one transaction with its log."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from bot.delivery.rules import LATE_LIMIT
from bot.delivery.schedules import Schedules
from bot.errors import RefusalError
from bot.events import rules, store
from bot.events.changing import (
    find_start,
    finished,
    lacking,
    lock,
    move,
    new_faults,
    take,
)
from bot.events.planning import Planning
from bot.events.posts import Part
from bot.events.rsvps import Rsvps
from bot.events.rules import AHEAD, Event, State
from bot.guilds.audit import AuditLog, Change
from bot.guilds.locking import lock_guild
from bot.storage import Database, Transaction

MOST_PAST = 10
CLOSING_LATE = rules.OVERRUN + LATE_LIMIT
"""Seconds after its end from which nobody is thanked any more: the bot was away."""
TOLD = ("title", "starts_at", "place", "place_channel_id", "link")
"""What those who come are told of when it changes."""


class Events:
    """A draft is kept from its first words on, so that it survives a restart."""

    def __init__(
        self, database: Database, schedules: Schedules, audit: AuditLog, clock: Clock
    ) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self.planning = Planning(schedules)
        self.rsvps = Rsvps(database, clock)

    async def find(self, guild_id: int, event_id: int) -> Event:
        """One that is there. Raises :class:`RefusalError` when it is deleted or elsewhere."""
        return await take(self._database, guild_id, event_id)

    async def ahead(self, guild_id: int) -> list[Event]:
        """What members may see: planned and live ones, the nearest first."""
        found = await store.fetch_open(self._database, guild_id)
        return [event for event in found if event.state in AHEAD]

    async def open(self, guild_id: int) -> Sequence[Event]:
        """The same with drafts, for moderators."""
        return await store.fetch_open(self._database, guild_id)

    async def past(self, guild_id: int) -> list[Event]:
        """The latest that are over or cancelled."""
        since = self._clock.now() - rules.EVENTS_KEPT
        rows = await self._database.fetch_all(
            store.SELECT_PAST, guild_id=guild_id, since=since, most=MOST_PAST
        )
        return [store.to_event(row) for row in rows]

    async def write(self, guild_id: int, actor_id: int, **words: Any) -> Event:  # noqa: ANN401 (by field)
        """Keep a new draft. Raises :class:`RefusalError` where there is no room for it."""
        event = rules.clean(Event(0, guild_id, actor_id, changed_at=self._clock.now(), **words))
        async with self._database.transaction() as tx:
            await lock_guild(tx, guild_id)
            if len(await store.fetch_open(tx, guild_id)) >= rules.MOST:
                message = (
                    f"A community can have {rules.MOST} events ahead, drafts among them, so "
                    "nothing was kept. Cancel or delete one in /event manage first."
                )
                raise RefusalError(message)
            number = await store.insert_one(tx, event)
            await self._note(tx, actor_id, event, "event", None, "draft")
        return replace(event, event_id=number)

    async def change(
        self,
        guild_id: int,
        actor_id: int,
        event_id: int,
        **changes: Any,  # noqa: ANN401 (by field)
    ) -> Event:
        """Change what moderators choose. Of a planned one, everything follows at once.

        With another ``plan`` it moves to that plan's next day; one that is on stays, and those that
        follow it move. Raises :class:`RefusalError` for what a planned event can't be without, and
        for one that is over.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            before = await lock(tx, guild_id, event_id)
            if before.finished_at is not None:
                raise finished()
            after = rules.clean(replace(before, **changes, changed_at=now))
            if "plan" in changes and after.plan is not None:
                after = move(after, after.plan, now)
            if before.state in AHEAD and (faults := new_faults(after, before, now)):
                raise lacking(faults)
            await self.keep(tx, before, after)
            old, new = _summarise(before), _summarise(after)
            if old != new:
                await self._note(tx, actor_id, before, "event", old, new)
        return after

    async def publish(self, guild_id: int, actor_id: int, event_id: int) -> Event:
        """Plan a draft: its card is posted and reminders are made.

        Raises :class:`RefusalError` for what is lacking.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            draft = await lock(tx, guild_id, event_id)
            if draft.state is not State.DRAFT:
                return draft
            if faults := rules.find_faults(draft, now):
                raise lacking(faults)
            event = replace(
                draft, state=State.PLANNED, starts_at=find_start(draft, now), changed_at=now
            )
            await self._begin(tx, event, now)
            await store.save(tx, event)
            await self._note(tx, actor_id, event, "event", "draft", _summarise(event))
        return event

    async def cancel(
        self, guild_id: int, actor_id: int, event_id: int, *, is_whole_series: bool = False
    ) -> Event:
        """Call it off: nothing more is sent of it, and those who come are told once.

        Of one that repeats, the next is planned, unless the whole series is called off.
        """
        async with self._database.transaction() as tx:
            event = await lock(tx, guild_id, event_id)
            if event.state not in AHEAD:
                raise finished()
            after = await self.finish(tx, event, State.CANCELLED, has_next=not is_whole_series)
            await self._note(tx, actor_id, event, "event", "planned", "cancelled")
        return after

    async def remove(self, guild_id: int, actor_id: int, event_id: int) -> bool:
        """Delete a draft for good; False when it is gone already.

        Raises :class:`RefusalError` for one that people know of.
        """
        async with self._database.transaction() as tx:
            await lock_guild(tx, guild_id)
            event = await store.fetch_one(tx, guild_id, event_id)
            if event is None:
                return False
            if event.state is not State.DRAFT:
                message = "It is planned, and people know of it. Cancel it, then they are told."
                raise RefusalError(message)
            await self.planning.remove(tx, event)
            await tx.execute(store.DELETE, in_guild=guild_id, event_id=event_id)
            await self._note(tx, actor_id, event, "event", "draft", "deleted")
        return True

    async def keep(self, tx: Transaction, before: Event, after: Event) -> None:
        """Save a change in its transaction, with all that follows from it for schedules."""
        now = self._clock.now()
        await store.save(tx, after)
        if before.state in AHEAD and before.channel_id != after.channel_id:
            await self.planning.post(tx, after, Part.CARD, now)
        if after.state is State.LIVE and before.line_up != after.line_up:
            await self.planning.renew_signal(tx, after, now)
        if after.state is not State.PLANNED:
            return
        if (before.starts_at, before.thread_id) != (after.starts_at, after.thread_id):
            await self.planning.renew_reminders(tx, after, now)
        is_known = before.state is State.PLANNED
        if is_known and any(getattr(before, name) != getattr(after, name) for name in TOLD):
            await self.planning.tell_change(tx, before, after, now)

    async def finish(
        self, tx: Transaction, event: Event, state: State, *, has_next: bool = True
    ) -> Event:
        """End an event in a transaction: over or cancelled. The next one of a series is planned."""
        now = self._clock.now()
        after = replace(
            event, state=state, finished_at=now, changed_at=now, turn_at=None, signal_id=None
        )
        await store.save(tx, after)
        await self.planning.stop(tx, after)
        if state is State.CANCELLED:
            await self.planning.tell_change(tx, event, after, now)
        elif now <= after.ends_at + CLOSING_LATE:
            await self.planning.post(tx, after, Part.CLOSING, now)
        following = rules.follow(event, now) if has_next else None
        if following is not None:
            number = await store.insert_one(tx, following)
            await self._begin(tx, replace(following, event_id=number), now)
        return after

    async def forget(self, tx: Transaction, guild_id: int) -> None:
        """Delete all of a community's events, with who said that they would come."""
        await tx.execute(store.FORGET_GUILD, guild_id=guild_id)

    async def sweep(self) -> None:
        """Forget old answers and old events. A chore of every night."""
        await self.rsvps.sweep()
        until = self._clock.now() - rules.EVENTS_KEPT
        async with self._database.transaction() as tx:
            for row in await tx.fetch_all(store.SELECT_OLD, until=until):
                await self.planning.remove(tx, store.to_event(row))
            await tx.execute(store.DELETE_OLD, until=until)

    async def _begin(self, tx: Transaction, event: Event, now: int) -> None:
        await self.planning.post(tx, event, Part.CARD, now)
        await self.planning.renew_reminders(tx, event, now)

    async def _note(  # noqa: PLR0913, PLR0917 (what a line of the log is made of)
        self,
        tx: Transaction,
        actor_id: int,
        event: Event,
        action: str,
        old: str | None,
        new: str | None,
    ) -> None:
        change = Change(action, event.title or None, old, new)
        await self._audit.write(tx, event.guild_id, actor_id, change)


def _summarise(event: Event) -> str:
    when = "no time" if event.plan is None else event.plan.summarise()
    where = "nowhere yet" if event.place is None else event.place.value
    return f"{event.state.value}; {when}; {event.minutes} min; {where}"
