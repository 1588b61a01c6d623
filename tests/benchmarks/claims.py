"""Claims beside the raw drivers, without Discord.

The floor does the same statements on the same schema, with the same triggers, and nothing else.
"""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from bot.claims.batching import Batcher
from bot.claims.fence import Fence, spend
from bot.claims.intake import Request, Taken, take_in
from bot.storage import Database
from bot.storage.opening import open_database, open_migrated
from bot.storage.postgres import PostgresDatabase
from bot.storage.sqlite import SqliteDatabase
from tests.benchmarks.claims_floor import (
    CONNECTIONS,
    People,
    Statements,
    claim_plainly,
    rate_barely,
)
from tests.benchmarks.table import Line, at_least, beside, say
from tests.conftest import NOON
from tests.store.claims_filling import PROGRAM, fill
from tests.store.postgres import Server

ROUNDS = 9
ONE, MANY = 300, 3_000
TOGETHER = 50
CODES = 60_000
DURABLE = "fsync", "synchronous_commit", "full_page_writes"

NOTES = (
    f"Claims: `take_in` with a handle, {ONE} people one after the other, then {MANY:,} with "
    f"{TOGETHER} at once, in files of {CODES:,} codes; {ROUNDS} rounds, alternating. The floor is "
    "plain `sqlite3` (synchronous=FULL) with the same schema, triggers and statements, one "
    "transaction a claim; both bars count from it.",
    f"On PostgreSQL, {CONNECTIONS} claims at once against {CONNECTIONS} connections of bare "
    "asyncpg with the same statements, with fsync on. The line below it is a floor that keeps no "
    "counters: it takes codes with SKIP LOCKED, so nobody waits for anybody.",
)


async def measure_claims() -> list[Line]:
    """Claims a second on both engines, beside their floors."""
    return [*await measure_sqlite(), *await measure_postgres()]


async def measure_sqlite() -> list[Line]:
    """One at a time and many at once."""
    single: list[float] = []
    asked: list[float] = []
    fenced: list[float] = []
    many: list[float] = []
    floor: list[float] = []
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        say(f"  writing {CODES:,} codes")
        url = f"sqlite:///{folder}/ours.db"
        prepared = await open_database(url, folder / "backups", lambda: NOON)
        await fill(prepared, CODES)
        await prepared.close()
        shutil.copy(folder / "ours.db", folder / "floor.db")
        database = await open_migrated(url)
        assert isinstance(database, SqliteDatabase)
        people, others, fence = People(), People(), Fence(folder / "fence")
        try:
            for number in range(ROUNDS):
                say(f"  round {number + 1} of {ROUNDS}")
                path, statements = folder / "floor.db", Statements(database)
                floor.append(await asyncio.to_thread(claim_plainly, path, statements, others, ONE))
                single.append(await _rate(ONE, partial(_one_by_one, database, people)))
                asked.append(await _rate(ONE, partial(_at_once, database, people, 1)))
                fenced.append(await _rate(ONE, partial(_fenced, database, fence, people)))
                many.append(await _rate(MANY, partial(_at_once, database, people, TOGETHER)))
        finally:
            await database.close()
    return [
        at_least("claims, one at a time (the storage call)", single, floor, "/s", 0.8),
        beside("  the same, asked through the batcher", asked, floor, "/s"),
        beside("  the same, with the fence beside the database", fenced, floor, "/s"),
        at_least(f"claims, {TOGETHER} at once", many, floor, "/s", 5),
    ]


async def measure_postgres() -> list[Line]:
    """Ten at once, beside ten connections."""
    ours: list[float] = []
    floor: list[float] = []
    free: list[float] = []
    server = Server()
    server.start()
    try:
        for setting in DURABLE:
            await _execute(server.url("postgres"), f"ALTER SYSTEM SET {setting} = on")
        for name in ("ours", "floor", "free"):
            await _execute(server.url("postgres"), f"CREATE DATABASE {name}")
            prepared = await open_database(server.url(name), Path("unused"), lambda: NOON)
            await fill(prepared, CODES)
            await prepared.close()
            await _execute(server.url(name), "ANALYZE")
        database = await open_migrated(server.url("ours"))
        assert isinstance(database, PostgresDatabase)
        people, others, strangers = People(), People(), People()
        statements = Statements(database)
        try:
            for number in range(ROUNDS):
                say(f"  round {number + 1} of {ROUNDS}")
                for name, figures, whose in (("floor", floor, others), ("free", free, strangers)):
                    is_counted = name == "floor"
                    rate = rate_barely(
                        server.url(name), statements, whose, 2 * ONE, is_counted=is_counted
                    )
                    figures.append(await rate)
                ours.append(await _rate(MANY, partial(_at_once, database, people, CONNECTIONS)))
        finally:
            await database.close()
    finally:
        server.remove()
    return [
        at_least(f"PostgreSQL: claims, {CONNECTIONS} at once", ours, floor, "/s", 0.8),
        beside("  the same, beside one without counters or their lock", ours, free, "/s"),
    ]


async def _rate(count: int, work: Callable[[int], Awaitable[None]]) -> float:
    started = time.perf_counter()
    await work(count)
    return count / (time.perf_counter() - started)


async def _one_by_one(database: Database, people: People, count: int) -> None:
    for _ in range(count):
        one = next(people)
        taken = await database.run(lambda tx, one=one: take_in(tx, PROGRAM, [one], NOON))  # type: ignore[misc]
        assert taken[one.subject].state == "allocated"


async def _fenced(database: Database, fence: Fence, people: People, count: int) -> None:
    for _ in range(count):
        one = [next(people)]
        await spend(
            database,
            fence,
            lambda tx, spending, one=one: take_in(tx, PROGRAM, one, NOON, spending),  # type: ignore[misc]
        )


async def _at_once(database: Database, people: People, together: int, count: int) -> None:
    async def work(requests: Sequence[Request]) -> list[Taken]:
        taken = await database.run(lambda tx: take_in(tx, PROGRAM, requests, NOON))
        return [taken[request.subject] for request in requests]

    batcher = Batcher(work)

    async def press() -> None:
        for _ in range(count // together):
            assert (await batcher.ask(next(people))).state == "allocated"

    await asyncio.gather(*(press() for _ in range(together)))
    await batcher.close()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()
