"""The hash chain finds what was added, removed or altered, on the day of it."""

import hashlib

import pytest
from sqlalchemy import select

from bot.claims.chain import SETTLED_AFTER, ChainDay, Finding, close_days, find_root, verify
from bot.claims.tables import allocation_days, allocations, codes
from bot.clock import DAY
from bot.errors import RefusalError
from bot.storage import Database
from tests.conftest import NOON
from tests.store.pools import PROGRAM, claim, fill, tamper

MIDNIGHT = NOON + DAY // 2
LATER = NOON + 9 * DAY
TABLE = "program_id, claim_id, code_id, subject, allocated_at"
FAKE = f"INSERT INTO allocations ({TABLE}) VALUES ('calm', 999, 999, 'x', {NOON + DAY})"


@pytest.fixture
async def chained(database: Database) -> Database:
    """Three days with two allocations each, and one more day without; all closed."""
    await fill(database, 20)
    for day in (0, 1, 3):
        await claim(database, 10 * day + 1, 10 * day + 2, now=NOON + day * DAY)
    assert await close_days(database, LATER) == 3
    return database


async def find(database: Database) -> dict[str, Finding]:
    return {day.day: day.finding for day in (await verify(database, PROGRAM)).days}


async def test_nothing_is_found_where_nothing_happened(chained: Database) -> None:
    verified = await verify(chained, PROGRAM)
    assert [(day.day, day.count, day.finding) for day in verified.days] == [
        ("2027-03-14", 2, Finding.SOUND),
        ("2027-03-15", 2, Finding.SOUND),
        ("2027-03-17", 2, Finding.SOUND),
    ]
    assert verified.is_sound
    assert verified.uncovered == 0


async def test_a_root_is_made_as_its_description_says(chained: Database) -> None:
    rows = await chained.fetch_all(
        select(allocations, codes.c.fingerprint)
        .join_from(allocations, codes, codes.c.id == allocations.c.code_id)
        .order_by(allocations.c.id)
    )
    text = "2027-03-14\ncalm\n" + "".join(
        f"{row['id']} {row['claim_id']} {row['fingerprint']} {row['allocated_at']}\n"
        for row in rows[:2]
    )
    first, second, _ = (await verify(chained, PROGRAM)).days
    assert first.root == hashlib.sha256(text.encode()).hexdigest()
    assert second.root != find_root(second.day, PROGRAM, [])


async def test_a_day_is_closed_an_hour_after_its_end_and_then_never_again(
    database: Database,
) -> None:
    await fill(database, 3)
    await claim(database, 1)
    assert await close_days(database, MIDNIGHT + SETTLED_AFTER - 1) == 0
    assert (await verify(database, PROGRAM)).uncovered == 1
    assert await close_days(database, MIDNIGHT + SETTLED_AFTER) == 1
    assert await close_days(database, MIDNIGHT + SETTLED_AFTER) == 0
    await claim(database, 2, now=LATER)
    assert (await verify(database, PROGRAM)).uncovered == 1
    assert (await verify(database, PROGRAM)).is_sound


async def test_closing_each_day_gives_the_same_roots_as_closing_all_at_once(
    database: Database,
) -> None:
    await fill(database, 20)
    for day in (0, 1, 3):
        await claim(database, 10 * day + 1, 10 * day + 2, now=NOON + day * DAY)
        await close_days(database, NOON + (day + 1) * DAY)
    by_day = await database.fetch_all(select(allocation_days).order_by(allocation_days.c.day))
    before = PROGRAM
    for found in (await verify(database, PROGRAM)).days:
        assert found.finding is Finding.SOUND
        assert found.root != before
        before = found.root
    assert [row["count"] for row in by_day] == [2, 2, 2]


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DELETE FROM allocations WHERE id = 3", Finding.REMOVED),
        (FAKE, Finding.ADDED),
        ("UPDATE allocations SET claim_id = 777 WHERE id = 3", Finding.ALTERED),
        ("UPDATE allocations SET code_id = 15 WHERE id = 3", Finding.ALTERED),
        ("UPDATE allocations SET allocated_at = allocated_at + 1 WHERE id = 3", Finding.ALTERED),
        ("UPDATE allocations SET id = 500 WHERE id = 3", Finding.ALTERED),
    ],
)
async def test_an_added_removed_or_altered_row_is_found_on_its_day(
    chained: Database, database_url: str, statement: str, finding: Finding
) -> None:
    await tamper(database_url, statement)
    assert await find(chained) == {
        "2027-03-14": Finding.SOUND,
        "2027-03-15": finding,
        "2027-03-17": Finding.SOUND,
    }


async def test_a_row_on_a_day_that_had_none_is_found(chained: Database, database_url: str) -> None:
    await tamper(database_url, FAKE.replace(str(NOON + DAY), str(NOON + 2 * DAY)))
    verified = await verify(chained, PROGRAM)
    assert ChainDay("2027-03-16", 0, "", 1, Finding.ADDED) in verified.days
    assert sum(day.finding is not Finding.SOUND for day in verified.days) == 1


async def test_a_row_that_is_moved_to_another_day_is_missed_there_and_extra_here(
    chained: Database, database_url: str
) -> None:
    await tamper(database_url, f"UPDATE allocations SET allocated_at = {NOON} WHERE id = 3")
    assert await find(chained) == {
        "2027-03-14": Finding.ADDED,
        "2027-03-15": Finding.REMOVED,
        "2027-03-17": Finding.SOUND,
    }


async def test_a_root_that_was_rewritten_to_fit_breaks_the_next_day(
    chained: Database, database_url: str
) -> None:
    await tamper(database_url, "DELETE FROM allocations WHERE id = 3")
    days = (await verify(chained, PROGRAM)).days
    row = (
        await chained.fetch_all(
            select(allocations, codes.c.fingerprint)
            .join_from(allocations, codes, codes.c.id == allocations.c.code_id)
            .where(allocations.c.id == 4)
        )
    )[0]
    line = f"{row['id']} {row['claim_id']} {row['fingerprint']} {row['allocated_at']}\n"
    root = find_root(days[1].day, days[0].root, [line])
    await tamper(
        database_url,
        f"UPDATE allocation_days SET root = '{root}', count = 1 WHERE day = '2027-03-15'",
    )
    assert await find(chained) == {
        "2027-03-14": Finding.SOUND,
        "2027-03-15": Finding.SOUND,
        "2027-03-17": Finding.ALTERED,
    }


async def test_a_day_that_was_taken_out_with_its_rows_breaks_the_next_one(
    chained: Database, database_url: str
) -> None:
    await tamper(
        database_url,
        "DELETE FROM allocations WHERE id IN (3, 4)",
        "DELETE FROM allocation_days WHERE day = '2027-03-15'",
    )
    assert (await find(chained))["2027-03-17"] is Finding.ALTERED


@pytest.mark.parametrize("page", [1, 2, 3])
async def test_pages_make_no_difference(
    chained: Database, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr("bot.claims.chain.PAGE", page)
    assert (await verify(chained, PROGRAM)).is_sound


async def test_the_chain_of_an_unknown_program_is_refused(database: Database) -> None:
    with pytest.raises(RefusalError, match="There is no program"):
        await verify(database, "nothing")


def test_two_programs_have_chains_of_their_own() -> None:
    assert find_root("2027-03-14", "calm", []) != find_root("2027-03-14", "storm", [])
