"""Brings the database to this version's schema, one process at a time, after a backup."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, exc, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import NewerDatabaseError, StorageUnavailableError
from bot.storage.urls import sqlite_path, without_password

ADVISORY_LOCK = 0x42726561746865
LOCK_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema's revision before (None for an empty database) and after."""

    before: str | None
    after: str

    @property
    def has_changed(self) -> bool:
        """Whether anything was migrated."""
        return self.before != self.after


def head_revision() -> str:
    """The newest revision that this version knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:  # pragma: no cover - the package always carries one
        message = "no migrations are installed"
        raise RuntimeError(message)
    return head


def is_known(revision: str) -> bool:
    """Whether this version knows a revision."""
    return any(
        script.revision == revision
        for script in ScriptDirectory.from_config(_config()).walk_revisions()
    )


async def migrate(
    url: str, back_up: Callable[[str], None] | None = None, target: str = "head"
) -> Migrated:
    """Migrate the database at an address.

    ``back_up`` is called with the old revision before anything changes, if there was one.
    Two processes that start together wait for each other. Raises ``NewerDatabaseError`` or
    ``StorageUnavailableError``.
    """
    async with _locked_connection(url) as connection:
        before = await connection.run_sync(_revision)
        head = head_revision()
        if before is not None and not is_known(before):
            message = (
                f"DATABASE_URL: {without_password(url)} was written by a newer Breather "
                f"(its schema is {before}, this version knows {head}). "
                "Start the newer version, or restore the backup from before the upgrade."
            )
            raise NewerDatabaseError(message)
        wanted = head if target == "head" else target
        if before == wanted:
            return Migrated(before, wanted)
        if before is not None and back_up is not None:
            await asyncio.to_thread(back_up, before)
        await connection.run_sync(_run, wanted)
        await connection.commit()
        return Migrated(before, wanted)


async def current_revision(url: str) -> str | None:
    """The revision of the database at an address; None when it is empty."""
    async with _connection(url) as connection:
        return await connection.run_sync(_revision)


def _config() -> Config:
    config = Config()
    config.set_main_option(
        "script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%")
    )
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _run(connection: Connection, target: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    current = _revision(connection)
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    going_down = current is not None and (
        target == "base" or known.index(target) > known.index(current)
    )
    (command.downgrade if going_down else command.upgrade)(config, target)


@asynccontextmanager
async def _locked_connection(url: str) -> AsyncIterator[AsyncConnection]:
    path = sqlite_path(url)
    if path is None:
        async with _connection(url) as connection:
            await connection.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
            await connection.commit()
            try:
                yield connection
            finally:
                await connection.rollback()
                await connection.execute(text(f"SELECT pg_advisory_unlock({ADVISORY_LOCK})"))
                await connection.commit()
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = await asyncio.to_thread(_take_file_lock, path)
    except (OSError, sqlite3.Error) as error:
        raise _unavailable(url, error) from error
    try:
        async with _connection(url) as connection:
            yield connection
    finally:
        lock.close()


def _take_file_lock(path: Path) -> sqlite3.Connection:
    """SQLite's own lock on a file beside the database: freed when the process dies."""
    lock = sqlite3.connect(
        path.with_name(path.name + ".lock"),
        timeout=LOCK_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    lock.execute("BEGIN EXCLUSIVE")
    return lock


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
            url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool
        )
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine.sync_engine, "connect")
    def _manual_transactions(connection: Any, _record: Any) -> None:  # noqa: ANN401
        connection.isolation_level = None

    @event.listens_for(engine.sync_engine, "begin")
    def _begin_at_once(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


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
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    return StorageUnavailableError(
        f"DATABASE_URL: {without_password(url)} cannot be used ({reason}). "
        "Check that the address is right, and that the server runs or the folder is writable."
    )
