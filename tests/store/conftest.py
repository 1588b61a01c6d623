"""One fixture, two engines: every test that asks for ``database`` runs on both."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.storage import Database
from bot.storage.opening import open_migrated
from tests.conftest import NOON
from tests.store.delivering import Discord, Station
from tests.store.postgres import drop_postgres, postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The engine's name."""
    name: str = request.param
    return name


@pytest.fixture
def empty_url(engine: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any schema."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path}/breather.db"
        return
    url = postgres_url(is_empty=True)
    yield url
    drop_postgres(url)


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database with this version's schema and no rows."""
    if engine == "sqlite":
        template: Path = request.getfixturevalue("migrated_file")
        shutil.copy(template, tmp_path / "breather.db")
        yield f"sqlite:///{tmp_path}/breather.db"
        return
    url = postgres_url()
    yield url
    drop_postgres(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database of the test's own."""
    opened = await open_migrated(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def other(database: Database, database_url: str) -> AsyncIterator[Database]:
    """The same database, opened once more, as another process would."""
    opened = await open_migrated(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands at noon."""
    return MovableClock(NOON)


@pytest.fixture
def station(database: Database, clock: MovableClock) -> Station:
    """A process on the database, with a Discord of its own."""
    return Station(database, clock, Discord(clock))
