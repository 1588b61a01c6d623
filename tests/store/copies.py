"""A database file with muted tips in it, and what backups and restores do to it."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.storage.restoring import restore


def mute(path: Path, *tips: str) -> None:
    """Put rows into a database."""
    with closing(sqlite3.connect(path)) as file, file:
        file.executemany("INSERT INTO tip_mutes VALUES (1, ?)", [(tip,) for tip in tips])


def muted(path: Path) -> list[str]:
    """The rows that are in it."""
    with closing(sqlite3.connect(path)) as file:
        return [tip for (tip,) in file.execute("SELECT tip_id FROM tip_mutes ORDER BY tip_id")]


def files(folder: Path) -> set[str]:
    """The names in a folder."""
    return {found.name for found in folder.iterdir()}


def spoil(path: Path, page: int = 1) -> None:
    """Damage a page."""
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)


def refuse_links(*_: object) -> None:
    """As on a file system that has none."""
    raise PermissionError(errno.EPERM, "Operation not permitted")


def put_back(path: Path, url: str, now: int) -> Path | None:
    """Restore a backup that has nothing to catch up with; where the old file went."""
    aside, _ = restore(path, url, now, lambda _: None)
    return aside
