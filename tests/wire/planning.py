"""Kinds of planned posts in a bot's database before it starts, for the tests of outages."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from bot.announcements.planning import choice_of
from bot.announcements.rules import Words
from bot.announcements.service import Announcements
from bot.clock import HOUR, MovableClock
from bot.delivery.plans import Plan, Repeat
from bot.delivery.rules import LATE_LIMIT
from bot.delivery.schedules import Schedules
from bot.events.posts import DAY_BEFORE, LETTERS, SOON_BEFORE, SOON_LETTERS, late_limit
from bot.events.rsvps import Way
from bot.events.rules import Place, move
from bot.events.service import Events
from bot.guilds.audit import AuditLog
from bot.guilds.service import Guilds
from bot.storage.opening import open_database
from tests.conftest import NOON, is_full_size
from tests.wire.standin.model import channel_id, dm_id, guild_id, user_id

_NOON_MINUTE = 720
_TODAY, _TOMORROW = date(2027, 3, 14), "2027-03-15"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of planned post.

    ``plan(url, folder, count)`` makes ``count`` of them due at :data:`NOON`, and no other before
    the next day. The n-th stands in the channel ``place(n)``; more than ``lateness`` seconds late
    it is left out, and somebody is told once in ``desk(n)``, or nobody where that is None.
    """

    name: str
    plan: Callable[[str, Path, int], Awaitable[None]]
    lateness: int
    place: Callable[[int], int]
    desk: Callable[[int], int] | None = None


async def plan_announcements(url: str, folder: Path, count: int) -> None:
    """One a community: by turns one-off, daily, and daily with the next day left out."""
    clock = MovableClock(NOON - HOUR)
    database = await open_database(url, folder / "backups", clock.now)
    try:
        audit = AuditLog(database, clock)
        guilds = Guilds(database, audit, clock, ())
        room = Announcements(database, Schedules(database, clock), audit, clock)
        for index in range(count):
            guild, author = guild_id(index), user_id(index)
            await guilds.change(guild, author, staff_channel_id=find_desk(index))
            item = await room.write(guild, author, Words(f"Quiet hour {index}", "We sit together."))
            choice = replace(choice_of(item), channel_id=channel_id(index), plan=_plan(index))
            await room.plans.choose(guild, author, item.announcement_id, choice)
            await room.plans.start(guild, author, item.announcement_id)
            if index % 3 == 2:
                await room.plans.skip(guild, author, item.announcement_id, _TOMORROW)
    finally:
        await database.close()


def _plan(index: int) -> Plan:
    if index % 3 == 0:
        return Plan(Repeat.ONCE, "UTC", _NOON_MINUTE, _TODAY)
    return Plan(Repeat.WEEKS, "UTC", _NOON_MINUTE, _TODAY, weekdays=tuple(range(7)))


def find_desk(index: int) -> int:
    """The moderators' desk of the ``index``-th community: its second channel."""
    return channel_id(index, 1)


async def plan_events(url: str, folder: Path, count: int, *, ahead: int) -> None:
    """One event a community, ``ahead`` seconds after :data:`NOON`; one person asked for letters.

    Its card is planned so long before that it is too late for it.
    """
    async with run_events(url, folder, NOON - LATE_LIMIT - HOUR) as room:
        at = datetime.fromtimestamp(NOON + ahead, UTC)
        plan = Plan(Repeat.ONCE, "UTC", at.hour * 60 + at.minute, at.date())
        for index in range(count):
            guild, person = guild_id(index), user_id(index)
            words = {"title": f"Take A Moment {index}", "body": "A quiet hour."}
            place = {"place": Place.LINK, "link": "https://example.org/x"}
            event = await room.write(guild, person, channel_id=channel_id(index), **words, **place)
            await room.change(guild, person, event.event_id, plan=plan)
            await room.publish(guild, person, event.event_id)
            await room.rsvps.come(guild, event.event_id, person, Way.DIRECT)


async def move_events(url: str, folder: Path, at: int, count: int, by: int) -> None:
    """Moderators move every single event by some seconds, while no bot runs."""
    async with run_events(url, folder, at) as room:
        for index in range(count):
            (event,) = await room.open(guild_id(index))
            assert event.starts_at is not None
            plan = move(event, event.starts_at + by, "UTC").plan
            await room.change(guild_id(index), user_id(index), event.event_id, plan=plan)


@asynccontextmanager
async def run_events(url: str, folder: Path, at: int) -> AsyncIterator[Events]:
    """The use cases of events at an instant, beside no bot."""
    clock = MovableClock(at)
    database = await open_database(url, folder / "backups", clock.now)
    try:
        yield Events(database, Schedules(database, clock), AuditLog(database, clock), clock)
    finally:
        await database.close()


def find_mailbox(index: int) -> int:
    """The direct messages with the ``index``-th person."""
    return dm_id(user_id(index))


DAY_LETTERS = Kind(
    "letters-a-day-before",
    partial(plan_events, ahead=DAY_BEFORE),
    late_limit(LETTERS),
    find_mailbox,
)
LATEST_LETTERS = Kind(
    "letters-15-minutes-before",
    partial(plan_events, ahead=SOON_BEFORE),
    late_limit(SOON_LETTERS),
    find_mailbox,
)
KINDS = [
    Kind("announcements", plan_announcements, LATE_LIMIT, channel_id, find_desk),
    LATEST_LETTERS,
    *([DAY_LETTERS] if is_full_size() else []),
]
