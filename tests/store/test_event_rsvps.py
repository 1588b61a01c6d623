"""Who comes, on both engines: counted, kept apart, shown to them alone, erased at every stage."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import MINUTE, MovableClock
from bot.delivery.personal_data import DeliveriesPersonalData
from bot.delivery.tables import deliveries
from bot.errors import RefusalError
from bot.events.posts import Part
from bot.events.rsvps import EventsPersonalData, Way
from bot.events.tables import event_rsvps, events
from bot.storage import Database
from tests.conftest import NOON
from tests.store.delivering import Discord, dropped, killed
from tests.store.eventing import (
    ANA,
    AUTHOR,
    BEGINS,
    BO,
    DAY_BEFORE,
    HOME,
    TURNS,
    Far,
    Room,
)


@pytest.fixture
def room(database: Database, clock: MovableClock) -> Room:
    """At noon, two days and six hours before the event."""
    return Room(database, clock, Discord(clock), Far(clock))


async def erase(room: Room, user_id: int) -> list[str | None]:
    """As ``/my-data`` does, in one transaction."""
    async with room.database.transaction() as tx:
        return [
            await one.erase(tx, user_id) for one in (EventsPersonalData(), DeliveriesPersonalData())
        ]


async def ids(database: Database) -> set[int]:
    """Everybody whose id stands anywhere in these tables."""
    columns = [
        events.c.author_id,
        events.c.host_id,
        events.c.signal_id,
        event_rsvps.c.user_id,
        deliveries.c.recipient_id,
    ]
    found: set[int] = set()
    for column in columns:
        rows = await database.fetch_all(select(column.label("person")).where(column.is_not(None)))
        found |= {row["person"] for row in rows}
    return found


async def test_pressing_twice_and_at_once_counts_once(room: Room, other: Database) -> None:
    event = await room.planned()
    rooms = [room, room.successor(other)]
    await asyncio.gather(*(one.come(event, ANA, BO) for one in rooms * 3))
    rsvps = room.events.rsvps
    assert await rsvps.count(event.event_id) == 2
    assert await rsvps.coming(event.event_id) == {ANA, BO}
    assert await rsvps.leave(event.event_id, ANA)
    assert not await rsvps.leave(event.event_id, ANA)
    assert await rsvps.count(event.event_id) == 1


async def test_another_way_to_be_reminded_takes_the_place_of_the_first(room: Room) -> None:
    event = await room.planned()
    rsvps = room.events.rsvps
    for way in (Way.DIRECT, Way.THREAD, Way.NONE, Way.THREAD):
        await room.come(event, ANA, way=way)
        assert await rsvps.find(event.event_id, ANA) is way
        assert [await rsvps.count(event.event_id, one) for one in Way] == [
            int(one is way) for one in Way
        ]
    assert await rsvps.find(event.event_id, BO) is None


@pytest.mark.parametrize("state", ["draft", "over", "cancelled", "gone"])
async def test_there_is_nothing_to_come_to(room: Room, state: str) -> None:
    event = await room.draft() if state in {"draft", "gone"} else await room.planned()
    if state == "over":
        await room.tick(BEGINS)
        await room.stage.close(HOME, event.event_id)
    elif state == "cancelled":
        await room.events.cancel(HOME, AUTHOR, event.event_id)
    elif state == "gone":
        await room.events.remove(HOME, AUTHOR, event.event_id)
    with pytest.raises(RefusalError):
        await room.come(event, ANA)
    assert await room.events.rsvps.count(event.event_id) == 0


async def test_a_person_sees_their_part_and_nobody_elses(room: Room) -> None:
    event = await room.planned(host_id=ANA)
    await room.come(event, ANA, BO)
    own = EventsPersonalData()
    found = await own.export(room.database, ANA)
    assert [one["as"] for one in found["events"]] == [["host"]]
    assert found["event_rsvps"] == [
        {
            "guild_id": HOME,
            "title": "Take A Moment",
            "starts_at": BEGINS,
            "way": "direct",
            "asked_at": NOON,
        }
    ]
    assert (await own.export(room.database, BO))["events"] == []
    author = await own.export(room.database, AUTHOR)
    assert ([one["as"] for one in author["events"]], author["event_rsvps"]) == ([["author"]], [])
    assert await own.export(room.database, 999) == {"events": [], "event_rsvps": []}


@pytest.mark.parametrize("stage", ["draft", "planned", "waiting", "begun", "live", "over"])
async def test_whoever_is_erased_is_nowhere_and_hears_nothing_more(room: Room, stage: str) -> None:
    event = await room.draft(line_up=TURNS, host_id=ANA)
    await room.change(event, author_id=ANA)
    if stage != "draft":
        await room.events.publish(HOME, AUTHOR, event.event_id)
        await room.come(event, ANA, BO)
        await room.stage.ask_for_signal(HOME, event.event_id, ANA)
        await room.tick(NOON + MINUTE)
    if stage == "waiting":
        room.sender._closing.set()
        await room.tick(DAY_BEFORE)
    elif stage == "begun":
        room.discord.outcomes.extend([dropped, dropped])
        await room.tick(DAY_BEFORE)
    elif stage in {"live", "over"}:
        await room.tick(BEGINS)
    if stage == "over":
        await room.stage.close(HOME, event.event_id)
    assert ANA in await ids(room.database)
    before = len([one for one in room.sent() if one[1] == ANA])

    words, _ = await erase(room, ANA)

    assert words is not None
    assert "without your id" in words
    assert ANA not in await ids(room.database)
    later = room.successor()
    for at in (DAY_BEFORE + MINUTE, DAY_BEFORE + 10 * MINUTE, BEGINS - 15 * MINUTE, BEGINS):
        if at > room.clock.now():
            await later.tick(at)
    await later.tick(room.clock.now() + 18 * MINUTE)
    assert len([one for one in room.sent() if one[1] == ANA]) == before
    if stage in {"planned", "waiting", "begun"}:
        assert (Part.DAY, BO) in room.sent()
    assert await erase(room, ANA) == [None, None]


async def test_who_is_erased_between_two_attempts_is_not_searched_for(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA)
    await room.tick(NOON + MINUTE)
    room.discord.outcomes.append(killed)
    await room.tick(DAY_BEFORE)
    await erase(room, ANA)
    searches = room.discord.searches
    await room.successor().tick(DAY_BEFORE + 10 * MINUTE)
    assert room.discord.searches == searches


async def test_an_answer_goes_with_its_event(room: Room) -> None:
    event = await room.planned()
    await room.come(event, ANA)
    async with room.database.transaction() as tx:
        await room.events.forget(tx, HOME)
    rows: Any = await room.database.fetch_all(select(event_rsvps.c.id))
    assert list(rows) == []
