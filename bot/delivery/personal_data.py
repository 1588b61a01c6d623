"""What the ledger keeps about people, for ``/my-data``: direct messages that are not sent yet."""

from typing import Any

from bot.delivery import store
from bot.storage import Database, Transaction


class DeliveriesPersonalData:
    """Messages that somebody asked for. Once one is sent, it says nothing about a person."""

    name = "deliveries"
    tables = frozenset({"deliveries"})

    async def export(self, database: Database, user_id: int) -> dict[str, Any]:
        """What waits for the person: of which kind, and since when it is due."""
        rows = await database.fetch_all(store.SELECT_PERSON, user_id=user_id)
        return {"deliveries": [{"kind": row["kind"], "due_at": row["due_at"]} for row in rows]}

    async def erase(self, tx: Transaction, user_id: int) -> str | None:
        """Send none of it; nothing stays."""
        await tx.execute(store.DELETE_PERSON, user_id=user_id)
        return None
