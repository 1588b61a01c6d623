"""Every statement of every store is right for both engines, and so are its parameters."""

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ClauseElement, bindparam, literal, select

from bot.errors import ConflictError
from bot.storage import Database
from bot.storage.postgres import PostgresDatabase
from bot.storage.schema import WholeNumber
from bot.storage.sqlite import SqliteDatabase
from tests.store.postgres import drop_postgres, postgres_url
from tests.store.stores import statements

STATEMENTS = dict(statements())
NUMBERS = {"int2", "int4", "int8"}
TEXT_IDS = ("tip_id", "content_id", "program_id", "in_program", "key_id")
WHOLE = st.integers(-(2**63), 2**63 - 1)
MANY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class _RolledBackError(Exception):
    """Ends a transaction without keeping anything."""


async def parameter_types(database: PostgresDatabase, statement: ClauseElement) -> dict[str, str]:
    """What PostgreSQL takes each parameter of a statement for."""
    prepared = database._statements.prepare(statement)
    connection = await asyncpg.connect(database._url)
    try:
        kinds = (await connection.prepare(prepared.sql)).get_parameters()
    finally:
        await connection.close()
    return dict(zip(prepared.names, (kind.name for kind in kinds), strict=True))


def asked_names(database: Database, statement: ClauseElement) -> set[str]:
    """The parameters that a caller must give."""
    assert isinstance(database, SqliteDatabase | PostgresDatabase)
    prepared = database._statements.prepare(statement)
    return set(prepared.names) - set(prepared.literals)


async def run(
    database: Database, statement: ClauseElement, arguments: Mapping[str, int | str | None]
) -> None:
    """Run a statement and roll it back; a constraint may refuse what it does."""
    try:
        async with database.transaction() as tx:
            if getattr(statement, "is_select", False) or getattr(statement, "_returning", ()):
                await tx.fetch_all(statement, **arguments)
            else:
                await tx.execute(statement, **arguments)
            raise _RolledBackError
    except (_RolledBackError, ConflictError):
        return


@pytest.fixture(scope="module")
def postgres_address() -> Iterator[str]:
    """A database for all the statements: each is rolled back."""
    url = postgres_url()
    yield url
    drop_postgres(url)


@pytest.fixture
async def both(
    tmp_path: Path, migrated_file: Path, postgres_address: str
) -> AsyncIterator[tuple[SqliteDatabase, PostgresDatabase]]:
    """One database of each engine."""
    sqlite_database = SqliteDatabase(Path(shutil.copy(migrated_file, tmp_path / "breather.db")))
    postgres_database = PostgresDatabase(postgres_address)
    await sqlite_database.open()
    await postgres_database.open()
    yield sqlite_database, postgres_database
    await sqlite_database.close()
    await postgres_database.close()


@pytest.mark.parametrize("name", STATEMENTS)
async def test_a_statement_runs_on_both_engines_with_numbers_words_and_nothing(
    name: str, both: tuple[SqliteDatabase, PostgresDatabase]
) -> None:
    statement = STATEMENTS[name]
    sqlite_database, postgres_database = both
    types = await parameter_types(postgres_database, statement)
    asked = asked_names(postgres_database, statement)
    assert asked == asked_names(sqlite_database, statement)
    for number, word in ((1, "x"), (2**31 - 1, "")):
        given_values: dict[str, int | str | None] = {
            # A name in the plural may be a list of JSON; any other text takes one as well.
            item: number if types[item] in NUMBERS else "[]" if item.endswith("s") else word
            for item in asked
        }
        for database in both:
            await run(database, statement, given_values)
            await run(database, statement, dict.fromkeys(asked))


async def test_ids_and_instants_are_64_bits_wide_in_every_statement(
    both: tuple[SqliteDatabase, PostgresDatabase],
) -> None:
    narrow = [
        f"{name}: {item} is {kind}"
        for name, statement in STATEMENTS.items()
        for item, kind in (await parameter_types(both[1], statement)).items()
        if item.endswith(("_id", "_at")) or item in {"now", "until", "before"}
        if kind != ("varchar" if item.endswith(TEXT_IDS) else "int8")
    ]
    assert narrow == []


@MANY
@given(numbers=st.lists(WHOLE, min_size=1, max_size=20))
async def test_any_64_bit_number_goes_in_and_comes_out(
    database: Database, numbers: list[int]
) -> None:
    one = select(bindparam("number", type_=WholeNumber).label("found"))
    for number in numbers:
        found = await database.fetch_one(one, number=number)
        assert found is not None
        assert found["found"] == number


@MANY
@given(word=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
async def test_any_text_goes_in_and_comes_out(database: Database, word: str) -> None:
    found = await database.fetch_one(select(literal(word).label("found")))
    assert found is not None
    assert found["found"] == word


@MANY
@given(numbers=st.lists(st.integers(-9, 9), unique=True), asked=st.integers(-9, 9))
async def test_a_list_in_a_statement_is_written_out(
    database: Database, numbers: list[int], asked: int
) -> None:
    statement = select(literal(1).label("found")).where(
        bindparam("asked", type_=WholeNumber).in_(numbers)
    )
    found = await database.fetch_all(statement, asked=asked)
    assert len(found) == int(asked in numbers)
