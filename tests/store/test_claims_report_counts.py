"""What a report counts: everyone who got a code, once, and nobody by name."""

import pytest

from bot.claims.report import ELSEWHERE, make_report
from bot.claims.report_files import render_picture, render_table
from bot.clock import DAY
from bot.errors import RefusalError
from bot.storage import Database
from tests.conftest import NOON
from tests.store.pools import PROGRAM, claim, fill
from tests.store.postgres import run_statement

WEEK = 7 * DAY


async def test_claims_are_counted_by_week_and_country(database: Database) -> None:
    await fill(database, 80)
    await claim(database, *range(30), country="DE")
    await claim(database, *range(30, 50), now=NOON + WEEK, country="FR")
    await claim(database, *range(50, 65), now=NOON + WEEK, country="DE")
    await claim(database, *range(65, 67), now=NOON + WEEK, country=None)
    report = await make_report(database, PROGRAM)
    assert (report.weeks, report.countries) == (("2027-W10", "2027-W11"), ("DE", ELSEWHERE))
    assert report.shown.row_sums == (30, 37)
    assert report.shown.total == 67


async def test_a_replaced_code_is_no_second_claim(database: Database, database_url: str) -> None:
    await fill(database, 30)
    (first, *_) = await claim(database, *range(12))
    await run_statement(
        database_url,
        f"UPDATE allocations SET replaced_at = {NOON}, replaced_by = 1, confirmed_by = 2 "
        f"WHERE claim_id = {first.claim_id}",
    )
    await run_statement(database_url, "UPDATE codes SET state = 'spent' WHERE id = 20")
    await run_statement(
        database_url,
        "INSERT INTO allocations (program_id, claim_id, code_id, subject, allocated_at) "
        f"SELECT program_id, id, 20, subject, {NOON + WEEK} FROM claims "
        f"WHERE id = {first.claim_id}",
    )
    report = await make_report(database, PROGRAM)
    assert report.weeks == ("2027-W10",)
    assert report.shown.total == 12


async def test_no_report_has_an_id_a_handle_or_a_hash(database: Database) -> None:
    await fill(database, 30)
    people = [2**60 + number for number in range(20)]
    await claim(database, *people)
    report = await make_report(database, PROGRAM)
    told = render_table(report) + render_picture(report)
    assert "20" in told
    assert not any(str(person) in told for person in people)
    assert "creator" not in told


async def test_people_who_wait_are_not_counted(database: Database) -> None:
    await fill(database, 12, cap=12)
    await claim(database, *range(30))
    assert (await make_report(database, PROGRAM)).shown.total == 12


async def test_a_report_of_an_unknown_program_is_refused(database: Database) -> None:
    with pytest.raises(RefusalError, match="There is no program 'nothing'"):
        await make_report(database, "nothing")
