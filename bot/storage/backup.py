"""Backups of a SQLite database, made while the bot runs, and their check.

What links claims to people, the peppers of programs, is left out of every backup. A restore takes
them over from the database that it replaces.
"""

import secrets
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.clock import DAY, to_datetime
from bot.errors import StorageError, StorageUnavailableError
from bot.storage.files import BESIDE, beside, link, remove
from bot.storage.migrate import head_revision, is_known
from bot.storage.urls import sqlite_path, sqlite_uri, without_password

KEPT = 14
"""How many backups made by the bot itself are kept."""

LEFT_OUT = "program_peppers"
"""Left out of every copy."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A checked backup: its schema's revision and the rows of each table."""

    path: Path
    revision: str
    rows: dict[str, int]


def back_up(url: str, folder: Path, now: int, reason: str = "", kept: int | None = KEPT) -> Path:
    """Copy the database into a folder and keep the latest ``kept`` copies there; the copy's path.

    Raises ``StorageError`` for PostgreSQL, with the ``pg_dump`` line to run instead.
    """
    path = sqlite_path(url)
    if path is None:
        raise StorageError(pg_dump_hint(url))
    stamp = f"{to_datetime(now):%Y%m%dT%H%M%SZ}{'-' + reason if reason else ''}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, now)
        partial = folder / f"breather-{stamp}-{secrets.token_hex(8)}.partial"
        try:
            _copy(path, partial)
            _leave_secrets_out(partial)
            target = link(partial, folder / f"breather-{stamp}.db")
        finally:
            remove(partial)
        copies = sorted(folder.glob("breather-*.db"), reverse=True)
        for old in copies[kept:] if kept is not None else ():
            if old != target:  # a clock that was set back makes the newest copy look old
                old.unlink(missing_ok=True)
    except (sqlite3.Error, OSError) as error:
        message = (
            f"DATABASE_URL: {path} cannot be copied to {folder} ({error}). "
            "Check that the database is there, and the folder and the space left in it."
        )
        raise StorageUnavailableError(message) from error
    return target


def check_backup(path: Path) -> BackupReport:
    """Open a backup and hold it against this version. Raises ``StorageError`` with the reason."""
    if not path.is_file():
        message = (
            f"{path}: there is no such file. Name one of the backups, for example in var/backups."
        )
        raise StorageError(message)
    log = beside(path, "-wal")
    if log.exists() and log.stat().st_size:
        message = (
            f"{path}: a database that was in use when it was copied, or still is: the newest rows "
            f"stand in {log.name}. Choose a backup made by: python -m bot backup."
        )
        raise StorageError(message)
    try:
        uri = sqlite_uri(path, mode="ro", immutable=1)
        with closing(sqlite3.connect(uri, uri=True)) as copy:
            faults, revision, rows = _examine(copy, path.stat().st_size)
    except sqlite3.Error as error:
        message = f"{path}: not a usable backup ({error}). Choose an older one."
        raise StorageError(message) from error
    if faults:
        message = f"{path}: damaged ({faults[0]}). Choose an older backup."
        raise StorageError(message)
    if revision is None or not is_known(revision):
        message = (
            f"{path}: its schema is {revision}, this version knows {head_revision()}. "
            "Restore it with the version that wrote it, or a newer one."
        )
        raise StorageError(message)
    return BackupReport(path, revision, rows)


def pg_dump_hint(url: str) -> str:
    """The line that backs a PostgreSQL database up."""
    return (
        "DATABASE_URL names PostgreSQL, whose own tool makes the backup: "
        f"pg_dump --format=custom --file=breather.dump --exclude-table-data={LEFT_OUT} "
        f"'{without_password(url)}'"
    )


def has_secrets(file: sqlite3.Connection) -> bool:
    """Whether a database has peppers' table: those of older versions haven't."""
    question = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return file.execute(question, (LEFT_OUT,)).fetchone() is not None


def _copy(path: Path, target: Path) -> None:
    """Copy in one step: one that pauses begins again whenever somebody writes meanwhile."""
    with (
        closing(sqlite3.connect(sqlite_uri(path, mode="rw"), uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)


def _leave_secrets_out(copy: Path) -> None:
    """Delete the peppers from a copy, and the bytes that deleted rows leave behind.

    Without a journal, which would be one more copy of them: what fails here is thrown away.
    """
    with closing(sqlite3.connect(copy, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode=DELETE")
        file.execute("PRAGMA journal_mode=OFF")
        if has_secrets(file):
            file.execute(f"DELETE FROM {LEFT_OUT}")  # noqa: S608 (our own name)
            file.execute("VACUUM")


def _sweep(folder: Path, now: int) -> None:
    """Remove what a killed process left half done: the peppers may still be in it."""
    for suffix in ("", *BESIDE):
        for left in folder.glob(f"breather-*.partial{suffix}"):
            with suppress(FileNotFoundError):  # another process sweeps, too
                if left.stat().st_mtime < now - DAY:
                    left.unlink()


def _examine(copy: sqlite3.Connection, size: int) -> tuple[list[str], str | None, dict[str, int]]:
    pages, page_size = (
        copy.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
    )
    faults = [] if size == pages * page_size else [f"{size} bytes instead of {pages * page_size}"]
    faults += [str(row[0]) for row in copy.execute("PRAGMA integrity_check") if row[0] != "ok"]
    faults += [f"dangling row in {row[0]}" for row in copy.execute("PRAGMA foreign_key_check")]
    revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    tables = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' "
        "AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' ORDER BY name"
    ).fetchall()
    rows = {
        table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 (its own names)
        for (table,) in tables
    }
    return faults, None if revision is None else str(revision[0]), rows
