"""Tables and statements of communities: ``guilds`` and ``audit_entries``.

About people: ``audit_entries.actor_id``, the moderator who changed a setting; moderators of
that community can see it for 90 days.
"""

from sqlalchemy import Column, Index, Integer, Table, Text, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.storage import metadata, person_id
from bot.storage.schema import WholeNumber

DEFAULT_LANGUAGE = "en"
DEFAULT_ZONE = "UTC"

guilds = Table(
    "guilds",
    metadata,
    Column("guild_id", WholeNumber, primary_key=True, autoincrement=False),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("community_channel_id", WholeNumber),
    Column("staff_channel_id", WholeNumber),
    Column("staff_role_id", WholeNumber),
    Column("accent", Text),
    Column("features_off", Text, nullable=False),
    Column("setup_step", Integer, nullable=False),
    Column("needs_approval", Integer),
    Column("greeted_at", WholeNumber),
    Column("lost_at", WholeNumber),
)
audit_entries = Table(
    "audit_entries",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("guild_id", WholeNumber, nullable=False),
    person_id("actor_id"),
    Column("at", WholeNumber, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text),
    Column("old", Text),
    Column("new", Text),
    Index("ix_audit_entries_guild", "guild_id", "at"),
    Index("ix_audit_entries_actor", "actor_id"),
)

SETTINGS = (
    "language",
    "zone",
    "community_channel_id",
    "staff_channel_id",
    "staff_role_id",
    "accent",
    "features_off",
    "setup_step",
    "needs_approval",
)

SELECT_GUILD = select(guilds).where(guilds.c.guild_id == bindparam("guild_id"))
LOCK_GUILD = SELECT_GUILD.with_for_update()
"""The same for a change: on PostgreSQL a second change waits and reads what the first one made."""
_INSERT_GUILD = insert(guilds).values(
    {"guild_id": bindparam("guild_id")} | {name: bindparam(name) for name in SETTINGS}
)
SAVE_GUILD = _INSERT_GUILD.on_conflict_do_update(
    index_elements=["guild_id"], set_={name: _INSERT_GUILD.excluded[name] for name in SETTINGS}
)
ADD_GUILD = (
    insert(guilds)
    .values(
        guild_id=bindparam("guild_id"),
        language=DEFAULT_LANGUAGE,
        zone=DEFAULT_ZONE,
        features_off="[]",
        setup_step=0,
        needs_approval=0,
    )
    .on_conflict_do_nothing(index_elements=["guild_id"])
)
MARK_GREETED = (
    update(guilds)
    .where(guilds.c.guild_id == bindparam("in_guild"), guilds.c.greeted_at.is_(None))
    .values(greeted_at=bindparam("now"))
)
MARK_LOST = (
    update(guilds)
    .where(guilds.c.guild_id == bindparam("in_guild"), guilds.c.lost_at.is_(None))
    .values(lost_at=bindparam("now"))
)
MARK_FOUND = (
    update(guilds)
    .where(guilds.c.guild_id == bindparam("in_guild"), guilds.c.lost_at.is_not(None))
    .values(lost_at=None)
)
SELECT_LOST = select(guilds.c.guild_id, guilds.c.lost_at).where(guilds.c.lost_at.is_not(None))
SELECT_KNOWN = select(guilds.c.guild_id).where(guilds.c.lost_at.is_(None))
DELETE_GUILD = delete(guilds).where(guilds.c.guild_id == bindparam("guild_id"))

INSERT_AUDIT = insert(audit_entries).values(
    {
        name: bindparam(name)
        for name in ("guild_id", "actor_id", "at", "action", "target", "old", "new")
    }
)
SELECT_AUDIT = (
    select(audit_entries)
    .where(audit_entries.c.guild_id == bindparam("guild_id"))
    .order_by(audit_entries.c.at.desc(), audit_entries.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
SELECT_PERSON_AUDIT = (
    select(audit_entries)
    .where(audit_entries.c.actor_id == bindparam("user_id"))
    .order_by(audit_entries.c.id)
)
ERASE_PERSON_AUDIT = (
    update(audit_entries)
    .where(audit_entries.c.actor_id == bindparam("user_id"))
    .values(actor_id=None)
)
DELETE_OLD_AUDIT = delete(audit_entries).where(audit_entries.c.at < bindparam("before"))
DELETE_GUILD_AUDIT = delete(audit_entries).where(audit_entries.c.guild_id == bindparam("guild_id"))
