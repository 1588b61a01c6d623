"""Statements on announcements and their pictures, and their rows as values."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.announcements.rules import Announcement, Picture, Words
from bot.announcements.tables import announcement_pictures, announcements
from bot.delivery.plans import read_plan, write_plan
from bot.storage import Database, Row, Transaction
from bot.storage.database import Value

_COLUMNS = tuple(column.name for column in announcements.c if column.name not in {"id", "guild_id"})
_OWN = (
    announcements.c.id == bindparam("announcement_id"),
    announcements.c.guild_id == bindparam("in_guild"),
)

SELECT_ONE = select(announcements).where(*_OWN)
SELECT_GUILD = (
    select(announcements)
    .where(announcements.c.guild_id == bindparam("guild_id"), announcements.c.removed_at.is_(None))
    .order_by(announcements.c.id)
)
SELECT_REMOVED = select(announcements).where(announcements.c.removed_at <= bindparam("until"))
INSERT = (
    insert(announcements)
    .values({name: bindparam(name) for name in ("guild_id", *_COLUMNS)})
    .returning(announcements.c.id)
)
CHANGE = (
    update(announcements).where(*_OWN).values({name: bindparam(f"new_{name}") for name in _COLUMNS})
)
DELETE = delete(announcements).where(*_OWN)
SELECT_PICTURE = select(announcement_pictures.c.content).where(
    announcement_pictures.c.announcement_id == bindparam("announcement_id")
)
INSERT_PICTURE = insert(announcement_pictures).values(
    announcement_id=bindparam("announcement_id"), content=bindparam("content")
)
DELETE_PICTURE = delete(announcement_pictures).where(
    announcement_pictures.c.announcement_id == bindparam("announcement_id")
)
_PEOPLE = (announcements.c.author_id, announcements.c.asked_by, announcements.c.approved_by)
SELECT_PERSON = (
    select(announcements)
    .where(or_(*(column == bindparam("user_id") for column in _PEOPLE)))
    .order_by(announcements.c.id)
)
ERASE_PERSON = tuple(
    update(announcements).where(column == bindparam("user_id")).values({column.name: None})
    for column in _PEOPLE
)
FORGET_GUILD = delete(announcements).where(announcements.c.guild_id == bindparam("guild_id"))


async def fetch_one(
    db: Database | Transaction, guild_id: int, announcement_id: int
) -> Announcement | None:
    """One of a community's announcements, also a deleted one."""
    row = await db.fetch_one(SELECT_ONE, in_guild=guild_id, announcement_id=announcement_id)
    return None if row is None else to_announcement(row)


async def fetch_all(db: Database | Transaction, guild_id: int) -> Sequence[Announcement]:
    """A community's announcements that are not deleted, oldest first."""
    return [to_announcement(row) for row in await db.fetch_all(SELECT_GUILD, guild_id=guild_id)]


async def insert_one(tx: Transaction, item: Announcement) -> int:
    """Keep a new one; its id."""
    row = await tx.fetch_one(INSERT, guild_id=item.guild_id, **_values(item))
    return row["id"] if row else 0


async def save(tx: Transaction, item: Announcement) -> None:
    """Put a changed one in the place of the old one."""
    values = {f"new_{name}": value for name, value in _values(item).items()}
    await tx.execute(CHANGE, in_guild=item.guild_id, announcement_id=item.announcement_id, **values)


async def fetch_picture(db: Database | Transaction, announcement_id: int) -> bytes | None:
    """The bytes of a picture."""
    row = await db.fetch_one(SELECT_PICTURE, announcement_id=announcement_id)
    return None if row is None else b64decode(row["content"])


async def read_picture(db: Database | Transaction, item: Announcement) -> Picture | None:
    """An announcement's picture with its alt text."""
    content = await fetch_picture(db, item.announcement_id) if item.picture else None
    if content is None or item.picture is None:
        return None
    return Picture(item.picture, item.words.alt or "", content)


async def delete_one(tx: Transaction, item: Announcement) -> None:
    """Delete one for good, with its picture."""
    await tx.execute(DELETE, in_guild=item.guild_id, announcement_id=item.announcement_id)


async def keep_picture(tx: Transaction, announcement_id: int, content: bytes) -> None:
    """Keep the bytes of a picture."""
    text = b64encode(content).decode()
    await tx.execute(INSERT_PICTURE, announcement_id=announcement_id, content=text)


def to_announcement(row: Row) -> Announcement:
    """A row as a value."""
    return Announcement(
        announcement_id=row["id"],
        guild_id=row["guild_id"],
        author_id=row["author_id"],
        words=Words(row["title"], row["body"], row["link"], row["alt"]),
        picture=row["picture"],
        channel_id=row["channel_id"],
        role_id=row["role_id"],
        is_silent=bool(row["is_silent"]),
        plan=None if row["plan"] is None else read_plan(row["plan"]),
        schedule_id=row["schedule_id"],
        changed_at=row["changed_at"],
        removed_at=row["removed_at"],
        was_active=bool(row["was_active"]),
        version=row["version"] or 0,
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        asked_for_now=bool(row["asked_for_now"]),
        approved_by=row["approved_by"],
        is_held=bool(row["is_held"]),
        sent_back=row["sent_back"],
        is_crossposted=bool(row["is_crossposted"]),
    )


def export_row(row: Row, user_id: int) -> dict[str, Any]:
    """What a person's file says of an announcement: its words only if they wrote them."""
    wrote = row["author_id"] == user_id
    names = ("title", "body", "link", "alt") if wrote else ("title",)
    return {name: row[name] for name in ("guild_id", *names, "changed_at")} | {
        "wrote": wrote,
        "asked_for_approval": row["asked_by"] == user_id,
        "approved": row["approved_by"] == user_id,
    }


def _values(item: Announcement) -> dict[str, Value]:
    return {
        "author_id": item.author_id,
        "title": item.words.title,
        "body": item.words.body,
        "link": item.words.link,
        "picture": item.picture,
        "alt": item.words.alt,
        "channel_id": item.channel_id,
        "role_id": item.role_id,
        "is_silent": int(item.is_silent),
        "plan": None if item.plan is None else write_plan(item.plan),
        "schedule_id": item.schedule_id,
        "changed_at": item.changed_at,
        "removed_at": item.removed_at,
        "was_active": int(item.was_active),
        "version": item.version,
        "asked_by": item.asked_by,
        "asked_at": item.asked_at,
        "asked_for_now": int(item.asked_for_now),
        "approved_by": item.approved_by,
        "is_held": int(item.is_held),
        "sent_back": item.sent_back,
        "is_crossposted": int(item.is_crossposted),
    }
