"""The planner and the ledger's queue: what is due is written down once, what was missed too."""

import asyncio
from itertools import pairwise

import pytest

from bot.delivery import store
from bot.delivery.planner import BATCH, MISSED_KEPT, plan
from bot.storage import Database
from bot.storage.opening import open_migrated
from tests.store.delivering import DAY, DUE, HOUR, MINUTE, Station, at_five
from tests.store.postgres import run_statement


async def test_only_what_is_due_is_planned_and_only_once(station: Station) -> None:
    await station.add(at_five())
    assert await plan(station.database, DUE - 1) == 0
    assert await plan(station.database, DUE) == 1
    assert await plan(station.database, DUE) == 0
    assert (await station.schedules.backlog()).waiting == 1
    assert await station.schedules.next_due_at() == DUE + DAY


async def test_two_planners_at_once_write_every_slot_once(
    station: Station, other: Database
) -> None:
    schedules = await station.add(*(at_five(number) for number in range(1, 101)))
    planned = await asyncio.gather(*(plan(one, DUE) for one in [station.database, other] * 4))
    assert sum(planned) == 100
    ledgers = [await station.ledger(schedule) for schedule in schedules]
    assert [len(rows) for rows in ledgers] == [1] * 100


async def test_more_than_a_batch_is_planned_in_one_call(station: Station) -> None:
    await station.add(*(at_five(number) for number in range(1, BATCH + 51)))
    assert await plan(station.database, DUE) == BATCH + 50
    assert (await station.schedules.backlog()).waiting == BATCH + 50


async def test_days_that_were_missed_are_written_down_as_skipped(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    await station.tick(DUE + 3 * DAY + HOUR)
    rows = await station.ledger(schedule)
    assert [(row.slot, row.state, row.note) for row in rows] == [
        ("2027-03-14", "skipped", "late"),
        ("2027-03-15", "skipped", "late"),
        ("2027-03-16", "skipped", "late"),
        ("2027-03-17", "sent", None),
    ]
    assert [row.due_at for row in rows] == [DUE + day * DAY for day in range(4)]
    assert len(station.discord.posts) == 1
    assert station.discord.posts[0].is_silent
    assert (await station.found(schedule)).next_run_at == DUE + 4 * DAY


async def test_of_a_very_long_outage_only_the_last_month_is_written_down(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    await station.tick(DUE + 400 * DAY + 4 * HOUR)
    rows = await station.ledger(schedule)
    assert len(rows) == MISSED_KEPT
    assert {row.state for row in rows} == {"skipped"}
    assert rows[-1].due_at == DUE + 400 * DAY
    assert station.discord.posts == []


async def test_a_crash_between_planning_and_sending_loses_nothing(station: Station) -> None:
    await station.add(at_five())
    await plan(station.database, DUE)
    await station.successor().tick(DUE + MINUTE)
    assert len(station.discord.posts) == 1


async def test_a_zone_that_no_longer_exists_stops_its_own_schedule_only(
    station: Station, database_url: str
) -> None:
    good, bad = await station.add(at_five(1), at_five(2))
    await run_statement(
        database_url, f"UPDATE schedules SET zone = 'Mars/Olympus' WHERE id = {bad.schedule_id}"
    )
    await station.tick(DUE)
    assert [post.channel_id for post in station.discord.posts] == [good.channel_id]
    await station.tick(DUE + DAY)
    assert len(station.discord.posts) == 2
    row = await station.database.fetch_one(store.SELECT_DUE, now=DUE + 9 * DAY, most=9)
    assert row is not None
    assert row["id"] == good.schedule_id


async def test_the_planner_of_a_summer_day_follows_the_clocks_of_its_zone(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five(zone="Europe/Berlin"))
    first = (await station.schedules.upcoming(schedule, 1))[0]
    await station.tick(first.at + 20 * DAY)
    rows = await station.ledger(schedule)
    steps = [after.due_at - before.due_at for before, after in pairwise(rows)]
    assert steps.count(23 * HOUR) == 1
    assert steps.count(DAY) == len(steps) - 1


async def lease(database: Database, owner: str, most: int) -> list[int]:
    async with database.transaction() as tx:
        rows = await tx.fetch_all(
            store.LEASE_POSTS, now=DUE, most=most, owner=owner, until=DUE + 30
        )
    return [row["schedule_id"] for row in rows]


async def test_leases_taken_at_once_share_nothing_and_leave_nothing(
    station: Station, other: Database
) -> None:
    await station.add(*(at_five(number) for number in range(1, 101)))
    await plan(station.database, DUE)
    leased = await asyncio.gather(
        *(lease(one, f"{number}", 10) for number, one in enumerate([station.database, other] * 5))
    )
    taken = [schedule_id for some in leased for schedule_id in some]
    assert len(set(taken)) == len(taken)
    while more := await lease(other, "last", 10):
        taken += more
    assert len(set(taken)) == len(taken) == 100


async def test_a_lease_takes_the_oldest_and_no_more_than_asked(station: Station) -> None:
    schedules = await station.add(*(at_five(number) for number in range(1, 31)))
    await plan(station.database, DUE)
    ids = sorted(schedule.schedule_id for schedule in schedules)
    assert sorted(await lease(station.database, "one", 5)) == ids[:5]
    assert sorted(await lease(station.database, "two", 5)) == ids[5:10]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_lease_takes_no_more_than_asked_whatever_plan_postgresql_makes(
    station: Station, database_url: str
) -> None:
    name = database_url.rpartition("/")[2]
    for way in ("hashjoin", "mergejoin", "nestloop", "hashagg", "sort", "indexscan", "material"):
        await run_statement(database_url, f'ALTER DATABASE "{name}" SET enable_{way} = off')
    await station.add(*(at_five(number) for number in range(1, 31)))
    await plan(station.database, DUE)
    successor = await open_migrated(database_url)
    try:
        assert len(await lease(successor, "one", 5)) == 5
    finally:
        await successor.close()
