"""What was deleted is gone from SQLite's files, too, not only from its tables."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage import Database
from bot.storage.sqlite import SqliteDatabase
from bot.storage.wiping import empty_log, write_anew
from bot.tips import store
from tests.conftest import NOON
from tests.store.pools import bytes_of


def folder_of(database: Database) -> Path:
    """The folder with the file and what stands beside it."""
    assert isinstance(database, SqliteDatabase)
    return database.path.parent


async def save(database: Database, user_id: int) -> None:
    """A person saves a tip with an unmistakable name."""
    async with database.transaction() as tx:
        tip_id = f"tip-of-{user_id:04}"
        await tx.execute(store.INSERT_SAVED, user_id=user_id, tip_id=tip_id, now=NOON)


async def erase(database: Database, user_id: int) -> None:
    """They erase it."""
    async with database.transaction() as tx:
        await tx.execute(store.ERASE_SAVED, user_id=user_id)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_what_was_deleted_stands_in_the_log_until_that_is_emptied(database: Database) -> None:
    await save(database, 1)
    await erase(database, 1)
    assert b"tip-of-0001" in bytes_of(folder_of(database))
    assert await empty_log(database)
    assert b"tip-of-0001" not in bytes_of(folder_of(database))


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_bytes_left_over_in_a_page_go_when_the_file_is_written_anew(
    database: Database,
) -> None:
    for user_id in (1, 2):
        await save(database, user_id)
    folder = folder_of(database)
    with closing(sqlite3.connect(folder / "breather.db")) as file, file:
        file.execute("PRAGMA secure_delete=OFF")  # moved rows leave bytes even with it
        file.execute("DELETE FROM saved_tips WHERE user_id = 1")
    assert await empty_log(database)
    assert b"tip-of-0001" in bytes_of(folder)

    assert await write_anew(database)

    assert b"tip-of-0001" not in bytes_of(folder)
    await save(database, 3)
    rows = await database.fetch_all(store.saved_tips.select())
    assert {row["user_id"] for row in rows} == {2, 3}


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_file_that_others_keep_busy_is_left_as_it_is(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOG_SECONDS", "FILE_SECONDS"):
        monkeypatch.setattr(f"bot.storage.wiping.{name}", 0)
    async with database.transaction() as tx:
        await tx.execute(store.ERASE_SAVED, user_id=1)
        assert not await empty_log(database)
        assert not await write_anew(database)
    await save(database, 1)


async def test_neither_loses_anything_on_either_engine(database: Database) -> None:
    await save(database, 1)
    assert await empty_log(database)
    assert await write_anew(database)
    rows = await database.fetch_all(store.saved_tips.select())
    assert len(rows) == 1
