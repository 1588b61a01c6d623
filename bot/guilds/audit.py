"""The log of changes: who changed what, when, from old to new. Kept for 90 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.clock import DAY, Clock
from bot.guilds import store
from bot.storage import Database, Transaction

KEPT_SECONDS = 90 * DAY
VALUE_LENGTH = 200


OPERATOR_ID = 0
"""The actor where the operator did it, on the command line: nobody's Discord id."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one thing. ``old`` and ``new`` are short texts, never a member's words."""

    action: str
    target: str | None
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A change with its moderator (None once they erased their data) and its instant."""

    actor_id: int | None
    at: int
    change: Change


class AuditLog:
    """Writes in the transaction of the change itself."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def write(self, tx: Transaction, guild_id: int, actor_id: int, change: Change) -> None:
        """Keep a change, in the transaction that makes it.

        The community is known from then on, so that what it has is forgotten when it goes.
        """
        await tx.execute(store.ADD_GUILD, guild_id=guild_id)
        await tx.execute(
            store.INSERT_AUDIT,
            guild_id=guild_id,
            actor_id=actor_id,
            at=self._clock.now(),
            action=change.action,
            target=change.target,
            old=_cut(change.old),
            new=_cut(change.new),
        )

    async def latest(self, guild_id: int, most: int = 100) -> list[Entry]:
        """A community's latest changes, newest first."""
        rows = await self._database.fetch_all(store.SELECT_AUDIT, guild_id=guild_id, most=most)
        return [
            Entry(
                row["actor_id"],
                row["at"],
                Change(row["action"], row["target"], row["old"], row["new"]),
            )
            for row in rows
        ]

    async def prune(self) -> None:
        """Delete what is older than 90 days."""
        async with self._database.transaction() as tx:
            await tx.execute(store.DELETE_OLD_AUDIT, before=self._clock.now() - KEPT_SECONDS)


class AuditPersonalData:
    """What the log keeps about a moderator, for ``/my-data``."""

    name = "audit"
    tables = frozenset({"audit_entries"})

    async def export(self, database: Database, user_id: int) -> dict[str, Sequence[dict[str, Any]]]:
        """The changes that the person made."""
        rows = await database.fetch_all(store.SELECT_PERSON_AUDIT, user_id=user_id)
        names = ("guild_id", "at", "action", "target", "old", "new")
        return {"audit_entries": [{name: row[name] for name in names} for row in rows]}

    async def erase(self, tx: Transaction, user_id: int) -> str | None:
        """Take the person's id out of the log; the change itself stays for 90 days."""
        changed = await tx.execute(store.ERASE_PERSON_AUDIT, user_id=user_id)
        return (
            "The settings you changed as a moderator stay in the log for 90 days, without your id."
            if changed
            else None
        )


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 1] + "…"
