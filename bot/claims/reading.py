"""Who asks, and what they are shown: the reading half of a member's use cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.claims import store, waitlist_store
from bot.claims.keys import KeyRing
from bot.claims.rules import HOLDING, State
from bot.claims.standing import Claim, Standing, to_claim
from bot.content.programs import Program
from bot.errors import RefusalError
from bot.storage import Database, Row, Transaction


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, in one program."""

    program: Program
    pepper: str = field(repr=False)
    subject: str


class Reader:
    """Reads claims. A code leaves the database here and nowhere else."""

    def __init__(self, database: Database, keys: KeyRing, programs: Mapping[str, Program]) -> None:
        self._database = database
        self._keys = keys
        self._programs = programs

    async def identify(self, program_id: str, user_id: int) -> Person:
        """The asker's keyed hash. Raises :class:`RefusalError` when the program is not alive."""
        row = await self._database.fetch_one(store.SELECT_PROGRAM, program_id=program_id)
        return self.name(program_id, row, user_id)

    def name(self, program_id: str, row: Row | None, user_id: int) -> Person:
        """The same with the program's row at hand."""
        program = self._programs.get(program_id)
        if program is None or row is None or row["ended_at"] is not None or not row["pepper"]:
            message = "That program has ended, or its operator has not opened it yet."
            raise RefusalError(message)
        return Person(program, row["pepper"], self._keys.subject(row["pepper"], user_id))

    async def latest(self, person: Person, tx: Transaction | None = None) -> Row | None:
        """Their live claim, or the last of the others."""
        return await (tx or self._database).fetch_one(
            store.SELECT_LATEST, program_id=person.program.id, subject=person.subject
        )

    async def read(self, claim_id: int) -> Row:
        """A claim that is there."""
        row = await self._database.fetch_one(store.SELECT_CLAIM, claim_id=claim_id)
        if row is None:  # pragma: no cover - a claim is never deleted
            raise LookupError(claim_id)
        return row

    async def show(self, program: Program, row: Row, sealed: Row | None = None) -> Standing:
        """A claim as its claimant sees it, with its code's row if that is at hand.

        Raises :class:`RefusalError` if it was erased.
        """
        claim = to_claim(row)
        _ensure_not_erased(claim)
        code = ahead = reason = decider = None
        if claim.state in HOLDING:
            code = await self._reveal(program.id, claim.claim_id, sealed)
        if claim.state is State.WAITLISTED:
            found = await self._database.fetch_one(
                waitlist_store.COUNT_AHEAD, program_id=program.id, position=claim.position
            )
            ahead = 0 if found is None else found["ahead"]
        if claim.state in {State.REJECTED, State.REVOKED, State.PENDING}:
            last = await self._database.fetch_one(store.LAST_DECISION, claim_id=claim.claim_id)
            reason = None if last is None else last["reason"]
            decider = None if last is None else last["decider_id"]
        return Standing(program, claim, code=code, ahead=ahead, reason=reason, decider_id=decider)

    async def _reveal(self, program_id: str, claim_id: int, row: Row | None) -> str | None:
        if row is None:
            row = await self._database.fetch_one(store.SELECT_CODE, claim_id=claim_id)
        if row is None:
            return None
        return self._keys.decrypt(program_id, row["fingerprint"], row["key_id"], row["secret"])


async def find(tx: Transaction, person: Person, *states: State) -> Row:
    """The person's claim. Raises :class:`RefusalError` unless it stands in one of these states."""
    row = await tx.fetch_one(
        store.SELECT_LATEST, program_id=person.program.id, subject=person.subject
    )
    if row is None or State(row["state"]) not in states:
        message = "That is not how your claim stands any more. Run /claim to see it."
        raise RefusalError(message)
    _ensure_not_erased(to_claim(row))
    return row


def _ensure_not_erased(claim: Claim) -> None:
    """What stays after erasing is a keyed hash: enough to refuse, too little to give back."""
    if claim.user_id is None:
        message = (
            "There was a claim from this account before, and what was kept about it was erased on "
            "request. That can't be undone, so nothing can be shown or claimed here again."
        )
        raise RefusalError(message)
