"""What ``DATABASE_URL`` means."""

import re
from pathlib import Path

SQLITE = "sqlite:///"
HIDDEN = "***"


def sqlite_path(url: str) -> Path | None:
    """The file of a ``sqlite:///`` address; None for another engine."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def sqlite_uri(path: Path, **options: str | int) -> str:
    """A file as SQLite's own address, whatever characters its name has."""
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return f"{path.absolute().as_uri()}?{query}"


def without_password(url: str) -> str:
    """The address as it may be shown, also when it is malformed."""
    scheme, separator, rest = url.partition("://")
    if not separator or sqlite_path(url) is not None:
        return url
    credentials, at, host = rest.rpartition("@")
    user, colon, _ = credentials.partition(":")
    if not at:  # without a host, "name:word" may be a user with a password
        host = re.sub(r"^([^/?:]*):(?!\d+(?:[/?,]|$)).*", rf"\1:{HIDDEN}", host)
    host = re.sub(r"(?i)(password=)[^&]*", rf"\1{HIDDEN}", host)
    return f"{scheme}://{user}{f':{HIDDEN}' if colon else ''}{at}{host}"
