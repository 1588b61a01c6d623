"""Addresses that people hand in for a button: https, a named host, no password. Pure."""

import re
from urllib.parse import quote, urlsplit

from bot.words import clean_line

LINK_LENGTH = 512
"""Discord's own limit for the address of a button."""

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_SCHEME = "https://"
_IN_ADDRESSES = "%/:?#[]@!$&'()*+,;=~"


def is_link(text: str) -> bool:
    """Whether a text is an address that a button may open."""
    return host_of(text) is not None


def host_of(link: str) -> str | None:
    """Where an address leads; None when a button may not open it."""
    try:
        parts = urlsplit(link)
        is_plain = parts.username is None and parts.port in {None, 443}
        is_safe = link == quote(link, safe=_IN_ADDRESSES) and len(link) <= LINK_LENGTH
    except ValueError:
        return None
    host = parts.hostname or ""
    is_right = link.startswith(_SCHEME) and is_plain and is_safe
    return host if is_right and _HOST.fullmatch(host) else None


def clean_link(text: str) -> str:
    """An address with other scripts and spaces as browsers send them.

    What isn't an address, or doesn't fit then, stays as it was typed.
    """
    typed = clean_line(text, len(text))
    line = typed
    if line[: len(_SCHEME)].lower() == _SCHEME:
        line = _SCHEME + line[len(_SCHEME) :]
    sent = quote(line, safe=_IN_ADDRESSES)
    return sent if is_link(sent) else typed
