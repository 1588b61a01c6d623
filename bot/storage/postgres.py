"""PostgreSQL through asyncpg: for several bot processes on one database."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect

from bot.errors import ConflictError, StorageUnavailableError
from bot.storage.database import Database, Row, Transaction, Value
from bot.storage.statements import StatementCache

CONNECTIONS = 10
COMMAND_SECONDS = 30
CONNECT_SECONDS = 10


class PostgresDatabase(Database):
    """A pool of connections."""

    dialect_name = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = url
        self._statements = StatementCache(asyncpg_dialect.dialect())
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Open the pool. Raises ``StorageUnavailableError``."""
        with _translated():
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=CONNECTIONS,
                command_timeout=COMMAND_SECONDS,
                timeout=CONNECT_SECONDS,
            )

    async def close(self) -> None:
        """Close every connection. Closing twice is harmless."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), CONNECT_SECONDS)
            except (TimeoutError, OSError, asyncpg.PostgresError):
                pool.terminate()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A write transaction; an exception inside it rolls everything back."""
        with _translated():
            async with self._open_pool().acquire() as connection, connection.transaction():
                yield _PostgresTransaction(connection, self._statements)

    async def fetch_all(self, statement: ClauseElement, /, **values: Value) -> Sequence[Row]:
        """Run one reading statement outside any transaction."""
        prepared = self._statements.prepare(statement)
        with _translated():
            rows: Sequence[Row] = await self._open_pool().fetch(
                prepared.sql, *prepared.arguments(values)
            )
            return rows

    def _open_pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        if self._pool is None:
            message = "DATABASE_URL: the connection to PostgreSQL is not open."
            raise StorageUnavailableError(message)
        return self._pool


class _PostgresTransaction:
    def __init__(self, connection: Any, statements: StatementCache) -> None:  # noqa: ANN401 (a pool proxy)
        self._connection = connection
        self._statements = statements

    async def fetch_all(self, statement: ClauseElement, /, **values: Value) -> Sequence[Row]:
        prepared = self._statements.prepare(statement)
        rows: Sequence[Row] = await self._connection.fetch(
            prepared.sql, *prepared.arguments(values)
        )
        return rows

    async def fetch_one(self, statement: ClauseElement, /, **values: Value) -> Row | None:
        rows = await self.fetch_all(statement, **values)
        return rows[0] if rows else None

    async def execute(self, statement: ClauseElement, /, **values: Value) -> int:
        prepared = self._statements.prepare(statement)
        status: str = await self._connection.execute(prepared.sql, *prepared.arguments(values))
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def execute_many(
        self, statement: ClauseElement, rows: Sequence[Mapping[str, Value]], /
    ) -> None:
        prepared = self._statements.prepare(statement)
        await self._connection.executemany(prepared.sql, map(prepared.arguments, rows))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise ConflictError(str(error)) from error
    except (
        OSError,
        TimeoutError,
        asyncpg.PostgresConnectionError,
        asyncpg.CannotConnectNowError,
        asyncpg.InsufficientResourcesError,
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InvalidCatalogNameError,
        asyncpg.OperatorInterventionError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    ) as error:
        reason = str(error) or type(error).__name__
        message = (
            f"DATABASE_URL: PostgreSQL cannot be used ({reason}). "
            "Check that it runs and that host, name, user and password are right."
        )
        raise StorageUnavailableError(message) from error
