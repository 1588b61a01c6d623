"""What every change of a claim is made of. Each expects its program's counters to be locked.

The counters, the community's share, the code and the allocation move together here, so that no
use case can forget one of them.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.claims import store
from bot.claims.rules import State
from bot.errors import ConflictError, RefusalError
from bot.storage import Row, Transaction


async def lock(tx: Transaction, program_id: str) -> Row:
    """The program's counters; others who change its claims wait until the transaction ends.

    Raises ``LookupError`` for a program that is not there.
    """
    counters = await tx.fetch_one(store.LOCK_COUNTERS, program_id=program_id)
    if counters is None:
        raise LookupError(program_id)
    return counters


async def step(tx: Transaction, row: Row, state: State, now: int) -> None:
    """Move one claim. Raises :class:`RefusalError` when somebody else moved it first."""
    values = {"claim_id": row["id"], "old_version": row["version"]}
    if not await tx.execute(store.STEP, new_state=state.value, now=now, **values):
        message = "Somebody else was faster: it changed meanwhile. Look at it again."
        raise RefusalError(message)


async def count(
    tx: Transaction, program_id: str, *, allocated: int = 0, offered: int = 0, waiting: int = 0
) -> None:
    """Add to a program's counters."""
    await tx.execute(
        store.ADD_TO_COUNTERS,
        in_program=program_id,
        more_allocated=allocated,
        more_offered=offered,
        more_waiting=waiting,
    )


async def count_given(tx: Transaction, program_id: str, guild_ids: Iterable[int]) -> None:
    """One more code for each of these communities; one may stand there several times."""
    await _add_to_shares(tx, program_id, Counter(guild_ids), "allocated", "offered")


async def count_offered(tx: Transaction, program_id: str, guild_ids: Iterable[int]) -> None:
    """One more offer for each of these communities, and for their program."""
    counts = Counter(guild_ids)
    await count(tx, program_id, offered=counts.total())
    await _add_to_shares(tx, program_id, counts, "offered", "allocated")


async def take_back_offers(tx: Transaction, program_id: str, guild_ids: Iterable[int]) -> None:
    """One offer less for each of these communities, and for their program."""
    counts = Counter(guild_ids)
    if not counts:
        return
    await count(tx, program_id, offered=-counts.total())
    for guild_id, less in counts.items():
        await tx.execute(
            store.TAKE_FROM_OFFERED,
            in_program=program_id,
            in_guild=guild_id,
            less_offered=less,
            more_allocated=0,
        )


async def spend(tx: Transaction, code_ids: Sequence[int]) -> list[str]:
    """Mark free codes as spent; their fingerprints, for :meth:`bot.claims.fence.Spending.note`.

    Raises :class:`ConflictError` if one of them is free no more.
    """
    rows = await tx.fetch_all(store.SPEND_CODES, code_ids=json.dumps(code_ids))
    if len(rows) != len(code_ids):
        message = "A code was taken out of the pool without the lock of its program."
        raise ConflictError(message)
    return [row["fingerprint"] for row in rows]


async def allocate(
    tx: Transaction, row: Row, code_id: int, now: int, *, was_offered: bool = False
) -> list[str]:
    """Spend a code on a claim, and count it; its fingerprint, as :func:`spend` gives it.

    The claim's own step is the caller's.
    """
    program_id, guild_id = row["program_id"], row["guild_id"]
    await count(tx, program_id, allocated=1, offered=-1 if was_offered else 0)
    if was_offered:
        await tx.execute(
            store.TAKE_FROM_OFFERED,
            in_program=program_id,
            in_guild=guild_id,
            less_offered=1,
            more_allocated=1,
        )
    else:
        await count_given(tx, program_id, [guild_id])
    fingerprints = await spend(tx, [code_id])
    await tx.execute(
        store.INSERT_ALLOCATION,
        program_id=program_id,
        claim_id=row["id"],
        code_id=code_id,
        subject=row["subject"],
        allocated_at=now,
    )
    return fingerprints


async def _add_to_shares(
    tx: Transaction, program_id: str, counts: Counter[int], more: str, other: str
) -> None:
    for guild_id, number in counts.items():
        values = {more: number, other: 0}
        await tx.execute(store.ADD_SHARE, program_id=program_id, guild_id=guild_id, **values)
