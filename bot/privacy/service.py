"""The registry of everything kept about people, and the use cases of ``/my-data``.

A test fails when a table with a person's id is not enrolled here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.storage import Database, Transaction


class PersonalData(Protocol):
    """What one feature keeps about a person."""

    name: str
    tables: frozenset[str]

    async def export(self, database: Database, user_id: int) -> dict[str, Any]:
        """Everything kept, by table. Creates nothing."""
        ...

    async def erase(self, tx: Transaction, user_id: int) -> str | None:
        """Erase it; a sentence on what stays and why, if anything does."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased (rows by table) and what stays, in sentences."""

    erased: dict[str, int]
    stays: tuple[str, ...]


class Privacy:
    """Asks every enrolled feature."""

    def __init__(self, database: Database, enrolled: Sequence[PersonalData]) -> None:
        self._database = database
        self.enrolled = tuple(enrolled)

    async def export(self, user_id: int) -> dict[str, Any]:
        """Everything kept about a person, by feature and table."""
        return {item.name: await item.export(self._database, user_id) for item in self.enrolled}

    async def erase(self, user_id: int) -> Receipt:
        """Erase everything in one transaction."""
        before = await self.count(user_id)
        stays: list[str] = []
        async with self._database.transaction() as tx:
            for item in self.enrolled:
                word = await item.erase(tx, user_id)
                stays += [word] if word else []
        return Receipt(before, tuple(stays))

    async def count(self, user_id: int) -> dict[str, int]:
        """How many rows each table holds about a person."""
        exported = await self.export(user_id)
        return {table: len(rows) for tables in exported.values() for table, rows in tables.items()}
