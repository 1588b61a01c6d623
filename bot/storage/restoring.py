"""Puts a backup in the database's place, as the very last step.

What the backup can't know is made up for in a copy of it, before anybody can open that. A restore
that fails, or is killed, leaves the database as it was.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import TypeVar

from bot.clock import to_datetime
from bot.errors import StorageError, StorageUnavailableError
from bot.storage.backup import LEFT_OUT, check_backup, has_secrets
from bot.storage.files import LOGS, beside, flush_folder, link, remove
from bot.storage.migrate import file_lock
from bot.storage.urls import SQLITE, sqlite_path, sqlite_uri

Result = TypeVar("Result")

UNCHANGED = "Nothing was changed: the database is as it was."


def restore(
    path: Path, url: str, now: int, catch_up: Callable[[str], Result]
) -> tuple[Path | None, Result]:
    """Put a checked backup in the database's place, once ``catch_up`` is done with its copy.

    That gets the copy's address, brings it to this version's schema and up to date, and closes it.
    Returns where the old file went, if there was one, and what ``catch_up`` returned. The bot must
    be stopped. Raises ``StorageError`` and what ``catch_up`` raises; then nothing has changed.
    """
    check_backup(path)
    target = sqlite_path(url)
    if target is None:
        message = (
            "DATABASE_URL: PostgreSQL is restored with its own tools: "
            "pg_restore --clean --dbname=NAME FILE."
        )
        raise StorageError(message)
    if target.exists() and target.samefile(path):
        message = f"{path} is the database itself. Name one of the backups."
        raise StorageError(message)
    fresh = target.with_name(f"{target.name}.restoring")
    try:
        with file_lock(target), _cleared(fresh):
            with _held(target) as current:
                _copy(path, fresh)
                if current is not None:
                    _carry_secrets(current, fresh)
                result = _catch_up(fresh, catch_up)
                _seal(fresh)
            return _swap(fresh, target, now), result
    except (sqlite3.Error, OSError) as error:
        message = (
            f"DATABASE_URL: {target} cannot be restored ({error}). Check its folder. {UNCHANGED}"
        )
        raise StorageUnavailableError(message) from error


@contextmanager
def _cleared(fresh: Path) -> Iterator[None]:
    """Nothing of an earlier restore is left in the copy's place, and nothing of this one."""
    remove(fresh)
    try:
        yield
    finally:
        with suppress(OSError):
            remove(fresh)
            beside(fresh, ".lock").unlink(missing_ok=True)


@contextmanager
def _held(target: Path) -> Iterator[sqlite3.Connection | None]:
    """Keep everybody out of the database, and its rows out of the log; None where there is none.

    Raises ``StorageError`` while somebody has it open. A damaged one is not held.
    """
    if not target.exists():
        yield None
        return
    with closing(sqlite3.connect(target, isolation_level=None, timeout=0)) as current:
        try:
            current.execute("PRAGMA locking_mode=EXCLUSIVE")
            current.execute("PRAGMA journal_mode=DELETE")
            current.execute("PRAGMA locking_mode=NORMAL")
            current.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                message = f"DATABASE_URL: {target} is in use. Stop Breather, then restore again."
                raise StorageError(message) from error
            # A damaged file is no reason to keep the backup out.
        yield current


def _copy(backup: Path, fresh: Path) -> None:
    with (
        closing(sqlite3.connect(sqlite_uri(backup, mode="ro", immutable=1), uri=True)) as copy,
        closing(sqlite3.connect(fresh)) as new,
    ):
        copy.backup(new)


def _carry_secrets(current: sqlite3.Connection, fresh: Path) -> None:
    """Take the peppers over, of programs that the backup knows."""
    try:
        columns = f"SELECT program_id, pepper FROM {LEFT_OUT}"  # noqa: S608 (our own name)
        rows = current.execute(columns).fetchall() if has_secrets(current) else []
    except sqlite3.DatabaseError:
        return  # a damaged file is no reason to keep the backup out
    with closing(sqlite3.connect(fresh)) as file, file:
        if rows and has_secrets(file):
            file.executemany(
                f"INSERT OR IGNORE INTO {LEFT_OUT} (program_id, pepper) "  # noqa: S608 (as above)
                "SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM programs WHERE id = ?1)",
                rows,
            )


def _catch_up(fresh: Path, catch_up: Callable[[str], Result]) -> Result:
    try:
        return catch_up(f"{SQLITE}{fresh}")
    except Exception as error:
        error.add_note(UNCHANGED)
        raise


def _seal(fresh: Path) -> None:
    """Bring every row into the file itself, on the disk. Raises if somebody has it open."""
    with closing(sqlite3.connect(fresh, isolation_level=None, timeout=0)) as file:
        file.execute("PRAGMA journal_mode=DELETE")


def _swap(fresh: Path, target: Path, now: int) -> Path | None:
    """Put the copy in the database's place; the old file's other name, if there was one.

    There is a database at every instant: the old file gets its other name first. A log that is
    left belongs to the old file, and is gone before the new one could be taken for its own.
    """
    wanted = target.with_name(f"{target.name}.before-restore-{to_datetime(now):%Y%m%dT%H%M%SZ}")
    aside: Path | None = None
    if target.exists():
        _forget_links(target)
        aside = link(target, wanted)
    moved: list[tuple[Path, Path]] = []
    try:
        for log, kept in ((beside(target, end), beside(aside or wanted, end)) for end in LOGS):
            if log.exists():
                log.replace(kept)
                moved.append((log, kept))
        beside(target, "-shm").unlink(missing_ok=True)
        flush_folder(target.parent)
        fresh.replace(target)
    except BaseException:
        if fresh.exists():
            _undo(aside, moved)
        raise
    flush_folder(target.parent)
    return aside


def _undo(aside: Path | None, moved: list[tuple[Path, Path]]) -> None:
    for log, kept in moved:
        kept.replace(log)
    if aside is not None:
        aside.unlink()


def _forget_links(target: Path) -> None:
    """Remove the other name that a restore gave the database before it was killed."""
    for left in target.parent.glob(f"{escape(target.name)}.before-restore-*"):
        is_alone = not any(beside(left, end).exists() for end in LOGS)
        if is_alone and left.exists() and left.samefile(target):
            left.unlink()
