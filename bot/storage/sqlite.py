"""SQLite through aiosqlite: one writer, several readers.

WAL and ``synchronous=FULL``; a write transaction begins ``IMMEDIATE``, since a deferred one
that upgrades fails at once and ignores the busy timeout, and a connection shared by two tasks
would let one roll back the other's insert (both measured).
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import ClauseElement
from sqlalchemy.dialects import sqlite

from bot.errors import ConflictError, StorageUnavailableError
from bot.storage.database import Database, Row, Transaction, Value
from bot.storage.statements import StatementCache
from bot.storage.whole import WholeTransaction

Result = TypeVar("Result")
READERS = 2
BUSY_SECONDS = 30
CLOSE_SECONDS = 10
"""How long closing waits for the transaction that is open."""

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",  # or REPLACE deletes rows past the triggers that keep them
    "PRAGMA secure_delete=ON",  # what is destroyed leaves no bytes; not every build's default
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
)


class SqliteDatabase(Database):
    """A file, one writing connection and a few reading ones."""

    dialect_name = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._statements = StatementCache(sqlite.dialect())
        self._statements_of_writer = StatementCache(sqlite.dialect())  # on its thread alone
        self._write_lock = asyncio.Lock()
        self._writer: aiosqlite.Connection | None = None
        self._readers: list[aiosqlite.Connection] = []
        self._turn = 0
        self._rollbacks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Open the connections. Raises ``StorageUnavailableError``."""
        with _translated(self.path):
            self._writer = await _connect(self.path)
            for _ in range(READERS):
                self._readers.append(await _connect(self.path, read_only=True))

    async def close(self) -> None:
        """Close every connection after the open transaction. Closing twice is harmless."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS), self._write_lock:
                pass
        readers, self._readers = self._readers, []
        writer, self._writer = self._writer, None
        for connection in (*readers, *([writer] if writer else [])):
            await connection.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A write transaction; an exception inside it rolls everything back."""
        await self._write_lock.acquire()
        writer = self._writer
        if writer is None:
            self._write_lock.release()
            raise _closed(self.path)
        try:
            with _translated(self.path):
                await writer.execute("BEGIN IMMEDIATE")
            yield _SqliteTransaction(writer, self._statements, self.path)
            with _translated(self.path):
                await writer.execute("COMMIT")
        except BaseException:
            task = asyncio.create_task(self._roll_back(writer))
            self._rollbacks.add(task)
            task.add_done_callback(self._rollbacks.discard)
            raise
        self._write_lock.release()

    async def run(self, work: Callable[[Transaction], Coroutine[Any, Any, Result]]) -> Result:
        """Do a whole function's work in one transaction, in one visit to the writer's thread."""
        translated = partial(_translated, self.path)
        whole = WholeTransaction(work, self._statements_of_writer, translated)
        async with self._write_lock:
            writer = self._writer
            if writer is None:
                raise _closed(self.path)
            try:
                return await _visit(writer, whole)
            except asyncio.CancelledError:
                whole.abandon()  # what comes next waits behind it on that thread
                raise

    async def fetch_all(self, statement: ClauseElement, /, **values: Value) -> Sequence[Row]:
        """Run one reading statement outside any transaction."""
        if not self._readers:
            raise _closed(self.path)
        self._turn += 1
        reader = self._readers[self._turn % len(self._readers)]
        return await _fetch(reader, self._statements, self.path, statement, values)

    async def _roll_back(self, writer: aiosqlite.Connection) -> None:
        """Roll back, then let the next transaction begin.

        A cancelled statement still runs on the writer's own thread, ``BEGIN`` too: only behind
        it can be told whether a transaction is open. The cancelled task does not wait for that,
        since another process may keep the file busy for a while.
        """
        try:
            # Once the connection is broken or closed there is nothing to roll back.
            with suppress(sqlite3.Error, ValueError):
                await writer.rollback()
        finally:
            self._write_lock.release()


class _SqliteTransaction:
    def __init__(
        self, connection: aiosqlite.Connection, statements: StatementCache, path: Path
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._path = path

    async def fetch_all(self, statement: ClauseElement, /, **values: Value) -> Sequence[Row]:
        return await _fetch(self._connection, self._statements, self._path, statement, values)

    async def fetch_one(self, statement: ClauseElement, /, **values: Value) -> Row | None:
        rows = await self.fetch_all(statement, **values)
        return rows[0] if rows else None

    async def execute(self, statement: ClauseElement, /, **values: Value) -> int:
        prepared = self._statements.prepare(statement)
        arguments = prepared.arguments(values)
        with _translated(self._path):
            cursor = await self._connection.execute(prepared.sql, arguments)
        return cursor.rowcount

    async def execute_many(
        self, statement: ClauseElement, rows: Sequence[Mapping[str, Value]], /
    ) -> None:
        prepared = self._statements.prepare(statement)
        arguments = prepared.arguments_of_many(rows)
        with _translated(self._path):
            await self._connection.executemany(prepared.sql, arguments)


async def _fetch(
    connection: aiosqlite.Connection,
    statements: StatementCache,
    path: Path,
    statement: ClauseElement,
    values: Mapping[str, Value],
) -> Sequence[Row]:
    prepared = statements.prepare(statement)
    arguments = prepared.arguments(values)
    with _translated(path):
        return list(await connection.execute_fetchall(prepared.sql, arguments))


async def _visit(writer: aiosqlite.Connection, whole: WholeTransaction[Result]) -> Result:
    """Run it on the connection's own thread, in its turn."""
    execute: Any = writer._execute  # noqa: SLF001 (there is no other way to that thread)
    result: Result = await execute(whole.run, writer._conn)  # noqa: SLF001
    return result


async def _connect(path: Path, *, read_only: bool = False) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        connection.row_factory = sqlite3.Row
        for pragma in PRAGMAS:
            await connection.execute(pragma)
        if read_only:
            await connection.execute("PRAGMA query_only=ON")
    except BaseException:
        await connection.close()
        raise
    return connection


def _closed(path: Path) -> StorageUnavailableError:
    return StorageUnavailableError(f"The database {path} is not open.")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Around calls of the driver only: what a transaction's body raises is its own."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise ConflictError(str(error)) from error
    except (sqlite3.InterfaceError, sqlite3.ProgrammingError):
        raise  # a value that cannot be bound: a bug, which waiting does not mend
    except (sqlite3.Error, OSError) as error:
        message = (
            f"DATABASE_URL: the file {path} cannot be used ({error}). "
            "Check that its folder exists and is writable, or restore a backup."
        )
        raise StorageUnavailableError(message) from error
    except ValueError as error:
        if "connection" not in str(error).lower():  # what aiosqlite says when it is closed
            raise
        raise _closed(path) from error
