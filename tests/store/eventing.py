"""What the tests of live events share: a Discord with events of its own, and a process on it."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.clock import DAY, HOUR, MINUTE, MovableClock
from bot.delivery.plans import Plan, Repeat
from bot.events.announcer import EventAnnouncer
from bot.events.mirrors import MirrorError, Remote, Status
from bot.events.posts import Part
from bot.events.rsvps import Way
from bot.events.rules import Event, Outline, Place, Slot
from bot.events.service import Events
from bot.events.stage import Stage
from bot.events.syncing import Syncing
from bot.guilds.audit import AuditLog
from bot.storage import Database
from tests.conftest import NOON
from tests.store.delivering import Discord, Station

HOME, AUTHOR, ANA, BO, CY = 2**62 + 1, 2**61 + 7, 501, 502, 503
CHANNEL, THREAD = 10, 11
BEGINS = NOON + 2 * DAY + 6 * HOUR
"""16 March 2027, 18:00 UTC: when an event begins here."""
ONCE = Plan(Repeat.ONCE, "UTC", 18 * 60, date(2027, 3, 16))
WEEKLY = Plan(Repeat.WEEKS, "UTC", 18 * 60, date(2027, 3, 16), weekdays=(1,))
MOST = 100
"""Open events that Discord allows."""

Outcome = Callable[[], None]


def lost() -> None:
    """Discord does it, and its answer is lost."""
    raise MirrorError


def dropped() -> None:
    """The request never reaches Discord."""
    raise MirrorError


def forbidden() -> None:
    """403."""
    message = "Discord doesn't let me. Fix: allow it."
    raise MirrorError(message)


def killed() -> None:
    """Discord does it, and the process dies before it can write that down."""
    raise asyncio.CancelledError


@dataclass
class Far:
    """Discord's own events. ``seen`` is the gateway's cache; while ``is_deaf`` it grows old."""

    clock: MovableClock
    events: dict[int, Remote] = field(default_factory=dict[int, Remote])
    seen: dict[int, Remote] = field(default_factory=dict[int, Remote])
    outcomes: dict[str, deque[Outcome]] = field(default_factory=dict[str, deque[Outcome]])
    asked: Counter[str] = field(default_factory=Counter[str])
    is_deaf: bool = False
    is_there: bool = True

    def sees(self, guild_id: int) -> bool:
        """While the community is there."""
        return self.is_there and guild_id > 0

    def recall(self, event: Event) -> Remote | None:
        """What the gateway told last."""
        return self.seen.get(event.discord_event_id or 0)

    async def look(self, event: Event) -> Remote:
        """How it is now; one that is deleted is gone."""
        self._begin("look")
        number = event.discord_event_id or 0
        return self._end("look", self.events.get(number, Remote(number, Status.GONE)))

    async def search(self, event: Event) -> Remote | None:
        """By title and beginning, as the real one does."""
        self._begin("search")
        wanted = event.outline()
        for one in self.events.values():
            shown = one.outline
            if shown and (shown.title, shown.starts_at) == (wanted.title, wanted.starts_at):
                return one
        return None

    async def create(self, event: Event) -> Remote:
        """Refused in the past, and where there are a hundred."""
        self._begin("create")
        wanted = event.outline()
        is_open = {Status.SCHEDULED, Status.ACTIVE}
        if wanted.starts_at <= self.clock.now():
            message = "Discord doesn't take the event as it is."
            raise MirrorError(message)
        if sum(one.status in is_open for one in self.events.values()) >= MOST:
            message = "The community has 100 open events."
            raise MirrorError(message)
        made = Remote(7000 + len(self.events), Status.SCHEDULED, _trim(wanted))
        return self._end("create", made)

    async def change(self, event: Event) -> Remote:
        """What is on keeps its beginning."""
        self._begin("change")
        old, wanted = self._open(event), _trim(event.outline())
        if old.status is Status.SCHEDULED and wanted.starts_at <= self.clock.now():
            message = "Discord doesn't take the event as it is."
            raise MirrorError(message)
        if old.status is Status.ACTIVE and old.outline:
            wanted = replace(wanted, starts_at=old.outline.starts_at)
        return self._end("change", replace(old, outline=wanted))

    async def start(self, event: Event) -> Remote:
        """Once."""
        self._begin("start")
        return self._end("start", replace(self._open(event), status=Status.ACTIVE))

    async def end(self, event: Event, status: Status) -> Remote:
        """End or cancel."""
        self._begin("end")
        after = Status.OVER if status is Status.ACTIVE else Status.GONE
        return self._end("end", replace(self._open(event), status=after))

    def edit(self, event: Event, **changes: Any) -> None:
        """Somebody changes it at Discord."""
        old = self.shown(event)
        assert old.outline is not None
        self._keep(replace(old, outline=_trim(replace(old.outline, **changes))))

    def turn(self, event: Event, status: Status) -> None:
        """Somebody starts, ends or cancels it at Discord."""
        self._keep(replace(self.shown(event), status=status))

    def delete(self, event: Event) -> None:
        """Somebody deletes it at Discord."""
        del self.events[event.discord_event_id or 0]
        self.seen.pop(event.discord_event_id or 0, None)

    def shown(self, event: Event) -> Remote:
        """How an event stands there."""
        return self.events[event.discord_event_id or 0]

    def running(self) -> list[Remote]:
        """What members see there."""
        running = {Status.SCHEDULED, Status.ACTIVE}
        return [one for one in self.events.values() if one.status in running]

    def fail(self, method: str, *outcomes: Outcome) -> None:
        """What happens to the next requests of a kind."""
        self.outcomes.setdefault(method, deque()).extend(outcomes)

    def _open(self, event: Event) -> Remote:
        found = self.events.get(event.discord_event_id or 0)
        if found is None or found.status in {Status.OVER, Status.GONE}:
            raise MirrorError
        return found

    def _begin(self, method: str) -> None:
        self.asked[method] += 1
        waiting = self.outcomes.get(method)
        if waiting and waiting[0] in {dropped, forbidden}:
            waiting.popleft()()

    def _end(self, method: str, remote: Remote) -> Remote:
        if method != "look":
            self._keep(remote)
        waiting = self.outcomes.get(method)
        if waiting:
            waiting.popleft()()
        return remote

    def _keep(self, remote: Remote) -> None:
        self.events[remote.discord_event_id] = remote
        if not self.is_deaf:
            self.seen[remote.discord_event_id] = remote


def _trim(outline: Outline) -> Outline:
    return replace(outline, title=outline.title.strip(), body=outline.body.strip())


class Room(Station):
    """One process on a database, as the composition root puts it together for events."""

    def __init__(self, database: Database, clock: MovableClock, discord: Discord, far: Far) -> None:
        super().__init__(database, clock, discord)
        self.far = far
        EventAnnouncer(database).register(self.sender.announcers)
        self.audit = AuditLog(database, clock)
        self.events = Events(database, self.schedules, self.audit, clock)
        self.stage = Stage(database, self.events, clock)
        self.syncing = Syncing(database, self.events, clock, far, self.engine)
        self.engine.each_minute.append(self.syncing.run)

    def successor(self, database: Database | None = None) -> "Room":
        """The process that is started after this one was killed, or beside it."""
        return Room(database or self.database, self.clock, self.discord, self.far)

    async def draft(self, plan: Plan = ONCE, guild_id: int = HOME, **changes: Any) -> Event:
        """One that lacks nothing."""
        words = {"title": "Take A Moment", "body": "A quiet hour.", "place": Place.LINK}
        choices: dict[str, Any] = {"link": "https://example.org/x", "channel_id": CHANNEL}
        event = await self.events.write(guild_id, AUTHOR, **words | choices | changes)
        return await self.events.change(guild_id, AUTHOR, event.event_id, plan=plan)

    async def planned(self, plan: Plan = ONCE, guild_id: int = HOME, **changes: Any) -> Event:
        """One that is published, and known to Discord if that goes well."""
        event = await self.draft(plan, guild_id, **changes)
        await self.events.publish(guild_id, AUTHOR, event.event_id)
        await self.syncing.sync(guild_id, event.event_id)
        return await self.now(event)

    async def now(self, event: Event) -> Event:
        """An event as it stands."""
        return await self.events.find(event.guild_id, event.event_id)

    async def sync(self, event: Event) -> Event:
        """Bring it in step; how it stands then."""
        await self.syncing.sync(event.guild_id, event.event_id)
        return await self.now(event)

    async def move(self, event: Event, by: int) -> Event:
        """A moderator moves a single one, by minutes of the same day."""
        plan = event.plan
        assert plan is not None
        minute = plan.minute_of_day + by
        return await self.change(event, plan=replace(plan, minute_of_day=minute))

    async def change(self, event: Event, **changes: Any) -> Event:
        """A moderator changes something."""
        return await self.events.change(event.guild_id, AUTHOR, event.event_id, **changes)

    async def come(self, event: Event, *people: int, way: Way = Way.DIRECT) -> None:
        """People say that they will come."""
        for user_id in people:
            await self.events.rsvps.come(event.guild_id, event.event_id, user_id, way)

    async def pass_minutes(self, *instants: int) -> None:
        """Tick at each of these instants."""
        for at in instants:
            await self.tick(at)

    def sent(self, *parts: Part) -> list[tuple[Part, int | None]]:
        """What went out, in order, with its recipient; of some parts, or of all."""
        return [
            (post.body.part, post.recipient_id)
            for post in self.discord.posts
            if not parts or post.body.part in parts
        ]


SOON, DAY_BEFORE = BEGINS - 15 * MINUTE, BEGINS - DAY
TURNS = (Slot("Ana", 20), Slot("Bo", 25))
