"""The one way to the database, whatever the engine behind it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from sqlalchemy import ClauseElement, text

_TOUCH = text("UPDATE alembic_version SET version_num = version_num")

Value = int | str | None
Result = TypeVar("Result")


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
    async def run(self, work: Callable[[Transaction], Coroutine[Any, Any, Result]]) -> Result:
        """Do a whole function's work in one transaction, again if the engine gave it up.

        The work waits for statements of its transaction and for nothing else. It may be done
        more than once, and on another thread: it only reads what others may change meanwhile.
        A caller who is cancelled may find it done or not done, never half.
        """

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
