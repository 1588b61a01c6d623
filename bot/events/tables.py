"""The tables of live events.

``events`` is the community's, but for three people: who wrote it (``author_id``), who leads it
(``host_id``, on its card for everybody who may see the channel) and who asked for a signal
(``signal_id``, until the event is over). ``event_rsvps`` says who said that they would come, and
how they want to be reminded: moderators see how many, never who; it goes a week after the event.
Erasing takes people out of all of them. ``changes`` counts what the posted card doesn't show yet.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage import metadata, person_id
from bot.storage.schema import WholeNumber

events = Table(
    "events",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("guild_id", WholeNumber, nullable=False),
    person_id("author_id", index=True),
    person_id("host_id", index=True),
    person_id("signal_id", index=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("place", Text),
    Column("place_channel_id", WholeNumber),
    Column("link", Text),
    Column("channel_id", WholeNumber),
    Column("role_id", WholeNumber),
    Column("plan", Text),
    Column("starts_at", WholeNumber),
    Column("minutes", Integer, nullable=False),
    Column("has_therapist", Integer, nullable=False),
    Column("line_up", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("discord_event_id", WholeNumber, unique=True),
    Column("synced", Text),
    Column("pushed", Text),
    Column("was_tried", Integer, nullable=False),
    Column("thread_id", WholeNumber),
    Column("turn", Integer),
    Column("turn_at", WholeNumber),
    Column("recap", Text),
    Column("attendance", Integer),
    Column("changes", Integer, nullable=False, index=True),
    Column("changed_at", WholeNumber, nullable=False),
    Column("finished_at", WholeNumber, index=True),
    CheckConstraint("state IN ('draft', 'planned', 'live', 'over', 'cancelled')", name="state"),
    CheckConstraint("state = 'draft' OR starts_at IS NOT NULL", name="starts_at"),
    CheckConstraint(
        "(state IN ('over', 'cancelled')) = (finished_at IS NOT NULL)", name="finished"
    ),
    Index("ix_events_ahead", "guild_id", "state"),
    sqlite_autoincrement=True,
)

event_rsvps = Table(
    "event_rsvps",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("event_id", ForeignKey(events.c.id, ondelete="CASCADE"), nullable=False),
    person_id("user_id", index=True, nullable=False),
    Column("way", Text, nullable=False),
    Column("asked_at", WholeNumber, nullable=False),
    UniqueConstraint("event_id", "user_id"),
    CheckConstraint("way IN ('direct', 'thread', 'none')", name="way"),
    sqlite_autoincrement=True,
)
