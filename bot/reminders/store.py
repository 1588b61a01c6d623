"""Statements on reminders, and their rows as values."""

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.delivery.rules import ScheduleState
from bot.delivery.tables import schedules
from bot.delivery.times import Recurrence
from bot.reminders.rules import Days, Reminder, Wish
from bot.reminders.tables import reminders
from bot.storage import Row

_WITH_SCHEDULE = select(
    reminders,
    schedules.c.minute_of_day,
    schedules.c.zone,
    schedules.c.state,
    schedules.c.next_run_at,
).select_from(reminders.join(schedules))
_OWN = (reminders.c.user_id == bindparam("user_id"), reminders.c.campaign == bindparam("campaign"))

SELECT_OWN = _WITH_SCHEDULE.where(*_OWN)
SELECT_PERSON = _WITH_SCHEDULE.where(reminders.c.user_id == bindparam("user_id")).order_by(
    reminders.c.id
)
SELECT_BY_SCHEDULE = select(reminders).where(reminders.c.schedule_id == bindparam("schedule_id"))
COUNT_PERSON = (
    select(func.count().label("kept"))
    .select_from(reminders)
    .where(reminders.c.user_id == bindparam("user_id"))
)
ADD = (
    insert(reminders)
    .values(user_id=bindparam("user_id"), campaign=bindparam("campaign"), days="", language="")
    .on_conflict_do_nothing(index_elements=["user_id", "campaign"])
)
LOCK = select(reminders).where(*_OWN).with_for_update()
"""Of two changes at once, the second one waits and sees what the first one made."""
CHANGE = (
    update(reminders)
    .where(reminders.c.id == bindparam("reminder_id"))
    .values(
        days=bindparam("new_days"),
        year=bindparam("new_year"),
        language=bindparam("new_language"),
        schedule_id=bindparam("new_schedule_id"),
    )
)
DELETE_PERSON_SCHEDULES = delete(schedules).where(
    schedules.c.id.in_(
        select(reminders.c.schedule_id).where(reminders.c.user_id == bindparam("user_id"))
    )
)
DELETE_PERSON = delete(reminders).where(reminders.c.user_id == bindparam("user_id"))


def to_reminder(row: Row) -> Reminder:
    """A row with its schedule's as a value."""
    wish = Wish(
        campaign_id=row["campaign"],
        days=Days(row["days"]),
        minute_of_day=row["minute_of_day"],
        zone=row["zone"],
        is_yearly=row["year"] is None,
        language=row["language"],
    )
    is_stuck = row["state"] == ScheduleState.BROKEN.value or not _is_known(row["zone"])
    return Reminder(row["id"], wish, row["year"], row["next_run_at"], is_stuck)


def _is_known(zone: str) -> bool:
    """Whether this machine's time zone data has a zone: an update can take one out."""
    try:
        Recurrence(0, zone)
    except ValueError:
        return False
    return True
