"""Rows of ``schedules`` and ``deliveries`` as values, and the other way round."""

import json
from dataclasses import dataclass

from bot.delivery.ports import Delivery, Schedule
from bot.delivery.rules import ScheduleState, explain_unknown_zone
from bot.delivery.times import Recurrence, weekday_mask, weekdays_of
from bot.storage import Row


@dataclass(frozen=True, slots=True)
class Backlog:
    """Deliveries that are not finished yet; ``oldest_at`` is when the oldest was due."""

    waiting: int
    oldest_at: int | None


def to_schedule(row: Row) -> Schedule:
    """A row of ``schedules`` as a value."""
    weekdays = weekdays_of(row["weekdays"])
    state, problem = row["state"], row["problem"]
    try:
        recurrence = Recurrence(row["minute_of_day"], row["zone"], weekdays, row["days"])
    except ValueError:  # the zone left the time zone data: its community still needs to see it
        recurrence = Recurrence(row["minute_of_day"], "UTC", weekdays)
        state, problem = ScheduleState.BROKEN.value, explain_unknown_zone(row["zone"])
    return Schedule(
        schedule_id=row["id"],
        guild_id=row["guild_id"],
        kind=row["kind"],
        channel_id=row["channel_id"],
        recurrence=recurrence,
        role_id=row["role_id"],
        is_silent=bool(row["is_silent"]),
        options=json.loads(row["options"]),
        state=state,
        problem=problem,
        next_run_at=row["next_run_at"],
    )


def to_delivery(row: Row) -> Delivery:
    """A row of ``deliveries`` as a value."""
    return Delivery(
        delivery_id=row["id"],
        **{name: row[name] for name in Delivery.__slots__ if name != "delivery_id"},
    )


def schedule_values(schedule: Schedule) -> dict[str, int | str | None]:
    """The columns of a schedule that a moderator chooses."""
    recurrence = schedule.recurrence
    return {
        "channel_id": schedule.channel_id,
        "minute_of_day": recurrence.minute_of_day,
        "zone": recurrence.zone,
        "weekdays": weekday_mask(recurrence.weekdays),
        "days": recurrence.days,
        "role_id": schedule.role_id,
        "is_silent": int(schedule.is_silent),
        "options": json.dumps(schedule.options, sort_keys=True),
    }
