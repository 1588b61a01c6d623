"""Keeps an event and Discord's own event in step, whichever of the two was changed.

:mod:`bot.events.steps` decides, this does it. One process does it for a community: the one whose
shard sees it.
"""

import asyncio
import logging
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.clock import MINUTE, Clock
from bot.delivery.engine import Engine
from bot.events import store
from bot.events.mirrors import Mirror, MirrorError, Remote
from bot.events.planning import Planning
from bot.events.rules import Event, Outline, State
from bot.events.service import Events
from bot.events.stage import begin
from bot.events.steps import ASKING, Step, decide, is_past, take_over
from bot.guilds.locking import lock_guild
from bot.storage import Database, Transaction

log = logging.getLogger(__name__)

PATIENCE = 15 * MINUTE
"""How long Discord is not asked by itself again for what it refused."""


class Syncing:
    """Brings events in step, one at a time in a community."""

    def __init__(
        self, database: Database, events: Events, clock: Clock, mirror: Mirror, engine: Engine
    ) -> None:
        """Stops early when the ``engine`` closes."""
        self._database = database
        self._events = events
        self._clock = clock
        self._mirror = mirror
        self._engine = engine
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._refused_until: dict[tuple[int, Step], int] = {}

    async def run(self) -> None:
        """Bring every event in step that this process looks after. A chore of every minute."""
        now = self._clock.now()
        self._refused_until = {one: at for one, at in self._refused_until.items() if at > now}
        for row in await self._database.fetch_all(store.SELECT_TO_SYNC):
            if self._engine.is_closing:
                break
            event = store.to_event(row)
            if not self._mirror.sees(event.guild_id):
                continue
            try:
                await self.sync(event.guild_id, event.event_id, is_patient=True)
            except Exception:
                log.exception("event %d can't be brought in step", event.event_id)

    async def hear(self, guild_id: int, discord_event_id: int) -> None:
        """Discord says that one of its events was changed."""
        event = await store.fetch_by_discord(self._database, guild_id, discord_event_id)
        if event is not None:
            await self.sync(guild_id, event.event_id)

    async def sync(self, guild_id: int, event_id: int, *, is_patient: bool = False) -> str | None:
        """Bring one in step; a sentence for moderators where Discord refused.

        Takes as many steps as there are, and never more than a few. Who ``is_patient`` asks
        nothing of Discord that it refused a few minutes ago.
        """
        lock = self._locks.setdefault(guild_id, asyncio.Lock())
        async with lock:
            for _ in Step:
                event = await store.fetch_one(self._database, guild_id, event_id)
                if event is None or event.state is State.DRAFT:
                    return None
                try:
                    if await self._step(event, is_patient=is_patient) is Step.NOTHING:
                        return None
                except MirrorError as error:
                    log.info("event %d is not in step: %s", event_id, error)
                    if error.problem is not None and is_past(event, self._clock.now()):
                        await self._finish(event, State.OVER)
                    return error.problem
        return None

    async def _step(self, event: Event, *, is_patient: bool) -> Step:
        now = self._clock.now()
        heard = self._mirror.recall(event)
        if heard is not None:
            expected = decide(event, heard, now)
            if expected is Step.NOTHING or (is_patient and self._rests(event, expected)):
                return Step.NOTHING
        remote = None if event.discord_event_id is None else await self._mirror.look(event)
        step = decide(event, remote, now)
        if step in ASKING:
            if is_patient and self._rests(event, step):
                return Step.NOTHING
            await self._ask(event, step, remote)
        elif step is Step.SEARCH:
            await self._search(event)
        elif step is Step.BEGIN:
            await self._begin(event)
        elif step in {Step.CANCEL, Step.FINISH}:
            await self._finish(event, State.CANCELLED if step is Step.CANCEL else State.OVER)
        elif step is Step.TAKE_OVER and remote is not None and remote.outline is not None:
            await self._take_over(event, remote.outline)
        elif step is not Step.NOTHING:
            await self._keep(event, synced=None)
        return step

    def _rests(self, event: Event, step: Step) -> bool:
        """Whether Discord refused this step a few minutes ago."""
        return self._clock.now() < self._refused_until.get((event.event_id, step), 0)

    async def _ask(self, event: Event, step: Step, remote: Remote | None) -> None:
        """Let Discord make, change, start or end it, and remember when it refused."""
        try:
            if step is Step.CREATE:
                await self._create(event)
            elif step is Step.PUSH:
                shown = await self._mirror.change(event)
                await self._keep(event, synced=shown.outline, pushed=event.outline())
            elif step is Step.START:
                await self._mirror.start(event)
            elif remote is not None:
                await self._mirror.end(event, remote.status)
                await self._keep(event, synced=None)
        except MirrorError as error:
            if error.problem is not None:
                self._refused_until[event.event_id, step] = self._clock.now() + PATIENCE
            raise

    async def _create(self, event: Event) -> None:
        """An attempt is written down first: after a crash, it is searched before it is made."""
        pushed = event.outline()
        await self._keep(event, was_tried=True, pushed=pushed)
        try:
            made = await self._mirror.create(event)
        except MirrorError as error:
            if error.problem is not None:  # refused: there is nothing to be searched
                await self._keep(event, was_tried=False)
            raise
        await self._adopt(event, made, pushed)

    async def _search(self, event: Event) -> None:
        """Find what an attempt may have made, by what was asked for then."""
        tried = event.pushed or event.outline()
        found = await self._mirror.search(
            replace(event, title=tried.title, starts_at=tried.starts_at)
        )
        if found is not None:
            number = found.discord_event_id
            owner = await store.fetch_by_discord(self._database, event.guild_id, number)
            if owner is None:
                await self._adopt(event, found, tried)
                return
        await self._keep(event, was_tried=False)

    async def _adopt(self, event: Event, made: Remote, pushed: Outline) -> None:
        number = made.discord_event_id
        await self._keep(
            event, was_tried=False, discord_event_id=number, synced=made.outline, pushed=pushed
        )

    async def _finish(self, event: Event, state: State) -> None:
        async with self._database.transaction() as tx:
            current = await self._lock(tx, event)
            if current is not None and current.finished_at is None:
                await self._events.finish(tx, current, state)

    async def _take_over(self, event: Event, seen: Outline) -> None:
        async with self._database.transaction() as tx:
            current = await self._lock(tx, event)
            if current is None or current.finished_at is not None:
                return
            after = take_over(current, seen, self._clock.now())
            await self._events.keep(tx, current, after)

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
