"""Keys as an operator writes them in settings: base64url text, one of them or a ring."""

import base64
import re
from collections.abc import Collection

KEY_BYTES = 32
MAKE_ONE = 'make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"'
KEY_FORM = f"must be {KEY_BYTES} bytes in base64url; {MAKE_ONE}"
RING_FORM = (
    "write k1:KEY, or k2:KEY,k1:KEY with the newest first, where each KEY is "
    f"{KEY_BYTES} bytes in base64url and each name is used once; {MAKE_ONE}"
)
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")  # 43 letters of six bits are 32 bytes
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")


def read_key(text: str) -> bytes:
    """A key. Raises ``ValueError`` that says how to make one, and never shows the text."""
    text = text.strip().removesuffix("=")
    if _KEY.fullmatch(text) is None:
        raise ValueError(KEY_FORM)
    return base64.urlsafe_b64decode(text + "=")


def read_ring(text: str) -> dict[str, bytes]:
    """Keys by name, in the order in which they stand. Raises ``ValueError`` as above."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        name, _, key = part.strip().partition(":")
        if name in keys or _NAME.fullmatch(name) is None:
            raise ValueError(RING_FORM)
        try:
            keys[name] = read_key(key)
        except ValueError:
            raise ValueError(RING_FORM) from None
    return keys


def ensure_apart(hash_key: bytes, code_keys: Collection[bytes]) -> None:
    """Raises ``ValueError`` when the key of the hashes is one of the others."""
    if hash_key in code_keys:
        message = f"must be a key of its own, not one of CLAIM_CODE_KEYS; {MAKE_ONE}"
        raise ValueError(message)
