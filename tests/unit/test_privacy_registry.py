"""Whatever keeps a person's id can show, export and erase it, or the build fails."""

import importlib
import pkgutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Column, Table, func, insert, select, update

import bot
from bot.app import App
from bot.clock import MovableClock
from bot.privacy.service import Privacy
from bot.settings import Settings
from bot.storage import Database, metadata
from cogs.my_data import TABLE_NAMES
from tests.conftest import NOON

CANARY = 987_654_321_987_654_321
SOMEONE_ELSE = 123_456_789_123_456_789
A_SECOND_ONE = 222_222_222_222_222_222
Filled = dict[str, dict[str, Any]]
"""Rows by their table."""

NAMES_OF_PEOPLE = ("user_id", "member_id", "actor_id", "person_id")
FILLERS = {
    ("deliveries", "state"): "planned",
    ("events", "state"): "draft",
    ("event_rsvps", "way"): "none",
    ("schedules", "state"): "active",
    ("codes", "state"): "free",
    ("claims", "state"): "pending",
    ("claims", "appeals"): 0,
}
"""Values for columns of which a check allows only some."""

LATER = {"allocations": ("replaced_by", "confirmed_by")}
"""Columns about people that stay empty when a row begins."""

COUNTERS = {"given": 1, "cap": 1, "allocated": 0, "offered": 0, "next_position": 1}

for _module in pkgutil.walk_packages(bot.__path__, "bot."):
    if _module.name.endswith(".store"):
        importlib.import_module(_module.name)


def is_about_a_person(column: Column[Any]) -> bool:
    """Whether a column holds a person's id, by its mark or its name."""
    return bool(column.info.get("person")) or column.name.endswith(NAMES_OF_PEOPLE)


def tables_about_people() -> list[Table]:
    """Every table with such a column."""
    return [table for table in metadata.sorted_tables if any(map(is_about_a_person, table.columns))]


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    """The bot, opened, not connected."""
    app = App(settings, MovableClock(NOON))
    await app.open()
    assert app.services is not None
    yield app
    await app.close()


@pytest.fixture
def privacy(app: App) -> Privacy:
    """The registry as the bot composes it."""
    assert app.services is not None
    return app.services.privacy


@pytest.fixture
def database(app: App) -> Database:
    """Its database."""
    assert app.services is not None
    return app.services.database


async def fill(tx: Any, table: Table, person: int, filled: Filled) -> dict[str, Any]:
    """One row about a person, and the rows that it points at, unless they are filled already."""
    if table.name in filled:
        return filled[table.name]
    number = person % 1_000_003
    values: dict[str, Any] = {}
    for column in table.columns:
        if is_about_a_person(column):
            values[column.name] = person
        elif column.foreign_keys:  # where it points at several tables, their values are the same
            key = next(iter(column.foreign_keys)).column
            values[column.name] = (await fill(tx, key.table, person, filled))[key.name]
        elif column.primary_key and column.name == "id":
            values[column.name] = number if column.type.python_type is int else f"[{number}]"
        elif not column.nullable:
            known = FILLERS.get((table.name, column.name))
            is_number = column.type.python_type is int
            values[column.name] = known if known is not None else 1 if is_number else f"[{number}]"
    filled[table.name] = values
    later = {name: values.pop(name) for name in LATER.get(table.name, ())}
    await tx.execute(insert(table).values(**values))
    if later:  # its trigger wants two different people, one after the other
        later |= {"replaced_at": 1, "confirmed_by": A_SECOND_ONE}
        await tx.execute(update(table).values(**later).where(table.c.id == number))
    if table.name == "programs":
        row = {"program_id": values["id"], **COUNTERS}
        await tx.execute(insert(metadata.tables["program_counters"]).values(**row))
    return values


async def count_rows(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    counts = {}
    for table in metadata.sorted_tables:
        row = await database.fetch_one(select(func.count().label("n")).select_from(table))
        counts[table.name] = row["n"] if row else 0
    return counts


async def holds(database: Database, table: Table, person: int) -> bool:
    """Whether any value of a table has a person's id in it."""
    rows = await database.fetch_all(select(table))
    return any(str(person) in str(row[column.name]) for row in rows for column in table.columns)


def test_there_are_tables_about_people() -> None:
    assert {"saved_tips", "tip_votes", "audit_entries"} <= {
        table.name for table in tables_about_people()
    }


def test_every_table_about_people_is_enrolled(privacy: Privacy) -> None:
    enrolled = {name for item in privacy.enrolled for name in item.tables}

    missing = {table.name for table in tables_about_people()} - enrolled

    assert missing == set(), "enrol these in bot.app: what they keep must be exported and erased"


def test_nothing_is_enrolled_twice_or_does_not_exist(privacy: Privacy) -> None:
    enrolled = [name for item in privacy.enrolled for name in item.tables]

    assert len(enrolled) == len(set(enrolled))
    assert set(enrolled) <= set(metadata.tables)
    assert len({item.name for item in privacy.enrolled}) == len(privacy.enrolled)


def test_every_column_named_like_a_person_is_marked_as_one() -> None:
    unmarked = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if is_about_a_person(column) and not column.info.get("person")
    ]

    assert unmarked == [], "declare them with bot.storage.person_id"


def test_my_data_has_words_for_every_enrolled_table(privacy: Privacy) -> None:
    enrolled = {name for item in privacy.enrolled for name in item.tables}

    assert enrolled <= set(TABLE_NAMES), "add them to TABLE_NAMES in cogs/my_data.py"


@pytest.mark.parametrize("table", tables_about_people(), ids=lambda table: table.name)
async def test_a_row_about_a_person_is_exported_and_erased(
    privacy: Privacy, database: Database, table: Table
) -> None:
    async with database.transaction() as tx:
        await fill(tx, table, CANARY, {})
    assert await holds(database, table, CANARY)

    exported = await privacy.export(CANARY)
    assert {name: len(rows) for found in exported.values() for name, rows in found.items()}[
        table.name
    ] == 1
    receipt = await privacy.erase(CANARY)

    assert receipt.erased[table.name] == 1
    assert not await holds(database, table, CANARY)
    assert not any((await privacy.count(CANARY)).values())


async def test_erasing_leaves_nothing_of_the_person_in_any_table(
    privacy: Privacy, database: Database
) -> None:
    filled: Filled = {}
    async with database.transaction() as tx:
        for table in tables_about_people():
            await fill(tx, table, CANARY, filled)

    await privacy.erase(CANARY)

    for table in metadata.sorted_tables:
        assert not await holds(database, table, CANARY), table.name


async def test_erasing_one_person_leaves_others_as_they_are(
    privacy: Privacy, database: Database
) -> None:
    theirs: Filled = {}
    filled: Filled = {}
    async with database.transaction() as tx:
        for table in tables_about_people():
            await fill(tx, table, SOMEONE_ELSE, theirs)
            await fill(tx, table, CANARY, filled)
    before = await privacy.export(SOMEONE_ELSE)

    await privacy.erase(CANARY)

    assert await privacy.export(SOMEONE_ELSE) == before
    assert all((await privacy.count(SOMEONE_ELSE)).values())


async def test_looking_creates_no_row(privacy: Privacy, database: Database) -> None:
    before = await count_rows(database)

    await privacy.export(CANARY)
    await privacy.count(CANARY)

    assert await count_rows(database) == before


async def test_erasing_nothing_creates_no_row_and_says_nothing_stays(
    privacy: Privacy, database: Database
) -> None:
    before = await count_rows(database)

    receipt = await privacy.erase(CANARY)

    assert receipt.stays == ()
    assert not any(receipt.erased.values())
    assert await count_rows(database) == before


async def test_what_stays_is_said_with_its_reason(privacy: Privacy, database: Database) -> None:
    async with database.transaction() as tx:
        await fill(tx, metadata.tables["audit_entries"], CANARY, {})

    (word,) = (await privacy.erase(CANARY)).stays

    assert "90 days" in word
