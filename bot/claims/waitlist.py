"""The waitlist: places in a stable order, offered one after the other as there are codes.

Decisions. Whoever waits comes before whoever asks or is approved later: while somebody waits who
could take a code, nobody gets one past them. A community whose share is used up holds up nobody
but its own people: the next of another community is offered the place, and the positions stay.
An offer reserves a place and a free code, in the program and in the share, until it is accepted,
left or lapsed; its clock starts when the person was told, not before. Offers are made by
:func:`move` alone, after an import, a raised cap or share, a place that somebody left, a void,
and every minute, so that whoever calls it can tell the people.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from bot.claims import steps, store, waitlist_store
from bot.claims.rules import OFFER_SECONDS, State
from bot.storage import Database, Row, Transaction


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that was offered to a person who does not know it yet."""

    claim_id: int
    guild_id: int
    user_id: int
    wants_dm: bool

    @property
    def nonce(self) -> str:
        """The same for every message about it, and at most 25 characters long, as Discord asks."""
        return f"offer-{self.claim_id}"


async def move(tx: Transaction, program_id: str, now: int) -> tuple[Offer, ...]:
    """Let offers lapse whose time has passed, and offer what is free, in order of position.

    Those who were offered a place are to be told: by :func:`tell` and a message if they want one,
    else when they look. Raises ``LookupError`` for a program that is not there.
    """
    counters = await steps.lock(tx, program_id)
    lapsed = await _lapse(tx, program_id, now)
    free = await tx.fetch_one(waitlist_store.COUNT_FREE, program_id=program_id)
    room = min(counters["cap"] - counters["allocated"], free["free"] if free else 0)
    places = room - (counters["offered"] - lapsed)
    offers: list[Offer] = []
    while places > 0:
        rows = await tx.fetch_all(waitlist_store.SELECT_WAITING, program_id=program_id, most=places)
        chosen = _within_shares(rows)
        if not chosen:
            break
        await _step_all(tx, chosen, State.WAITLISTED, State.OFFERED, now)
        await steps.count_offered(tx, program_id, [row["guild_id"] for row in chosen])
        offers += map(_to_offer, chosen)
        places -= len(chosen)
    return tuple(offers)


async def move_each(
    database: Database, program_ids: Sequence[str], now: int
) -> dict[str, tuple[Offer, ...]]:
    """Move several programs, each in a transaction of its own; by program, those who have news."""
    moved: dict[str, tuple[Offer, ...]] = {}
    for program_id in program_ids:
        with suppress(LookupError):  # a file that was not applied yet
            offers = await database.run(partial(move, program_id=program_id, now=now))
            moved |= {program_id: offers} if offers else {}
    return moved


async def fetch_untold(database: Database, program_id: str) -> tuple[Offer, ...]:
    """Offers whose person was not told yet, by position: also those of a process that died."""
    rows = await database.fetch_all(waitlist_store.SELECT_UNTOLD, program_id=program_id)
    return tuple(map(_to_offer, rows))


async def awaits_message(database: Database, offer: Offer) -> bool:
    """Whether the place is still offered to a person who wants a message and knows nothing yet."""
    row = await database.fetch_one(store.SELECT_CLAIM, claim_id=offer.claim_id)
    return (
        row is not None
        and row["state"] == State.OFFERED.value
        and row["told_at"] is None
        and row["user_id"] is not None
        and bool(row["wants_dm"])
    )


async def tell(tx: Transaction, claim_id: int, now: int) -> None:
    """The person knows of the offer: its clock starts, once."""
    await tx.execute(
        waitlist_store.MARK_TOLD,
        claim_id=claim_id,
        new_told_at=now,
        new_offer_ends_at=now + OFFER_SECONDS,
    )


async def take_spare_codes(
    tx: Transaction, counters: Row, most: int, position: int | None = None
) -> list[int]:
    """Free codes that nobody has a better right to, at most so many.

    None while somebody waits before ``position`` who could have one, and none that is kept for an
    offer. The counters are as they were locked.
    """
    program_id = counters["program_id"]
    room = min(most, counters["cap"] - counters["allocated"] - counters["offered"])
    if room <= 0:
        return []
    if counters["next_position"] > 1:
        first = await tx.fetch_one(waitlist_store.SELECT_FIRST_WAITING, program_id=program_id)
        if first is not None and (position is None or first["position"] < position):
            return []
    rows = await tx.fetch_all(
        store.TAKE_CODES, program_id=program_id, most=room, kept=counters["offered"]
    )
    return [row["id"] for row in rows]


async def leave(tx: Transaction, row: Row, now: int) -> None:
    """Withdraw a claim that has no code yet; the counters are locked. An offer passes on."""
    await steps.step(tx, row, State.WITHDRAWN, now)
    if row["state"] == State.OFFERED.value:
        await steps.take_back_offers(tx, row["program_id"], [row["guild_id"]])


async def leave_all(tx: Transaction, user_id: int, now: int) -> None:
    """Withdraw everything of a person that has no code yet, before their data are erased."""
    found = await tx.fetch_all(waitlist_store.SELECT_LEAVING, user_id=user_id)
    for program_id in dict.fromkeys(row["program_id"] for row in found):
        await steps.lock(tx, program_id)
    for row in await tx.fetch_all(waitlist_store.SELECT_LEAVING, user_id=user_id) if found else ():
        await leave(tx, row, now)


async def _lapse(tx: Transaction, program_id: str, now: int) -> int:
    """How many offers ended. People who erased their data can't be told, so they leave, too."""
    lapsed = await tx.fetch_all(waitlist_store.SELECT_LAPSED, program_id=program_id, now=now)
    await _step_all(tx, lapsed, State.OFFERED, State.EXPIRED, now)
    await steps.take_back_offers(tx, program_id, [row["guild_id"] for row in lapsed])
    gone = await tx.fetch_all(waitlist_store.SELECT_GONE, program_id=program_id)
    await _step_all(tx, gone, State.WAITLISTED, State.EXPIRED, now)
    return len(lapsed)


def _within_shares(rows: Sequence[Row]) -> list[Row]:
    """Those of them, in their order, for whom their communities have room."""
    left: dict[int, int] = {}
    chosen: list[Row] = []
    for row in rows:
        guild_id = row["guild_id"]
        if row["cap"] is not None:
            room = left.get(guild_id, row["cap"] - (row["allocated"] or 0) - (row["offered"] or 0))
            if room <= 0:
                continue
            left[guild_id] = room - 1
        chosen.append(row)
    return chosen


async def _step_all(
    tx: Transaction, rows: Sequence[Row], before: State, after: State, now: int
) -> None:
    if rows:
        await tx.execute(
            waitlist_store.STEP_MANY,
            claim_ids=json.dumps([row["id"] for row in rows]),
            old_state=before.value,
            new_state=after.value,
            now=now,
        )


def _to_offer(row: Row) -> Offer:
    return Offer(row["id"], row["guild_id"], row["user_id"], bool(row["wants_dm"]))
