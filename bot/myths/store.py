"""Table and statements of the weekly myth: which ones a schedule has posted already.

About people: nothing. Who pressed what, and how often, is not kept anywhere.
"""

import json

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from bot.delivery.tables import schedules
from bot.rotation import Bag
from bot.storage import Database, Transaction, metadata

myth_bags = Table(
    "myth_bags",
    metadata,
    Column("schedule_id", ForeignKey(schedules.c.id, ondelete="CASCADE"), primary_key=True),
    Column("used", Text, nullable=False),
    Column("last", Text),
)

SELECT_BAG = select(myth_bags).where(myth_bags.c.schedule_id == bindparam("schedule_id"))
SAVE_BAG = insert(myth_bags).values(
    schedule_id=bindparam("schedule_id"), used=bindparam("used"), last=bindparam("last")
)
SAVE_BAG = SAVE_BAG.on_conflict_do_update(
    index_elements=["schedule_id"],
    set_={name: SAVE_BAG.excluded[name] for name in ("used", "last")},
)


async def fetch_bag(db: Database | Transaction, schedule_id: int) -> Bag:
    """A schedule's bag; an empty one before its first post."""
    row = await db.fetch_one(SELECT_BAG, schedule_id=schedule_id)
    return Bag() if row is None else Bag(tuple(json.loads(row["used"])), row["last"])


async def save_bag(tx: Transaction, schedule_id: int, bag: Bag) -> None:
    """Keep a bag."""
    await tx.execute(SAVE_BAG, schedule_id=schedule_id, used=json.dumps(bag.used), last=bag.last)
