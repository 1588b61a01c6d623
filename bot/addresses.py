"""Addresses as an operator writes them in settings: of the database, and of the calendar feed."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

SQLITE = "sqlite:///"
POSTGRES = "postgresql://"
POSTGRES_FORM = (
    "must look like postgresql://user:password@host:5432/name; in a password write "
    "@ as %40, : as %3A, / as %2F, ? as %3F and # as %23"
)
_HOST = re.compile(r"(\[[0-9a-fA-F:.%]+\]|[^:\[\]]*)(:[0-9]{1,5})?")
_FEED = re.compile(
    r"(https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|http://(127\.0\.0\.1|localhost))(:[0-9]{1,5})?"
    r"(/[A-Za-z0-9._~-]+)*"
)


def read_database_url(url: str) -> str:
    """DATABASE_URL. Raises ``ValueError``, never with its password in the words."""
    fault = _find_fault(url)
    if fault is not None:
        raise ValueError(fault)
    return url


def read_ip(text: str) -> str:
    """An address to listen on. Raises ``ValueError`` for anything else, names too."""
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        message = "must be an address such as 127.0.0.1, 0.0.0.0 or ::1, not a name"
        raise ValueError(message) from None


def read_feed_url(text: str) -> str:
    """FEED_URL without its last slash; empty when it is not set. Raises ``ValueError``."""
    address = text.strip().rstrip("/")
    if address and _FEED.fullmatch(address) is None:
        message = (
            "must look like https://calendars.example.org, without a question mark or a "
            "password; http only for 127.0.0.1 and localhost"
        )
        raise ValueError(message)
    return address


def _find_fault(url: str) -> str | None:
    if url.startswith(SQLITE):
        name = url.removeprefix(SQLITE)
        if not name or name.endswith("/") or name.startswith(":") or "\0" in name:
            return "must name a file, like sqlite:///var/breather.db"
        return None
    if not url.startswith(POSTGRES):
        return "must look like sqlite:///var/breather.db or postgresql://user:password@host/name"
    try:
        parts = urlsplit(url)
    except ValueError:
        return POSTGRES_FORM
    hosts = parts.netloc.rpartition("@")[2].split(",")
    is_named = bool(parts.netloc or parts.path.strip("/") or parts.query)
    return None if is_named and all(map(_HOST.fullmatch, hosts)) else POSTGRES_FORM
