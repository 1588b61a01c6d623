"""Transactions: all or nothing, whatever ends them; and what the engines' faults become."""

import asyncio

import pytest
from sqlalchemy import bindparam, delete, func, insert, select, text, update

from bot.errors import BreatherError, ConflictError, StorageUnavailableError
from bot.guilds.store import guilds
from bot.storage import Database
from bot.storage.opening import open_migrated
from bot.storage.postgres import WRITERS
from bot.tips.store import saved_tips, tip_bags, tip_votes

NAMES = [column.name for column in guilds.c]
INSERT = insert(guilds).values({name: bindparam(name) for name in NAMES})
SELECT = select(guilds).order_by(guilds.c.guild_id)
COUNT = select(func.count().label("n")).select_from(guilds)
ADD_STEP = (
    update(guilds)
    .where(guilds.c.guild_id == bindparam("in_guild"))
    .values(setup_step=guilds.c.setup_step + 1)
)
EMPTY = dict.fromkeys(NAMES) | {
    "language": "en",
    "zone": "UTC",
    "features_off": "[]",
    "setup_step": 0,
}
LARGEST = 2**63 - 1


def row(guild_id: int, **values: int | str | None) -> dict[str, int | str | None]:
    return EMPTY | {"guild_id": guild_id} | values


async def guild_ids(database: Database) -> list[int]:
    return [found["guild_id"] for found in await database.fetch_all(SELECT)]


async def test_a_finished_transaction_is_seen_by_everybody(
    database: Database, other: Database
) -> None:
    async with database.transaction() as tx:
        await tx.execute(INSERT, **row(1))
        assert await guild_ids(other) == []
    assert await guild_ids(database) == await guild_ids(other) == [1]


async def test_an_exception_rolls_everything_back_and_goes_on(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await tx.execute(INSERT, **row(1))
            raise ZeroDivisionError
    async with database.transaction() as tx:
        await tx.execute(INSERT, **row(2))
    assert await guild_ids(database) == [2]


@pytest.mark.parametrize("fault", [OSError, TimeoutError, ValueError])
async def test_what_the_body_raises_is_not_called_a_fault_of_the_database(
    database: Database, fault: type[Exception]
) -> None:
    with pytest.raises(fault, match="the body's own"):
        async with database.transaction():
            raise fault("the body's own")


async def test_a_cancelled_task_leaves_no_half_write_and_the_lock_free(database: Database) -> None:
    has_written = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as tx:
            await tx.execute(INSERT, **row(1))
            has_written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await has_written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(10), database.transaction() as tx:
        await tx.execute(INSERT, **row(2))
    assert await guild_ids(database) == [2]


@pytest.mark.parametrize("steps", range(12))
async def test_a_task_cancelled_anywhere_in_its_transaction_writes_all_or_nothing(
    database: Database, steps: int
) -> None:
    async def write() -> None:
        async with database.transaction() as tx:
            await tx.execute(INSERT, **row(1))
            await tx.execute(INSERT, **row(2))

    task = asyncio.create_task(write())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    async with asyncio.timeout(10), database.transaction() as tx:
        await tx.execute(INSERT, **row(3))
    assert await guild_ids(database) in ([3], [1, 2, 3])


async def test_a_task_cancelled_while_it_waits_for_its_turn_takes_nothing(
    database: Database,
) -> None:
    async def write(guild_id: int) -> None:
        async with database.transaction() as tx:
            await tx.execute(INSERT, **row(guild_id))

    tasks = [asyncio.create_task(write(number)) for number in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.wait(tasks)
    async with asyncio.timeout(10):
        await write(100)
    assert {*range(1, 20, 2), 100} <= set(await guild_ids(database))


async def test_a_row_that_is_there_already_is_a_conflict(database: Database) -> None:
    with pytest.raises(ConflictError):
        async with database.transaction() as tx:
            await tx.execute(INSERT, **row(1))
            await tx.execute(INSERT, **row(1))
    assert await guild_ids(database) == []


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (insert(tip_bags).values(schedule_id=7, used="[]"), {}),
        (insert(tip_votes).values(user_id=1, tip_id="a", is_helpful=2), {}),
        (insert(saved_tips).values(user_id=1, tip_id=None, saved_at=0), {}),
    ],
    ids=["a foreign key", "a check", "an empty column"],
)
async def test_what_a_constraint_refuses_is_a_conflict(
    database: Database, statement: object, values: dict[str, int]
) -> None:
    with pytest.raises(ConflictError):
        async with database.transaction() as tx:
            await tx.execute(statement, **values)  # type: ignore[arg-type]


async def test_a_statement_that_the_engine_refuses_is_told_as_unusable(database: Database) -> None:
    with pytest.raises(StorageUnavailableError, match="DATABASE_URL"):
        await database.fetch_all(text("SELECT * FROM nothing_like_that"))
    assert await guild_ids(database) == []


async def test_a_value_beyond_64_bits_is_a_bug_and_not_an_outage(database: Database) -> None:
    with pytest.raises(Exception, match=r"too large|cannot hold") as caught:
        async with database.transaction() as tx:
            await tx.execute(INSERT, **row(LARGEST + 1))
    assert not isinstance(caught.value, BreatherError)
    assert await guild_ids(database) == []


async def test_a_closed_database_says_so_and_closes_twice(database: Database) -> None:
    await database.close()
    await database.close()
    with pytest.raises(StorageUnavailableError, match="not open"):
        await database.fetch_all(SELECT)
    with pytest.raises(StorageUnavailableError, match="not open"):
        async with database.transaction():
            pass


async def test_closing_lets_the_open_transaction_finish(
    database: Database, database_url: str
) -> None:
    has_begun, may_finish = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with database.transaction() as tx:
            has_begun.set()
            await may_finish.wait()
            await tx.execute(INSERT, **row(1))

    task = asyncio.create_task(write())
    await has_begun.wait()
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    may_finish.set()
    await asyncio.gather(task, closing)
    again = await open_migrated(database_url)
    assert await guild_ids(again) == [1]
    await again.close()


async def test_whole_numbers_beyond_two_to_the_53_come_back_exactly(database: Database) -> None:
    ids = [2**53 + 1, 2**62 + 1, LARGEST, -LARGEST - 1]
    async with database.transaction() as tx:
        await tx.execute_many(INSERT, [row(number, lost_at=number) for number in ids])
    found = await database.fetch_all(SELECT)
    assert [(item["guild_id"], item["lost_at"]) for item in found] == [(n, n) for n in sorted(ids)]


async def test_text_comes_back_as_it_was(database: Database) -> None:
    words = "naïve ''; DROP TABLE guilds; -- 🫧 \u202e שלום"
    async with database.transaction() as tx:
        await tx.execute(INSERT, **row(1, zone=words))
    found = await database.fetch_one(SELECT)
    assert found is not None
    assert found["zone"] == words


async def test_a_change_tells_how_many_rows_it_met(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.execute(INSERT, **row(1)) == 1
        await tx.execute_many(INSERT, [row(2), row(3)])
        assert await tx.execute(update(guilds).values(setup_step=5)) == 3
        assert await tx.execute(delete(guilds).where(guilds.c.guild_id > 1)) == 2
        assert await tx.execute(delete(guilds).where(guilds.c.guild_id > 1)) == 0


async def test_a_transaction_reads_its_own_writes(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(INSERT, **row(1))
        assert (await tx.fetch_one(COUNT) or {"n": 0})["n"] == 1
        assert await tx.fetch_one(SELECT.where(guilds.c.guild_id == 2)) is None


async def test_a_hundred_writers_on_two_connections_lose_nothing(
    database: Database, other: Database
) -> None:
    async with database.transaction() as tx:
        await tx.execute(INSERT, **row(1))

    async def add(one: Database) -> None:
        async with one.transaction() as tx:
            await tx.execute(ADD_STEP, in_guild=1)

    await asyncio.gather(*(add(one) for one in [database, other] * 50))
    found = await other.fetch_one(SELECT)
    assert found is not None
    assert found["setup_step"] == 100


async def test_of_fifty_tasks_that_insert_one_row_exactly_one_succeeds(
    database: Database, other: Database
) -> None:
    async def add(one: Database) -> bool:
        try:
            async with one.transaction() as tx:
                await tx.execute(INSERT, **row(1))
        except ConflictError:
            return False
        return True

    assert sum(await asyncio.gather(*(add(one) for one in [database, other] * 25))) == 1


async def test_reading_inside_of_many_transactions_at_once_waits_for_none_of_them(
    database: Database,
) -> None:
    most = WRITERS if database.dialect_name == "postgresql" else 1
    entered, are_all_in = 0, asyncio.Event()

    async def work() -> None:
        nonlocal entered
        async with database.transaction():
            entered += 1
            if entered == most:
                are_all_in.set()
            await are_all_in.wait()
            assert await database.fetch_all(SELECT) == []

    async with asyncio.timeout(10):
        await asyncio.gather(*(work() for _ in range(3 * most)))
