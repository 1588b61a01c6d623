"""Keeps an event and Discord's own event in step, whichever of the two was changed.

What Discord was seen to show last is kept with the event. Where Discord shows something else now,
somebody changed it there, and that is taken over; where the event itself is another one than what
Discord was asked to show, Discord is asked again. One process does it for a community: the one
whose shard sees it.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol
from weakref import WeakValueDictionary

from bot.clock import MINUTE, Clock
from bot.events import store
from bot.events.planning import Planning
from bot.events.rules import NOTE, OVERRUN, Event, Outline, State, clean, move
from bot.events.service import Events
from bot.events.stage import begin
from bot.guilds.locking import lock_guild
from bot.storage import Database, Transaction

log = logging.getLogger(__name__)


class Status(StrEnum):
    """How Discord's own event stands."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    OVER = "over"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Remote:
    """What Discord shows; ``outline`` is None where there is nothing any more."""

    discord_event_id: int
    status: Status
    outline: Outline | None = None


class Mirror(Protocol):
    """Discord's own events. Methods raise :class:`MirrorError`."""

    def sees(self, guild_id: int) -> bool:
        """Whether this process looks after the community, and has its events at hand."""
        ...

    def recall(self, event: Event) -> Remote | None:
        """What was last heard of an event's; it costs nothing, and may be a little old."""
        ...

    async def look(self, event: Event) -> Remote:
        """The one of an event, asked for now."""
        ...

    async def search(self, event: Event) -> Remote | None:
        """One that this bot made for the event and could not write down any more."""
        ...

    async def create(self, event: Event) -> Remote:
        """Make one."""
        ...

    async def change(self, event: Event) -> Remote:
        """Show the event as it is now."""
        ...

    async def start(self, event: Event) -> Remote:
        """Begin it."""
        ...

    async def end(self, event: Event, status: Status) -> Remote:
        """End one that is on, or cancel one that is not."""
        ...


class MirrorError(Exception):
    """Discord could not be asked, or refused; ``problem`` is a sentence for moderators, if any."""

    def __init__(self, problem: str | None = None) -> None:
        super().__init__(problem or "Discord could not be asked")
        self.problem = problem


class Step(StrEnum):
    """What has to be done next to bring both in step."""

    NOTHING = "nothing"
    CREATE = "create"
    PUSH = "push"
    START = "start"
    END = "end"
    TAKE_OVER = "take over"
    BEGIN = "begin"
    FINISH = "finish"
    CANCEL = "cancel"
    LET_GO = "let go"


def decide(event: Event, remote: Remote | None, now: int) -> Step:  # noqa: PLR0911 (a table)
    """The next step. ``remote`` is None where no event of Discord's is known yet."""
    is_finished = event.finished_at is not None
    if remote is None:
        return Step.CREATE if event.state is State.PLANNED and now < event.ends_at else Step.NOTHING
    is_running = remote.status in {Status.SCHEDULED, Status.ACTIVE}
    if is_finished:
        return Step.END if is_running else Step.LET_GO
    if not is_running:
        has_begun = event.state is State.LIVE or remote.status is Status.OVER
        return Step.FINISH if has_begun else Step.CANCEL
    if remote.outline != event.synced and event.synced is not None:
        return Step.TAKE_OVER
    if event.outline() != event.pushed:
        return Step.PUSH
    if remote.status is Status.ACTIVE and event.state is State.PLANNED:
        return Step.BEGIN
    if remote.status is Status.SCHEDULED and (
        event.state is State.LIVE or now >= (event.starts_at or 0)
    ):
        return Step.START
    if event.state is State.LIVE and now >= event.ends_at + OVERRUN:
        return Step.FINISH
    return Step.NOTHING


def take_over(event: Event, seen: Outline, now: int) -> Event:
    """The event with everything that was changed at Discord since it was looked at last."""
    last = event.synced or seen
    after = event
    if seen.title != last.title:
        after = replace(after, title=seen.title)
    if seen.body != last.body:
        after = replace(after, body=seen.body.removesuffix(NOTE).rstrip())
    if seen.starts_at != last.starts_at:
        zone = event.plan.zone if event.plan else "UTC"
        after = move(after, seen.starts_at, zone)
    if seen.ends_at - seen.starts_at != last.ends_at - last.starts_at:
        minutes = max(1, (seen.ends_at - seen.starts_at) // MINUTE)
        after = replace(after, minutes=minutes)
    if (seen.place, seen.channel_id, seen.link) != (last.place, last.channel_id, last.link):
        after = replace(after, place=seen.place, place_channel_id=seen.channel_id, link=seen.link)
    after = clean(replace(after, synced=seen, changed_at=now))
    has_note = seen.body.endswith(NOTE)
    return replace(after, pushed=after.outline() if has_note else None)


class Syncing:
    """Brings events in step, one at a time in a community."""

    def __init__(self, database: Database, events: Events, clock: Clock, mirror: Mirror) -> None:
        self._database = database
        self._events = events
        self._clock = clock
        self._mirror = mirror
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self.on_change: Callable[[Event], None] = lambda _event: None
        """Told of every event that was changed at Discord."""

    async def run(self) -> None:
        """Bring every event in step that this process looks after. A chore of every minute."""
        for row in await self._database.fetch_all(store.SELECT_TO_SYNC):
            event = store.to_event(row)
            if self._mirror.sees(event.guild_id):
                await self.sync(event.guild_id, event.event_id)

    async def hear(self, guild_id: int, discord_event_id: int) -> None:
        """Discord says that one of its events was changed."""
        event = await store.fetch_by_discord(self._database, guild_id, discord_event_id)
        if event is not None:
            await self.sync(guild_id, event.event_id)

    async def sync(self, guild_id: int, event_id: int) -> str | None:
        """Bring one in step; a sentence for moderators where Discord refused. Raises nothing else.

        Takes as many steps as there are, and never more than a few.
        """
        lock = self._locks.setdefault(guild_id, asyncio.Lock())
        async with lock:
            for _ in Step:
                event = await store.fetch_one(self._database, guild_id, event_id)
                if event is None or event.state is State.DRAFT:
                    return None
                try:
                    if await self._step(event) is Step.NOTHING:
                        return None
                except MirrorError as error:
                    log.info("event %d is not in step: %s", event_id, error)
                    return error.problem
        return None

    async def _step(self, event: Event) -> Step:
        now = self._clock.now()
        heard = self._mirror.recall(event)
        if heard is not None and decide(event, heard, now) is Step.NOTHING:
            return Step.NOTHING
        remote = None if event.discord_event_id is None else await self._mirror.look(event)
        step = decide(event, remote, now)
        if step is Step.CREATE:
            await self._create(event)
        elif remote is not None and step is not Step.NOTHING:
            await self._follow(event, remote, step)
        return step

    async def _create(self, event: Event) -> None:
        """An attempt is written down first: after a crash, the next one looks before it makes."""
        made = await self._mirror.search(event) if event.was_tried else None
        if made is None:
            await self._keep(event, was_tried=True)
            made = await self._mirror.create(event)
        await self._keep(
            event,
            discord_event_id=made.discord_event_id,
            synced=made.outline,
            pushed=event.outline(),
        )

    async def _follow(self, event: Event, remote: Remote, step: Step) -> None:
        now = self._clock.now()
        if step is Step.PUSH:
            pushed = event.outline()
            shown = await self._mirror.change(event)
            await self._keep(event, synced=shown.outline, pushed=pushed)
        elif step is Step.START:
            await self._mirror.start(event)
            await self._begin(event)
        elif step is Step.END:
            await self._mirror.end(event, remote.status)
            await self._keep(event, synced=None)
        elif step is Step.LET_GO:
            await self._keep(event, synced=None)
        elif step is Step.BEGIN:
            await self._begin(event)
        elif step is Step.TAKE_OVER and remote.outline is not None:
            await self._take_over(event, remote.outline, now)
        else:
            state = State.CANCELLED if step is Step.CANCEL else State.OVER
            async with self._database.transaction() as tx:
                current = await self._lock(tx, event)
                if current is not None and current.finished_at is None:
                    await self._events.finish(tx, current, state)

    async def _take_over(self, event: Event, seen: Outline, now: int) -> None:
        async with self._database.transaction() as tx:
            current = await self._lock(tx, event)
            if current is None or current.finished_at is not None:
                return
            after = take_over(current, seen, now)
            await self._events.keep(tx, current, after)
        self.on_change(after)

    async def _begin(self, event: Event) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            current = await self._lock(tx, event)
            if current is None or current.state is not State.PLANNED:
                return
            after = begin(current, now)
            await store.save(tx, after)
            await self._planning.stop(tx, after)
            await self._planning.renew_signal(tx, after, now)

    async def _keep(self, event: Event, **changes: object) -> None:
        """Write down what concerns Discord alone, on the event as it is by now."""
        async with self._database.transaction() as tx:
            current = await self._lock(tx, event)
            if current is not None:
                await store.save(tx, replace(current, **changes))  # type: ignore[arg-type]

    async def _lock(self, tx: Transaction, event: Event) -> Event | None:
        await lock_guild(tx, event.guild_id)
        return await store.fetch_one(tx, event.guild_id, event.event_id)

    @property
    def _planning(self) -> Planning:
        return self._events.planning
