"""Statements compiled once per engine, and the order of their arguments."""

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, bindparam, select, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.engine import Dialect

from bot.storage import statements
from bot.storage.statements import StatementCache

NUMBERS = [f"n{number}" for number in range(8)]
table = Table(
    "things", MetaData(), *(Column(name, BigInteger) for name in NUMBERS), Column("word", Text)
)


def make_asyncpg() -> Dialect:
    dialect: Dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]
    return dialect


@pytest.fixture(params=[sqlite.dialect, make_asyncpg], ids=["sqlite", "postgresql"])
def cache(request: pytest.FixtureRequest) -> StatementCache:
    """An empty cache for each engine."""
    return StatementCache(request.param())


def test_a_statement_is_compiled_once(cache: StatementCache) -> None:
    statement = select(table)
    assert cache.prepare(statement) is cache.prepare(statement)


def test_the_statements_used_last_are_remembered(
    cache: StatementCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "CACHE_SIZE", 3)
    kept, forgotten, *others = [select(table).limit(number) for number in range(4)]
    first = cache.prepare(kept)
    lost = cache.prepare(forgotten)
    for other in others:
        cache.prepare(other)
        cache.prepare(kept)
    assert cache.prepare(kept) is first
    assert cache.prepare(forgotten) is not lost
    assert len(cache._known) == 3


def test_a_statement_made_anew_is_never_taken_for_an_old_one(cache: StatementCache) -> None:
    for number in range(300):
        sql = cache.prepare(text(f"SELECT {number}")).sql
        assert sql == f"SELECT {number}"
        gc.collect(0)


def test_a_value_that_lacks_is_named(cache: StatementCache) -> None:
    prepared = cache.prepare(select(table).where(table.c.n0 == bindparam("wanted")))
    with pytest.raises(KeyError, match="wanted"):
        prepared.arguments({"other": 1})


def test_nothing_is_a_value(cache: StatementCache) -> None:
    prepared = cache.prepare(select(table).where(table.c.n0 == bindparam("wanted")))
    assert prepared.arguments({"wanted": None}) == [None]


@pytest.mark.parametrize(
    ("bind", "expected"),
    [
        (bindparam("optional", None), [None]),
        (bindparam("optional", 7), [7]),
        (bindparam("optional", required=False), [None]),
    ],
)
def test_a_parameter_with_a_value_of_its_own_may_be_left_out(
    cache: StatementCache, bind: object, expected: list[int | None]
) -> None:
    prepared = cache.prepare(select(table.c.n0).where(table.c.n0 == bind))
    assert prepared.arguments({}) == expected
    assert prepared.arguments({"optional": 3}) == [3]


def test_an_update_with_null_text_and_number_needs_only_its_key(cache: StatementCache) -> None:
    statement = update(table).where(table.c.n0 == bindparam("key")).values(n1=None, word="a", n2=5)
    prepared = cache.prepare(statement)
    arguments = dict(zip(prepared.names, prepared.arguments({"key": 9}), strict=True))
    assert arguments == {"n1": None, "word": "a", "n2": 5, "key": 9}


@pytest.mark.parametrize("numbers", [[], [1], [3, 1, 2]])
def test_a_list_is_written_out_beside_parameters_that_must_be_given(
    cache: StatementCache, numbers: list[int]
) -> None:
    statement = select(table).where(
        table.c.n0.in_(numbers), table.c.n1 == bindparam("wanted"), table.c.word.in_(["a", "b"])
    )
    arguments = cache.prepare(statement).arguments({"wanted": 9})
    assert sorted(map(str, arguments)) == sorted([*map(str, numbers), "9", "a", "b"])


def test_a_list_that_only_the_caller_knows_is_refused_when_the_statement_is_prepared(
    cache: StatementCache,
) -> None:
    with pytest.raises(TypeError, match="its length changes the SQL"):
        cache.prepare(select(table).where(table.c.n0.in_(bindparam("ids", expanding=True))))


@given(
    asked=st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=12),
    numbers=st.lists(st.integers(-(2**63), 2**63 - 1), min_size=8, max_size=8),
)
@pytest.mark.parametrize("dialect", [sqlite.dialect(), make_asyncpg()], ids=lambda one: one.name)
def test_every_argument_stands_where_its_name_does(
    dialect: Dialect, asked: list[str], numbers: list[int]
) -> None:
    values = dict(zip(NUMBERS, numbers, strict=True))
    statement = select(table).where(*(table.c[name] == bindparam(name) for name in asked))
    prepared = StatementCache(dialect).prepare(statement)
    assert prepared.arguments(values) == [values[name] for name in prepared.names]
    assert set(prepared.names) == set(asked)
    marks = prepared.sql.count("?") if dialect.name == "sqlite" else len(set(asked))
    assert len(prepared.names) == marks
