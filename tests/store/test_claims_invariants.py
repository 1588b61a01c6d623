"""The ten invariants of claims: plain SQL that breaks one is refused by the database itself."""

import importlib.util
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.claims import triggers
from bot.claims.rules import LIVE, STEPS, State
from bot.errors import ConflictError
from bot.storage import Database
from bot.storage.migrate import MIGRATIONS
from tests.conftest import NOON

STARTS = (State.PENDING, State.WAITLISTED, State.ALLOCATED)
only_postgres = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
only_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
MANY = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
_numbers = count(1)
Values = Mapping[str, Any]
CLAIM: Values = {
    "program_id": "p",
    "guild_id": 7,
    "version": 1,
    "has_conflict": 0,
    "wants_dm": 0,
    "appeals": 0,
    "created_at": NOON,
    "changed_at": NOON,
}


class Sql:
    """Rows written past everything of Breather's own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self, statement: str, **values: Any) -> int:
        """One statement in a transaction; how many rows it changed."""
        async with self._database.transaction() as tx:
            return await tx.execute(text(statement), **values)

    async def insert(self, table: str, **values: Any) -> None:
        """One row. Numbers and words stand in the SQL, as somebody would type them."""
        words = ", ".join(
            "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)
            for value in values.values()
        )
        await self.run(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({words})")

    async def program(self, program_id: str, **counters: int) -> None:
        """A program with its counters."""
        await self.insert("programs", id=program_id, definition="{}", opens_at=0, applied_at=0)
        numbers = {"given": 10, "cap": 5, "allocated": 0, "offered": 0, "next_position": 1}
        await self.insert("program_counters", program_id=program_id, **(numbers | counters))

    async def code(self, program_id: str = "p", fingerprint: str | None = None) -> int:
        """A free code; its id."""
        number = next(_numbers)
        await self.insert(
            "codes",
            id=number,
            program_id=program_id,
            fingerprint=fingerprint or f"f{number}",
            key_id="k1",
            secret="-",
            state="free",
            imported_at=NOON,
        )
        return number

    async def claim(self, subject: str, state: State = State.PENDING, **values: Any) -> int:
        """A claim, led to its state by legal steps; its id."""
        number = next(_numbers)
        path = path_to(state)
        row = {**CLAIM, "id": number, "subject": subject, "state": path[0].value} | values
        await self.insert("claims", **row)
        for after in path[1:]:
            await self.run(f"UPDATE claims SET state = '{after.value}' WHERE id = {number}")
        return number

    async def allocation(self, claim_id: int, code_id: int, subject: str, **values: Any) -> int:
        """A code of a claim; the row's id."""
        number = next(_numbers)
        row = {"id": number, "program_id": "p", "claim_id": claim_id, "code_id": code_id}
        await self.insert("allocations", **row, subject=subject, allocated_at=NOON, **values)
        return number

    async def replace(
        self, allocation_id: int, by: int | None = 1, confirmed: int | None = 2
    ) -> None:
        """The one legal change of an allocation, or what looks like it."""
        await self.run(
            f"UPDATE allocations SET replaced_at = {NOON}, replaced_by = {by or 'NULL'}, "
            f"confirmed_by = {confirmed or 'NULL'} WHERE id = {allocation_id}"
        )


def path_to(state: State) -> list[State]:
    """Legal states from a legal start to a state."""
    paths = [[start] for start in STARTS]
    for path in paths:
        if path[-1] is state:
            return path
        paths += [[*path, after] for after in sorted(STEPS[path[-1]]) if after not in path]
    raise AssertionError(state)


@pytest.fixture
async def sql(database: Database) -> Sql:
    """Two programs, and nothing in them."""
    writer = Sql(database)
    await writer.program("p")
    await writer.program("q")
    return writer


async def test_1_a_code_is_in_the_pool_once_whatever_its_program(sql: Sql) -> None:
    await sql.code(fingerprint="same")
    for program_id in ("p", "q"):
        with pytest.raises(ConflictError):
            await sql.code(program_id, fingerprint="same")


async def test_2_a_code_goes_to_one_claim(sql: Sql) -> None:
    code_id = await sql.code()
    one, two = await sql.claim("ann"), await sql.claim("ben")
    await sql.allocation(one, code_id, "ann")
    with pytest.raises(ConflictError):
        await sql.allocation(two, code_id, "ben")


async def test_2_a_code_that_was_replaced_goes_to_nobody_else(sql: Sql) -> None:
    code_id = await sql.code()
    one, two = await sql.claim("ann"), await sql.claim("ben")
    await sql.replace(await sql.allocation(one, code_id, "ann"))
    with pytest.raises(ConflictError):
        await sql.allocation(two, code_id, "ben")


async def test_3_a_claim_has_one_code_until_it_is_replaced(sql: Sql) -> None:
    claim_id = await sql.claim("ann")
    first = await sql.allocation(claim_id, await sql.code(), "ann")
    with pytest.raises(ConflictError):
        await sql.allocation(claim_id, await sql.code(), "ann")
    await sql.replace(first)
    second = await sql.allocation(claim_id, await sql.code(), "ann")
    with pytest.raises(ConflictError):
        await sql.allocation(claim_id, await sql.code(), "ann")
    await sql.replace(second)


async def test_4_a_person_has_one_code_whichever_of_their_claims_it_is_for(sql: Sql) -> None:
    old = await sql.claim("ann", State.REJECTED)
    new = await sql.claim("ann")
    first = await sql.allocation(old, await sql.code(), "ann")
    with pytest.raises(ConflictError):
        await sql.allocation(new, await sql.code(), "ann")
    await sql.replace(first)
    await sql.allocation(new, await sql.code(), "ann")


async def test_4_an_allocation_names_the_person_whose_claim_it_is(sql: Sql) -> None:
    claim_id = await sql.claim("ann")
    with pytest.raises(ConflictError):
        await sql.allocation(claim_id, await sql.code(), "somebody else")


@pytest.mark.parametrize("state", sorted(LIVE))
async def test_5_a_person_has_one_live_claim(sql: Sql, state: State) -> None:
    await sql.claim("ann", state)
    with pytest.raises(ConflictError):
        await sql.claim("ann")
    await sql.claim("ann", program_id="q")


@pytest.mark.parametrize("state", sorted(frozenset(State) - LIVE))
async def test_5_after_a_claim_that_is_over_there_can_be_another_one(
    sql: Sql, state: State
) -> None:
    await sql.claim("ann", state)
    await sql.claim("ann", state)
    await sql.claim("ann")


async def test_5_an_appeal_does_not_stand_beside_a_newer_live_claim(sql: Sql) -> None:
    old = await sql.claim("ann", State.REJECTED)
    await sql.claim("ann")
    with pytest.raises(ConflictError):
        await sql.run(f"UPDATE claims SET state = 'pending' WHERE id = {old}")


@pytest.mark.parametrize("state", sorted(LIVE))
async def test_6_a_handle_has_one_live_claim(sql: Sql, state: State) -> None:
    await sql.claim("ann", state, handle_key="@ann")
    with pytest.raises(ConflictError):
        await sql.claim("ben", handle_key="@ann")
    other = await sql.claim("cat")
    with pytest.raises(ConflictError):
        await sql.run(f"UPDATE claims SET handle_key = '@ann' WHERE id = {other}")
    await sql.claim("ben", handle_key="@ann", program_id="q")


async def test_6_many_have_no_handle_and_a_claim_that_is_over_frees_its_own(sql: Sql) -> None:
    await sql.claim("ann", State.WITHDRAWN, handle_key="@ann")
    await sql.claim("ben", handle_key="@ann")
    for subject in ("cat", "dan", "eve"):
        await sql.claim(subject)


@pytest.mark.parametrize(
    "change",
    [
        "allocated = -1",
        "allocated = 6",
        "offered = -1",
        "offered = 6",
        "allocated = 3, offered = 3",
        "cap = 11",
        "cap = 2, allocated = 3",
        "given = 4",
        "next_position = 0",
        "cap = NULL",
        "allocated = NULL",
    ],
)
async def test_7_a_programs_counters_stay_in_their_bounds(sql: Sql, change: str) -> None:
    with pytest.raises(ConflictError):
        await sql.run(f"UPDATE program_counters SET {change} WHERE program_id = 'p'")
    await sql.run("UPDATE program_counters SET allocated = 3, offered = 2 WHERE program_id = 'p'")
    with pytest.raises(ConflictError):
        await sql.run("UPDATE program_counters SET cap = 4 WHERE program_id = 'p'")


@pytest.mark.parametrize(
    "change",
    ["allocated = -1", "allocated = 6", "offered = -1", "allocated = 3, offered = 3", "cap = -1"],
)
async def test_7_a_communitys_share_stays_in_its_bounds(sql: Sql, change: str) -> None:
    await sql.insert("community_shares", program_id="p", guild_id=7, cap=5, allocated=0, offered=0)
    with pytest.raises(ConflictError):
        await sql.run(f"UPDATE community_shares SET {change}")
    await sql.run("UPDATE community_shares SET allocated = 4, offered = 1")
    with pytest.raises(ConflictError):
        await sql.run("UPDATE community_shares SET cap = 4")
    await sql.run("UPDATE community_shares SET cap = NULL")
    await sql.run("UPDATE community_shares SET allocated = 400")


async def test_8_a_claim_of_one_program_cannot_hold_a_code_of_another(sql: Sql) -> None:
    claim_id, code_id = await sql.claim("ann"), await sql.code("q")
    for program_id in ("p", "q"):
        with pytest.raises(ConflictError):
            await sql.insert(
                "allocations",
                program_id=program_id,
                claim_id=claim_id,
                code_id=code_id,
                subject="ann",
                allocated_at=NOON,
            )


@pytest.mark.parametrize("table", ["claims", "codes"])
async def test_8_nothing_moves_to_another_program(sql: Sql, table: str) -> None:
    claim_id, code_id = await sql.claim("ann"), await sql.code()
    number = {"claims": claim_id, "codes": code_id}[table]
    for change in ("program_id = 'q'", "id = 999999"):
        with pytest.raises(ConflictError):
            await sql.run(f"UPDATE {table} SET {change} WHERE id = {number}")


@pytest.mark.parametrize("before", ["free", "spent", "void"])
@pytest.mark.parametrize("after", ["free", "spent", "void", "lost"])
async def test_9_codes_move_one_way(sql: Sql, before: str, after: str) -> None:
    code_id = await sql.code()
    if before != "free":
        await sql.run(f"UPDATE codes SET state = '{before}' WHERE id = {code_id}")
    order = ["free", "spent", "void"]
    change = f"UPDATE codes SET state = '{after}' WHERE id = {code_id}"
    if after in order and order.index(after) >= order.index(before):
        assert await sql.run(change) == 1
    else:
        with pytest.raises(ConflictError):
            await sql.run(change)


@pytest.mark.parametrize("state", ["spent", "void"])
async def test_9_a_code_that_is_not_free_any_more_stays(sql: Sql, state: str) -> None:
    code_id, free = await sql.code(), await sql.code()
    await sql.run(f"UPDATE codes SET state = '{state}' WHERE id = {code_id}")
    for where in (f"WHERE id = {code_id}", ""):
        with pytest.raises(ConflictError):
            await sql.run(f"DELETE FROM codes {where}")
    assert await sql.run(f"DELETE FROM codes WHERE id = {free}") == 1


async def test_9_a_code_does_not_become_another_one(sql: Sql) -> None:
    code_id = await sql.code()
    with pytest.raises(ConflictError):
        await sql.run(f"UPDATE codes SET fingerprint = 'other' WHERE id = {code_id}")
    await sql.run(f"UPDATE codes SET key_id = 'k2', secret = 'again' WHERE id = {code_id}")


@pytest.mark.parametrize("state", ["spent", "void"])
async def test_9_a_code_begins_free(sql: Sql, state: str) -> None:
    with pytest.raises(ConflictError):
        await sql.insert(
            "codes",
            program_id="p",
            fingerprint="f",
            key_id="k1",
            secret="-",
            state=state,
            imported_at=0,
        )


async def test_9_allocations_are_never_deleted(sql: Sql) -> None:
    first = await sql.allocation(await sql.claim("ann"), await sql.code(), "ann")
    second = await sql.allocation(await sql.claim("ben"), await sql.code(), "ben")
    await sql.replace(second)
    for where in (f"WHERE id = {first}", f"WHERE id = {second}", ""):
        with pytest.raises(ConflictError):
            await sql.run(f"DELETE FROM allocations {where}")


@pytest.mark.parametrize(
    "change",
    [
        "id = 999999",
        "program_id = 'q'",
        "claim_id = 0",
        "code_id = 0",
        "subject = 'ben'",
        "allocated_at = 0",
        "allocated_at = allocated_at",
        "replaced_by = 1",
        "confirmed_by = 1",
        "replaced_at = 5",
        "replaced_at = 5, replaced_by = 1",
        "replaced_at = 5, confirmed_by = 1",
        "replaced_at = 5, replaced_by = 1, confirmed_by = 1",
        "replaced_by = 1, confirmed_by = 2",
        "replaced_at = 5, replaced_by = 1, confirmed_by = 2, subject = 'ben'",
        "replaced_at = 5, replaced_by = 1, confirmed_by = 2, code_id = code_id + 1",
    ],
)
async def test_9_an_allocation_is_not_rewritten(sql: Sql, change: str) -> None:
    await sql.allocation(await sql.claim("ann"), await sql.code(), "ann")
    with pytest.raises(ConflictError):
        await sql.run(f"UPDATE allocations SET {change}")


@pytest.mark.parametrize(
    "change",
    [
        "replaced_at = NULL",
        "replaced_at = NULL, replaced_by = NULL, confirmed_by = NULL",
        "replaced_at = 5",
        "replaced_by = 3",
        "confirmed_by = 3",
        "replaced_by = 2, confirmed_by = 1",
        "replaced_by = NULL, code_id = code_id + 1",
    ],
)
async def test_9_a_replacement_happens_once(sql: Sql, change: str) -> None:
    await sql.replace(await sql.allocation(await sql.claim("ann"), await sql.code(), "ann"))
    with pytest.raises(ConflictError):
        await sql.run(f"UPDATE allocations SET {change}")


async def test_9_those_who_decided_on_a_replacement_may_be_forgotten_and_not_named_anew(
    sql: Sql,
) -> None:
    await sql.replace(await sql.allocation(await sql.claim("ann"), await sql.code(), "ann"))
    await sql.run("UPDATE allocations SET replaced_by = NULL")
    await sql.run("UPDATE allocations SET confirmed_by = NULL")
    with pytest.raises(ConflictError):
        await sql.run("UPDATE allocations SET replaced_by = 1")


@pytest.mark.parametrize(
    "values",
    [
        {"replaced_at": NOON, "replaced_by": 1, "confirmed_by": 2},
        {"replaced_at": NOON},
        {"replaced_by": 1},
        {"confirmed_by": 2},
    ],
)
async def test_9_no_allocation_begins_as_a_replaced_one(sql: Sql, values: dict[str, int]) -> None:
    claim_id, code_id = await sql.claim("ann"), await sql.code()
    with pytest.raises(ConflictError):
        await sql.allocation(claim_id, code_id, "ann", **values)


@MANY
@given(before=st.sampled_from(State), after=st.sampled_from(State))
async def test_9_a_claim_takes_legal_steps_only(
    database: Database, before: State, after: State
) -> None:
    sql = Sql(database)
    number = next(_numbers)
    await sql.program(f"steps-{number}")
    claim_id = await sql.claim("ann", before, program_id=f"steps-{number}")
    change = f"UPDATE claims SET state = '{after.value}' WHERE id = {claim_id}"
    if before is after or after in STEPS[before]:
        assert await sql.run(change) == 1
    else:
        with pytest.raises(ConflictError):
            await sql.run(change)


async def test_9_every_step_of_a_claim_is_judged(sql: Sql) -> None:
    for before in State:
        for after in State:
            claim_id = await sql.claim(f"{before}-{after}", before)
            change = f"UPDATE claims SET state = '{after.value}' WHERE id = {claim_id}"
            try:
                is_legal = await sql.run(change) == 1
            except ConflictError:
                is_legal = False
            assert is_legal == (before is after or after in STEPS[before]), (before, after)


@pytest.mark.parametrize("state", sorted(frozenset(State) - frozenset(STARTS)))
async def test_9_a_claim_begins_where_claims_begin(sql: Sql, state: State) -> None:
    row = {**CLAIM, "subject": "ann", "state": state.value}
    with pytest.raises(ConflictError):
        await sql.insert("claims", **row)


@pytest.mark.parametrize("state", ["approved", "", "PENDING"])
async def test_9_a_state_that_nobody_knows_is_never_kept(sql: Sql, state: str) -> None:
    claim_id = await sql.claim("ann")
    with pytest.raises(ConflictError):
        await sql.run(f"UPDATE claims SET state = '{state}' WHERE id = {claim_id}")


async def test_9_a_claim_does_not_become_somebody_elses(sql: Sql) -> None:
    await sql.claim("ann")
    with pytest.raises(ConflictError):
        await sql.run("UPDATE claims SET subject = 'ben'")


async def test_10_a_version_of_a_claim_is_decided_on_once(sql: Sql) -> None:
    claim_id = await sql.claim("ann")
    decision = {"claim_id": claim_id, "version": 1, "decided_at": NOON}
    await sql.insert("claim_decisions", **decision, action="approved", decider_id=1)
    with pytest.raises(ConflictError):
        await sql.insert("claim_decisions", **decision, action="rejected", decider_id=2)


async def test_10_a_reminder_of_a_kind_is_sent_once(sql: Sql) -> None:
    claim_id = await sql.claim("ann")
    await sql.insert("claim_reminders", claim_id=claim_id, kind="30", begun_at=NOON)
    await sql.insert("claim_reminders", claim_id=claim_id, kind="7", begun_at=NOON)
    with pytest.raises(ConflictError):
        await sql.insert("claim_reminders", claim_id=claim_id, kind="30", begun_at=NOON)


async def test_a_place_in_the_waitlist_is_one_persons(sql: Sql) -> None:
    await sql.claim("ann", State.WAITLISTED, position=1)
    with pytest.raises(ConflictError):
        await sql.claim("ben", State.WAITLISTED, position=1)
    await sql.claim("ben", State.WAITLISTED, position=1, program_id="q")


@only_postgres
@pytest.mark.parametrize("table", ["codes", "allocations"])
async def test_a_table_that_keeps_its_rows_cannot_be_emptied_at_once(sql: Sql, table: str) -> None:
    await sql.code()
    with pytest.raises(ConflictError):
        await sql.run(f"TRUNCATE {table} CASCADE")


@only_sqlite
@pytest.mark.parametrize("table", ["codes", "allocations"])
async def test_replace_deletes_no_row_past_the_triggers(sql: Sql, table: str) -> None:
    code_id = await sql.code(fingerprint="f")
    claim_id = await sql.claim("ann")
    await sql.allocation(claim_id, code_id, "ann")
    await sql.run("UPDATE codes SET state = 'spent'")
    rows = {
        "codes": f"(id, program_id, fingerprint, key_id, secret, state, imported_at) "
        f"VALUES ({code_id}, 'p', 'f', 'k1', '-', 'free', 0)",
        "allocations": f"(program_id, claim_id, code_id, subject, allocated_at) "
        f"VALUES ('p', {claim_id}, {code_id}, 'ann', 1)",
    }
    with pytest.raises(ConflictError):
        await sql.run(f"INSERT OR REPLACE INTO {table} {rows[table]}")


def test_the_migration_creates_the_triggers_that_the_rules_make() -> None:
    path = next((MIGRATIONS / "versions").glob("0003_*.py"))
    spec = importlib.util.spec_from_file_location("migration", path)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    assert {name: triggers.statements(name) for name in migration.TRIGGERS} == migration.TRIGGERS
    assert triggers.functions() == migration.FUNCTIONS


def test_a_fresh_database_has_every_trigger(migrated_file: Path) -> None:
    with closing(sqlite3.connect(migrated_file)) as file:
        found = file.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    assert sorted(sql for (sql,) in found) == sorted(triggers.statements("sqlite"))
