"""Taking claims in: many at once in one transaction, without giving up one invariant.

Every batch takes its program's counter row first, so batches of one program follow each other,
in this process and in others; what the rules can't see, the database's indexes refuse.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.claims import steps, store
from bot.claims.fence import Spending
from bot.claims.rules import State
from bot.claims.waitlist import take_spare_codes
from bot.storage import Row, Transaction


@dataclass(frozen=True, slots=True)
class Request:
    """One eligible person's wish, already hashed; nothing of it is kept unless it is written."""

    program_id: str
    subject: str
    user_id: int
    guild_id: int
    is_reviewed: bool
    handle_key: str | None = None
    handle: str | None = field(default=None, repr=False)
    country: str | None = None
    wants_dm: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The claim that a request led to. ``is_new`` is False when it was there before."""

    claim_id: int
    state: State
    is_new: bool
    position: int | None = None
    row: Row = field(kw_only=True, repr=False, compare=False)
    """The whole claim, as it is kept."""


async def take_in(
    tx: Transaction,
    program_id: str,
    requests: Sequence[Request],
    now: int,
    spending: Spending | None = None,
) -> dict[str, Taken]:
    """Record requests of one program, and give codes while there are some; by subject.

    A subject that has a live claim gets that one. ``spending`` is told which codes are taken.
    Raises ``LookupError`` for a program that is not there.
    """
    counters = await steps.lock(tx, program_id)
    taken = await find_live(tx, program_id, [request.subject for request in requests])
    fresh = [request for request in requests if request.subject not in taken]
    return taken | await record(tx, counters, fresh, now, spending)


async def record(
    tx: Transaction,
    counters: Row,
    requests: Sequence[Request],
    now: int,
    spending: Spending | None = None,
) -> dict[str, Taken]:
    """The same for people without a live claim, by the locked counters of their program.

    Each gets a code at once, or a look by a moderator, or a place in the waitlist.
    """
    wanted: dict[str, Request] = {}
    for request in requests:
        wanted.setdefault(request.subject, request)  # who asks twice asked the first time
    if not wanted:
        return {}
    program_id = counters["program_id"]
    rows = await _plan(tx, counters, await _settle_handles(tx, program_id, [*wanted.values()]), now)
    await _write(tx, program_id, rows)
    new = await find_live(tx, program_id, list(wanted))
    spent = await _allocate(tx, program_id, rows, new, now)
    if spending is not None:
        spending.note(spent)
    return {subject: replace(claim, is_new=True) for subject, claim in new.items()}


async def find_live(tx: Transaction, program_id: str, subjects: Sequence[str]) -> dict[str, Taken]:
    """The live claims of these people, by subject."""
    found = await tx.fetch_all(
        store.SELECT_LIVE, program_id=program_id, subjects=json.dumps(subjects)
    )
    return {row["subject"]: to_taken(row) for row in found}


async def _settle_handles(
    tx: Transaction, program_id: str, requests: Sequence[Request]
) -> list[Request]:
    """A handle that somebody has goes to a moderator, without the index being asked to judge."""
    keys = [request.handle_key for request in requests if request.handle_key]
    if not keys:
        return list(requests)
    rows = await tx.fetch_all(
        store.SELECT_TAKEN_HANDLES, program_id=program_id, handle_keys=json.dumps(keys)
    )
    seen = {row["handle_key"] for row in rows}
    settled: list[Request] = []
    for request in requests:
        if request.handle_key and request.handle_key in seen:
            settled.append(replace(request, handle_key=None, is_reviewed=True))
            continue
        seen |= {request.handle_key} if request.handle_key else set()
        settled.append(request)
    return settled


async def _plan(
    tx: Transaction, counters: Row, requests: Sequence[Request], now: int
) -> list[dict[str, Any]]:
    """One row for each request: who gets a code, who is looked at, who waits."""
    direct = [request for request in requests if not request.is_reviewed]
    waiting = counters["next_position"]
    free = await take_spare_codes(tx, counters, len(direct))
    guild_ids = {request.guild_id for request in direct} if free else set()
    shares = await _lock_shares(tx, counters["program_id"], guild_ids)
    rows: list[dict[str, Any]] = []
    for request in requests:
        state, code_id, position = State.PENDING, None, None
        if not request.is_reviewed:
            if free and shares.get(request.guild_id, 1) > 0:
                state, code_id = State.ALLOCATED, free.pop(0)
                if request.guild_id in shares:
                    shares[request.guild_id] -= 1
            else:
                state, position, waiting = State.WAITLISTED, waiting, waiting + 1
        rows.append(_to_row(request, state, position, now) | {"code_id": code_id})
    return rows


async def _lock_shares(tx: Transaction, program_id: str, guild_ids: set[int]) -> dict[int, int]:
    """How many codes each community may still give, where it has a share of its own."""
    if not guild_ids:
        return {}
    rows = await tx.fetch_all(
        store.LOCK_SHARES, program_id=program_id, guild_ids=json.dumps(sorted(guild_ids))
    )
    return {
        row["guild_id"]: row["cap"] - row["allocated"] - row["offered"]
        for row in rows
        if row["cap"] is not None
    }


async def _write(tx: Transaction, program_id: str, rows: Sequence[dict[str, Any]]) -> None:
    await tx.execute_many(store.INSERT_CLAIM, rows)
    guild_ids = [row["guild_id"] for row in rows if row["code_id"] is not None]
    waiting = sum(row["position"] is not None for row in rows)
    if guild_ids or waiting:
        await steps.count(tx, program_id, allocated=len(guild_ids), waiting=waiting)
    await steps.count_given(tx, program_id, guild_ids)


async def _allocate(
    tx: Transaction,
    program_id: str,
    rows: Sequence[dict[str, Any]],
    new: dict[str, Taken],
    now: int,
) -> list[str]:
    """The fingerprints of the codes that were spent."""
    allocated = [row for row in rows if row["code_id"] is not None]
    if not allocated:
        return []
    spent = await steps.spend(tx, [row["code_id"] for row in allocated])
    await tx.execute_many(
        store.INSERT_ALLOCATION,
        [
            {
                "program_id": program_id,
                "claim_id": new[row["subject"]].claim_id,
                "code_id": row["code_id"],
                "subject": row["subject"],
                "allocated_at": now,
            }
            for row in allocated
        ],
    )
    return spent


def to_taken(row: Row) -> Taken:
    """A claim's row as the answer to a request."""
    state = State(row["state"])
    return Taken(row["id"], state, is_new=False, position=row["position"], row=row)


def _to_row(request: Request, state: State, position: int | None, now: int) -> dict[str, Any]:
    return {
        "program_id": request.program_id,
        "subject": request.subject,
        "user_id": request.user_id,
        "guild_id": request.guild_id,
        "state": state.value,
        "handle_key": request.handle_key,
        "handle": request.handle,
        "country": request.country,
        "has_conflict": int(request.handle is not None and request.handle_key is None),
        "wants_dm": int(request.wants_dm),
        "position": position,
        "created_at": now,
    }
