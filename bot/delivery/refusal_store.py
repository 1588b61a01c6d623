"""The statement that stops a schedule whose channel refuses posts."""

from sqlalchemy import bindparam, update

from bot.delivery.rules import ScheduleState
from bot.delivery.tables import schedules

STOP_SCHEDULE = (
    update(schedules)
    .where(
        schedules.c.id == bindparam("schedule_id"),
        schedules.c.state == ScheduleState.ACTIVE.value,
        schedules.c.channel_id == bindparam("refused_channel_id"),
    )
    .values(state=ScheduleState.BROKEN.value, problem=bindparam("new_problem"), next_run_at=None)
)
"""One that was given another channel meanwhile goes on."""
