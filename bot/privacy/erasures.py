"""The record of erasures: a file beside the database, so that a restored backup forgets again.

A backup still holds what was erased since it was made. The file isn't put back with it, and says
whom to erase again. It is no list of people: each line has an instant, the name of a key, and the
HMAC of a Discord id with that key, which is ``CLAIM_HASH_KEY`` where there is one. Elsewhere it is
the random salt in the file's first line: whoever has the file can then try ids, one by one.

A line is written before the erasure, so that a crash can't lose it, and once more after it, since a
backup may have been made in between. A line without an erasure does no harm: the person asked.
"""

import hashlib
import hmac
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import DAY, Clock
from bot.errors import StorageUnavailableError
from bot.storage.migrate import file_lock

FILE_NAME = "erasures"
"""Its name in ``STATE_DIR``."""

KEPT_DAYS = 365
"""A line goes with the first erasure that is noted after so many days."""

_SALT = re.compile(r"salt ([0-9a-f]{64})")
_LINE = re.compile(r"(\d{1,12}) ([0-9a-f]{8}) ([0-9a-f]{64})")
_STAMP = re.compile(r"breather-(\d{8}T\d{6})Z")


@dataclass(frozen=True, slots=True)
class _Line:
    at: int
    key_name: str
    digest: str

    def __str__(self) -> str:
        return f"{self.at} {self.key_name} {self.digest}"


@dataclass(frozen=True, slots=True)
class Erased:
    """Who erased their data, as far as the keys at hand can tell."""

    digests: frozenset[str] = frozenset()
    unknown: int = 0
    """People whose lines were written with a key that is not at hand."""
    keys: tuple[bytes, ...] = field(default=(), repr=False)

    def __contains__(self, user_id: int) -> bool:
        return any(_digest(key, user_id) in self.digests for key in self.keys)


class Erasures:
    """The file at a path. Several processes may write to it."""

    def __init__(self, path: Path, clock: Clock, hash_key: bytes | None = None) -> None:
        self.path = path
        self._clock = clock
        self._hash_key = hash_key

    def note(self, user_id: int) -> None:
        """Write down that a person erases their data now, on the disk when this returns.

        Raises :class:`StorageUnavailableError`.
        """
        try:
            with file_lock(self.path):
                self._write(user_id, self._clock.now())
        except (OSError, sqlite3.Error) as error:
            message = f"STATE_DIR: {self.path} cannot be written ({error}). Check the folder."
            raise StorageUnavailableError(message) from error

    def since(self, taken_at: int | None) -> Erased:
        """Who erased their data at an instant or later; everybody in the file for None.

        Raises :class:`StorageUnavailableError`.
        """
        try:
            salt, lines = self._read()
        except OSError as error:
            message = f"STATE_DIR: {self.path} cannot be read ({error}). Check its permissions."
            raise StorageUnavailableError(message) from error
        keys = {_name(key): key for key in (self._hash_key, salt) if key is not None}
        asked = [line for line in lines if taken_at is None or line.at >= taken_at]
        return Erased(
            frozenset(line.digest for line in asked if line.key_name in keys),
            len({line.digest for line in asked if line.key_name not in keys}),
            tuple(keys.values()),
        )

    def _write(self, user_id: int, now: int) -> None:
        salt, lines = self._read()
        kept = [line for line in lines if line.at > now - KEPT_DAYS * DAY]
        is_new = salt is None
        salt = salt or secrets.token_bytes(32)
        key = self._hash_key or salt
        line = _Line(now, _name(key), _digest(key, user_id))
        if is_new or len(kept) < len(lines):
            self._replace([f"salt {salt.hex()}", *map(str, kept), str(line)])
        else:
            # The first line break ends a line that a crash may have torn.
            _put(self.path, ["", str(line)], os.O_APPEND)

    def _replace(self, lines: Iterable[str]) -> None:
        fresh = self.path.with_name(f"{self.path.name}.new")
        _put(fresh, lines, os.O_CREAT | os.O_TRUNC)
        fresh.replace(self.path)
        if os.name == "posix":  # there the new name needs its folder flushed, too
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _read(self) -> tuple[bytes | None, list[_Line]]:
        """The salt, and the lines that are whole."""
        try:
            text = self.path.read_text("ascii", errors="replace")
        except FileNotFoundError:
            return None, []
        first, *rest = text.split("\n")
        salt = _SALT.fullmatch(first)
        return None if salt is None else bytes.fromhex(salt[1]), list(_parse(rest))


def find_taken_at(backup: Path) -> int | None:
    """When a backup was made, by the name that Breather gave it; None for another name."""
    found = _STAMP.match(backup.name)
    if found is None:
        return None
    try:
        taken = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(taken.timestamp())


def _parse(lines: Iterable[str]) -> Iterator[_Line]:
    for line in lines:
        if (found := _LINE.fullmatch(line)) is not None:
            yield _Line(int(found[1]), found[2], found[3])


def _name(key: bytes) -> str:
    """What tells keys apart without showing them."""
    return _mac(key, "name")[:8]


def _digest(key: bytes, user_id: int) -> str:
    return _mac(key, f"person\x1f{user_id}")


def _mac(key: bytes, what: str) -> str:
    return hmac.new(key, f"erasures\x1f{what}".encode(), hashlib.sha256).hexdigest()


def _put(path: Path, lines: Iterable[str], flags: int) -> None:
    left = memoryview(("\n".join(lines) + "\n").encode())
    descriptor = os.open(path, os.O_WRONLY | flags, 0o600)
    try:
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
