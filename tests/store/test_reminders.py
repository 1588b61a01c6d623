"""Reminders on both engines: kept once, sent once, stopped for good, erased for good."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from bot.campaigns.rules import ends_of_day
from bot.clock import DAY, MovableClock
from bot.content.campaigns import CampaignLibrary, load_campaigns
from bot.delivery.ports import UnreachableError, WithdrawnError
from bot.delivery.tables import deliveries, schedules
from bot.errors import RefusalError
from bot.reminders.announcer import ReminderAnnouncer, ReminderPost
from bot.reminders.rules import KIND, MOST, NOBODYS, Days, Wish
from bot.reminders.service import Reminders, RemindersPersonalData
from bot.reminders.tables import reminders
from bot.storage import Database
from tests.conftest import ROOT
from tests.store.delivering import Station, killed

ME, OTHER = 2**62 + 5, 2**62 + 6
WMHD = "world-mental-health-day"
BOTH = Wish(WMHD, Days.BOTH, 9 * 60, "Asia/Kathmandu", is_yearly=True, language="de")
ONCE = replace(BOTH, days=Days.DAY, is_yearly=False)


def at(day: int, hour: int = 3, minute: int = 15, year: int = 2027) -> int:
    """An instant of October; 03:15 UTC is 09:00 in Kathmandu."""
    return int(datetime(year, 10, day, hour, minute, tzinfo=UTC).timestamp())


class Room:
    """The room of reminders in a process."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.database = station.database
        self.library = load_campaigns(ROOT / "data")
        self.service = Reminders(self.database, station.schedules, station.clock, self.library)
        self.enrol(station)

    def enrol(self, station: Station) -> None:
        """Let a process answer for reminders."""
        announcer = ReminderAnnouncer(self.database, self.library)
        station.sender.announcers.register(
            KIND, announcer, ends_of_day, recipients=announcer.find_recipients
        )

    async def counts(self) -> tuple[int, int, int]:
        """How many reminders, schedules, and rows of the ledger there are."""
        counted = []
        for table in (reminders, schedules, deliveries):
            row = await self.database.fetch_one(select(func.count().label("n")).select_from(table))
            counted.append(row["n"] if row else -1)
        return counted[0], counted[1], counted[2]

    async def sent(self) -> list[tuple[int | None, ReminderPost]]:
        """Who got what."""
        return [(post.recipient_id, post.body) for post in self.station.discord.posts]


@pytest.fixture
def room(station: Station) -> Room:
    """At noon on 14 March 2027."""
    return Room(station)


async def test_both_days_come_once_each_to_who_asked(room: Room) -> None:
    set_ = await room.service.set(ME, BOTH)
    assert set_.next_run_at == at(9)
    assert await room.service.find(ME, WMHD) == set_
    assert await room.service.find(OTHER, WMHD) is None

    for moment in (at(9), at(9) + 60, at(10), at(10) + 60, at(10) + DAY):
        await room.station.tick(moment)

    (first, eve), (second, day) = await room.sent()
    assert (first, second) == (ME, ME)
    assert (eve.is_eve, day.is_eve, day.language, day.day.year) == (True, False, "de", 2027)
    kept = await room.service.find(ME, WMHD)
    assert kept is not None
    assert kept.next_run_at == at(9, year=2028)


async def test_set_by_many_presses_at_once_there_is_one(room: Room) -> None:
    await asyncio.gather(*(room.service.set(ME, BOTH) for _ in range(6)))

    assert await room.counts() == (1, 1, 0)


async def test_a_change_takes_the_place_of_what_was_set(room: Room) -> None:
    await room.service.set(ME, BOTH)
    changed = await room.service.set(ME, replace(ONCE, minute_of_day=10 * 60))

    assert changed.year == 2027
    assert await room.counts() == (1, 1, 0)
    await room.station.tick(at(9))
    await room.station.tick(at(10))
    assert await room.sent() == []
    await room.station.tick(at(10, 4))
    assert len(await room.sent()) == 1


async def test_a_stopped_one_is_not_sent_even_if_it_was_planned(room: Room) -> None:
    await room.service.set(ME, BOTH)
    await room.service.set(OTHER, BOTH)
    room.station.sender._closing.set()
    await room.station.tick(at(9))
    assert (await room.counts())[2] == 2

    assert await room.service.stop(ME, WMHD) == BOTH
    assert await room.service.stop(ME, WMHD) is None
    room.station.sender._closing.clear()
    await room.station.tick(at(9) + 60)

    assert [who for who, _ in await room.sent()] == [OTHER]
    assert await room.counts() == (1, 1, 1)


async def test_stopped_between_choosing_and_sending_it_is_not_sent(room: Room) -> None:
    await room.service.set(ME, BOTH)
    announcer = room.station.sender.announcers.by_kind[KIND]
    (schedule,) = await room.station.schedules.in_guild(NOBODYS, KIND)
    slot = "2027-10-09"
    async with room.database.transaction() as tx:
        found = await room.station.sender.announcers.recipients[KIND](tx, schedule)
        chosen = await announcer.choose(tx, schedule, f"{slot}#{found[0].reference}")
        other = await announcer.choose(tx, schedule, f"{slot}#{found[0].reference + 1}")
    assert chosen == slot
    assert not isinstance(other, str)

    await room.service.stop(ME, WMHD)

    with pytest.raises(WithdrawnError):
        await announcer.compose(schedule, slot)


async def test_asking_for_recipients_again_changes_nothing(room: Room) -> None:
    await room.service.set(ME, BOTH)
    (schedule,) = await room.station.schedules.in_guild(NOBODYS, KIND)
    find = room.station.sender.announcers.recipients[KIND]
    async with room.database.transaction() as tx:
        assert await find(tx, schedule) == await find(tx, schedule)
    await room.station.tick(at(9))
    async with room.database.transaction() as tx:
        assert [one.user_id for one in await find(tx, schedule)] == [ME]


async def test_killed_in_the_middle_it_is_not_sent_twice(room: Room) -> None:
    schedule_of = room.station.schedules
    await room.service.set(ME, BOTH)
    room.station.discord.outcomes.append(killed)
    await room.station.tick(at(9))
    after = room.station.successor()
    room.enrol(after)
    await after.tick(at(9) + 600)
    await after.tick(at(9) + 3600)

    assert len(room.station.discord.posts) == 1
    (schedule,) = await schedule_of.in_guild(NOBODYS, KIND)
    assert [row.state for row in await room.station.ledger(schedule)] == ["sent"]


async def test_late_it_still_comes_until_their_day_ends_and_then_not_at_all(room: Room) -> None:
    await room.service.set(ME, ONCE)
    await room.service.set(OTHER, replace(ONCE, zone="Pacific/Honolulu"))
    midnight_there = at(10, 18, 15)
    await room.station.tick(midnight_there - 1)
    assert [who for who, _ in await room.sent()] == [ME]

    later = Room(room.station.successor())
    await later.service.set(ME, replace(ONCE, is_yearly=True))
    await later.station.tick(at(11, 18, 15, year=2028))
    assert [who for who, _ in await later.sent()] == [ME]


async def test_who_cannot_be_written_to_is_told_on_the_card_and_asked_next_time(room: Room) -> None:
    def unreachable() -> None:
        raise UnreachableError

    await room.service.set(ME, BOTH)
    assert not await room.service.has_failed(ME, WMHD)
    room.station.discord.outcomes.append(unreachable)
    room.station.discord.refusals.add(unreachable)
    await room.station.tick(at(9))
    assert await room.service.has_failed(ME, WMHD)

    await room.station.tick(at(10))
    assert not await room.service.has_failed(ME, WMHD)
    assert len(await room.sent()) == 1
    assert not await room.service.has_failed(OTHER, WMHD)
    assert room.station.moderators.told == []


async def test_what_was_for_one_year_is_forgotten_once_it_is_over(room: Room) -> None:
    await room.service.set(ME, ONCE)
    await room.service.set(OTHER, BOTH)
    room.station.sender._closing.set()
    await room.station.tick(at(10))
    await room.service.sweep()
    assert await room.service.find(ME, WMHD) is not None  # its message is on its way still

    room.station.sender._closing.clear()
    await room.station.tick(at(10) + 60)
    await room.service.sweep()

    assert await room.service.find(ME, WMHD) is None
    assert (await room.counts())[:2] == (1, 1)


async def test_one_person_can_have_ten(room: Room, clock: MovableClock) -> None:
    campaign = room.library.by_id[WMHD]
    many = {f"day-{n}": campaign.model_copy(update={"id": f"day-{n}"}) for n in range(MOST + 1)}
    service = Reminders(
        room.database, room.station.schedules, clock, CampaignLibrary({**many, WMHD: campaign})
    )
    for number in range(MOST):
        await service.set(ME, replace(BOTH, campaign_id=f"day-{number}"))
    with pytest.raises(RefusalError, match="10 reminders already"):
        await service.set(ME, BOTH)
    await service.set(ME, replace(ONCE, campaign_id="day-0"))

    assert await room.counts() == (MOST, MOST, 0)


async def test_of_a_campaign_that_is_gone_nothing_is_set_or_sent(room: Room) -> None:
    with pytest.raises(RefusalError, match="not there any more"):
        await room.service.set(ME, replace(BOTH, campaign_id="gone"))
    await room.service.set(ME, BOTH)
    announcer = room.station.sender.announcers.by_kind[KIND]
    assert isinstance(announcer, ReminderAnnouncer)
    announcer._library = CampaignLibrary({})
    await room.station.tick(at(9))

    assert await room.sent() == []
    assert room.station.moderators.told == []


async def test_no_schedule_names_a_person_and_erasing_takes_it_along(
    room: Room, database: Database
) -> None:
    await room.service.set(ME, BOTH)
    await room.service.set(OTHER, BOTH)
    await room.station.tick(at(9))
    for table in (schedules, deliveries):
        names = [column.name for column in table.c]
        rows = await database.fetch_all(select(table))
        assert not any(str(ME) in str(row[name]) for row in rows for name in names)
    personal = RemindersPersonalData()
    (row,) = (await personal.export(database, ME))["reminders"]
    assert (row["campaign"], row["days"], row["zone"]) == (WMHD, "both", "Asia/Kathmandu")

    async with database.transaction() as tx:
        assert await personal.erase(tx, ME) is None

    assert await room.counts() == (1, 1, 1)
    assert await room.service.find(OTHER, WMHD) is not None
    await room.station.tick(at(10))
    assert sorted(who or 0 for who, _ in await room.sent()) == [ME, OTHER, OTHER]


async def test_a_zone_that_left_the_data_is_said_and_mended_by_a_change(room: Room) -> None:
    await room.service.set(ME, BOTH)
    async with room.database.transaction() as tx:
        await tx.execute(update(schedules).values(zone="Mars/Base"))
    lost = await room.service.find(ME, WMHD)
    assert lost is not None
    assert lost.is_stuck
    await room.station.tick(at(9))
    assert await room.sent() == []

    mended = await room.service.set(ME, BOTH)

    assert not mended.is_stuck
    await room.station.tick(at(10))
    assert len(await room.sent()) == 1
