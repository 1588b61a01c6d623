"""Use cases of the pool: codes come in, are counted, and are encrypted anew.

Codes are told apart by fingerprint alone, and what is told about them are counts, line numbers
and at most a fingerprint's last four characters.
"""

import asyncio
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from bot.claims import pool_store
from bot.claims.canaries import drop_idle_canaries
from bot.claims.code_files import read_codes
from bot.claims.fence import Fence, Fenced
from bot.claims.fencing import CHUNK, chunks
from bot.claims.keys import KeyRing
from bot.claims.programs import fetch_program, lock_program
from bot.claims.stock import Stock
from bot.content.programs import Program
from bot.errors import ConflictError, RefusalError
from bot.storage import Database, Transaction
from bot.storage.database import Value

Progress = Callable[[int, int], None]
"""Told how many steps of how many are done."""

RESEALED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or a dry run would do. Lists hold line numbers, never codes."""

    added: int
    known: tuple[int, ...] = ()
    """Codes of earlier imports, whatever became of them, or of an earlier line."""
    malformed: tuple[int, ...] = ()
    """With one of these, nothing is added."""


@dataclass(frozen=True, slots=True, repr=False)
class _Sealed:
    """A code on its way into the table, with its line."""

    line: int
    fingerprint: str
    key_id: str
    secret: str


async def import_codes(  # noqa: PLR0913 (a use case with its ports)
    database: Database,
    ring: KeyRing,
    program_id: str,
    content: bytes,
    now: int,
    *,
    fence: Fence | None = None,
    is_dry_run: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Take a file of codes into a program's pool, all or nothing.

    A code that the table or the fence knows stays as it is. Raises :class:`RefusalError` for a
    program that is not there or has ended, and for a file that can't be trusted.
    """
    program = await fetch_program(database, program_id)
    tell = progress or _tell_nobody
    sealed, repeated, malformed = await asyncio.to_thread(_seal, ring, program, content, tell)
    if malformed:
        return Imported(0, malformed=tuple(malformed))
    fenced = Fenced() if fence is None else await asyncio.to_thread(fence.read)
    try:
        async with database.transaction() as tx:
            await lock_program(tx, program_id)
            known = await _find_known(tx, fenced, [code.fingerprint for code in sealed])
            fresh = [code for code in sealed if code.fingerprint not in known]
            if not is_dry_run:
                await _insert(tx, program_id, fresh, now, tell)
    except ConflictError as error:
        message = "Some of these codes were imported just now by somebody else. Import them again."
        raise RefusalError(message) from error
    lines = sorted({code.line for code in sealed if code.fingerprint in known} | set(repeated))
    return Imported(len(fresh), tuple(lines))


async def fetch_stocks(database: Database) -> list[Stock]:
    """Every program's codes by state, with its counters, by program."""
    stocks = {
        row["program_id"]: Stock(
            row["program_id"],
            cap=row["cap"],
            allocated=row["allocated"],
            offered=row["offered"],
        )
        for row in await database.fetch_all(pool_store.SELECT_ALL_COUNTERS)
    }
    for row in await database.fetch_all(pool_store.COUNT_CODES):
        stock = stocks.get(row["program_id"]) or Stock(row["program_id"])
        counts = {name: getattr(stock, name) for name in ("free", "spent", "void")}
        counts[row["state"]] += row["count"]
        key_ids = tuple(sorted({*stock.key_ids, row["key_id"]}))
        stocks[row["program_id"]] = replace(stock, key_ids=key_ids, **counts)
    return list(stocks.values())


async def reencrypt(database: Database, ring: KeyRing, progress: Progress | None = None) -> int:
    """Keep every code with the ring's newest key, in batches; how many were changed.

    Stopped in the middle, it goes on where it was. Raises
    :class:`bot.claims.keys.UnreadableCodeError` for a row that does not open.
    """
    tell = progress or _tell_nobody
    found = await database.fetch_all(pool_store.SELECT_OTHER_KEYS, newest=ring.newest)
    total, done = sum(row["count"] for row in found), 0
    for row in found:
        last_id = 0
        while True:
            async with database.transaction() as tx:
                count, last_id = await _reseal(tx, ring, row["program_id"], last_id)
            done += count
            tell(done, total)
            if not count:
                break
    async with database.transaction() as tx:
        await drop_idle_canaries(tx, ring)
    return done


def _seal(
    ring: KeyRing, program: Program, content: bytes, tell: Progress
) -> tuple[list[_Sealed], list[int], list[int]]:
    """The codes of a file, encrypted; the lines of repeated ones; the lines of malformed ones."""
    lines = read_codes(content, suspects_heading=True)
    malformed = [line.number for line in lines if line.code is None or not program.fits(line.code)]
    if malformed:
        return [], [], malformed
    sealed: dict[str, _Sealed] = {}
    repeated: list[int] = []
    for done, line in enumerate(lines):
        code = line.code or ""
        fingerprint = ring.fingerprint(code)
        if fingerprint in sealed:
            repeated.append(line.number)
        else:
            secret = ring.encrypt(program.id, fingerprint, code)
            sealed[fingerprint] = _Sealed(line.number, fingerprint, *secret)
        if done % CHUNK == 0:
            tell(done, 2 * len(lines))
    return list(sealed.values()), repeated, []


async def _find_known(tx: Transaction, fenced: Fenced, fingerprints: Collection[str]) -> set[str]:
    known = {fingerprint for fingerprint in fingerprints if fingerprint in fenced}
    for chunk in chunks(fingerprints):
        rows = await tx.fetch_all(pool_store.SELECT_KNOWN, fingerprints=json.dumps(chunk))
        known |= {row["fingerprint"] for row in rows}
    return known


async def _insert(
    tx: Transaction, program_id: str, fresh: Sequence[_Sealed], now: int, tell: Progress
) -> None:
    for start in range(0, len(fresh), CHUNK):
        rows: list[dict[str, Value]] = [
            {
                "program_id": program_id,
                "fingerprint": code.fingerprint,
                "key_id": code.key_id,
                "secret": code.secret,
                "imported_at": now,
            }
            for code in fresh[start : start + CHUNK]
        ]
        await tx.execute_many(pool_store.INSERT_CODE, rows)
        tell(len(fresh) + start + len(rows), 2 * len(fresh))


async def _reseal(tx: Transaction, ring: KeyRing, program_id: str, last_id: int) -> tuple[int, int]:
    await lock_program(tx, program_id)
    rows = await tx.fetch_all(
        pool_store.SELECT_TO_RESEAL,
        program_id=program_id,
        newest=ring.newest,
        last_id=last_id,
        most=RESEALED_AT_ONCE,
    )
    changes = []
    for row in rows:
        where = (row["program_id"], row["fingerprint"])
        code = ring.decrypt(*where, row["key_id"], row["secret"])
        key_id, secret = ring.encrypt(*where, code)
        changes.append({"code_id": row["id"], "new_key_id": key_id, "new_secret": secret})
    if changes:
        await tx.execute_many(pool_store.RESEAL, changes)
    return len(rows), rows[-1]["id"] if rows else last_id


def _tell_nobody(_done: int, _total: int) -> None:
    """For callers that wait in silence."""
