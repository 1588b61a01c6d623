"""A restored database must not post again what was posted since its backup."""

from bot.clock import MovableClock
from bot.delivery.rules import DeliveryState
from bot.storage import Database
from tests.store.delivering import DAY, DUE, HOUR, NOON, Discord, Station, at_five


async def test_what_was_due_since_the_backup_is_not_posted_again(database: Database) -> None:
    clock = MovableClock(NOON)
    station = Station(database, clock, Discord(clock))
    (schedule,) = await station.add(at_five())

    clock.move_to(DUE + HOUR)
    await station.schedules.skip_missed()
    await station.tick(DUE + HOUR)
    assert station.discord.posts == []

    await station.tick(DUE + DAY)
    assert len(station.discord.posts) == 1
    assert [entry.state for entry in await station.ledger(schedule)] == [DeliveryState.SENT]


async def test_what_was_in_flight_at_the_backup_is_skipped_and_says_why(database: Database) -> None:
    clock = MovableClock(NOON)
    station = Station(database, clock, Discord(clock))
    (schedule,) = await station.add(at_five())
    await station.sender.close()
    await station.tick(DUE)

    later = station.successor()
    await later.schedules.skip_missed()
    await later.tick(DUE + 60)

    (entry,) = await later.ledger(schedule)
    assert (entry.state, entry.note) == (DeliveryState.SKIPPED, "restored")
    assert later.discord.posts == []
