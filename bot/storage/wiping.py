"""Takes what was deleted out of SQLite's files, too.

``secure_delete`` overwrites a deleted row in its page. Two kinds of copies can be left over: in the
write-ahead log, until that is written back and emptied; and in the unused part of a page from which
rows were moved to another one, until the file is written anew (measured: 1 or 2 of 300 texts in
rows that had grown and were erased, 35 to 39 of 3,000). PostgreSQL does both in its own time: it
vacuums, and recycles its log.
"""

import asyncio
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.storage.database import Database
from bot.storage.sqlite import SqliteDatabase

log = logging.getLogger(__name__)

LOG_SECONDS = 1
"""How long emptying the log waits for whoever writes at the moment."""

FILE_SECONDS = 30
EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"


async def empty_log(database: Database) -> bool:
    """Write SQLite's log back and empty it, after something was erased (12 ms).

    False when others kept it busy; then it stays until :func:`write_anew`, or the bot stops.
    """
    if not isinstance(database, SqliteDatabase):
        return True
    return await asyncio.to_thread(_run, database.path, LOG_SECONDS)


async def write_anew(database: Database) -> bool:
    """Write SQLite's file anew without what was deleted, for housekeeping (0.2 s for 20 MB).

    Whoever writes meanwhile waits. False when others kept it busy; then it was left as it is.
    """
    if not isinstance(database, SqliteDatabase):
        return True
    return await asyncio.to_thread(_run, database.path, FILE_SECONDS, "VACUUM")


def _run(path: Path, seconds: int, *statements: str) -> bool:
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=seconds)) as file:
            for statement in statements:
                file.execute(statement)
            is_busy, *_ = file.execute(EMPTY_LOG).fetchone()
    except sqlite3.Error as error:
        log.warning("what was deleted may still have bytes in %s: %s", path.name, error)
        return False
    return not is_busy
