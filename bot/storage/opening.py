"""Opens the database that ``DATABASE_URL`` names, migrated."""

import logging
from collections.abc import Callable
from pathlib import Path

from bot.storage.backup import back_up, pg_dump_hint
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteDatabase
from bot.storage.urls import sqlite_path

log = logging.getLogger(__name__)


async def open_database(url: str, backup_folder: Path, now: Callable[[], int]) -> Database:
    """Migrate (after a backup) and open. Raises :class:`bot.errors.StorageError`."""

    def save(revision: str) -> None:
        if sqlite_path(url) is None:
            log.warning("The schema changes now. %s", pg_dump_hint(url))
        else:
            path = back_up(url, backup_folder, now(), f"before-{revision}")
            log.info("The schema changes now; the database as it was is in %s", path)

    migrated = await migrate(url, save)
    if migrated.has_changed:
        log.info("The database's schema is now %s", migrated.after)
    return await open_migrated(url)


async def open_migrated(url: str) -> Database:
    """Open a database whose schema is this version's. Raises ``StorageUnavailableError``."""
    path = sqlite_path(url)
    if path is not None:
        database: Database = SqliteDatabase(path)
    else:
        from bot.storage.postgres import PostgresDatabase  # noqa: PLC0415 (asyncpg is an extra)

        database = PostgresDatabase(url)
    try:
        await database.open()
    except BaseException:
        await database.close()
        raise
    return database
