"""Brings the database to this version's schema, one process at a time, after a backup."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, event, exc, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import NewerDatabaseError, StorageUnavailableError
from bot.storage.urls import sqlite_path, sqlite_uri, without_password

MIGRATIONS = Path(__file__).with_name("migrations")
ADVISORY_LOCK = 0x42726561746865
LOCK_SECONDS = 120
CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema's revision before and after; None stands for an empty database."""

    before: str | None
    after: str | None

    @property
    def has_changed(self) -> bool:
        """Whether anything was migrated."""
        return self.before != self.after


def head_revision() -> str:
    """The newest revision that this version knows."""
    head = _scripts(MIGRATIONS).get_current_head()
    if head is None:  # pragma: no cover - the package always carries one
        message = "no migrations are installed"
        raise RuntimeError(message)
    return head


def is_known(revision: str) -> bool:
    """Whether this version knows a revision."""
    return revision in _revisions()


async def migrate(
    url: str, back_up: Callable[[str], None] | None = None, target: str = "head"
) -> Migrated:
    """Migrate the database at an address up or down; ``base`` is the empty one.

    ``back_up`` is called with the old revision before anything changes, if there was one.
    Two processes that start together wait for each other. A migration that fails changes
    nothing. Raises ``NewerDatabaseError`` or ``StorageUnavailableError``.
    """
    async with _locked_connection(url) as connection:
        before = await connection.run_sync(_revision)
        if before is not None and not is_known(before):
            message = (
                f"DATABASE_URL: {without_password(url)} was written by a newer Breather "
                f"(its schema is {before}, this version knows {head_revision()}). "
                "Start the newer version, or restore the backup from before the upgrade."
            )
            raise NewerDatabaseError(message)
        wanted = {"head": head_revision(), "base": None}.get(target, target)
        if before == wanted:
            return Migrated(before, wanted)
        if before is not None and back_up is not None:
            await asyncio.to_thread(back_up, before)
        await connection.run_sync(_run, before, wanted)
        await connection.commit()
        return Migrated(before, wanted)


async def current_revision(url: str) -> str | None:
    """The revision of the database at an address; None when it is empty. Changes nothing."""
    path = sqlite_path(url)
    if path is not None:
        with _translated(url):
            return await asyncio.to_thread(_read_revision, path)
    async with _connection(url) as connection:
        return await connection.run_sync(_revision)


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """SQLite's own lock on a file beside the database: freed when the process dies.

    Raises ``OSError`` or ``sqlite3.Error``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path.with_name(path.name + ".lock")
    with closing(
        sqlite3.connect(name, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    ) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _revisions() -> list[str]:
    """Every revision that this version knows, newest first."""
    return [script.revision for script in _scripts(MIGRATIONS).walk_revisions()]


@cache
def _scripts(_folder: Path) -> ScriptDirectory:
    """The migrations, read once in a process: reading them compiles and runs every file."""
    return ScriptDirectory.from_config(_config())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _read_revision(path: Path) -> str | None:
    # Reading a WAL file makes two files beside it, perhaps as another user than the bot's: a file
    # that nobody has open is therefore read as one that does not change.
    is_open = path.with_name(path.name + "-wal").exists()
    uri = sqlite_uri(path, mode="ro", immutable=0 if is_open else 1)
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        if "alembic_version" not in names:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if row is None else str(row[0])


def _run(connection: Connection, before: str | None, wanted: str | None) -> None:
    config = _config()
    config.attributes["connection"] = connection
    known = _revisions()
    is_newer = wanted is not None and (before is None or known.index(wanted) < known.index(before))
    (command.upgrade if is_newer else command.downgrade)(config, wanted or "base")


@asynccontextmanager
async def _locked_connection(url: str) -> AsyncIterator[AsyncConnection]:
    path = sqlite_path(url)
    if path is None:
        async with _connection(url) as connection:
            await connection.execute(text(f"SET lock_timeout = '{LOCK_SECONDS}s'"))
            await connection.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
            await connection.commit()
            yield connection  # closing the connection frees the lock
        return
    with ExitStack() as stack:
        with _translated(url):
            await asyncio.to_thread(stack.enter_context, file_lock(path))
        async with _connection(url) as connection:
            yield connection


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator[AsyncConnection]:
    engine = _engine(url)
    try:
        with _translated(url):
            async with engine.connect() as connection:
                yield connection
    finally:
        await engine.dispose()


def _engine(url: str) -> AsyncEngine:
    path = sqlite_path(url)
    if path is None:
        return create_async_engine(
            "postgresql+asyncpg://", async_creator=lambda: _connect(url), poolclass=NullPool
        )
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": LOCK_SECONDS},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _manual_transactions(connection: Any, _record: Any) -> None:  # noqa: ANN401
        connection.isolation_level = None
        try:
            # Here, where one process at a time comes by: two at once could lock each other out.
            connection.execute("PRAGMA journal_mode=WAL")
        except BaseException:
            connection.close()  # or its thread stays behind
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def _begin_at_once(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


async def _connect(url: str) -> Any:  # noqa: ANN401 (asyncpg's own)
    """The address means here what it means to the pool."""
    try:
        import asyncpg  # noqa: PLC0415 (an extra)
    except ImportError as error:
        message = (
            "DATABASE_URL names PostgreSQL, and its driver is not installed. "
            "Install it: python -m pip install 'breather[postgres]'."
        )
        raise StorageUnavailableError(message) from error
    try:
        return await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except ValueError as error:  # its words may be a part of the password
        message = f"DATABASE_URL: {without_password(url)} is not an address of PostgreSQL."
        raise StorageUnavailableError(message) from error


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except (exc.DBAPIError, OSError, sqlite3.Error) as error:
        raise _unavailable(url, error) from error
    except Exception as error:
        if type(error).__module__.startswith("asyncpg"):
            raise _unavailable(url, error) from error
        raise


def _unavailable(url: str, error: BaseException) -> StorageUnavailableError:
    reason = str(getattr(error, "orig", None) or error) or type(error).__name__
    return StorageUnavailableError(
        f"DATABASE_URL: {without_password(url)} cannot be used ({reason.splitlines()[0]}). "
        "Check that the address is right, and that the server runs or the folder is writable."
    )
