"""The operator declares codes void: faulty ones, or leaked ones. There is no way back.

A code that a member holds is marked, too. A secret can't be called back, so what happens next is
between the partner and the moderators.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.claims import pool_store, store
from bot.claims.code_files import read_codes
from bot.claims.fence import VOID, Fence, Spending, spend
from bot.claims.fencing import chunks
from bot.claims.keys import KeyRing
from bot.claims.programs import lock_program
from bot.claims.rules import HOLDING, State
from bot.errors import RefusalError
from bot.storage import Database, Row, Transaction

VOIDED = "code-voided"
"""The action in a claim's decisions; without a decider, it was the operator's."""

_ENDING = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class Voided:
    """How many codes became void, how many of them a member holds, and which were passed over."""

    voided: int
    held: int = 0
    already: int = 0
    unknown: int = 0


async def void_ending(
    database: Database, program_id: str, ending: str, now: int, *, fence: Fence | None = None
) -> Voided:
    """Declare one code void, named by the end of its fingerprint (four characters or more).

    Raises :class:`RefusalError` when none or several codes of the program end so.
    """
    ending = ending.strip().removeprefix("…").casefold()
    if _ENDING.fullmatch(ending) is None:
        message = "The end of a fingerprint has at least four characters, 0 to 9 and a to f."
        raise RefusalError(message)

    async def work(tx: Transaction, taken: Spending) -> Voided:
        await lock_program(tx, program_id)
        rows = await tx.fetch_all(
            pool_store.SELECT_ENDING, program_id=program_id, ending=f"%{ending}"
        )
        if len(rows) != 1:
            message = (
                f"In {program_id}, {len(rows) or 'no'} codes have a fingerprint that ends in "
                f"{ending}. {'Give more of it.' if rows else 'Nothing was changed.'}"
            )
            raise RefusalError(message)
        return await _void(tx, taken, rows, now)

    return await spend(database, fence, work)


async def void_file(  # noqa: PLR0913 (a use case with its ports)
    database: Database,
    ring: KeyRing,
    program_id: str,
    content: bytes,
    now: int,
    *,
    fence: Fence | None = None,
) -> Voided:
    """Declare every code of a file void that the program has. Others are counted, not judged.

    A line without a code counts as an unknown one.
    """
    found = [line.code for line in read_codes(content)]
    fingerprints = {ring.fingerprint(code) for code in found if code}

    async def work(tx: Transaction, taken: Spending) -> Voided:
        await lock_program(tx, program_id)
        rows: list[Row] = []
        for chunk in chunks(sorted(fingerprints)):
            rows += await tx.fetch_all(
                pool_store.SELECT_GIVEN, program_id=program_id, fingerprints=json.dumps(chunk)
            )
        voided = await _void(tx, taken, rows, now)
        return replace(voided, unknown=len(fingerprints) - len(rows) + found.count(None))

    return await spend(database, fence, work)


async def _void(tx: Transaction, taken: Spending, rows: Iterable[Row], now: int) -> Voided:
    given = list(rows)
    fresh = [row for row in given if row["state"] != "void"]
    taken.note([row["fingerprint"] for row in fresh], VOID)
    await tx.execute(pool_store.VOID_CODES, code_ids=json.dumps([row["id"] for row in fresh]))
    held = [row for row in fresh if row["claim_id"] and State(row["claim_state"]) in HOLDING]
    for row in held:
        await _write_down(tx, row["claim_id"], now)
    return Voided(len(fresh), len(held), len(given) - len(fresh))


async def _write_down(tx: Transaction, claim_id: int, now: int) -> None:
    """In the claim's decisions: that, when, and by nobody of its community."""
    claim = await tx.fetch_one(store.LOCK_CLAIM, claim_id=claim_id)
    if claim is None:  # pragma: no cover - an allocation's claim is never deleted
        return
    values = {"claim_id": claim_id, "old_version": claim["version"]}
    await tx.execute(store.STEP, new_state=claim["state"], now=now, **values)
    await tx.execute(
        store.INSERT_DECISION,
        claim_id=claim_id,
        version=claim["version"],
        action=VOIDED,
        reason=None,
        decider_id=None,
        decided_at=now,
    )
