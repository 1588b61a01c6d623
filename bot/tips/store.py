"""Tables and statements of the tips room.

About people: ``saved_tips`` and ``tip_votes`` (who saved or rated which tip; only the person
can see it, others see counts). Nothing else holds a person's id.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.content.tips import Tip
from bot.delivery.tables import schedules
from bot.storage import Database, Row, Transaction, metadata, person_id
from bot.storage.schema import WholeNumber
from bot.tips.rules import COMMUNITY_PREFIX, Bag

_COMMUNITY_ID = re.compile(COMMUNITY_PREFIX + r"([0-9]{1,18})")

tip_bags = Table(
    "tip_bags",
    metadata,
    Column("schedule_id", ForeignKey(schedules.c.id, ondelete="CASCADE"), primary_key=True),
    Column("used", Text, nullable=False),
    Column("last", Text),
    Column("pinned", Text),
)
tip_mutes = Table(
    "tip_mutes",
    metadata,
    Column("guild_id", WholeNumber, nullable=False),
    Column("tip_id", Text, nullable=False),
    PrimaryKeyConstraint("guild_id", "tip_id"),
)
community_tips = Table(
    "community_tips",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("guild_id", WholeNumber, nullable=False, index=True),
    Column("topics", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("try_this", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("removed_at", WholeNumber),
    sqlite_autoincrement=True,
)
saved_tips = Table(
    "saved_tips",
    metadata,
    person_id(nullable=False),
    Column("tip_id", Text, nullable=False),
    Column("saved_at", WholeNumber, nullable=False),
    PrimaryKeyConstraint("user_id", "tip_id"),
)
tip_votes = Table(
    "tip_votes",
    metadata,
    person_id(nullable=False),
    Column("tip_id", Text, nullable=False),
    Column("is_helpful", Integer, nullable=False),
    PrimaryKeyConstraint("tip_id", "user_id"),
    CheckConstraint("is_helpful IN (0, 1)", name="is_helpful"),
)

SELECT_BAG = select(tip_bags).where(tip_bags.c.schedule_id == bindparam("schedule_id"))
SAVE_BAG = insert(tip_bags).values(
    schedule_id=bindparam("schedule_id"),
    used=bindparam("used"),
    last=bindparam("last"),
    pinned=bindparam("pinned"),
)
SAVE_BAG = SAVE_BAG.on_conflict_do_update(
    index_elements=["schedule_id"],
    set_={name: SAVE_BAG.excluded[name] for name in ("used", "last", "pinned")},
)
PIN = insert(tip_bags).values(
    schedule_id=bindparam("schedule_id"), used="[]", last=None, pinned=bindparam("pinned")
)
PIN = PIN.on_conflict_do_update(
    index_elements=["schedule_id"], set_={"pinned": PIN.excluded.pinned}
)
SELECT_MUTES = select(tip_mutes.c.tip_id).where(tip_mutes.c.guild_id == bindparam("guild_id"))
INSERT_MUTE = (
    insert(tip_mutes)
    .values(guild_id=bindparam("guild_id"), tip_id=bindparam("tip_id"))
    .on_conflict_do_nothing(index_elements=["guild_id", "tip_id"])
)
DELETE_MUTE = delete(tip_mutes).where(
    tip_mutes.c.guild_id == bindparam("guild_id"), tip_mutes.c.tip_id == bindparam("tip_id")
)
SELECT_COMMUNITY_TIPS = (
    select(community_tips)
    .where(
        community_tips.c.guild_id == bindparam("guild_id"), community_tips.c.removed_at.is_(None)
    )
    .order_by(community_tips.c.id)
)
SELECT_COMMUNITY_TIP = select(community_tips).where(community_tips.c.id == bindparam("row_id"))
INSERT_COMMUNITY_TIP = (
    insert(community_tips)
    .values(
        {
            name: bindparam(name)
            for name in ("guild_id", "topics", "title", "body", "try_this", "minutes")
        }
    )
    .returning(community_tips.c.id)
)
SET_COMMUNITY_TIP_REMOVED = (
    update(community_tips)
    .where(
        community_tips.c.id == bindparam("row_id"),
        community_tips.c.guild_id == bindparam("in_guild"),
    )
    .values(removed_at=bindparam("new_removed_at"))
)
INSERT_SAVED = (
    insert(saved_tips)
    .values(user_id=bindparam("user_id"), tip_id=bindparam("tip_id"), saved_at=bindparam("now"))
    .on_conflict_do_nothing(index_elements=["user_id", "tip_id"])
)
DELETE_SAVED = delete(saved_tips).where(
    saved_tips.c.user_id == bindparam("user_id"), saved_tips.c.tip_id == bindparam("tip_id")
)
SELECT_SAVED = (
    select(saved_tips.c.tip_id, saved_tips.c.saved_at)
    .where(saved_tips.c.user_id == bindparam("user_id"))
    .order_by(saved_tips.c.saved_at.desc(), saved_tips.c.tip_id)
)
SAVE_VOTE = insert(tip_votes).values(
    user_id=bindparam("user_id"), tip_id=bindparam("tip_id"), is_helpful=bindparam("is_helpful")
)
SAVE_VOTE = SAVE_VOTE.on_conflict_do_update(
    index_elements=["tip_id", "user_id"],
    set_={"is_helpful": SAVE_VOTE.excluded.is_helpful},
    where=tip_votes.c.is_helpful != SAVE_VOTE.excluded.is_helpful,
)
DELETE_VOTE = delete(tip_votes).where(
    tip_votes.c.tip_id == bindparam("tip_id"), tip_votes.c.user_id == bindparam("user_id")
)
SELECT_VOTES = select(tip_votes.c.tip_id, tip_votes.c.is_helpful).where(
    tip_votes.c.user_id == bindparam("user_id")
)
COUNT_VOTES = select(
    func.coalesce(func.sum(tip_votes.c.is_helpful), 0).label("helpful"),
    func.coalesce(func.sum(case((tip_votes.c.is_helpful == 0, 1), else_=0)), 0).label("unhelpful"),
).where(tip_votes.c.tip_id == bindparam("tip_id"))
ERASE_SAVED = delete(saved_tips).where(saved_tips.c.user_id == bindparam("user_id"))
ERASE_VOTES = delete(tip_votes).where(tip_votes.c.user_id == bindparam("user_id"))
FORGET_GUILD = (
    delete(tip_mutes).where(tip_mutes.c.guild_id == bindparam("guild_id")),
    delete(community_tips).where(community_tips.c.guild_id == bindparam("guild_id")),
)


def to_tip(row: Row) -> Tip:
    """A community's own tip as a value; its basis says that nobody sourced it."""
    return Tip.model_construct(
        id=f"{COMMUNITY_PREFIX}{row['id']}",
        topics=tuple(json.loads(row["topics"])),
        title=row["title"],
        body=row["body"],
        try_this=row["try_this"],
        minutes=row["minutes"],
        basis="common practice",
    )


def row_id_of(tip_id: str) -> int | None:
    """The row of a community tip's id; None for a tip of the library."""
    match = _COMMUNITY_ID.fullmatch(tip_id)
    return int(match[1]) if match else None


async def fetch_community_tips(db: Database | Transaction, guild_id: int) -> list[Tip]:
    """A community's own tips, oldest first."""
    return [to_tip(row) for row in await db.fetch_all(SELECT_COMMUNITY_TIPS, guild_id=guild_id)]


async def fetch_muted(db: Database | Transaction, guild_id: int) -> set[str]:
    """The ids of the tips that a community never wants to see."""
    return {row["tip_id"] for row in await db.fetch_all(SELECT_MUTES, guild_id=guild_id)}


async def fetch_bag(db: Database | Transaction, schedule_id: int) -> tuple[Bag, str | None]:
    """A schedule's bag and the tip that a moderator pinned for its next post."""
    row = await db.fetch_one(SELECT_BAG, schedule_id=schedule_id)
    if row is None:
        return Bag(), None
    return Bag(tuple(json.loads(row["used"])), row["last"]), row["pinned"]


async def save_bag(tx: Transaction, schedule_id: int, bag: Bag) -> None:
    """Keep a bag; a pin is used up by it."""
    await tx.execute(
        SAVE_BAG, schedule_id=schedule_id, used=json.dumps(bag.used), last=bag.last, pinned=None
    )


async def export_person(db: Database, user_id: int) -> dict[str, Sequence[dict[str, Any]]]:
    """What the two tables about people hold on one person."""
    saved = await db.fetch_all(SELECT_SAVED, user_id=user_id)
    votes = await db.fetch_all(SELECT_VOTES, user_id=user_id)
    return {
        "saved_tips": [{"tip_id": row["tip_id"], "saved_at": row["saved_at"]} for row in saved],
        "tip_votes": [
            {"tip_id": row["tip_id"], "helpful": bool(row["is_helpful"])} for row in votes
        ],
    }
