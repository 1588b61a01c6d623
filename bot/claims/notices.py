"""Notices to moderators that a pool runs low: at 10 per cent, 1 per cent and nothing, once a fall.

What was told last stands in the program's counters. It is written down before anybody is told, so
a crash in between tells fewer communities, and never one of them twice.
"""

from dataclasses import dataclass

from bot.claims import notice_store
from bot.claims.stock import Stock, find_crossed, find_threshold
from bot.storage import Database, Transaction


@dataclass(frozen=True, slots=True)
class Notice:
    """A pool has fallen to a threshold (10, 1 or 0 per cent) of what can be given out."""

    program_id: str
    threshold: int
    left: int
    full: int


@dataclass(frozen=True, slots=True)
class Desk:
    """A community in which a program is on, and the channel that it chose for its queue."""

    guild_id: int
    queue_channel_id: int | None


async def take_notice(database: Database, program_id: str) -> Notice | None:
    """The notice to give now, if there is one; whoever gets it is the only one who does.

    A pool that was filled again can fall again. One that never had a code is no news.
    """
    row = await database.fetch_one(notice_store.SELECT_LEFT, program_id=program_id)
    if row is None or not row["was_filled"]:
        return None
    counts = {name: row[name] for name in ("free", "cap", "allocated", "offered")}
    stock = Stock(program_id, **counts)
    before, now = row["notice"], find_threshold(stock.left, stock.full)
    if now == before:
        return None

    async def work(tx: Transaction) -> int:
        values = {"old_notice": before, "new_notice": now}
        return await tx.execute(notice_store.SET_NOTICE, program_id=program_id, **values)

    if not await database.run(work):
        return None
    crossed = find_crossed(before, stock.left, stock.full)
    return None if crossed is None else Notice(program_id, crossed, stock.left, stock.full)


async def fetch_desks(database: Database, program_id: str) -> list[Desk]:
    """The communities whose moderators are told."""
    rows = await database.fetch_all(notice_store.SELECT_DESKS, program_id=program_id)
    return [Desk(row["guild_id"], row["queue_channel_id"]) for row in rows]
