"""Use cases of claims for moderators: approve, reject, revoke; who decided is written down.

Approving and taking the code are one transaction. Whoever decided first decided: the claim's
version guards it, and a decision's key is the claim and that version.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.claims import replacing_store, steps, store, waitlist_store
from bot.claims.fence import Fence, Spending, spend
from bot.claims.rules import State
from bot.claims.standing import Claim, to_claim
from bot.claims.waitlist import take_spare_codes
from bot.clock import Clock
from bot.errors import RefusalError
from bot.guilds.audit import OPERATOR_ID, AuditLog, Change
from bot.storage import Database, Row, Transaction

REASON_LENGTH = 300


class Review:
    """The queue of one bot's communities."""

    def __init__(
        self, database: Database, audit: AuditLog, clock: Clock, fence: Fence | None = None
    ) -> None:
        self._database = database
        self._fence = fence
        self._audit = audit
        self._clock = clock

    async def queue(self, guild_id: int, most: int = 25) -> Sequence[Claim]:
        """The claims of a community that wait for a moderator, oldest first."""
        rows = await self._database.fetch_all(store.SELECT_QUEUE, guild_id=guild_id, most=most)
        return [to_claim(row) for row in rows]

    async def find(self, guild_id: int, claim_id: int) -> Claim | None:
        """A claim of this community."""
        row = await self._database.fetch_one(store.SELECT_CLAIM, claim_id=claim_id)
        return None if row is None or row["guild_id"] != guild_id else to_claim(row)

    async def of_member(self, guild_id: int, user_id: int) -> Sequence[Claim]:
        """What a member claimed in this community, newest first."""
        rows = await self._database.fetch_all(store.SELECT_PERSON, user_id=user_id)
        return [to_claim(row) for row in reversed(rows) if row["guild_id"] == guild_id]

    async def approve(
        self, guild_id: int, decider_id: int | None, claim_id: int, version: int
    ) -> Claim:
        """A code if there is one, else a place in the waitlist; never lost in between.

        Who waits already comes first: an approval goes past nobody who could have the code.
        Raises :class:`RefusalError` for one's own claim, for a claim that changed meanwhile, and
        for an appeal against one's own refusal, or against one whose moderator isn't known any
        more. Without a ``decider_id`` the operator decides, on every claim that waits.
        """

        async def work(tx: Transaction, spending: Spending) -> None:
            row = await self._lock(tx, guild_id, decider_id, claim_id, version)
            counters = await steps.lock(tx, row["program_id"])  # it is held already
            if row["user_id"] is None:
                message = "The member erased their data, so nobody is left who could get a code."
                raise RefusalError(message)
            code_id = await self._spare_code(tx, row, counters)
            state = State.WAITLISTED if code_id is None else State.ALLOCATED
            await self._decide(tx, row, state, "approved", None, decider_id)
            if code_id is not None:
                spending.note(await steps.allocate(tx, row, code_id, self._clock.now()))
            elif row["position"] is None:
                position = counters["next_position"]
                await tx.execute(
                    waitlist_store.SET_POSITION, claim_id=claim_id, new_position=position
                )
                await steps.count(tx, row["program_id"], waiting=1)

        await spend(self._database, self._fence, work)
        return await self._read(claim_id)

    async def reject(
        self, guild_id: int, decider_id: int | None, claim_id: int, version: int, reason: str
    ) -> Claim:
        """Refuse, with a reason that the member reads; the operator decides as in approving."""

        async def work(tx: Transaction) -> None:
            row = await self._lock(tx, guild_id, decider_id, claim_id, version)
            await self._decide(tx, row, State.REJECTED, "rejected", reason, decider_id)

        await self._database.run(work)
        return await self._read(claim_id)

    async def ask(
        self, guild_id: int, decider_id: int, claim_id: int, version: int, reason: str
    ) -> Claim:
        """Ask the member for more; the claim goes on waiting, with a new version."""

        async def work(tx: Transaction) -> None:
            row = await self._lock(tx, guild_id, decider_id, claim_id, version)
            await self._decide(tx, row, State.PENDING, "asked", reason, decider_id)

        await self._database.run(work)
        return await self._read(claim_id)

    async def revoke(
        self, guild_id: int, decider_id: int, claim_id: int, version: int, reason: str
    ) -> Claim:
        """Mark a code as revoked for the partner. The secret itself can't be called back.

        If somebody had asked that it is replaced, their request goes: there is nothing to replace.
        """
        revocable = (State.ALLOCATED, State.DELIVERED, State.REDEEMED)

        async def work(tx: Transaction) -> None:
            row = await self._lock(tx, guild_id, decider_id, claim_id, version, *revocable)
            await self._decide(tx, row, State.REVOKED, "revoked", reason, decider_id)
            await tx.execute(replacing_store.DELETE_REQUEST, claim_id=claim_id)

        await self._database.run(work)
        return await self._read(claim_id)

    async def _lock(
        self,
        tx: Transaction,
        guild_id: int,
        decider_id: int | None,
        claim_id: int,
        version: int,
        *states: State,
    ) -> Row:
        """The claim, if this moderator may decide on it now. Its program is locked from here on."""
        row, _ = await lock_claim(tx, guild_id, decider_id, claim_id)
        if row["version"] != version:
            message = "Somebody else was faster, or the member changed it. Look at it again."
            raise RefusalError(message)
        if State(row["state"]) not in (states or (State.PENDING,)):
            message = f"That claim is {row['state']} by now, so there is nothing to decide."
            raise RefusalError(message)
        if row["appeals"] and not states and decider_id is not None:
            _ensure_somebody_else(
                await tx.fetch_one(store.LAST_REFUSAL, claim_id=claim_id), decider_id
            )
        return row

    async def _decide(  # noqa: PLR0913, PLR0917 (what stands in the decision's row)
        self,
        tx: Transaction,
        row: Row,
        state: State,
        action: str,
        reason: str | None,
        decider_id: int | None,
    ) -> None:
        now = self._clock.now()
        actor_id = OPERATOR_ID if decider_id is None else decider_id
        await steps.step(tx, row, state, now)
        await tx.execute(
            store.INSERT_DECISION,
            claim_id=row["id"],
            version=row["version"],
            action=action,
            reason=reason,
            decider_id=actor_id,
            decided_at=now,
        )
        change = Change(f"claims.{action}", f"claim {row['id']}", row["state"], state.value)
        await self._audit.write(tx, row["guild_id"], actor_id, change)

    async def _spare_code(self, tx: Transaction, row: Row, counters: Row) -> int | None:
        shares = await tx.fetch_all(
            store.LOCK_SHARES, program_id=row["program_id"], guild_ids=f"[{row['guild_id']}]"
        )
        for share in shares:
            if share["cap"] is not None and share["allocated"] + share["offered"] >= share["cap"]:
                return None
        codes = await take_spare_codes(tx, counters, 1, row["position"])
        return codes[0] if codes else None

    async def _read(self, claim_id: int) -> Claim:
        row = await self._database.fetch_one(store.SELECT_CLAIM, claim_id=claim_id)
        if row is None:  # pragma: no cover - a claim is never deleted
            raise LookupError(claim_id)
        return to_claim(row)


def _ensure_somebody_else(refusal: Row | None, moderator_id: int) -> None:
    """An appeal is decided by somebody else than who refused.

    Once that moderator erased their data, every moderator could be the same one.
    """
    refused_by = None if refusal is None else refusal["decider_id"]
    if refused_by is None:
        message = (
            "This is an appeal, and whoever refused it has erased their data, so nobody can tell "
            "any more who that was. Ask whoever runs this bot to decide it; /about says who."
        )
        raise RefusalError(message)
    if refused_by == moderator_id:
        message = "This is an appeal against your own refusal: another moderator has to decide."
        raise RefusalError(message)


async def lock_claim(
    tx: Transaction, guild_id: int, decider_id: int | None, claim_id: int
) -> tuple[Row, Row]:
    """A claim of this community and its program's counters, locked, for somebody's decision.

    Raises :class:`RefusalError` for another community's claim, and for one's own.
    """
    row = await tx.fetch_one(store.SELECT_CLAIM, claim_id=claim_id)
    if row is None or row["guild_id"] != guild_id:
        message = "That claim is not one of this community's."
        raise RefusalError(message)
    counters = await steps.lock(tx, row["program_id"])
    row = await tx.fetch_one(store.LOCK_CLAIM, claim_id=claim_id)
    if row is None:  # pragma: no cover - a claim is never deleted
        raise LookupError(claim_id)
    if decider_id is not None and row["user_id"] == decider_id:
        message = "This is your own claim: another moderator has to decide."
        raise RefusalError(message)
    return row, counters
