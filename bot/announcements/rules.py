"""Pure decisions about announcements: what can be posted, and which files are pictures."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.clock import MINUTE
from bot.delivery.plans import Plan
from bot.links import clean_link, is_link
from bot.words import clean_line, clean_text, count_visible

KIND = "announcement"
"""The word of its schedules and of its announcer."""
CROSSPOST = "crosspost"
"""The step that follows its posts in announcement channels, if a moderator chose so."""

MOST = 50
"""As many as a community may keep, drafts and planned ones together."""
TITLE_LENGTH = 100
BODY_LENGTH = 1800
"""Its panel must fit into one message of 4000 characters, advice and all."""
ALT_LENGTH = 500
MOST_BYTES = 1024 * 1024
LEAST_VISIBLE = 3
"""Visible characters without which a title, a text or an alt text says nothing."""
KEPT_SECONDS = 15 * MINUTE
"""How long a deleted announcement can be brought back."""

_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp"),
)


class Fault(StrEnum):
    """What keeps an announcement from being posted."""

    TITLE = "title"
    BODY = "body"
    LINK = "link"
    ALT = "alt"


@dataclass(frozen=True, slots=True)
class Words:
    """What a moderator wrote; ``alt`` only where there is a picture."""

    title: str = ""
    body: str = ""
    link: str | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its alt text. ``name`` is that of the file as it is posted."""

    name: str
    alt: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AnnouncementPost:
    """An announcement as it is posted. The publisher sends ``files`` along."""

    title: str
    body: str
    link: str | None = None
    files: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    """One that is kept. ``picture`` is the name of its file; ``schedule_id`` is None for a draft.

    ``was_active`` says of a deleted one whether it would have been posted. ``version`` counts
    its changes. It waits for approval from ``asked_at`` on; ``asked_for_now``: to be posted at
    once then. ``is_held``: it was planned, and changed since it was approved. ``sent_back`` is
    the reason for which it was. Instants are UTC epoch seconds.
    """

    announcement_id: int
    guild_id: int
    author_id: int | None
    words: Words
    picture: str | None = None
    channel_id: int | None = None
    role_id: int | None = None
    is_silent: bool = False
    plan: Plan | None = None
    schedule_id: int | None = None
    changed_at: int = 0
    removed_at: int | None = None
    was_active: bool = False
    version: int = 0
    asked_by: int | None = None
    asked_at: int | None = None
    asked_for_now: bool = False
    approved_by: int | None = None
    is_held: bool = False
    sent_back: str | None = None
    is_crossposted: bool = False


def clean(words: Words) -> Words:
    """The same with visible text only. Markdown stays: moderators write it on purpose."""
    return Words(
        title=clean_line(words.title, TITLE_LENGTH),
        body=clean_text(words.body, BODY_LENGTH),
        link=clean_link(words.link or "") or None,
        alt=None if words.alt is None else clean_line(words.alt, ALT_LENGTH),
    )


def find_faults(words: Words) -> list[Fault]:
    """Everything that is wrong with cleaned words, at once."""
    faults = [
        fault
        for fault, text in ((Fault.TITLE, words.title), (Fault.BODY, words.body))
        if count_visible(text) < LEAST_VISIBLE
    ]
    if words.link is not None and not is_link(words.link):
        faults.append(Fault.LINK)
    if words.alt is not None and count_visible(words.alt) < LEAST_VISIBLE:
        faults.append(Fault.ALT)
    return faults


def find_format(content: bytes) -> str | None:
    """The ending of a picture's file by its first bytes; None for what is no picture.

    PNG, JPEG, GIF and WebP are known. Nothing is decoded.
    """
    return next((ending for sign, ending in _SIGNATURES if sign.match(content)), None)
