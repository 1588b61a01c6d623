"""Table and statements of open check-ins: who asked in which community, and when.

Only the community's moderators and the person can see it. A row goes when a moderator answers,
after 24 hours, or when the person erases it. What the person wrote is never here.
"""

from sqlalchemy import Column, Table, UniqueConstraint, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.storage import metadata, person_id
from bot.storage.schema import WholeNumber

check_ins = Table(
    "check_ins",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("guild_id", WholeNumber, nullable=False),
    person_id(nullable=False, index=True),
    Column("asked_at", WholeNumber, nullable=False),
    UniqueConstraint("guild_id", "user_id"),
    sqlite_autoincrement=True,
)

ASK = (
    insert(check_ins)
    .values(guild_id=bindparam("guild_id"), user_id=bindparam("user_id"), asked_at=bindparam("now"))
    .on_conflict_do_nothing(index_elements=["guild_id", "user_id"])
    .returning(check_ins.c.id)
)
SELECT_ONE = select(check_ins).where(
    check_ins.c.id == bindparam("check_in_id"), check_ins.c.guild_id == bindparam("guild_id")
)
DELETE_ONE = delete(check_ins).where(check_ins.c.id == bindparam("check_in_id"))
DELETE_BEFORE = delete(check_ins).where(check_ins.c.asked_at <= bindparam("until"))
SELECT_PERSON = (
    select(check_ins.c.guild_id, check_ins.c.asked_at)
    .where(check_ins.c.user_id == bindparam("user_id"))
    .order_by(check_ins.c.id)
)
ERASE = delete(check_ins).where(check_ins.c.user_id == bindparam("user_id"))
FORGET_GUILD = delete(check_ins).where(check_ins.c.guild_id == bindparam("guild_id"))
