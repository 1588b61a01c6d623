"""Makes the database and its fence know the same codes, at a start and after a restore."""

import asyncio
import json
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator

from bot.claims import pool_store, store
from bot.claims.fence import SPENT, VOID, Fence, Fenced
from bot.storage import Database

CHUNK = 2000


async def reconcile(database: Database, fence: Fence, *, is_restored: bool = False) -> int:
    """Close off codes that the fence knows as given out; how many. Then add what it misses.

    At a start, nothing is closed off unless the database is proved to be an older one: a code
    whose spending was confirmed is free again. ``is_restored`` says that it is one; then whatever
    stands in the fence counts. Raises :class:`bot.errors.StorageUnavailableError`.
    """
    fenced = await asyncio.to_thread(fence.read)
    stale, is_proved = await _find_stale(database, fenced)
    is_older = is_restored or is_proved
    closed = 0
    for program_id, found in stale.items() if is_older else ():
        closed += await _close_off(database, program_id, found, fenced)
    await _add_missing(database, fence, fenced)
    return closed


async def _find_stale(database: Database, fenced: Fenced) -> tuple[dict[str, set[str]], bool]:
    """The fingerprints, by program, of codes that the database takes for better than they are.

    And whether one of them proves that the database is an older one.
    """
    stale: defaultdict[str, set[str]] = defaultdict(set)
    is_proved = False
    for chunk in chunks(sorted(fenced.spent | fenced.void)):
        rows = await database.fetch_all(pool_store.SELECT_STATES, fingerprints=json.dumps(chunk))
        for row in rows:
            is_void = row["fingerprint"] in fenced.void
            if row["state"] == "free" or (is_void and row["state"] != "void"):
                stale[row["program_id"]].add(row["fingerprint"])
                is_free = row["state"] == "free"
                known = fenced.confirmed if is_free else fenced.confirmed_void
                is_proved |= row["fingerprint"] in known
    return stale, is_proved


async def _close_off(
    database: Database, program_id: str, fingerprints: set[str], fenced: Fenced
) -> int:
    closed = 0
    async with database.transaction() as tx:
        await tx.fetch_one(store.LOCK_COUNTERS, program_id=program_id)
        for statement, kind in (
            (pool_store.FENCE_VOID, fenced.void),
            (pool_store.FENCE_SPENT, fenced.spent),
        ):
            for chunk in chunks(sorted(fingerprints & kind)):
                closed += await tx.execute(
                    statement, program_id=program_id, fingerprints=json.dumps(chunk)
                )
    return closed


async def _add_missing(database: Database, fence: Fence, fenced: Fenced) -> None:
    """A file that was lost, or whose last lines a power failure took, is made whole again."""
    known = {
        SPENT: (fenced.spent | fenced.void) & fenced.confirmed,
        VOID: fenced.void & fenced.confirmed_void,
    }
    missing: defaultdict[str, list[str]] = defaultdict(list)
    last_id = 0
    while rows := await database.fetch_all(pool_store.SELECT_TAKEN, last_id=last_id, most=CHUNK):
        for row in rows:
            if row["fingerprint"] not in known[row["state"]]:
                missing[row["state"]].append(row["fingerprint"])
        last_id = rows[-1]["id"]
    if missing:
        batch = secrets.token_hex(8)
        for kind, fingerprints in missing.items():
            await asyncio.to_thread(fence.append, batch, kind, fingerprints)
        await asyncio.to_thread(fence.flush)
        await asyncio.to_thread(fence.confirm, batch)


def chunks(items: Collection[str]) -> Iterator[list[str]]:
    """Texts in lists of a size that one statement takes well."""
    ordered = list(items)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
