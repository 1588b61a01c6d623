"""A whole function's transaction on SQLite, in one visit to the writing connection's thread.

Each statement of its own costs two changes of thread, which is as much as the statement itself.
A function that waits for nothing but its transaction needs only one visit: here its statements
are done at once, so it runs from its beginning to its end without the event loop.
"""

import sqlite3
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, Generic, TypeVar

from sqlalchemy import ClauseElement

from bot.storage.database import Row, Transaction, Value
from bot.storage.statements import StatementCache

Result = TypeVar("Result")
Translated = Callable[[], AbstractContextManager[None]]
"""Makes the driver's errors Breather's, around calls of the driver only."""


class AbandonedError(Exception):
    """Nobody waits for this transaction any more; it was rolled back."""


class WholeTransaction(Generic[Result]):
    """One run of a function: ``BEGIN``, everything it does, ``COMMIT``."""

    def __init__(
        self,
        work: Callable[[Transaction], Coroutine[Any, Any, Result]],
        statements: StatementCache,
        translated: Translated,
    ) -> None:
        self._work = work
        self._statements = statements
        self._translated = translated
        self._is_abandoned = False

    def abandon(self) -> None:
        """Roll back instead of committing, if it is not too late."""
        self._is_abandoned = True

    def run(self, connection: sqlite3.Connection) -> Result:
        """On the connection's thread. Raises what the work raises, and rolls it back."""
        self._refuse_abandoned()
        with self._translated():
            connection.execute("BEGIN IMMEDIATE")
        try:
            self._refuse_abandoned()
            tx = _DirectTransaction(connection, self._statements, self._translated)
            result = _finish(self._work(tx))
            self._refuse_abandoned()
            with self._translated():
                connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a broken connection has nothing to roll back
                connection.rollback()
            raise
        return result

    def _refuse_abandoned(self) -> None:
        if self._is_abandoned:
            raise AbandonedError


class _DirectTransaction:
    """Statements that are done when they are awaited: nothing here suspends."""

    def __init__(
        self, connection: sqlite3.Connection, statements: StatementCache, translated: Translated
    ) -> None:
        self._connection = connection
        self._execute = connection.execute
        self._prepare = statements.prepare
        self._translated = translated

    async def fetch_all(self, statement: ClauseElement, /, **values: Value) -> Sequence[Row]:
        prepared = self._prepare(statement)
        try:
            return self._execute(prepared.sql, prepared.arguments(values)).fetchall()
        except sqlite3.Error:
            with self._translated():
                raise

    async def fetch_one(self, statement: ClauseElement, /, **values: Value) -> Row | None:
        rows = await self.fetch_all(statement, **values)
        return rows[0] if rows else None

    async def execute(self, statement: ClauseElement, /, **values: Value) -> int:
        prepared = self._prepare(statement)
        # Most statements raise nothing: the errors alone go through the context manager.
        try:
            return self._execute(prepared.sql, prepared.arguments(values)).rowcount
        except sqlite3.Error:
            with self._translated():
                raise

    async def execute_many(
        self, statement: ClauseElement, rows: Sequence[Mapping[str, Value]], /
    ) -> None:
        prepared = self._prepare(statement)
        arguments = prepared.arguments_of_many(rows)
        try:
            self._connection.executemany(prepared.sql, arguments)
        except sqlite3.Error:
            with self._translated():
                raise


def _finish(work: Coroutine[Any, Any, Result]) -> Result:
    try:
        work.send(None)
    except StopIteration as done:
        result: Result = done.value
        return result
    work.close()
    message = "A whole transaction may wait for its own statements only."
    raise RuntimeError(message)
