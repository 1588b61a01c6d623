"""The table of reminders: who asked to be reminded of which campaign, on which days.

Only the person sees it, in ``/wmhd`` and in ``/my-data``. The time of day and the zone stand in the
reminder's own schedule, which names nobody; ``language`` is that of the person's Discord when they
asked, for there is no command to answer when the message is written. A row goes with its schedule:
when the person stops or erases it, or when the one year that it is for (``year``) is over.
"""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from bot.delivery.tables import schedules
from bot.storage import metadata, person_id
from bot.storage.schema import WholeNumber

reminders = Table(
    "reminders",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    person_id(nullable=False),
    Column("campaign", Text, nullable=False),
    Column("days", Text, nullable=False),
    Column("year", Integer),
    Column("language", Text, nullable=False),
    Column("schedule_id", ForeignKey(schedules.c.id, ondelete="CASCADE"), index=True),
    UniqueConstraint("user_id", "campaign"),
    sqlite_autoincrement=True,
)
