"""Use cases of check-ins. Nothing is known but who asked, in which community, and when."""

from dataclasses import dataclass
from typing import Any

from bot.check_ins import store
from bot.clock import HOUR, Clock
from bot.storage import Database, Transaction

KEPT_SECONDS = 24 * HOUR
"""An open check-in is deleted after a day, answered or not."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Who asked, and when (UTC epoch seconds)."""

    check_in_id: int
    user_id: int
    asked_at: int


class CheckIns:
    """Open check-ins of communities."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def ask(self, guild_id: int, user_id: int) -> int | None:
        """Open a check-in; its id, or None when the person has an open one there already."""
        async with self._database.transaction() as tx:
            await self._delete_old(tx)
            now = self._clock.now()
            row = await tx.fetch_one(store.ASK, guild_id=guild_id, user_id=user_id, now=now)
        return None if row is None else row["id"]

    async def find(self, guild_id: int, check_in_id: int) -> CheckIn | None:
        """An open check-in of a community."""
        values = {"guild_id": guild_id, "check_in_id": check_in_id}
        row = await self._database.fetch_one(store.SELECT_ONE, **values)
        if row is None or row["asked_at"] <= self._clock.now() - KEPT_SECONDS:
            return None
        return CheckIn(row["id"], row["user_id"], row["asked_at"])

    async def close(self, check_in_id: int) -> bool:
        """Delete a check-in; False when somebody else did so before."""
        async with self._database.transaction() as tx:
            return bool(await tx.execute(store.DELETE_ONE, check_in_id=check_in_id))

    async def sweep(self) -> None:
        """Delete what is older than a day."""
        async with self._database.transaction() as tx:
            await self._delete_old(tx)

    async def _delete_old(self, tx: Transaction) -> None:
        await tx.execute(store.DELETE_BEFORE, until=self._clock.now() - KEPT_SECONDS)


class CheckInsPersonalData:
    """What check-ins keep about a person, for ``/my-data``."""

    name = "check_ins"
    tables = frozenset({"check_ins"})

    async def export(self, database: Database, user_id: int) -> dict[str, Any]:
        """Where and when they asked, as long as it is open."""
        rows = await database.fetch_all(store.SELECT_PERSON, user_id=user_id)
        kept = [{"guild_id": row["guild_id"], "asked_at": row["asked_at"]} for row in rows]
        return {"check_ins": kept}

    async def erase(self, tx: Transaction, user_id: int) -> str | None:
        """Erase all of it; nothing stays with the bot."""
        await tx.execute(store.ERASE, user_id=user_id)
        return None
