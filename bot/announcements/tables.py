"""The tables of announcements.

``announcements.author_id`` is the moderator who wrote one: that community's moderators see it
when a post came too late, and the person in ``/my-data``. ``asked_by`` is who asked for approval,
while it waits for that, and ``approved_by`` who approved it; the same people see them. Erasing
blanks all three. Pictures stand apart, so that no list ever reads them; their bytes are Base64
text.
"""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from bot.delivery.tables import schedules
from bot.storage import metadata, person_id
from bot.storage.schema import WholeNumber

announcements = Table(
    "announcements",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("guild_id", WholeNumber, nullable=False, index=True),
    person_id("author_id", index=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("link", Text),
    Column("picture", Text),
    Column("alt", Text),
    Column("channel_id", WholeNumber),
    Column("role_id", WholeNumber),
    Column("is_silent", Integer, nullable=False),
    Column("plan", Text),
    Column("schedule_id", ForeignKey(schedules.c.id, ondelete="SET NULL")),
    Column("changed_at", WholeNumber, nullable=False),
    Column("removed_at", WholeNumber, index=True),
    Column("was_active", Integer),
    Column("version", Integer),
    person_id("asked_by", index=True),
    Column("asked_at", WholeNumber),
    Column("asked_for_now", Integer),
    person_id("approved_by", index=True),
    Column("is_held", Integer),
    Column("sent_back", Text),
    Column("is_crossposted", Integer),
    sqlite_autoincrement=True,
)

announcement_pictures = Table(
    "announcement_pictures",
    metadata,
    Column("announcement_id", ForeignKey(announcements.c.id, ondelete="CASCADE"), primary_key=True),
    Column("content", Text, nullable=False),
)
