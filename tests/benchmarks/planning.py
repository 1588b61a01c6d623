"""A minute in which one schedule in ten is due: 10,000 of 100,000."""

import asyncio
import json
import secrets
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import sqlite

from bot.delivery import store
from bot.delivery.rules import DeliveryState
from bot.storage.opening import open_database
from bot.storage.sqlite import PRAGMAS
from bot.storage.statements import StatementCache
from tests.benchmarks.bots import breather_bot, database_path, database_url
from tests.benchmarks.table import Line, say
from tests.conftest import NOON
from tests.wire.process import INSERT_SCHEDULE
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

SCHEDULES = 100_000
DUE = 10_000
GUILDS = 1_000
ROUNDS = 9
LIMIT_MS = 150
BLOCKED_MS = 50
NEVER_SECONDS = 3_600.0
ANSWER_LIMIT = 30.0
ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles",
    "America/Sao_Paulo", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Africa/Lagos",
)  # fmt: skip

NOTES = (
    f"Planning: {SCHEDULES:,} schedules in ten time zones, {DUE:,} due in one minute, in a running "
    f"bot with {GUILDS:,} communities; before every round the same rows are made due again; "
    f"{ROUNDS} rounds, alternating, the median. The floor is plain `sqlite3` with the same "
    "statements and every value at hand, in one transaction.",
    "The loop: a task in the bot that sleeps 1 ms at a time notes the longest time by which it "
    "woke late; the median of the rounds; the floor is the same task while nothing is planned.",
)


async def measure_planning() -> list[Line]:
    """Milliseconds for the tick's planning, and the longest time that it blocked the loop."""
    ours: list[dict[str, float]] = []
    floor: list[float] = []
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        say(f"  writing {SCHEDULES:,} schedules")
        await _fill(folder)
        spare = folder / "spare.db"
        shutil.copy(database_path(folder), spare)
        clock = MovableClock(folder / "clock")
        clock.move_to(NOON - 60)  # nothing is due yet: the benchmark asks for a later instant
        async with (
            StandIn(World(GUILDS), clock) as standin,
            breather_bot(standin, folder, tick=NEVER_SECONDS),
        ):
            for number in range(ROUNDS):
                say(f"  round {number + 1} of {ROUNDS}")
                _rewind(spare)
                floor.append(await asyncio.to_thread(_plan_plainly, spare))
                _rewind(database_path(folder))
                reply = await standin.interact("slash", "plan", options={"at": NOON})
                answer = await reply.first(ANSWER_LIMIT)
                ours.append(json.loads(answer.data["content"]))
    if any(one["planned"] != DUE for one in ours):
        message = f"not {DUE} were due, but {[one['planned'] for one in ours]}"
        raise RuntimeError(message)
    taken, blocked, quiet = (
        median(one[what] for one in ours) for what in ("taken_ms", "blocked_ms", "quiet_ms")
    )
    return [
        Line(
            f"planning {DUE:,} of {SCHEDULES:,} schedules", taken, median(floor), "ms",
            f"<= {LIMIT_MS} ms", taken <= LIMIT_MS,
        ),
        Line(
            "  the longest that it blocked the loop", blocked, quiet, "ms",
            f"<= {BLOCKED_MS} ms", blocked <= BLOCKED_MS,
        ),
        Line(
            "  the same in the worst round", max(one["blocked_ms"] for one in ours),
            max(one["quiet_ms"] for one in ours), "ms",
        ),
    ]  # fmt: skip


def _plan_plainly(path: Path) -> float:
    """The same rows read and written by ``sqlite3`` alone; the milliseconds it took."""
    statements = StatementCache(sqlite.dialect())
    select = statements.prepare(store.SELECT_DUE)
    insert = statements.prepare(store.INSERT_DELIVERY)
    advance = statements.prepare(store.ADVANCE_SCHEDULE)
    slots = [insert.arguments(_slot(number)) for number in range(1, DUE + 1)]
    advances = [
        advance.arguments({"schedule_id": number, "old_run_at": NOON, "new_run_at": NOON + 86_400})
        for number in range(1, DUE + 1)
    ]
    with closing(_connect(path)) as connection:
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


def _rewind(path: Path) -> None:
    """Make the first tenth due again, and forget that it was planned."""
    with closing(_connect(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM deliveries")
        connection.execute("UPDATE schedules SET next_run_at = ? WHERE id <= ?", (NOON, DUE))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


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


async def _fill(folder: Path) -> None:
    """The first tenth is due at noon, the others at a minute of the day after it."""
    database = await open_database(database_url(folder), folder / "backups", lambda: NOON)
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
        "days": None,
        "role_id": None,
        "is_silent": 0,
        "options": "{}",
        "next_run_at": next_run_at,
        "created_at": NOON,
    }
