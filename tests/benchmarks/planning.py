"""A minute in which one schedule in ten is due: 10,000 of 100,000."""

import asyncio
import secrets
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import sqlite

from bot.delivery import store
from bot.delivery.planner import plan
from bot.delivery.rules import DeliveryState
from bot.storage import Database
from bot.storage.opening import open_database, open_migrated
from bot.storage.sqlite import PRAGMAS
from bot.storage.statements import StatementCache
from tests.benchmarks.table import Line, say
from tests.conftest import NOON
from tests.wire.process import INSERT_SCHEDULE

SCHEDULES = 100_000
DUE = 10_000
ROUNDS = 7
LIMIT_MS = 150
BLOCKED_MS = 50
BEAT_SECONDS = 0.001
ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles",
    "America/Sao_Paulo", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Africa/Lagos",
)  # fmt: skip

NOTES = (
    f"Planning: {SCHEDULES:,} schedules in ten time zones, {DUE:,} due in one minute; every round "
    f"begins with a fresh copy of the file; {ROUNDS} rounds, alternating, the median. The floor "
    "is plain `sqlite3` with the same statements and every value at hand, in one transaction.",
    "The loop: a task that sleeps 1 ms at a time notes the longest time by which it woke late; "
    "the median of the rounds; the floor is the same task while nothing else runs.",
)


class Heart:
    """Beats every millisecond and remembers the longest gap."""

    def __init__(self) -> None:
        self.longest_ms = 0.0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(2 * BEAT_SECONDS)
        self._task.cancel()

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT_SECONDS)
            late = time.perf_counter() - before - BEAT_SECONDS
            self.longest_ms = max(self.longest_ms, late * 1000)


async def measure_planning() -> list[Line]:
    """Milliseconds for the tick's planning, and the longest time that it blocked the loop."""
    ours, floor, gaps, quiet = [], [], [], []
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        say(f"  writing {SCHEDULES:,} schedules")
        await _fill(folder / "full.db")
        work = folder / "work.db"
        for number in range(ROUNDS):
            say(f"  round {number + 1} of {ROUNDS}")
            shutil.copy(folder / "full.db", work)
            floor.append(_plan_plainly(work))
            _remove(work)
            shutil.copy(folder / "full.db", work)
            database = await open_migrated(f"sqlite:///{work}")
            try:
                async with Heart() as heart:
                    await asyncio.sleep(median(floor) / 1000)
                quiet.append(heart.longest_ms)
                async with Heart() as heart:
                    ours.append(await _plan(database))
                gaps.append(heart.longest_ms)
            finally:
                await database.close()
            _remove(work)
    middle, blocked = median(ours), median(gaps)
    return [
        Line(
            f"planning {DUE:,} of {SCHEDULES:,} schedules", middle, median(floor), "ms",
            f"<= {LIMIT_MS} ms", middle <= LIMIT_MS,
        ),
        Line(
            "  the longest that it blocked the loop", blocked, median(quiet), "ms",
            f"<= {BLOCKED_MS} ms", blocked <= BLOCKED_MS,
        ),
    ]  # fmt: skip


async def _plan(database: Database) -> float:
    started = time.perf_counter()
    planned = await plan(database, NOON)
    taken = time.perf_counter() - started
    if planned != DUE:
        message = f"{planned} schedules were due, not {DUE}"
        raise RuntimeError(message)
    return taken * 1000


def _plan_plainly(path: Path) -> float:
    """The same rows read and written by ``sqlite3`` alone."""
    statements = StatementCache(sqlite.dialect())
    select = statements.prepare(store.SELECT_DUE)
    insert = statements.prepare(store.INSERT_DELIVERY)
    advance = statements.prepare(store.ADVANCE_SCHEDULE)
    slots = [insert.arguments(_slot(number)) for number in range(1, DUE + 1)]
    advances = [
        advance.arguments({"schedule_id": number, "old_run_at": NOON, "new_run_at": NOON + 86_400})
        for number in range(1, DUE + 1)
    ]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        for pragma in PRAGMAS:
            connection.execute(pragma)
        started = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        rows = connection.execute(select.sql, select.arguments({"now": NOON, "most": SCHEDULES}))
        count = len(rows.fetchall())
        connection.executemany(insert.sql, slots)
        connection.executemany(advance.sql, advances)
        connection.execute("COMMIT")
        taken = time.perf_counter() - started
    if count != DUE:
        message = f"{count} schedules were due, not {DUE}"
        raise RuntimeError(message)
    return taken * 1000


def _slot(schedule_id: int) -> dict[str, Any]:
    return {
        "schedule_id": schedule_id,
        "slot": "2027-03-14",
        "due_at": NOON,
        "key": secrets.token_hex(8),
        "state": DeliveryState.PLANNED.value,
        "note": None,
        "finished_at": None,
    }


async def _fill(path: Path) -> None:
    """The first tenth is due at noon, the others at a minute of the day after it."""
    database = await open_database(f"sqlite:///{path}", path.parent / "backups", lambda: NOON)
    try:
        async with database.transaction() as tx:
            await tx.execute_many(INSERT_SCHEDULE, [_schedule(index) for index in range(SCHEDULES)])
    finally:
        await database.close()


def _schedule(index: int) -> dict[str, Any]:
    next_run_at = NOON if index < DUE else NOON + 60 * (1 + index % 1_439)
    zone = ZONES[index % len(ZONES)]
    local = datetime.fromtimestamp(next_run_at, UTC).astimezone(ZoneInfo(zone))
    return {
        "guild_id": index + 1,
        "kind": "tips",
        "channel_id": index + 1,
        "minute_of_day": local.hour * 60 + local.minute,
        "zone": zone,
        "weekdays": 127,
        "role_id": None,
        "is_silent": 0,
        "options": "{}",
        "next_run_at": next_run_at,
        "created_at": NOON,
    }


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
