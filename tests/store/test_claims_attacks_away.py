"""Attack 35: the connection to the database dies in the middle of a transaction of claims."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import Table

from bot.claims.rules import Member, State
from bot.claims.tables import allocations, claim_decisions, claims, codes, program_counters
from bot.clock import MovableClock
from bot.errors import StorageUnavailableError
from bot.storage import Database
from tests.store.claims_desk import HERE, MODERATOR, THERE, Desk
from tests.store.postgres import run_statement

ANN = 101


@pytest.fixture
async def desk(database: Database, clock: MovableClock) -> Desk:
    """Three codes; one community gives them at once, the other one reviews."""
    desk = Desk(database, clock)
    await desk.open(3)
    return desk


@asynccontextmanager
async def falling_away(
    database: Database, url: str, table: Table, event: str
) -> AsyncIterator[None]:
    """Whoever writes into a table in this way loses the connection there and then."""
    when = f"away BEFORE {event} ON {table.name}"
    if url.startswith("sqlite"):
        writer: Any = database
        writer = writer._writer
        await writer.create_function("fall", 0, _fall)
        await writer.execute(f"CREATE TEMP TRIGGER {when} BEGIN SELECT fall(); END")
        yield
        await writer.execute("DROP TRIGGER away")
        return
    await run_statement(
        url,
        "CREATE FUNCTION fall() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$",
    )
    await run_statement(url, f"CREATE TRIGGER {when} FOR EACH ROW EXECUTE FUNCTION fall()")
    yield
    await run_statement(url, f"DROP TRIGGER away ON {table.name}")


def _fall() -> None:
    message = "disk I/O error"
    raise sqlite3.OperationalError(message)


@pytest.mark.parametrize(
    ("table", "event"),
    [
        (claims, "INSERT"),
        (program_counters, "UPDATE"),
        (codes, "UPDATE"),
        (allocations, "INSERT"),
    ],
    ids=lambda one: getattr(one, "name", one),
)
async def test_attack_35_a_claim_whose_connection_dies_is_not_there_and_can_be_made_again(
    desk: Desk, database_url: str, table: Table, event: str
) -> None:
    async with falling_away(desk.database, database_url, table, event):
        with pytest.raises(StorageUnavailableError):
            await desk.claim(ANN)

    assert await desk.row(ANN) is None
    assert await desk.count("allocations") == 0
    await desk.check()
    assert (await desk.claim(ANN)).code is not None
    await desk.check()


@pytest.mark.parametrize(
    ("table", "event"),
    [(claims, "UPDATE"), (claim_decisions, "INSERT"), (allocations, "INSERT")],
    ids=lambda one: getattr(one, "name", one),
)
async def test_attack_35_an_approval_whose_connection_dies_leaves_the_claim_waiting(
    desk: Desk, database_url: str, table: Table, event: str
) -> None:
    await desk.claim(ANN, THERE)
    guild_id, claim_id, version = await desk.pending(ANN)

    async with falling_away(desk.database, database_url, table, event):
        with pytest.raises(StorageUnavailableError):
            await desk.review.approve(guild_id, MODERATOR, claim_id, version)

    assert await desk.state(ANN) is State.PENDING
    await desk.check()
    await desk.approve(ANN)
    assert await desk.state(ANN) is State.ALLOCATED
    await desk.check()


async def test_attack_35_an_offer_whose_taking_dies_is_kept(
    database: Database, clock: MovableClock, database_url: str
) -> None:
    desk = Desk(database, clock)
    await desk.open(0, cap=1)
    await desk.claim(ANN)
    await desk.bring(range(1))
    assert await desk.move() == [ANN]

    async with falling_away(desk.database, database_url, allocations, "INSERT"):
        with pytest.raises(StorageUnavailableError):
            await desk.claims.accept(desk.program_id, HERE, Member(ANN))

    assert await desk.state(ANN) is State.OFFERED
    await desk.check()
    assert (await desk.claims.accept(desk.program_id, HERE, Member(ANN))).code is not None
    await desk.check()
