"""Kinds of planned posts in a bot's database before it starts, for the tests of outages."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.announcements.planning import choice_of
from bot.announcements.rules import Words
from bot.announcements.service import Announcements
from bot.clock import HOUR, MovableClock
from bot.delivery.plans import Plan, Repeat
from bot.delivery.rules import LATE_LIMIT
from bot.delivery.schedules import Schedules
from bot.guilds.audit import AuditLog
from bot.guilds.service import Guilds
from bot.storage.opening import open_database
from tests.conftest import NOON
from tests.wire.standin.model import channel_id, guild_id, user_id

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


KINDS = [Kind("announcements", plan_announcements, LATE_LIMIT, channel_id, find_desk)]
