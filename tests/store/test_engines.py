"""What only one of the engines can suffer: busy and broken files, lost and refused connections."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import select, text, update

from bot.errors import StorageUnavailableError
from bot.guilds.store import guilds
from bot.storage import Database
from bot.storage.opening import open_database, open_migrated
from bot.storage.postgres import READERS, WRITERS
from bot.storage.sqlite import SqliteDatabase
from tests.store.postgres import PASSWORD, Server

SELECT = select(guilds)
TOUCH = update(guilds).values(setup_step=1)
only_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
only_postgres = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


async def write(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(TOUCH)


@only_sqlite
async def test_every_connection_has_the_pragmas_that_were_measured(database: Database) -> None:
    assert isinstance(database, SqliteDatabase)
    assert database._writer is not None
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    wanted |= {"recursive_triggers": 1}
    for connection in (database._writer, *database._readers):
        for name, value in wanted.items():
            cursor = await connection.execute(f"PRAGMA {name}")
            assert tuple(await cursor.fetchone() or ()) == (value,)
            await cursor.close()


@only_sqlite
async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StorageUnavailableError, match="readonly"):
        await database.fetch_all(TOUCH)


@only_sqlite
async def test_a_task_that_waits_for_a_busy_file_is_cancelled_at_once(
    database: Database, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "breather.db", isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await write(database)
        assert await database.fetch_all(SELECT) == []
        somebody.execute("ROLLBACK")
    async with asyncio.timeout(10):
        await write(database)


@only_sqlite
@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" * 300])
async def test_a_file_that_is_no_database_is_told_in_a_sentence(
    tmp_path: Path, engine: str, content: bytes
) -> None:
    path = tmp_path / f"{engine}.db"
    path.write_bytes(content)
    with pytest.raises(StorageUnavailableError, match=r"DATABASE_URL: .*sqlite\.db .* restore"):
        await open_migrated(f"sqlite:///{path}")


@only_sqlite
async def test_a_file_in_a_folder_that_is_none_is_told_in_a_sentence(
    tmp_path: Path, engine: str
) -> None:
    (tmp_path / engine).write_text("a file")
    with pytest.raises(StorageUnavailableError, match="DATABASE_URL"):
        await open_database(f"sqlite:///{tmp_path}/{engine}/breather.db", tmp_path, lambda: 0)


@only_postgres
async def test_a_connection_that_the_server_ended_is_replaced(
    database: Database, other: Database
) -> None:
    await write(database)
    assert await database.fetch_all(SELECT) == []
    end = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    )
    async with other.transaction() as tx:
        await tx.fetch_all(text(f"{end.text} AND datname = current_database()"))
    for _ in range(READERS + WRITERS):
        try:
            await write(database)
            await database.fetch_all(SELECT)
        except StorageUnavailableError:
            continue
        break
    else:
        pytest.fail("the pool never recovered")


@only_postgres
async def test_two_transactions_that_lock_each_other_out_are_told_as_worth_another_try(
    database: Database, other: Database
) -> None:
    lock = [text(f"SELECT pg_advisory_xact_lock({number})") for number in (1, 2)]
    met = asyncio.Barrier(2)

    async def work(one: Database, first: int) -> None:
        async with one.transaction() as tx:
            await tx.fetch_all(lock[first])
            await met.wait()
            await tx.fetch_all(lock[1 - first])

    done = await asyncio.gather(work(database, 0), work(other, 1), return_exceptions=True)
    faults = [fault for fault in done if fault is not None]
    assert len(faults) == 1
    assert isinstance(faults[0], StorageUnavailableError)
    assert "Try again" in str(faults[0])


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server of the test's own, to be stopped and started."""
    own = Server()
    own.start()
    yield own
    own.remove()


async def test_postgresql_may_go_away_and_come_back(server: Server) -> None:
    database = await open_migrated(server.url("postgres"))
    one = select(text("1 AS one"))
    try:
        assert await database.fetch_all(one)
        server.stop()
        with pytest.raises(StorageUnavailableError, match="cannot be used"):
            await database.fetch_all(one)
        with pytest.raises(StorageUnavailableError, match="cannot be used"):
            async with database.transaction():
                pass
        server.start(is_moving=False)
        for _ in range(READERS):
            try:
                assert await database.fetch_all(one)
            except StorageUnavailableError:
                continue
            break
        else:
            pytest.fail("the database never came back")
    finally:
        await database.close()


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://breather:{PASSWORD}@127.0.0.1:1/breather",
        f"postgresql://breather:{PASSWORD}@/breather?host=/nowhere/at/all",
        f"postgresql://breather:{PASSWORD}@127.0.0.1:port/breather",
        f"postgresql://breather:{PASSWORD}",
        f"postgresql:///breather?user=breather&password={PASSWORD}&host=127.0.0.1&port=1",
    ],
)
async def test_an_address_without_a_server_is_told_without_the_password(address: str) -> None:
    with pytest.raises(StorageUnavailableError, match="DATABASE_URL") as caught:
        await open_migrated(address)
    assert PASSWORD not in str(caught.value)
    assert isinstance(caught.value.__cause__, OSError | ValueError | asyncpg.InterfaceError)
