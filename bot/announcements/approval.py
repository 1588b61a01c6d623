"""Pure decisions about a second moderator's approval: what a change ends, and who may approve."""

from dataclasses import replace
from enum import StrEnum

from bot.announcements.rules import Announcement

REASON_LENGTH = 300


class Hindrance(StrEnum):
    """What keeps a person from approving an announcement."""

    NOT_ASKED = "not asked"
    CHANGED = "changed"
    OWN = "own"
    UNKNOWN = "unknown"


def change(item: Announcement, now: int, *, needs_approval: bool) -> Announcement:
    """The same after its words or choices were changed: nobody has approved this version.

    What waited for approval is a draft again. Of one that is planned, nothing is posted until
    it is approved again, where communities ask for that.
    """
    is_held = item.is_held or (needs_approval and item.schedule_id is not None)
    return replace(
        item,
        version=item.version + 1,
        changed_at=now,
        asked_by=None,
        asked_at=None,
        asked_for_now=False,
        approved_by=None,
        is_held=is_held,
    )


def ask(item: Announcement, actor_id: int, now: int, *, is_now: bool) -> Announcement:
    """The same, waiting for approval. A version of its own: what an older card asked is over."""
    return replace(
        item,
        version=item.version + 1,
        asked_by=actor_id,
        asked_at=now,
        asked_for_now=is_now,
        sent_back=None,
    )


def send_back(item: Announcement, reason: str) -> Announcement:
    """The same, back in its author's hands."""
    return replace(item, asked_by=None, asked_at=None, asked_for_now=False, sent_back=reason)


def settle(item: Announcement, approver_id: int | None) -> Announcement:
    """The same, to be posted: approved, or without anybody's approval."""
    return replace(
        item,
        asked_by=None,
        asked_at=None,
        asked_for_now=False,
        approved_by=approver_id,
        is_held=False,
        sent_back=None,
    )


def find_hindrance(item: Announcement, actor_id: int, version: int) -> Hindrance | None:
    """What keeps a person from approving the version that they looked at, if anything does.

    Who wrote it and who asked can't. One whose asker erased their id has to be asked for anew:
    else erasing would be a way to approve one's own.
    """
    if item.asked_at is None:
        return Hindrance.NOT_ASKED
    if item.version != version:
        return Hindrance.CHANGED
    if item.asked_by is None:
        return Hindrance.UNKNOWN
    return Hindrance.OWN if actor_id in {item.asked_by, item.author_id} else None
