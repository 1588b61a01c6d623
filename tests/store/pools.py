"""A program with codes, and people who claim them, for tests of the operator's side."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from bot.claims import store
from bot.claims.codes import import_codes
from bot.claims.fence import Fence, spend
from bot.claims.intake import Request, Taken, take_in
from bot.claims.keys import KeyRing
from bot.claims.programs import apply_program
from bot.claims.tables import codes, program_peppers
from bot.content.programs import Program
from bot.storage import Database
from tests.conftest import NOON
from tests.store.postgres import run_statement

RING = KeyRing({"k1": b"1" * 32}, b"h" * 32)
PROGRAM = "calm"
SOMEBODY = 2**60 + 7
GUILD = 5


def make_program(**changes: object) -> Program:
    """A program that is open at noon."""
    values: dict[str, object] = {
        "id": PROGRAM,
        "partner": "Example Calm",
        "title": "Six months of Example Calm",
        "about": "An invented app.",
        "gives": "The full app",
        "months": 6,
        "given": 100,
        "cap": 100,
        "opens_at": datetime(2027, 3, 1, tzinfo=UTC),
        "closes_at": datetime(2027, 4, 1, tzinfo=UTC),
        "redeem_url": "https://example.org/redeem",
        "redeem_steps": ["Enter your code."],
    }
    return Program.model_validate(values | changes)


def make_codes(count: int, first: int = 0) -> list[str]:
    """Codes that look like codes."""
    return [f"CALM-{number:06}" for number in range(first, first + count)]


def file_of(lines: Sequence[str]) -> bytes:
    """A file with these lines."""
    return "".join(f"{line}\n" for line in lines).encode()


async def fill(
    database: Database, count: int, *, fence: Fence | None = None, **changes: object
) -> list[str]:
    """Apply the program and import so many codes; the codes."""
    await apply_program(database, make_program(**changes), NOON)
    lines = make_codes(count)
    await import_codes(database, RING, PROGRAM, file_of(lines), NOON, fence=fence)
    return lines


async def claim(
    database: Database,
    *user_ids: int,
    fence: Fence | None = None,
    now: int = NOON,
    country: str | None = "DE",
) -> list[Taken]:
    """These people claim, in one transaction."""
    row = await database.fetch_one(store.SELECT_PROGRAM, program_id=PROGRAM)
    assert row is not None
    pepper = row["pepper"]
    requests = [
        Request(
            program_id=PROGRAM,
            subject=RING.subject(pepper, user_id),
            user_id=user_id,
            guild_id=GUILD,
            is_reviewed=False,
            handle_key=RING.handle(pepper, f"creator{user_id}"),
            handle=f"creator{user_id}",
            country=country,
        )
        for user_id in user_ids
    ]
    taken = await spend(
        database, fence, lambda tx, spending: take_in(tx, PROGRAM, requests, now, spending)
    )
    return [taken[request.subject] for request in requests]


async def reveal(database: Database, claim_id: int) -> str:
    """The code of a claim, as its claimant sees it."""
    row = await database.fetch_one(store.SELECT_CODE, claim_id=claim_id)
    assert row is not None
    return RING.decrypt(PROGRAM, row["fingerprint"], row["key_id"], row["secret"])


async def states(database: Database) -> dict[str, str]:
    """Each code's state, by the code itself."""
    rows = await database.fetch_all(select(codes).order_by(codes.c.id))
    return {
        RING.decrypt(row["program_id"], row["fingerprint"], row["key_id"], row["secret"]): row[
            "state"
        ]
        for row in rows
    }


async def fetch_table(database: Database, table: Table) -> list[dict[str, Any]]:
    """Every row of a table, by id if it has one."""
    key = next(iter(table.primary_key.columns))
    rows = await database.fetch_all(select(table).order_by(key))
    return [{column.name: row[column.name] for column in table.columns} for row in rows]


async def peppers(database: Database) -> dict[str, str]:
    """Every program's pepper."""
    rows = await database.fetch_all(select(program_peppers))
    return {row["program_id"]: row["pepper"] for row in rows}


async def tamper(url: str, *statements: str) -> None:
    """Change rows with every trigger and foreign key switched off, as an intruder would."""
    if url.startswith("sqlite"):
        for trigger in ("allocations_stay", "allocations_frozen", "allocations_begin"):
            await run_statement(url, f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            await run_statement(url, statement)
        return
    await run_statement(url, f"SET session_replication_role = replica; {'; '.join(statements)}")


def bytes_of(folder: Path) -> bytes:
    """Everything that stands in a folder's files."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
