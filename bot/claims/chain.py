"""The daily hash chain: whether allocations were added, removed or altered afterwards.

A day's root is SHA-256 over the text

    DAY newline ROOT-BEFORE newline, then for each allocation of the day, by id,
    ID space CLAIM-ID space FINGERPRINT space INSTANT newline

where days are UTC (2027-03-14), the instant is in epoch seconds, and the root before the first
one is the program's id. Days without an allocation have no root. Whoever can write to the
database can write a new chain; who noted a root that was published can tell.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from bot.claims import program_store
from bot.claims.programs import lock_program
from bot.clock import DAY, HOUR, to_datetime
from bot.storage import Database, Transaction

SETTLED_AFTER = HOUR
"""A day is closed this long after its end: a transaction of its last second is through by then."""

PAGE = 5000
EVER = 2**62


class Finding(StrEnum):
    """What the recomputed chain says about a day."""

    SOUND = "sound"
    ADDED = "added"
    REMOVED = "removed"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class ChainDay:
    """A closed day as it was written down, and what is found there now."""

    day: str
    count: int
    root: str
    found: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Verified:
    """The closed days, oldest first, and how many allocations no root covers yet."""

    days: tuple[ChainDay, ...]
    uncovered: int

    @property
    def is_sound(self) -> bool:
        """Whether nothing was added, removed or altered in the closed days."""
        return all(day.finding is Finding.SOUND for day in self.days)


async def close_days(database: Database, now: int) -> int:
    """Write the roots of the days that are over, for housekeeping; how many."""
    until = (now - SETTLED_AFTER) // DAY * DAY
    closed = 0
    for row in await database.fetch_all(program_store.SELECT_PROGRAMS):
        async with database.transaction() as tx:
            await lock_program(tx, row["id"])
            closed += await _close_program(tx, row["id"], until)
    return closed


async def verify(database: Database, program_id: str) -> Verified:
    """Recompute a program's chain. Raises :class:`bot.errors.RefusalError` for an unknown one.

    Each day is held against the root that stands before it, so one day's fault is told once.
    """
    async with database.transaction() as tx:
        await lock_program(tx, program_id)
        written = await tx.fetch_all(program_store.SELECT_DAYS, program_id=program_id)
        lines = await _fetch_lines(tx, program_id, 0, EVER)
    days: list[ChainDay] = []
    before = program_id
    last = written[-1]["day"] if written else ""
    known = {row["day"]: row for row in written}
    for day in sorted({*known, *(day for day in lines if day <= last)}):
        found, row = lines.get(day, []), known.get(day)
        if row is None:
            days.append(ChainDay(day, 0, "", len(found), Finding.ADDED))
            continue
        finding = _judge(row["count"], len(found), row["root"] == find_root(day, before, found))
        days.append(ChainDay(day, row["count"], row["root"], len(found), finding))
        before = row["root"]
    uncovered = sum(len(found) for day, found in lines.items() if day > last)
    return Verified(tuple(days), uncovered)


def find_root(day: str, before: str, lines: list[str]) -> str:
    """A day's root from the root before and its lines."""
    return hashlib.sha256(f"{day}\n{before}\n{''.join(lines)}".encode()).hexdigest()


async def _close_program(tx: Transaction, program_id: str, until: int) -> int:
    written = await tx.fetch_all(program_store.SELECT_DAYS, program_id=program_id)
    before, since = program_id, 0
    if written:
        before, since = written[-1]["root"], _start_of(written[-1]["day"]) + DAY
    lines = await _fetch_lines(tx, program_id, since, until)
    for day in sorted(lines):
        before = find_root(day, before, lines[day])
        await tx.execute(
            program_store.INSERT_DAY,
            program_id=program_id,
            day=day,
            count=len(lines[day]),
            root=before,
        )
    return len(lines)


async def _fetch_lines(
    tx: Transaction, program_id: str, since: int, until: int
) -> dict[str, list[str]]:
    """What the roots cover, by day, each day's by id."""
    lines: defaultdict[str, list[str]] = defaultdict(list)
    last_id = 0
    while True:
        rows = await tx.fetch_all(
            program_store.SELECT_LINKS,
            program_id=program_id,
            last_id=last_id,
            since=since,
            until=until,
            most=PAGE,
        )
        for row in rows:
            day = to_datetime(row["allocated_at"]).date().isoformat()
            lines[day].append(
                f"{row['id']} {row['claim_id']} {row['fingerprint']} {row['allocated_at']}\n"
            )
        if len(rows) < PAGE:
            return dict(lines)
        last_id = rows[-1]["id"]


def _judge(written: int, found: int, is_same: bool) -> Finding:  # noqa: FBT001 (three facts)
    if found != written:
        return Finding.ADDED if found > written else Finding.REMOVED
    return Finding.SOUND if is_same else Finding.ALTERED


def _start_of(day: str) -> int:
    return int(datetime.combine(date.fromisoformat(day), time(), UTC).timestamp())
