"""Table and statements of the resources that communities add. Nothing here is about a person."""

import json
from collections.abc import Sequence

from sqlalchemy import Column, Table, Text, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.resources.rules import CommunityResource
from bot.storage import Database, Row, Transaction, metadata
from bot.storage.schema import WholeNumber

community_resources = Table(
    "community_resources",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("guild_id", WholeNumber, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("link", Text),
    Column("asked", Text, nullable=False),
    Column("changed_at", WholeNumber, nullable=False),
    Column("removed_at", WholeNumber),
    sqlite_autoincrement=True,
)

_WORDS = ("title", "summary", "body", "link", "asked", "changed_at")
_OWN = (
    community_resources.c.id == bindparam("row_id"),
    community_resources.c.guild_id == bindparam("in_guild"),
)

SELECT_ALL = (
    select(community_resources)
    .where(
        community_resources.c.guild_id == bindparam("guild_id"),
        community_resources.c.removed_at.is_(None),
    )
    .order_by(community_resources.c.id)
)
SELECT_ONE = select(community_resources).where(*_OWN)
INSERT = (
    insert(community_resources)
    .values({name: bindparam(name) for name in ("guild_id", *_WORDS)})
    .returning(community_resources.c.id)
)
CHANGE = (
    update(community_resources)
    .where(*_OWN, community_resources.c.removed_at.is_(None))
    .values({name: bindparam(f"new_{name}") for name in _WORDS})
)
REMOVE = (
    update(community_resources)
    .where(*_OWN, community_resources.c.removed_at.is_(None))
    .values(removed_at=bindparam("now"))
)
RESTORE = (
    update(community_resources)
    .where(*_OWN, community_resources.c.removed_at.is_not(None))
    .values(removed_at=None)
)
FORGET_GUILD = delete(community_resources).where(
    community_resources.c.guild_id == bindparam("guild_id")
)


async def fetch_all(db: Database | Transaction, guild_id: int) -> Sequence[CommunityResource]:
    """A community's own resources that are not removed, oldest first."""
    return [_to_resource(row) for row in await db.fetch_all(SELECT_ALL, guild_id=guild_id)]


async def fetch_one(
    db: Database | Transaction, guild_id: int, row_id: int
) -> CommunityResource | None:
    """One of them, also a removed one; None when it is another community's."""
    row = await db.fetch_one(SELECT_ONE, row_id=row_id, in_guild=guild_id)
    return None if row is None else _to_resource(row)


async def insert_one(
    tx: Transaction, guild_id: int, resource: CommunityResource, changed_at: int
) -> int:
    """Keep a new one; its row."""
    row = await tx.fetch_one(INSERT, guild_id=guild_id, **_values(resource, changed_at))
    return row["id"] if row else 0


async def change_one(
    tx: Transaction, guild_id: int, row_id: int, resource: CommunityResource, changed_at: int
) -> bool:
    """Put new words in the place of the old ones; False when it is not there (any more)."""
    values = {f"new_{name}": value for name, value in _values(resource, changed_at).items()}
    return bool(await tx.execute(CHANGE, row_id=row_id, in_guild=guild_id, **values))


def _values(resource: CommunityResource, changed_at: int) -> dict[str, str | int | None]:
    return {
        "title": resource.title,
        "summary": resource.summary,
        "body": resource.body,
        "link": resource.link,
        "asked": json.dumps(resource.asked, ensure_ascii=False),
        "changed_at": changed_at,
    }


def _to_resource(row: Row) -> CommunityResource:
    return CommunityResource(
        row_id=row["id"],
        title=row["title"],
        summary=row["summary"],
        body=row["body"],
        link=row["link"],
        asked=tuple(json.loads(row["asked"])),
        changed_at=row["changed_at"],
        is_removed=row["removed_at"] is not None,
    )
