"""Keys of claims: a ring that encrypts codes, and a key that makes fingerprints.

Codes are encrypted with AES-256-GCM; the program's id and the code's fingerprint are associated
data, so a ciphertext that was moved to another row is refused. Fingerprints and subjects are
HMAC-SHA-256 with a key of their own: whoever has the database alone can neither read a code nor
tell who claimed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import BreatherError, SettingsError
from bot.secret_keys import KEY_BYTES, MAKE_ONE, ensure_apart, read_key, read_ring
from bot.settings import Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
CANARY = "breather"


class UnreadableCodeError(BreatherError):
    """A stored code does not decrypt: another key, or a row that was tampered with."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of ``CLAIM_CODE_KEYS``, newest first, and ``CLAIM_HASH_KEY``."""

    code_keys: Mapping[str, bytes] = field(repr=False)
    hash_key: bytes = field(repr=False)

    @property
    def newest(self) -> str:
        """The id of the key that new codes are encrypted with."""
        return next(iter(self.code_keys))

    def encrypt(
        self, program_id: str, fingerprint: str, code: str, key_id: str | None = None
    ) -> tuple[str, str]:
        """The key's id (the newest, unless one is named) and the ciphertext of a code, as text."""
        key_id = key_id or self.newest
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = _cipher(self.code_keys[key_id]).encrypt(
            nonce, code.encode(), _associated(program_id, fingerprint)
        )
        return key_id, base64.b64encode(nonce + sealed).decode()

    def decrypt(self, program_id: str, fingerprint: str, key_id: str, secret: str) -> str:
        """The code. Raises :class:`UnreadableCodeError`; the message names no code."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 (see _cipher)

        key = self.code_keys.get(key_id)
        if key is None:
            message = f"CLAIM_CODE_KEYS: the key {key_id!r} is missing, with which codes are kept."
            raise UnreadableCodeError(message)
        try:
            raw = base64.b64decode(secret, validate=True)
            plain = _cipher(key).decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], _associated(program_id, fingerprint)
            )
        except (InvalidTag, ValueError) as error:
            message = (
                f"A code (…{fingerprint[-4:]}) does not open with the key {key_id!r}: the key is "
                "another one, or the row was changed."
            )
            raise UnreadableCodeError(message) from error
        return plain.decode()

    def fingerprint(self, code: str) -> str:
        """What a code is known by: the same for every spelling that looks the same."""
        return self._mac("code", normalise_code(code))

    def subject(self, pepper: str, user_id: int) -> str:
        """Who claims, in one program: the same in every community, nothing without the pepper."""
        return self._mac("subject", pepper, str(user_id))

    def handle(self, pepper: str, handle: str) -> str:
        """A creator's handle, in one program."""
        return self._mac("handle", pepper, handle)

    def word(self, pepper: str, user_id: int) -> str:
        """The word that shows whose a creator's page is, once it stands in its bio."""
        return f"breather-{int(self._mac('word', pepper, str(user_id))[:12], 16) % 10**8:08d}"

    def canary(self) -> str:
        """What the hash key makes of a known word: it shows whether the key is still the same."""
        return self._mac("canary", CANARY)

    def _mac(self, *parts: str) -> str:
        message = "\x1f".join(parts).encode()
        return hmac.new(self.hash_key, message, hashlib.sha256).hexdigest()


def normalise_code(code: str) -> str:
    """A code for its fingerprint: NFKC, without format and control characters, trimmed."""
    folded = unicodedata.normalize("NFKC", code)
    return "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Cc"}).strip()


def read_keys(code_keys: str | None, hash_key: str | None) -> KeyRing | None:
    """The ring from the two settings; None when neither is set.

    Raises :class:`SettingsError` with every fault, each naming the setting and the way out.
    """
    if not code_keys and not hash_key:
        return None
    faults: list[str] = []
    keys: dict[str, bytes] = {}
    hashing = b""
    try:
        keys = read_ring(code_keys or "")
    except ValueError as error:
        faults.append(f"CLAIM_CODE_KEYS: {error}.")
    try:
        hashing = read_key(hash_key or "")
        ensure_apart(hashing, keys.values())
    except ValueError as error:
        faults.append(f"CLAIM_HASH_KEY: {error}.")
    if faults:
        raise SettingsError(faults)
    return KeyRing(keys, hashing)


def ring_of(settings: Settings) -> KeyRing | None:
    """The ring that the settings have; None when claims have no keys."""
    return read_keys(
        *(
            None if text is None else text.get_secret_value()
            for text in (settings.claim_code_keys, settings.claim_hash_key)
        )
    )


def require_ring(settings: Settings) -> KeyRing:
    """The ring. Raises :class:`SettingsError` with one sentence when there is none."""
    ring = ring_of(settings)
    if ring is None:
        message = (
            "CLAIM_CODE_KEYS and CLAIM_HASH_KEY: not set, and claims need both, as k1:KEY and KEY, "
            f"two different keys; {MAKE_ONE}."
        )
        raise SettingsError([message])
    return ring


def make_pepper() -> str:
    """A program's own secret, for subjects and handles."""
    return secrets.token_urlsafe(KEY_BYTES)


def _cipher(key: bytes) -> AESGCM:
    """The package costs 7 MB, which a bot without claims need not carry."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    return AESGCM(key)


def _associated(program_id: str, fingerprint: str) -> bytes:
    return f"{program_id}\x1f{fingerprint}".encode()
