"""A program with codes, for tests of claims: real keys, and codes that are encrypted for real."""

from sqlalchemy import bindparam, insert

from bot.claims.keys import KeyRing
from bot.claims.tables import codes, program_counters, program_peppers, programs
from bot.content.programs import Program
from bot.storage import Database
from bot.storage.database import Value
from tests.conftest import NOON

PROGRAM = "example-calm"
PEPPER = "a pepper of the tests"
RING = KeyRing({"k1": b"k" * 32}, b"h" * 32)
INSERT_PROGRAM = insert(programs).values(
    id=bindparam("program_id"),
    definition="{}",
    opens_at=NOON - 1,
    applied_at=NOON - 1,
)
INSERT_PEPPER = insert(program_peppers).values(
    program_id=bindparam("program_id"), pepper=bindparam("pepper")
)
INSERT_COUNTERS = insert(program_counters).values(
    program_id=bindparam("program_id"),
    given=bindparam("given"),
    cap=bindparam("cap"),
    allocated=0,
    offered=0,
    next_position=1,
)
INSERT_CODE = insert(codes).values(
    {
        name: bindparam(name)
        for name in ("program_id", "fingerprint", "key_id", "secret", "state", "imported_at")
    }
)


def make_program(program_id: str = PROGRAM, *, given: int = 1000) -> Program:
    """An open program that asks for nothing but consent."""
    return Program.model_validate(
        {
            "id": program_id,
            "partner": "Example Calm",
            "title": "Six months of Example Calm",
            "about": "An invented app.",
            "gives": "Six months of the full app",
            "months": 6,
            "given": given,
            "cap": given,
            "opens_at": "2026-10-01T00:00:00Z",
            "redeem_url": "https://example.org/calm/redeem",
            "redeem_steps": ["Open the page."],
            "eligibility": {"account_age_hours": 0, "of_age": False, "handle": False},
        }
    )


def make_code(number: int, program_id: str = PROGRAM) -> str:
    """The code with a number."""
    return f"CALM-{program_id}-{number:06d}"


async def fill(
    database: Database, count: int, program_id: str = PROGRAM, *, cap: int | None = None
) -> None:
    """A program with so many codes, and a cap of as many unless another one is given."""
    async with database.transaction() as tx:
        await tx.execute(INSERT_PROGRAM, program_id=program_id)
        await tx.execute(INSERT_PEPPER, program_id=program_id, pepper=PEPPER)
        given = count if cap is None else max(cap, count)
        limit = count if cap is None else cap
        await tx.execute(INSERT_COUNTERS, program_id=program_id, given=given, cap=limit)
    await add_codes(database, range(count), program_id)


async def add_codes(database: Database, numbers: range, program_id: str = PROGRAM) -> None:
    """Import the codes with these numbers."""
    rows: list[dict[str, Value]] = []
    for number in numbers:
        code = make_code(number, program_id)
        fingerprint = RING.fingerprint(code)
        key_id, secret = RING.encrypt(program_id, fingerprint, code)
        rows.append(
            {
                "program_id": program_id,
                "fingerprint": fingerprint,
                "key_id": key_id,
                "secret": secret,
                "state": "free",
                "imported_at": NOON,
            }
        )
    async with database.transaction() as tx:
        await tx.execute_many(INSERT_CODE, rows)
