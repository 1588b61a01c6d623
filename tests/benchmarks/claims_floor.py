"""The floors of claims: the same statements on ``sqlite3`` and asyncpg themselves."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import asyncpg

from bot.claims import store
from bot.claims.intake import Request
from bot.storage.postgres import PostgresDatabase
from bot.storage.sqlite import PRAGMAS, SqliteDatabase
from bot.storage.statements import StatementCache
from tests.conftest import NOON
from tests.store.claims_filling import PROGRAM

CONNECTIONS = 10
GUILD = 7


class People:
    """Requests of people who were never seen before."""

    def __init__(self) -> None:
        self._seen = 0

    def __iter__(self) -> Iterator[Request]:
        return self

    def __next__(self) -> Request:
        self._seen += 1
        return Request(
            program_id=PROGRAM,
            subject=f"{self._seen:064x}",
            user_id=self._seen,
            guild_id=GUILD,
            is_reviewed=False,
            handle_key=f"{self._seen:064x}",
            handle=f"creator-{self._seen}",
            country="NZ",
        )


class Statements:
    """The SQL of one claim and its arguments, as one engine wants them."""

    def __init__(self, database: SqliteDatabase | PostgresDatabase) -> None:
        self._cache: StatementCache = database._statements

    def of(self, name: str, **values: int | str | None) -> tuple[str, list[Any]]:
        """A statement of the store with its arguments."""
        prepared = self._cache.prepare(getattr(store, name))
        return prepared.sql, prepared.arguments(values)

    def before(self, one: Request) -> list[tuple[str, list[Any]]]:
        """What is read before a code is taken, after the counters."""
        subjects, handles = f'["{one.subject}"]', f'["{one.handle_key}"]'
        return [
            self.of("SELECT_LIVE", program_id=PROGRAM, subjects=subjects),
            self.of("SELECT_TAKEN_HANDLES", program_id=PROGRAM, handle_keys=handles),
        ]

    def shares(self) -> tuple[str, list[Any]]:
        """The room of the community."""
        return self.of("LOCK_SHARES", program_id=PROGRAM, guild_ids=f"[{GUILD}]")

    def claim(self, one: Request) -> tuple[str, list[Any]]:
        """The claim's row."""
        return self.of(
            "INSERT_CLAIM",
            program_id=PROGRAM, subject=one.subject, user_id=one.user_id, guild_id=GUILD,
            state="allocated", handle_key=one.handle_key, handle=one.handle, country=one.country,
            has_conflict=0, wants_dm=0, position=None, created_at=NOON,
        )  # fmt: skip

    def counted(self) -> list[tuple[str, list[Any]]]:
        """The program's counters and the community's."""
        return [
            self.of(
                "ADD_TO_COUNTERS",
                in_program=PROGRAM, more_allocated=1, more_offered=0, more_waiting=0,
            ),
            self.of("ADD_SHARE", program_id=PROGRAM, guild_id=GUILD, allocated=1, offered=0),
        ]  # fmt: skip

    def allocation(self, one: Request, claim_id: int, code_id: int) -> tuple[str, list[Any]]:
        """Who got which code."""
        return self.of(
            "INSERT_ALLOCATION",
            program_id=PROGRAM, claim_id=claim_id, code_id=code_id, subject=one.subject,
            allocated_at=NOON,
        )  # fmt: skip


def claim_plainly(path: Path, statements: Statements, people: People, count: int) -> float:
    """One claim after the other on plain ``sqlite3``, with its values at hand; claims a second."""
    lock = statements.of("LOCK_COUNTERS", program_id=PROGRAM)
    take = statements.of("TAKE_CODES", program_id=PROGRAM, most=1, kept=0)
    shares, counted = statements.shares(), statements.counted()
    wanted = [next(people) for _ in range(count)]
    at_hand = [(one, statements.before(one), statements.claim(one)) for one in wanted]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        for pragma in PRAGMAS:
            connection.execute(pragma)
        run = connection.execute
        started = time.perf_counter()
        for one, before, claim in at_hand:
            run("BEGIN IMMEDIATE")
            run(*lock).fetchall()
            for statement in before:
                run(*statement).fetchall()
            code_id = run(*take).fetchall()[0]["id"]
            run(*shares).fetchall()
            run(*claim)
            for statement in counted:
                run(*statement)
            kept = run(*before[0]).fetchall()[0]
            run(*statements.of("SPEND_CODES", code_ids=f"[{code_id}]")).fetchall()
            run(*statements.allocation(one, kept["id"], code_id))
            run("COMMIT")
        return count / (time.perf_counter() - started)


async def rate_barely(
    url: str, statements: Statements, people: People, count: int, *, is_counted: bool
) -> float:
    """Claims a second on connections of bare asyncpg, with the counters or without them."""
    async with AsyncExitStack() as stack:
        connections = [await asyncpg.connect(url) for _ in range(CONNECTIONS)]
        for connection in connections:
            stack.push_async_callback(connection.close)

        async def press(connection: Any) -> None:
            for _ in range(count // CONNECTIONS):
                await _claim_barely(statements, connection, next(people), is_counted=is_counted)

        started = time.perf_counter()
        await asyncio.gather(*map(press, connections))
        return count / (time.perf_counter() - started)


async def _claim_barely(
    statements: Statements, connection: Any, one: Request, *, is_counted: bool
) -> None:
    def spread(statement: tuple[str, list[Any]]) -> list[Any]:
        return [statement[0], *statement[1]]

    async with connection.transaction():
        if is_counted:
            await connection.fetch(*spread(statements.of("LOCK_COUNTERS", program_id=PROGRAM)))
        before = statements.before(one)
        for statement in before:
            await connection.fetch(*spread(statement))
        sql, *values = spread(statements.of("TAKE_CODES", program_id=PROGRAM, most=1, kept=0))
        lock = "" if is_counted else " FOR UPDATE SKIP LOCKED"
        codes = await connection.fetch(sql + lock, *values)
        code_id = codes[0]["id"]
        if is_counted:
            await connection.fetch(*spread(statements.shares()))
        await connection.execute(*spread(statements.claim(one)))
        for statement in statements.counted() if is_counted else ():
            await connection.execute(*spread(statement))
        kept = await connection.fetch(*spread(before[0]))
        await connection.fetch(*spread(statements.of("SPEND_CODES", code_ids=f"[{code_id}]")))
        await connection.execute(*spread(statements.allocation(one, kept[0]["id"], code_id)))
