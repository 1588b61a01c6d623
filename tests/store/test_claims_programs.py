"""Programs in the database: applied in one piece, never below what was given, ended for good."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.claims import store
from bot.claims.codes import import_codes
from bot.claims.programs import (
    KEPT_DAYS,
    apply_program,
    end_programs,
    fetch_program,
    fetch_programs,
    find_unknown,
)
from bot.claims.rules import add_months
from bot.claims.tables import claim_decisions, claims, program_counters, programs
from bot.clock import DAY
from bot.content.programs import load_programs
from bot.errors import ContentError, RefusalError
from bot.storage import Database
from tests.conftest import NOON, ROOT
from tests.store.pools import (
    PROGRAM,
    RING,
    bytes_of,
    claim,
    fetch_table,
    file_of,
    fill,
    make_codes,
    make_program,
    peppers,
)
from tests.store.postgres import run_statement

LAST = add_months(NOON, 6) + KEPT_DAYS * DAY
"""When a program whose last code was given at noon is over."""


async def counters(database: Database) -> tuple[int, ...]:
    row = await database.fetch_one(select(program_counters))
    assert row is not None
    return tuple(row[name] for name in ("given", "cap", "allocated", "offered", "next_position"))


async def test_every_program_that_ships_can_be_applied_and_read_back(database: Database) -> None:
    shipped = load_programs(ROOT / "data")
    for program in shipped.values():
        applied = await apply_program(database, program, NOON)
        assert applied.is_new
        assert f"id: {program.id}" in applied.changes
    assert {row.program.id: row.program for row in await fetch_programs(database)} == shipped


async def test_a_new_program_has_counters_and_a_pepper_of_its_own(database: Database) -> None:
    for name in ("one", "two"):
        await apply_program(database, make_program(id=name, given=300, cap=200), NOON)
    assert await counters(database) == (300, 200, 0, 0, 1)
    one, two = (await peppers(database)).values()
    assert one != two
    assert len(one) >= 43


async def test_a_dry_run_says_what_would_change_and_writes_nothing(database: Database) -> None:
    assert (await apply_program(database, make_program(), NOON, is_dry_run=True)).is_new
    assert await fetch_programs(database) == []
    await apply_program(database, make_program(), NOON)
    changed = make_program(cap=50, closes_at=None)
    for _ in range(2):
        applied = await apply_program(database, changed, NOON, is_dry_run=True)
        assert applied.changes == ("cap: 100 -> 50", "closes_at: 2027-04-01T00:00:00Z -> none")


async def test_applying_again_changes_what_is_different_and_keeps_the_pepper(
    database: Database,
) -> None:
    await apply_program(database, make_program(), NOON)
    before = await peppers(database)
    assert (await apply_program(database, make_program(), NOON)).changes == ()
    applied = await apply_program(database, make_program(given=500, cap=400), NOON + 9)
    assert not applied.is_new
    assert applied.changes == ("given: 100 -> 500", "cap: 100 -> 400")
    assert await counters(database) == (500, 400, 0, 0, 1)
    assert await peppers(database) == before
    row = await database.fetch_one(select(programs))
    assert row
    assert row["applied_at"] == NOON + 9


async def test_attack_9_a_cap_below_what_is_given_out_is_refused_and_changes_nothing(
    database: Database, database_url: str
) -> None:
    await fill(database, 10, cap=10)
    await claim(database, 1, 2, 3)
    await run_statement(database_url, "UPDATE program_counters SET offered = 2")
    with pytest.raises(RefusalError, match=r"cap: 4 is less than the 5 codes .*Set it to 5"):
        await apply_program(database, make_program(cap=4, title="Another title"), NOON)
    assert (await fetch_program(database, PROGRAM)).title == make_program().title
    await apply_program(database, make_program(cap=5), NOON)
    assert await counters(database) == (100, 5, 3, 2, 1)


async def test_attack_9_caps_and_claims_at_once_never_pass_each_other(
    database: Database, other: Database
) -> None:
    await fill(database, 40, cap=40)

    async def lower() -> None:
        for cap in range(39, 0, -1):
            try:
                await apply_program(other, make_program(cap=cap), NOON)
            except RefusalError:
                return

    await asyncio.gather(lower(), *(claim(database, person) for person in range(30)))
    _, cap, allocated, *_ = await counters(database)
    assert allocated <= cap < 40


async def test_two_processes_that_apply_a_new_program_make_one_pepper(
    database: Database, other: Database
) -> None:
    done = await asyncio.gather(
        *(apply_program(db, make_program(), NOON) for db in (database, other)),
        return_exceptions=True,
    )
    assert all(
        not isinstance(found, Exception) or isinstance(found, RefusalError) for found in done
    )
    assert len(await peppers(database)) == 1


async def test_a_definition_of_another_version_is_named_and_can_be_applied_anew(
    database: Database, database_url: str
) -> None:
    await apply_program(database, make_program(), NOON)
    await run_statement(database_url, """UPDATE programs SET definition = '{"id": "calm"}'""")
    with pytest.raises(ContentError, match="calm: the program in the database"):
        await fetch_program(database, PROGRAM)
    await apply_program(database, make_program(), NOON)
    assert await fetch_program(database, PROGRAM) == make_program()


async def test_a_program_ends_thirty_days_after_the_last_access_and_not_before(
    database: Database,
) -> None:
    await fill(database, 3)
    await claim(database, 1, now=NOON - DAY)
    await claim(database, 2)
    assert await end_programs(database, LAST - 1) == []
    assert await end_programs(database, LAST) == [PROGRAM]
    assert await end_programs(database, LAST) == []
    row = await database.fetch_one(select(programs))
    assert row
    assert row["ended_at"] == LAST


async def test_an_access_that_was_redeemed_late_keeps_the_program(
    database: Database, database_url: str
) -> None:
    await fill(database, 3)
    (taken,) = await claim(database, 1)
    await run_statement(
        database_url, f"UPDATE claims SET ends_at = {LAST} WHERE id = {taken.claim_id}"
    )
    assert await end_programs(database, LAST + KEPT_DAYS * DAY - 1) == []
    assert await end_programs(database, LAST + KEPT_DAYS * DAY) == [PROGRAM]


async def test_attack_25_six_months_from_the_31st_end_on_the_last_of_february(
    database: Database,
) -> None:
    given_at, ends_at = (
        int(datetime(*day, 9, 30, tzinfo=UTC).timestamp()) for day in ((2027, 8, 31), (2028, 2, 29))
    )
    await fill(database, 1, closes_at=datetime(2027, 9, 1, tzinfo=UTC))
    await claim(database, 1, now=given_at)
    assert await end_programs(database, ends_at + KEPT_DAYS * DAY - 1) == []
    assert await end_programs(database, ends_at + KEPT_DAYS * DAY) == [PROGRAM]


async def test_a_program_that_gave_nothing_ends_after_it_closed(database: Database) -> None:
    closes_at = int(datetime(2027, 4, 1, tzinfo=UTC).timestamp())
    await apply_program(database, make_program(), NOON)
    assert await end_programs(database, closes_at + KEPT_DAYS * DAY - 1) == []
    assert await end_programs(database, closes_at + KEPT_DAYS * DAY) == [PROGRAM]


async def test_a_program_without_a_closing_time_never_ends(database: Database) -> None:
    await fill(database, 1, closes_at=None)
    await claim(database, 1)
    assert await end_programs(database, LAST + 10_000 * DAY) == []


async def test_once_a_program_has_ended_its_rows_can_not_be_linked_to_anyone(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await fill(database, 2, cap=3)
    person = 2**61 + 12_345
    await claim(database, person, 2)
    await claim(database, 3)
    await run_statement(database_url, "UPDATE claims SET country = 'FR'")
    (pepper,) = (await peppers(database)).values()
    subject = RING.subject(pepper, person)
    assert await database.fetch_one(store.SELECT_LATEST, program_id=PROGRAM, subject=subject)

    await end_programs(database, LAST)

    assert await peppers(database) == {}
    rows = await fetch_table(database, claims)
    assert [row["state"] for row in rows] == ["allocated", "allocated", "expired"]
    assert {row["user_id"] for row in rows} == {row["handle"] for row in rows} == {None}
    assert {row["wants_dm"] for row in rows} == {0}
    # Whoever has every key and every row can't make the hash of a known person again.
    known = [RING.subject(text, person) for text in ("", PROGRAM, *map(str, rows[0].values()))]
    assert not {row["subject"] for row in rows} & set(known)
    await database.close()
    if database_url.startswith("sqlite"):
        left = bytes_of(tmp_path)
        assert pepper.encode() not in left
        assert b"creator2" not in left


async def test_what_still_waits_when_a_program_ends_is_expired_with_its_offers(
    database: Database, database_url: str
) -> None:
    await fill(database, 1, cap=1)
    _, waiting = [(await claim(database, person))[0] for person in (1, 2)]
    await run_statement(
        database_url, f"UPDATE claims SET state = 'offered' WHERE id = {waiting.claim_id}"
    )
    await run_statement(database_url, "UPDATE program_counters SET cap = 2, offered = 1")
    await run_statement(database_url, "UPDATE community_shares SET offered = 1")
    await run_statement(
        database_url,
        "INSERT INTO claim_decisions VALUES "
        f"({waiting.claim_id}, 1, 'approved', 'a member''s story', 7, {NOON})",
    )
    await end_programs(database, LAST)
    rows = await database.fetch_all(select(claims.c.state).order_by(claims.c.id))
    assert [row["state"] for row in rows] == ["allocated", "expired"]
    assert await counters(database) == (100, 2, 1, 0, 2)
    decision = await database.fetch_one(select(claim_decisions))
    assert decision
    assert decision["reason"] is None


async def test_an_ended_program_takes_neither_files_nor_codes(database: Database) -> None:
    await fill(database, 1)
    await end_programs(database, LAST)
    with pytest.raises(RefusalError, match=r"calm has ended.*new id"):
        await apply_program(database, make_program(cap=50), LAST)
    with pytest.raises(RefusalError, match="calm has ended"):
        await import_codes(database, RING, PROGRAM, file_of(make_codes(1, first=50)), LAST)
    assert await peppers(database) == {}


async def test_a_lost_pepper_is_made_anew_only_where_nobody_has_claimed(
    database: Database, database_url: str
) -> None:
    await fill(database, 2)
    await run_statement(database_url, "DELETE FROM program_peppers")
    assert await find_unknown(database) == []
    await apply_program(database, make_program(), NOON)
    assert len(await peppers(database)) == 1

    await claim(database, 1)
    await run_statement(database_url, "DELETE FROM program_peppers")
    assert await find_unknown(database) == [PROGRAM]
    with pytest.raises(RefusalError, match="has lost the key that recognises its people"):
        await apply_program(database, make_program(), NOON)
    assert await peppers(database) == {}
