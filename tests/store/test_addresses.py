"""Addresses of databases: which file they name, and how they are shown without a password."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.urls import sqlite_path, sqlite_uri, without_password

PASSWORD = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=30)
NAME = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/breather.db", Path("var/breather.db")),
        ("sqlite:////srv/a b.db", Path("/srv/a b.db")),
        ("postgresql://breather@db/breather", None),
    ],
)
def test_an_address_names_a_file_or_another_engine(url: str, path: Path | None) -> None:
    assert sqlite_path(url) == path


@pytest.mark.parametrize("name", ["a b", "a?mode=memory", "a#b", "a%25b", "ä", "a&b=c"])
def test_a_file_is_opened_under_its_own_name_only(tmp_path: Path, name: str) -> None:
    with closing(sqlite3.connect(tmp_path / name)) as file:
        file.execute("CREATE TABLE here (a)")
    with closing(sqlite3.connect(sqlite_uri(tmp_path / name, mode="ro"), uri=True)) as file:
        assert file.execute("SELECT name FROM sqlite_master").fetchall() == [("here",)]
    assert [found.name for found in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///var/a@b:c.db", "sqlite:///var/a@b:c.db"),
        ("postgresql://db/breather", "postgresql://db/breather"),
        ("postgresql://db:5432/breather", "postgresql://db:5432/breather"),
        ("postgresql://me@db/breather", "postgresql://me@db/breather"),
        ("postgresql://me:word@db/breather", "postgresql://me:***@db/breather"),
        ("postgresql://me:word", "postgresql://me:***"),
        (
            "postgresql:///b?user=me&password=word&host=/run",
            "postgresql:///b?user=me&password=***&host=/run",
        ),
        ("postgresql://me:w@rd@db/b?password=word", "postgresql://me:***@db/b?password=***"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


@given(user=NAME, password=PASSWORD, host=NAME, name=NAME)
def test_no_password_is_ever_shown_whatever_its_letters(
    user: str, password: str, host: str, name: str
) -> None:
    shown = without_password(f"postgresql://{user}:{password}@{host}:5432/{name}")
    assert shown == f"postgresql://{user}:***@{host}:5432/{name}"


@given(user=NAME, password=PASSWORD.filter(lambda word: "&" not in word and "@" not in word))
def test_no_password_in_the_options_is_ever_shown(user: str, password: str) -> None:
    shown = without_password(f"postgresql://db/breather?user={user}&password={password}&port=1")
    assert shown == f"postgresql://db/breather?user={user}&password=***&port=1"
