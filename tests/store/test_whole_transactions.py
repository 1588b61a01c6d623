"""A whole function in one transaction: all or nothing, and done again after a deadlock."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import bindparam, func, insert, select, text, update

from bot.errors import ConflictError, GivenUpError, StorageUnavailableError
from bot.storage import Database, Transaction
from bot.storage.postgres import ATTEMPTS
from bot.tips.store import tip_mutes

NAMES = [column.name for column in tip_mutes.c]
INSERT = insert(tip_mutes).values({name: bindparam(name) for name in NAMES})
COUNT = select(func.count().label("n")).select_from(tip_mutes)
RENAME = update(tip_mutes).where(tip_mutes.c.guild_id == bindparam("at")).values(tip_id="b")
only_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
only_postgres = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


async def add(tx: Transaction, *numbers: int) -> int:
    """Rows with these numbers; how many."""
    for number in numbers:
        await tx.execute(INSERT, guild_id=number, tip_id="a")
    return len(numbers)


async def count(database: Database) -> int:
    row = await database.fetch_one(COUNT)
    assert row is not None
    return int(row["n"])


async def test_what_the_work_gives_is_given_back_and_what_it_wrote_is_kept(
    database: Database, other: Database
) -> None:
    assert await database.run(lambda tx: add(tx, 1, 2)) == 2
    assert await count(other) == 2


async def test_the_work_reads_its_own_writes(database: Database) -> None:
    async def work(tx: Transaction) -> int:
        await tx.execute_many(INSERT, [{"guild_id": n, "tip_id": "a"} for n in (1, 2, 3)])
        row = await tx.fetch_one(COUNT)
        rows = await tx.fetch_all(select(tip_mutes))
        assert row is not None
        assert row["n"] == len(rows)
        return await tx.execute(RENAME, at=2)

    assert await database.run(work) == 1


@pytest.mark.parametrize("fault", [ZeroDivisionError, OSError, ValueError])
async def test_what_the_work_raises_is_raised_and_nothing_stays(
    database: Database, fault: type[Exception]
) -> None:
    async def work(tx: Transaction) -> None:
        await add(tx, 1)
        raise fault("the work's own")

    with pytest.raises(fault, match="the work's own"):
        await database.run(work)
    assert await database.run(lambda tx: add(tx, 2)) == 1
    assert await count(database) == 1


async def test_a_conflict_is_a_conflict_and_nothing_stays(database: Database) -> None:
    with pytest.raises(ConflictError):
        await database.run(lambda tx: add(tx, 1, 1))
    assert await count(database) == 0


async def test_a_closed_database_refuses_whole_work_too(database: Database) -> None:
    await database.close()
    with pytest.raises(StorageUnavailableError, match="not open"):
        await database.run(lambda tx: add(tx, 1))


async def test_a_hundred_at_once_on_two_connections_and_both_ways_lose_nothing(
    database: Database, other: Database
) -> None:
    async def at_once(one: Database, number: int) -> None:
        await one.run(lambda tx: add(tx, number))

    async def step_by_step(number: int) -> None:
        async with database.transaction() as tx:
            await add(tx, number)

    await asyncio.gather(
        *(at_once(one, number) for number, one in enumerate([database, other] * 40)),
        *(step_by_step(number) for number in range(100, 120)),
    )
    assert await count(database) == 100


@pytest.mark.parametrize("steps", range(8))
async def test_work_that_is_cancelled_anywhere_is_done_or_not_done(
    database: Database, steps: int
) -> None:
    task = asyncio.create_task(database.run(lambda tx: add(tx, 1, 2)))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    async with asyncio.timeout(10):
        await database.run(lambda tx: add(tx, 3))
    assert await count(database) in {1, 3}


@only_sqlite
async def test_work_that_was_cancelled_while_the_file_was_busy_is_not_done_afterwards(
    database: Database, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "breather.db", isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await database.run(lambda tx: add(tx, 1))
        somebody.execute("ROLLBACK")
    assert await database.run(lambda tx: add(tx, 2, 3)) == 2
    assert await count(database) == 2


@only_sqlite
async def test_work_that_waits_for_something_else_is_refused_and_undone(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        await add(tx, 1)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="its own statements only"):
        await database.run(work)
    assert await count(database) == 0


@only_postgres
async def test_of_two_that_lock_each_other_out_both_are_done_in_the_end(database: Database) -> None:
    await database.run(lambda tx: add(tx, 1, 2))
    runs: list[int] = []
    has_both = asyncio.Event()

    async def work(tx: Transaction, first: int, second: int) -> None:
        await tx.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        await tx.execute(RENAME, at=first)
        runs.append(first)
        if len(runs) == 2:
            has_both.set()
        await has_both.wait()
        await tx.execute(RENAME, at=second)

    async with asyncio.timeout(20):
        await asyncio.gather(
            database.run(lambda tx: work(tx, 1, 2)), database.run(lambda tx: work(tx, 2, 1))
        )
    assert sorted(runs) in ([1, 1, 2], [1, 2, 2])


@only_postgres
@pytest.mark.parametrize("code", ["40001", "40P01"], ids=["serialization", "deadlock"])
async def test_what_is_given_up_every_time_is_given_up_by_us_too(
    database: Database, code: str
) -> None:
    runs: list[int] = []
    fault = text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$")

    async def work(tx: Transaction) -> None:
        runs.append(1)
        await add(tx, len(runs))
        await tx.execute(fault)

    with pytest.raises(GivenUpError, match="Try again"):
        await database.run(work)
    assert len(runs) == ATTEMPTS
    assert await count(database) == 0
