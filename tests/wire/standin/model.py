"""The nouns of the stand-in's Discord: ids, permissions, channels, communities, messages.

Ids follow from indexes, so a test can name anything before the world is built.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

compact = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
"""JSON text without spaces; one encoder for all, since building one costs more than using it."""

DISCORD_EPOCH = 1_420_070_400.0

VIEW, SEND, HISTORY = 1 << 10, 1 << 11, 1 << 16
MEMBER_PERMISSIONS = VIEW | SEND | HISTORY | 1 << 6 | 1 << 14 | 1 << 15 | 1 << 31 | 1 << 38
MANAGER_PERMISSIONS = MEMBER_PERMISSIONS | 1 << 4 | 1 << 5 | 1 << 13 | 1 << 28
BOT_PERMISSIONS = VIEW | SEND | HISTORY | 1 << 14 | 1 << 15 | 1 << 33 | 1 << 38 | 1 << 44
"""View, send, read history, embed, attach, events (manage and create), send in threads."""

TEXT, DM, GROUP, NEWS, THREAD = 0, 1, 3, 5, 11

BOT_ID = 30_000_000_000 << 22
"""The bot's user and its application; today every application has one id for both."""


def snowflake(moment: float) -> int:
    """The lowest id that Discord gives out at ``moment`` (seconds since 1970)."""
    return int((moment - DISCORD_EPOCH) * 1000) << 22


def guild_id(index: int) -> int:
    """The id of a community. Neighbours fall into different shards."""
    return (40_000_000_000 + index) << 22


def channel_id(index: int, channel: int = 0) -> int:
    """The id of the ``channel``-th text channel of the ``index``-th community."""
    return guild_id(index) + 1 + channel


def user_id(index: int) -> int:
    """The id of a person; the account is from 2016."""
    return (50_000_000_000 + index) << 22


def dm_id(person_id: int) -> int:
    """The id of the bot's direct messages with a person."""
    return person_id + 1


@dataclass(slots=True)
class Upload:
    """One uploaded file."""

    name: str
    content_type: str
    data: bytes


@dataclass(slots=True)
class Channel:
    """A text channel, a thread or direct messages. ``denied`` is taken from the bot here."""

    id: int
    guild_id: int | None
    name: str
    kind: int = TEXT
    parent_id: int | None = None
    person_id: int | None = None
    denied: int = 0
    missing: bool = False
    refuses_bot: bool = False


@dataclass(slots=True)
class Guild:
    """A community. ``text`` is the cached body of its GUILD_CREATE event."""

    id: int
    name: str
    channel_ids: list[int]
    roles: dict[int, str] = field(default_factory=dict[int, str])
    thread_ids: list[int] = field(default_factory=list[int])
    events: list[Json] = field(default_factory=list[Json])
    text: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """A message that exists. ``payload`` is the raw body that made it; ``current`` what it shows.

    ``repeats`` are the moments at which Discord answered with this message instead of adding one,
    because its nonce was seen again. ``published_at``: when it went to the servers that follow the
    channel. ``source`` is "post", "interaction" or "person".
    """

    id: int
    channel_id: int
    author_id: int
    payload: Json
    at: float
    nonce: str | None = None
    source: str = "post"
    files: Sequence[Upload] = ()
    current: Json = field(default_factory=dict[str, Any])
    extra: Json = field(default_factory=dict[str, Any])
    repeats: list[float] = field(default_factory=list[float])
    published_at: float | None = None
    edits: list[Json] = field(default_factory=list[Json])
    edited_at: float | None = None

    @property
    def ephemeral(self) -> bool:
        """Whether only the person who asked can see it."""
        return bool(self.current.get("flags", 0) & 64)


@dataclass(slots=True)
class Post:
    """One message that the bot asked to post, whether it was added or answered as a repeat."""

    channel_id: int
    message_id: int
    nonce: str | None
    payload: Json
    at: float
    is_repeat: bool
