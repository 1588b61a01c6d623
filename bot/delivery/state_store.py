"""Statements that change how a schedule stands, if it stands as expected."""

from sqlalchemy import bindparam, update

from bot.delivery.rules import ScheduleState
from bot.delivery.tables import schedules

UPDATE_SCHEDULE_STATE = (
    update(schedules)
    .where(schedules.c.id == bindparam("schedule_id"), schedules.c.state == bindparam("old_state"))
    .values(
        state=bindparam("new_state"),
        problem=bindparam("new_problem"),
        next_run_at=bindparam("new_next_run_at"),
    )
)
STOP_SCHEDULE = (
    update(schedules)
    .where(
        schedules.c.id == bindparam("schedule_id"),
        schedules.c.state == ScheduleState.ACTIVE.value,
        schedules.c.channel_id == bindparam("refused_channel_id"),
    )
    .values(state=ScheduleState.BROKEN.value, problem=bindparam("new_problem"), next_run_at=None)
)
"""For a channel that refuses posts: a schedule that was given another one meanwhile goes on."""
