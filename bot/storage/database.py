"""The one way to the database, whatever the engine behind it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from sqlalchemy import ClauseElement, text

_TOUCH = text("UPDATE alembic_version SET version_num = version_num")

Value = int | str | None


class Row(Protocol):
    """A row of a result: values by column name."""

    def __getitem__(self, name: str, /) -> Any:  # noqa: ANN401 (an int, a str or None by column)
        """The value of a column."""
        ...


class Transaction(Protocol):
    """Statements that are committed together or not at all."""

    async def fetch_all(self, statement: ClauseElement, /, **values: Value) -> Sequence[Row]:
        """Run a statement that returns rows."""
        ...

    async def fetch_one(self, statement: ClauseElement, /, **values: Value) -> Row | None:
        """Run a statement and return its first row, if any."""
        ...

    async def execute(self, statement: ClauseElement, /, **values: Value) -> int:
        """Run a statement and return how many rows it changed."""
        ...

    async def execute_many(
        self, statement: ClauseElement, rows: Sequence[Mapping[str, Value]], /
    ) -> None:
        """Run a statement once for each mapping of values."""
        ...


class Database(ABC):
    """An open database.

    Every method raises :class:`bot.errors.StorageUnavailableError` when the engine cannot
    be reached, and :class:`bot.errors.ConflictError` when a constraint refuses a write.
    """

    dialect_name: str

    @abstractmethod
    async def open(self) -> None:
        """Open the connections."""

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A write transaction; an exception inside it rolls everything back."""

    @abstractmethod
    async def fetch_all(self, statement: ClauseElement, /, **values: Value) -> Sequence[Row]:
        """Run one reading statement outside any transaction."""

    async def check_writable(self) -> None:
        """Write what stands there already; raises when nothing can be written."""
        async with self.transaction() as tx:
            await tx.execute(_TOUCH)

    @abstractmethod
    async def close(self) -> None:
        """Close every connection. Closing twice is harmless."""

    async def fetch_one(self, statement: ClauseElement, /, **values: Value) -> Row | None:
        """Run one reading statement and return its first row, if any."""
        rows = await self.fetch_all(statement, **values)
        return rows[0] if rows else None
