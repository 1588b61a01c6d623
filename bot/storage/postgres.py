"""PostgreSQL through asyncpg: for several bot processes on one database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect

from bot.errors import ConflictError, GivenUpError, StorageUnavailableError
from bot.storage.database import Database, Row, Transaction, Value
from bot.storage.statements import StatementCache
from bot.storage.urls import without_password

Result = TypeVar("Result")
WRITERS = 10
READERS = 4
COMMAND_SECONDS = 30
CONNECT_SECONDS = 10
ATTEMPTS = 5
"""How often a whole transaction is begun that PostgreSQL gives up for another one's sake."""


class PostgresDatabase(Database):
    """A pool of connections for transactions and one for reading.

    Two, since tasks that read inside their transactions would otherwise wait for each other's
    connections for ever once the pool is used up.
    """

    dialect_name = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = url
        make_dialect: Any = asyncpg_dialect.dialect  # untyped in SQLAlchemy
        self._statements = StatementCache(make_dialect())
        self._writers: asyncpg.Pool[asyncpg.Record] | None = None
        self._readers: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Open the pools. Raises ``StorageUnavailableError``."""
        with _translated(self._url):
            self._writers = await _open_pool(self._url, WRITERS)
            self._readers = await _open_pool(self._url, READERS)

    async def close(self) -> None:
        """Close every connection after what runs on it. Closing twice is harmless."""
        pools, self._writers, self._readers = (self._writers, self._readers), None, None
        for pool in pools:
            if pool is not None:
                try:
                    await asyncio.wait_for(pool.close(), CONNECT_SECONDS)
                except (TimeoutError, OSError, asyncpg.PostgresError):
                    pool.terminate()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A write transaction; an exception inside it rolls everything back."""
        pool = self._opened(self._writers)
        with _translated(self._url):
            connection = await pool.acquire(timeout=COMMAND_SECONDS)
        try:
            transaction = connection.transaction()
            with _translated(self._url):
                await transaction.start()
            try:
                yield _PostgresTransaction(connection, self._statements, self._url)
            except BaseException:
                await _roll_back(transaction)
                raise
            with _translated(self._url):
                await transaction.commit()
        finally:
            await pool.release(connection)

    async def run(self, work: Callable[[Transaction], Coroutine[Any, Any, Result]]) -> Result:
        """Do a whole function's work in one transaction, again after a deadlock."""
        for _ in range(ATTEMPTS - 1):
            with suppress(GivenUpError):
                async with self.transaction() as tx:
                    return await work(tx)
        async with self.transaction() as tx:
            return await work(tx)

    async def fetch_all(self, statement: ClauseElement, /, **values: Value) -> Sequence[Row]:
        """Run one reading statement outside any transaction."""
        prepared = self._statements.prepare(statement)
        arguments = prepared.arguments(values)
        pool = self._opened(self._readers)
        with _translated(self._url):
            async with pool.acquire(timeout=COMMAND_SECONDS) as connection:
                rows: Sequence[Row] = await connection.fetch(prepared.sql, *arguments)
                return rows

    def _opened(
        self, pool: "asyncpg.Pool[asyncpg.Record] | None"
    ) -> "asyncpg.Pool[asyncpg.Record]":
        if pool is None:
            message = f"The database {without_password(self._url)} is not open."
            raise StorageUnavailableError(message)
        return pool


class _PostgresTransaction:
    def __init__(self, connection: Any, statements: StatementCache, url: str) -> None:  # noqa: ANN401 (a pool proxy)
        self._connection = connection
        self._statements = statements
        self._url = url

    async def fetch_all(self, statement: ClauseElement, /, **values: Value) -> Sequence[Row]:
        prepared = self._statements.prepare(statement)
        arguments = prepared.arguments(values)
        with _translated(self._url):
            rows: Sequence[Row] = await self._connection.fetch(prepared.sql, *arguments)
            return rows

    async def fetch_one(self, statement: ClauseElement, /, **values: Value) -> Row | None:
        rows = await self.fetch_all(statement, **values)
        return rows[0] if rows else None

    async def execute(self, statement: ClauseElement, /, **values: Value) -> int:
        prepared = self._statements.prepare(statement)
        arguments = prepared.arguments(values)
        with _translated(self._url):
            status: str = await self._connection.execute(prepared.sql, *arguments)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def execute_many(
        self, statement: ClauseElement, rows: Sequence[Mapping[str, Value]], /
    ) -> None:
        prepared = self._statements.prepare(statement)
        arguments = [prepared.arguments(row) for row in rows]
        with _translated(self._url):
            await self._connection.executemany(prepared.sql, arguments)


async def _open_pool(url: str, most: int) -> "asyncpg.Pool[asyncpg.Record]":
    try:
        return await asyncpg.create_pool(
            url, min_size=1, max_size=most, command_timeout=COMMAND_SECONDS, timeout=CONNECT_SECONDS
        )
    except ValueError as error:  # its words may be a part of the password
        message = f"DATABASE_URL: {without_password(url)} is not an address of PostgreSQL."
        raise StorageUnavailableError(message) from error


async def _roll_back(transaction: Any) -> None:  # noqa: ANN401 (asyncpg's own)
    """Roll back for an error that is on its way; a lost connection was rolled back by its loss."""
    try:
        await transaction.rollback()
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Around calls of the driver only: what a transaction's body raises is its own."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        # Its detail quotes the whole row, with what people wrote: it goes no further.
        raise ConflictError(str(error.args[0])) from None
    except asyncpg.DataError as error:
        # A bug, which waiting does not mend. Here the value itself is quoted.
        message = f"a value that its column cannot hold ({type(error).__name__})"
        raise ValueError(message) from None
    except asyncpg.TransactionRollbackError as error:
        message = f"PostgreSQL gave this transaction up ({error}). Try again."
        raise GivenUpError(message) from error
    except (
        OSError,
        TimeoutError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    ) as error:
        reason = str(error) or type(error).__name__
        message = (
            f"DATABASE_URL: {without_password(url)} cannot be used ({reason}). "
            "Check that PostgreSQL runs there and that name, user and password are right."
        )
        raise StorageUnavailableError(message) from error
