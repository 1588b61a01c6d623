"""What stands in the address of a community's calendar: nobody can guess it or read it.

A token is the community's id, encrypted with the key in ``STATE_DIR/feed-key`` (AES-SIV: the same
id gives the same token, and one that was changed is refused). So no token is stored anywhere, and a
wrong one costs no query. Whoever deletes the key gives every community another address.
"""

import base64
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from bot.errors import StorageUnavailableError

FILE_NAME = "feed-key"
"""Its name in ``STATE_DIR``."""

KEY_BYTES = 64
PURPOSE = [b"breather", b"calendar", b"1"]

_KEY = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}\n?")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
"""24 bytes: 16 that prove the rest, and an id of 8."""


class Tokens:
    """The key in a file, which is made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cipher: AESSIV | None = None

    def make(self, guild_id: int) -> str:
        """A community's token, the same at each start. Raises :class:`StorageUnavailableError`."""
        sealed = self.open().encrypt(guild_id.to_bytes(8, "big"), PURPOSE)
        return base64.urlsafe_b64encode(sealed).decode()

    def read(self, token: str) -> int | None:
        """The community's id; None for what is no token of this key. Raises as above."""
        if _TOKEN.fullmatch(token) is None:
            return None
        try:
            opened = self.open().decrypt(base64.urlsafe_b64decode(token), PURPOSE)
        except InvalidTag:
            return None
        return int.from_bytes(opened, "big")

    def open(self) -> AESSIV:
        """Read the key, or make it. Raises :class:`StorageUnavailableError`."""
        if self._cipher is None:
            try:
                text = self._read()
            except (OSError, UnicodeDecodeError) as error:
                message = f"STATE_DIR: {self._path} cannot be used ({error}). Check the folder."
                raise StorageUnavailableError(message) from error
            if _KEY.fullmatch(text) is None:
                message = (
                    f"STATE_DIR: {self._path} is not a key. Put the right one back, or delete it: "
                    "then every community's calendar gets another address."
                )
                raise StorageUnavailableError(message)
            self._cipher = AESSIV(bytes.fromhex(text))
        return self._cipher

    def _read(self) -> str:
        try:
            return self._path.read_text("ascii")
        except FileNotFoundError:
            self._create()
            return self._path.read_text("ascii")

    def _create(self) -> None:
        """Write a key, whole or not at all. If another process was faster, its key stands."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"{FILE_NAME}.{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(KEY_BYTES) + "\n")
                file.flush()
                os.fsync(descriptor)
            with suppress(FileExistsError):
                self._path.hardlink_to(fresh)
        finally:
            fresh.unlink()
