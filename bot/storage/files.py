"""Names of database files, and of the files that SQLite keeps beside them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

LOGS = ("-wal", "-journal")
"""Beside a database: what SQLite would write into it when it is opened."""

BESIDE = (*LOGS, "-shm")
"""All that may stand beside a database."""


def beside(path: Path, suffix: str) -> Path:
    """The file beside a database with one of these suffixes; it needn't be there."""
    return path.with_name(path.name + suffix)


def remove(path: Path) -> None:
    """Remove a database and what stands beside it."""
    for suffix in ("", *BESIDE):
        beside(path, suffix).unlink(missing_ok=True)


def link(path: Path, wanted: Path) -> Path:
    """Give a file one more name: the wanted one, or one with a number where that is taken.

    What has the name already is never overwritten. Where the file system has no links, the name
    is that of a copy. Raises ``OSError``; then there is no new name.
    """
    for name in _numbered(wanted):
        with suppress(FileExistsError):
            try:
                os.link(path, name)
            except FileExistsError:
                raise
            except OSError:
                _copy(path, name)
            return name
    raise AssertionError  # pragma: no cover - there is always one more number


def flush_folder(folder: Path) -> None:
    """Return once the names in a folder are on the disk, as far as the file system can tell."""
    if os.name == "posix":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    for number in count(2):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def _copy(path: Path, name: Path) -> None:
    with path.open("rb") as old, name.open("xb") as new:
        try:
            shutil.copyfileobj(old, new)
            shutil.copymode(path, name)
            new.flush()
            os.fsync(new.fileno())
        except BaseException:
            name.unlink(missing_ok=True)
            raise
