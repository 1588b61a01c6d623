"""Backups of a SQLite database, made while the bot runs, and their check."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.clock import to_datetime
from bot.errors import StorageError, StorageUnavailableError
from bot.storage.migrate import head_revision, is_known
from bot.storage.urls import sqlite_path, without_password

KEPT = 14
"""How many backups made by the bot itself are kept."""

PAGES_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A checked backup: its schema's revision and the rows of each table."""

    path: Path
    revision: str
    rows: dict[str, int]


def back_up(url: str, folder: Path, now: int, reason: str = "") -> Path:
    """Copy the database into a folder; the copy's path.

    Raises ``StorageError`` for PostgreSQL, with the ``pg_dump`` line to run instead.
    """
    path = sqlite_path(url)
    if path is None:
        raise StorageError(pg_dump_hint(url))
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"{to_datetime(now):%Y%m%dT%H%M%SZ}"
    target = folder / f"breather-{stamp}{'-' + reason if reason else ''}.db"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"breather-{stamp}{'-' + reason if reason else ''}-{number}.db"
    partial = target.with_suffix(".partial")
    try:
        with (
            closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(partial)) as copy,
        ):
            source.backup(copy, pages=PAGES_AT_ONCE)
    except sqlite3.Error as error:
        partial.unlink(missing_ok=True)
        message = f"DATABASE_URL: {path} cannot be copied ({error}). Check the file and the space left in {folder}."
        raise StorageUnavailableError(message) from error
    partial.rename(target)
    for old in sorted(folder.glob("breather-*.db"))[:-KEPT]:
        old.unlink()
    return target


def check_backup(path: Path) -> BackupReport:
    """Open a backup and hold it against this version. Raises ``StorageError`` with the reason."""
    if not path.is_file():
        message = f"{path}: there is no such file. Name one of the backups, for example under var/backups."
        raise StorageError(message)
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as copy:
            faults = [row[0] for row in copy.execute("PRAGMA integrity_check") if row[0] != "ok"]
            faults += [f"dangling row in {row[0]}" for row in copy.execute("PRAGMA foreign_key_check")]
            revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
            tables = [
                row[0]
                for row in copy.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' "
                    "AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' ORDER BY name"
                )
            ]
            rows = {
                table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 (names from the file's own schema)
                for table in tables
            }
    except sqlite3.Error as error:
        message = f"{path}: not a usable backup ({error}). Choose an older one."
        raise StorageError(message) from error
    if faults:
        message = f"{path}: damaged ({faults[0]}). Choose an older backup."
        raise StorageError(message)
    if revision is None or not is_known(revision[0]):
        message = (
            f"{path}: its schema is {revision and revision[0]}, this version knows {head_revision()}. "
            "Restore it with the version that wrote it, or a newer one."
        )
        raise StorageError(message)
    return BackupReport(path, revision[0], rows)


def restore(path: Path, url: str, now: int) -> Path | None:
    """Put a checked backup in the database's place; where the old file went, if there was one.

    The bot must be stopped: the write-ahead log of a running one would be mixed in.
    """
    check_backup(path)
    target = sqlite_path(url)
    if target is None:
        message = "DATABASE_URL: PostgreSQL is restored with its own tools: pg_restore --clean --dbname=NAME FILE."
        raise StorageError(message)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside: Path | None = None
    if target.exists():
        try:
            with closing(sqlite3.connect(target, isolation_level=None, timeout=0)) as current:
                current.execute("PRAGMA locking_mode=EXCLUSIVE")
                current.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                message = f"DATABASE_URL: {target} is in use. Stop Breather, then restore again."
                raise StorageError(message) from error
        aside = target.with_name(f"{target.name}.before-restore-{to_datetime(now):%Y%m%dT%H%M%SZ}")
        target.rename(aside)
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return aside


def pg_dump_hint(url: str) -> str:
    """The line that backs a PostgreSQL database up."""
    return (
        "DATABASE_URL names PostgreSQL, whose own tool makes the backup: "
        f"pg_dump --format=custom --file=breather.dump '{without_password(url)}'"
    )
