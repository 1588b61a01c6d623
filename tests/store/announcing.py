"""The room of announcements on a database, and what its tests write."""

from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from bot.announcements.planning import choice_of
from bot.announcements.rules import Announcement, Picture, Words
from bot.announcements.service import Announcements
from bot.announcements.tables import announcement_pictures, announcements
from bot.clock import MovableClock
from bot.delivery.plans import Plan, Repeat
from bot.delivery.schedules import Schedules
from bot.guilds.audit import AuditLog
from bot.storage import Database

HOME, AWAY, AUTHOR = 2**62 + 1, 2**62 + 2, 2**61 + 7
WORDS = Words(
    "Quiet hour", "We sit together.\n\n100 % 'quiet'. \U0001fae7", "https://example.org/x"
)
CAT = Picture("picture-1.png", "A cat.", bytes(range(256)) * 4096)
TOMORROW = Plan(Repeat.ONCE, "UTC", 12 * 60, date(2027, 3, 15))
DAILY = Plan(Repeat.WEEKS, "UTC", 720, date(2027, 3, 14), weekdays=tuple(range(7)))


class Room:
    """The room of announcements on a database."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database = database
        self.clock = clock
        self.audit = AuditLog(database, clock)
        self.schedules = Schedules(database, clock)
        self.service = Announcements(database, self.schedules, self.audit, clock)

    async def draft(self, plan: Plan | None = TOMORROW, guild_id: int = HOME) -> Announcement:
        """One with a picture, a channel and a plan."""
        item = await self.service.write(guild_id, AUTHOR, WORDS, CAT)
        choice = replace(choice_of(item), channel_id=10, plan=plan)
        await self.service.plans.choose(guild_id, AUTHOR, item.announcement_id, choice)
        return await self.service.find(guild_id, item.announcement_id)

    async def planned(self, plan: Plan = TOMORROW) -> Announcement:
        """One that is planned."""
        item = await self.draft(plan)
        await self.service.plans.start(HOME, AUTHOR, item.announcement_id)
        return await self.service.find(HOME, item.announcement_id)

    async def count(self) -> tuple[int, int, int]:
        """How many announcements, pictures and schedules there are."""
        counts = []
        for table in (announcements, announcement_pictures):
            row = await self.database.fetch_one(select(func.count().label("n")).select_from(table))
            counts.append(row["n"] if row else 0)
        return counts[0], counts[1], len(await self.schedules.in_guild(HOME))
