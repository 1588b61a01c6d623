"""The registry of everything kept about people, and the use cases of ``/my-data``.

A test fails when a table with a person's id is not enrolled here.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.errors import StorageUnavailableError
from bot.privacy.erasures import Erasures
from bot.privacy.store import fetch_people
from bot.storage import Database, Transaction
from bot.storage.wiping import empty_log

log = logging.getLogger(__name__)


class PersonalData(Protocol):
    """What one feature keeps about a person."""

    name: str
    tables: frozenset[str]

    async def export(self, database: Database, user_id: int) -> dict[str, Any]:
        """Everything kept, by table. Creates nothing."""
        ...

    async def erase(self, tx: Transaction, user_id: int) -> str | None:
        """Erase it; what stays and why, if anything does: whole sentences, one a line.

        It waits for its transaction alone, and may be asked again when that was given up.
        """
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased (rows by table) and what stays, in sentences."""

    erased: dict[str, int]
    stays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many people were erased again, and how many could not be recognised by any key."""

    erased: int
    unknown: int


class Privacy:
    """Asks every enrolled feature."""

    def __init__(
        self,
        database: Database,
        enrolled: Sequence[PersonalData],
        erasures: Erasures | None = None,
    ) -> None:
        self.enrolled = tuple(enrolled)
        self._database = database
        self._erasures = erasures

    async def export(self, user_id: int) -> dict[str, Any]:
        """Everything kept about a person, by feature and table."""
        return {item.name: await item.export(self._database, user_id) for item in self.enrolled}

    async def erase(self, user_id: int) -> Receipt:
        """Erase everything in one transaction; a restore will do it again if anything was kept."""
        before = await self.count(user_id)
        is_kept = any(before.values())
        if is_kept:
            await self._note(user_id)
        stays = await self._erase(user_id)
        if is_kept:
            await self._note(user_id)
            await empty_log(self._database)
        return Receipt(before, tuple(stays))

    async def count(self, user_id: int) -> dict[str, int]:
        """How many rows each table holds about a person."""
        exported = await self.export(user_id)
        return {table: len(rows) for tables in exported.values() for table, rows in tables.items()}

    async def replay(self, taken_at: int | None) -> Replayed:
        """Erase again whoever erased their data since a backup was made that was put back.

        None stands for a backup of an unknown age: then everybody on record is erased again.
        """
        if self._erasures is None:
            return Replayed(0, 0)
        erased = await asyncio.to_thread(self._erasures.since, taken_at)
        tables = {table for item in self.enrolled for table in item.tables}
        people = await fetch_people(self._database, tables) if erased.digests else set()
        again = [user_id for user_id in sorted(people) if user_id in erased]
        for user_id in again:
            await self._erase(user_id)
        if again:
            await empty_log(self._database)
        return Replayed(len(again), erased.unknown)

    async def _erase(self, user_id: int) -> list[str]:
        async def work(tx: Transaction) -> list[str]:
            stays: list[str] = []
            for item in self.enrolled:
                word = await item.erase(tx, user_id)
                stays += word.splitlines() if word else ()
            return stays

        return await self._database.run(work)

    async def _note(self, user_id: int) -> None:
        """A full disk must not keep anybody's data from being erased."""
        if self._erasures is None:
            return
        try:
            await asyncio.to_thread(self._erasures.note, user_id)
        except StorageUnavailableError as error:
            log.error("an erasure is not on record, so a backup would undo it: %s", error)  # noqa: TRY400
