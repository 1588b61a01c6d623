"""Use cases of programs: a file is applied, and a program ends with its pepper destroyed.

The pepper is made once, with the program. Without it no row can be matched with a person, and
nobody is recognised: so it is made anew for a new program only.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from bot.claims import program_store, steps, store
from bot.claims.keys import make_pepper
from bot.claims.rules import add_months
from bot.clock import DAY
from bot.content.programs import Program
from bot.errors import ConflictError, ContentError, RefusalError
from bot.storage import Database, Row, Transaction

KEPT_DAYS = 30
"""How long after the last access ended a program's people can still be recognised."""

VALUE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a file changed, or would change, in lines for an operator."""

    is_new: bool
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """A program with its counters, for lists."""

    program: Program
    cap: int
    allocated: int
    offered: int
    ended_at: int | None


async def apply_program(
    database: Database, program: Program, now: int, *, is_dry_run: bool = False
) -> Applied:
    """Put a program's definition into the database, and its counters; all or nothing.

    Raises :class:`RefusalError` when its cap is below what was given out or offered already, and
    when it has ended or lost its pepper.
    """
    try:
        async with database.transaction() as tx:
            counters = await tx.fetch_one(store.LOCK_COUNTERS, program_id=program.id)
            if counters is None:
                changes = tuple(_describe(program))
                if not is_dry_run:
                    await _insert(tx, program, now)
                return Applied(is_new=True, changes=changes)
            row = await tx.fetch_one(store.SELECT_PROGRAM, program_id=program.id)
            needs_pepper = await _is_untouched(tx, row)
            if not needs_pepper:
                _ensure_alive(program.id, row)
            _ensure_room(program, counters)
            changes = tuple(_compare(row, program))
            if not is_dry_run:
                await _update(tx, program, now)
                if needs_pepper:
                    await _make_pepper(tx, program.id)
            return Applied(is_new=False, changes=changes)
    except ConflictError as error:
        message = f"{program.id} was applied just now by somebody else. Apply it again."
        raise RefusalError(message) from error


async def fetch_program(database: Database, program_id: str) -> Program:
    """A program that has not ended. Raises :class:`RefusalError`."""
    row = await database.fetch_one(store.SELECT_PROGRAM, program_id=program_id)
    if row is None:
        raise RefusalError(_unknown(program_id))
    _ensure_alive(program_id, row)
    return _read(row)


async def fetch_definition(database: Database, program_id: str) -> Program:
    """A program, also one that has ended. Raises :class:`RefusalError`."""
    row = await database.fetch_one(store.SELECT_PROGRAM, program_id=program_id)
    if row is None:
        raise RefusalError(_unknown(program_id))
    return _read(row)


async def fetch_programs(database: Database) -> list[ProgramRow]:
    """Every program that was ever applied, by id. What the bot serves are those not ended."""
    rows = await database.fetch_all(program_store.SELECT_PROGRAMS)
    return [
        ProgramRow(_read(row), row["cap"], row["allocated"], row["offered"], row["ended_at"])
        for row in rows
    ]


async def find_unknown(database: Database) -> list[str]:
    """Programs whose pepper is lost although they haven't ended: a restore left it behind."""
    return [row["id"] for row in await database.fetch_all(program_store.SELECT_UNKNOWN)]


async def end_programs(database: Database, now: int) -> list[str]:
    """End what is over, for housekeeping; the ids. From then on nobody can be linked to a row.

    A program is over 30 days after the last access ends; where nobody told when they redeemed
    theirs, access counts from when the code was given. One without a closing time never ends.
    """
    ended: list[str] = []
    for row in await database.fetch_all(program_store.SELECT_CLOSED, before=now - KEPT_DAYS * DAY):
        async with database.transaction() as tx:
            await tx.fetch_one(store.LOCK_COUNTERS, program_id=row["id"])
            current = await tx.fetch_one(program_store.SELECT_DEFINITION, program_id=row["id"])
            if current is None or current["ended_at"] is not None:
                continue
            if now >= await _last_access(tx, current) + KEPT_DAYS * DAY:
                await _end(tx, row["id"], now)
                ended.append(row["id"])
    return ended


async def lock_program(tx: Transaction, program_id: str) -> Row:
    """Make every other change of a program's claims wait. Raises :class:`RefusalError`."""
    row = await tx.fetch_one(store.LOCK_COUNTERS, program_id=program_id)
    if row is None:
        raise RefusalError(_unknown(program_id))
    return row


async def _insert(tx: Transaction, program: Program, now: int) -> None:
    await tx.execute(
        program_store.INSERT_PROGRAM,
        id=program.id,
        definition=program.model_dump_json(),
        opens_at=int(program.opens_at.timestamp()),
        closes_at=_closes_at(program),
        applied_at=now,
    )
    await tx.execute(
        program_store.INSERT_COUNTERS, program_id=program.id, given=program.given, cap=program.cap
    )
    await _make_pepper(tx, program.id)


async def _make_pepper(tx: Transaction, program_id: str) -> None:
    await tx.execute(program_store.INSERT_PEPPER, program_id=program_id, pepper=make_pepper())


async def _is_untouched(tx: Transaction, row: Row | None) -> bool:
    """Whether a program lost its pepper before anybody claimed: then a new one harms nobody."""
    if row is None or row["ended_at"] is not None or row["pepper"] is not None:
        return False
    return await tx.fetch_one(program_store.SELECT_ANY_CLAIM, program_id=row["id"]) is None


async def _update(tx: Transaction, program: Program, now: int) -> None:
    await tx.execute(
        program_store.UPDATE_PROGRAM,
        program_id=program.id,
        new_definition=program.model_dump_json(),
        new_opens_at=int(program.opens_at.timestamp()),
        new_closes_at=_closes_at(program),
        new_applied_at=now,
    )
    await tx.execute(
        program_store.UPDATE_COUNTERS,
        program_id=program.id,
        new_given=program.given,
        new_cap=program.cap,
    )


async def _last_access(tx: Transaction, row: Row) -> int:
    """When the last access ends, or the program closes if that is later."""
    last = await tx.fetch_one(program_store.SELECT_LAST_ACCESS, program_id=row["id"])
    ends: list[int] = [row["closes_at"]]
    if last is not None and last["allocated_at"] is not None:
        ends.append(add_months(last["allocated_at"], _read(row).months))
    if last is not None and last["ends_at"] is not None:
        ends.append(last["ends_at"])
    return max(ends)


async def _end(tx: Transaction, program_id: str, now: int) -> None:
    await tx.execute(program_store.END_PROGRAM, program_id=program_id, new_ended_at=now)
    await tx.execute(program_store.DELETE_PEPPER, program_id=program_id)
    # A claim that still waited would be given a code that its claimant could never see.
    offered = await tx.fetch_all(program_store.SELECT_OFFERED, program_id=program_id)
    await tx.execute(program_store.EXPIRE_OPEN, program_id=program_id, now=now)
    await steps.take_back_offers(tx, program_id, [row["guild_id"] for row in offered])
    await tx.execute(program_store.DELETE_REQUESTS, program_id=program_id)
    await tx.execute(program_store.UNLINK_CLAIMS, program_id=program_id)
    await tx.execute(program_store.UNLINK_DECISIONS, program_id=program_id)


def _ensure_alive(program_id: str, row: Row | None) -> None:
    if row is not None and row["ended_at"] is not None:
        message = (
            f"{program_id} has ended, and the key that recognised its people is destroyed. "
            "Give a new offer a new id."
        )
        raise RefusalError(message)
    if row is not None and row["pepper"] is None:
        message = (
            f"{program_id} has lost the key that recognises its people; backups leave it out. "
            "Restore beside the database that has it, or give the offer a new id."
        )
        raise RefusalError(message)


def _ensure_room(program: Program, counters: Row) -> None:
    taken = counters["allocated"] + counters["offered"]
    if program.cap < taken:
        message = (
            f"cap: {program.cap:,} is less than the {taken:,} codes that are given out "
            f"({counters['allocated']:,}) or offered ({counters['offered']:,}) already. "
            f"Set it to {taken:,} or more."
        )
        raise RefusalError(message)


def _read(row: Row) -> Program:
    try:
        return Program.model_validate_json(row["definition"])
    except ValidationError as error:
        message = f"{row['id']}: the program in the database is not one that this version reads."
        raise ContentError([f"{message} Apply its file again."]) from error


def _describe(program: Program) -> Iterator[str]:
    for name, value in program.model_dump(mode="json").items():
        yield f"{name}: {_short(value)}"


def _compare(row: Row | None, new: Program) -> Iterator[str]:
    before: dict[str, object] = {} if row is None else json.loads(row["definition"])
    for name, value in new.model_dump(mode="json").items():
        if before.get(name) != value:
            yield f"{name}: {_short(before.get(name))} -> {_short(value)}"


def _short(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_short(item)}" for name, item in value.items())
    if isinstance(value, list):
        return _short(", ".join(map(str, value))) if value else "none"
    if value is None:
        return "none"
    text = str(value) if not isinstance(value, bool) else "yes" if value else "no"
    return text if len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 1] + "…"


def _closes_at(program: Program) -> int | None:
    return None if program.closes_at is None else int(program.closes_at.timestamp())


def _unknown(program_id: str) -> str:
    return (
        f"There is no program {program_id!r} here. "
        "python -m bot programs list shows them; programs apply FILE adds one."
    )
