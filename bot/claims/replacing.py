"""Replacing a faulty code, with two people's consent: one moderator asks, another one agrees.

The claim keeps its place in every count: it is the same person's one code. The old code is void
for good and stays in the table, the hash chain and the fence, so that it is never taken in or
given out again. A request keeps who asked, when and why until it is decided; moderators of the
claim's community can see it.

Somebody who was given a code that does not work comes before those who wait, and after those who
have an offer: a code is kept for each of them. The cap plays no part, since nobody is added.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass

from bot.claims import pool_store, replacing_store, steps, store
from bot.claims.fence import VOID, Fence, Spending, spend
from bot.claims.review import lock_claim
from bot.claims.rules import State
from bot.claims.standing import Claim, to_claim
from bot.clock import Clock
from bot.errors import RefusalError, StorageUnavailableError
from bot.guilds.audit import AuditLog, Change
from bot.storage import Database, Row, Transaction

REPLACED = "replaced"
"""The action in a claim's decisions; its decider is the one who agreed."""

REPLACEABLE = frozenset({State.ALLOCATED, State.DELIVERED, State.REDEEMED})


@dataclass(frozen=True, slots=True)
class Replacement:
    """A request that waits for a second moderator. The reason is for moderators only."""

    claim_id: int
    asked_by: int
    reason: str
    asked_at: int


class Replacing:
    """Use cases of moderators. No method gives a code back, and no refusal has one in it."""

    def __init__(
        self, database: Database, audit: AuditLog, clock: Clock, fence: Fence | None = None
    ) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._fence = fence

    async def open_request(self, claim_id: int) -> Replacement | None:
        """The request that waits for somebody's consent. The caller knows the community."""
        row = await self._database.fetch_one(replacing_store.SELECT_REQUEST, claim_id=claim_id)
        return None if row is None else _to_replacement(row)

    async def ask(
        self, guild_id: int, moderator_id: int, claim_id: int, reason: str
    ) -> Replacement:
        """Ask that a claim's code is replaced.

        Raises :class:`RefusalError` for one's own claim, for one without a code that could be
        replaced, and where somebody has asked already.
        """

        async def work(tx: Transaction) -> Replacement:
            row, _ = await lock_claim(tx, guild_id, moderator_id, claim_id)
            _ensure_replaceable(row)
            request = await tx.fetch_one(replacing_store.LOCK_REQUEST, claim_id=claim_id)
            if request is not None:
                raise RefusalError(_explain_open(request, moderator_id))
            asked = Replacement(claim_id, moderator_id, reason, self._clock.now())
            await tx.execute(
                replacing_store.INSERT_REQUEST,
                claim_id=claim_id,
                asked_by=moderator_id,
                reason=reason,
                asked_at=asked.asked_at,
            )
            await self._note(tx, row, moderator_id, "replacement-asked", None, "asked")
            return asked

        return await self._database.run(work)

    async def confirm(
        self, guild_id: int, moderator_id: int, claim_id: int, asked_at: int | None
    ) -> Claim:
        """Agree, as a second moderator: a fresh code for the same claim, in one transaction.

        Its claimant sees the new code at the next look. Raises :class:`RefusalError` for one's
        own claim, for one's own request, for another request than the one that was ``asked_at``
        then, without an open one, and when no code is left.
        """

        async def work(tx: Transaction, spending: Spending) -> str:
            row, counters = await lock_claim(tx, guild_id, moderator_id, claim_id)
            request = await _lock_request(tx, claim_id, asked_at)
            if request["asked_by"] == moderator_id:
                raise RefusalError(_explain_open(request, moderator_id))
            _ensure_replaceable(row)
            return await self._replace(tx, spending, row, counters, request, moderator_id)

        voided = await spend(self._database, self._fence, work)
        await self._fence_off(voided)
        return await self._read(claim_id)

    async def decline(
        self, guild_id: int, moderator_id: int, claim_id: int, asked_at: int | None
    ) -> Claim:
        """Take a request back, or refuse it: the claim keeps its code.

        Raises :class:`RefusalError` for one's own claim, without an open request, and for
        another request than the one that was ``asked_at`` then.
        """

        async def work(tx: Transaction) -> None:
            row, _ = await lock_claim(tx, guild_id, moderator_id, claim_id)
            await _lock_request(tx, claim_id, asked_at)
            await tx.execute(replacing_store.DELETE_REQUEST, claim_id=claim_id)
            await self._note(tx, row, moderator_id, "replacement-declined", "asked", "declined")

        await self._database.run(work)
        return await self._read(claim_id)

    async def _replace(  # noqa: PLR0913, PLR0917 (what is locked, and who agrees)
        self,
        tx: Transaction,
        spending: Spending,
        row: Row,
        counters: Row,
        request: Row,
        moderator_id: int,
    ) -> str:
        """The fingerprint of the code that is void from now on."""
        claim_id, program_id, now = row["id"], row["program_id"], self._clock.now()
        old = await tx.fetch_one(replacing_store.SELECT_HELD, claim_id=claim_id)
        new = await tx.fetch_one(
            store.TAKE_CODES, program_id=program_id, most=1, kept=counters["offered"]
        )
        if old is None or new is None:
            message = (
                "There is no code left to replace it with. The request stays: agree again when "
                "whoever runs this bot has taken in more codes."
            )
            raise RefusalError(message)
        await tx.execute(
            replacing_store.REPLACE,
            allocation_id=old["id"],
            now=now,
            asker_id=request["asked_by"],
            confirmer_id=moderator_id,
        )
        await tx.execute(pool_store.VOID_CODES, code_ids=json.dumps([old["code_id"]]))
        (fingerprint,) = await steps.spend(tx, [new["id"]])
        await tx.execute(
            store.INSERT_ALLOCATION,
            program_id=program_id,
            claim_id=claim_id,
            code_id=new["id"],
            subject=row["subject"],
            allocated_at=now,
        )
        await tx.execute(replacing_store.DELETE_REQUEST, claim_id=claim_id)
        await steps.step(tx, row, State(row["state"]), now)
        await tx.execute(
            store.INSERT_DECISION,
            claim_id=claim_id,
            version=row["version"],
            action=REPLACED,
            reason=request["reason"],
            decider_id=moderator_id,
            decided_at=now,
        )
        ends = [f"…{old['fingerprint'][-4:]}", f"…{fingerprint[-4:]}"]
        await self._note(tx, row, moderator_id, REPLACED, *ends)
        spending.note([fingerprint])
        return str(old["fingerprint"])

    async def _fence_off(self, fingerprint: str) -> None:
        """Note in the fence that a code is void, once it is.

        Not in the transaction, as codes that are spent: it stands there as given out already, and
        if the commit never came, a start would take the database for an older one. A start adds
        what is missing here.
        """
        spending = Spending(self._fence)
        with suppress(StorageUnavailableError):
            spending.note([fingerprint], VOID)
            await spending.settle()

    async def _note(  # noqa: PLR0913, PLR0917 (what stands in the log)
        self, tx: Transaction, row: Row, actor_id: int, action: str, old: str | None, new: str
    ) -> None:
        change = Change(f"claims.{action}", f"claim {row['id']}", old, new)
        await self._audit.write(tx, row["guild_id"], actor_id, change)

    async def _read(self, claim_id: int) -> Claim:
        row = await self._database.fetch_one(store.SELECT_CLAIM, claim_id=claim_id)
        if row is None:  # pragma: no cover - a claim is never deleted
            raise LookupError(claim_id)
        return to_claim(row)


async def _lock_request(tx: Transaction, claim_id: int, asked_at: int | None) -> Row:
    """The open request, if it is the one whose card was pressed."""
    request = await tx.fetch_one(replacing_store.LOCK_REQUEST, claim_id=claim_id)
    if request is None:
        message = (
            "Nobody asks for another code here any more: it was replaced, or the request was "
            "taken back. Look at the claim again."
        )
        raise RefusalError(message)
    if request["asked_at"] != asked_at:
        message = (
            "This card is of an earlier request, and somebody has asked anew since. Nothing was "
            "changed. Look at the claim with /claims find to read what is asked now, and decide "
            "there."
        )
        raise RefusalError(message)
    return request


def _ensure_replaceable(row: Row) -> None:
    if row["user_id"] is None:
        message = "The member erased their data, so nobody is left who could see a new code."
        raise RefusalError(message)
    if State(row["state"]) not in REPLACEABLE:
        message = f"That claim is {row['state']}, so it has no code that could be replaced."
        raise RefusalError(message)


def _explain_open(request: Row, moderator_id: int) -> str:
    if request["asked_by"] == moderator_id:
        return (
            "You asked for this replacement yourself. It takes two: another moderator has to "
            "agree, and then the member sees a new code."
        )
    return "Somebody asked for this replacement already. You can agree to it, or decline it."


def _to_replacement(row: Row) -> Replacement:
    return Replacement(row["claim_id"], row["asked_by"], row["reason"], row["asked_at"])
