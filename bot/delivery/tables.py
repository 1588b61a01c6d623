"""The tables of delivery: ``schedules``, the ledger ``deliveries``, and ``follow_ups``.

Of people, ``deliveries.recipient_id`` says who waits for a direct message that they asked for; it
is emptied when the message is finished, whatever came of it. Nobody is shown it but the person, in
``/my-data``. SQLite never gives a schedule's id out twice: old cards carry it.
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

schedules = Table(
    "schedules",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("guild_id", WholeNumber, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("channel_id", WholeNumber, nullable=False),
    Column("minute_of_day", Integer, nullable=False),
    Column("zone", Text, nullable=False),
    Column("weekdays", Integer, nullable=False),
    Column("days", Text),
    Column("role_id", WholeNumber),
    Column("is_silent", Integer, nullable=False),
    Column("options", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("problem", Text),
    Column("next_run_at", WholeNumber),
    Column("created_at", WholeNumber, nullable=False),
    CheckConstraint("minute_of_day BETWEEN 0 AND 1439", name="minute_of_day"),
    CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
    CheckConstraint("state IN ('active', 'paused', 'broken', 'away')", name="state"),
    Index("ix_schedules_due", "state", "next_run_at"),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("schedule_id", ForeignKey(schedules.c.id, ondelete="CASCADE"), nullable=False),
    Column("slot", Text, nullable=False),
    Column("due_at", WholeNumber, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("note", Text),
    Column("content_id", Text),
    Column("lease_owner", Text),
    Column("leased_until", WholeNumber),
    Column("attempts", Integer, nullable=False),
    Column("first_attempt_at", WholeNumber),
    Column("last_attempt_at", WholeNumber),
    Column("channel_id", WholeNumber),
    Column("message_id", WholeNumber),
    Column("finished_at", WholeNumber),
    person_id("recipient_id", index=True),
    UniqueConstraint("schedule_id", "slot"),
    CheckConstraint("state IN ('planned', 'sending', 'sent', 'skipped', 'failed')", name="state"),
    Index("ix_deliveries_queue", "state", "due_at"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("delivery_id", ForeignKey(deliveries.c.id, ondelete="CASCADE"), primary_key=True),
    Column("step", Text, nullable=False),
    Column("channel_id", WholeNumber, nullable=False),
    Column("try_at", WholeNumber, index=True),
    Column("tried_at", WholeNumber),
    Column("tries", Integer, nullable=False),
    Column("note", Text),
    Index("ix_follow_ups_channel", "channel_id", "tried_at"),
)
"""What is to be done with a post once it stands. ``try_at`` is when to try next, None once it is
settled; ``note`` says then why it was not done. ``tried_at`` counts against a channel's limit."""
