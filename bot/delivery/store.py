"""Statements on ``schedules`` and the ledger ``deliveries``."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Integer,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningUpdate

from bot.delivery.ports import Delivery, Schedule
from bot.delivery.rows import to_delivery, to_schedule
from bot.delivery.rules import DeliveryState, ScheduleState
from bot.delivery.tables import deliveries, schedules
from bot.storage import Database, Transaction

_IS_OPEN = or_(
    deliveries.c.state == DeliveryState.PLANNED.value,
    deliveries.c.state == DeliveryState.SENDING.value,
)
_SCHEDULE_COLUMNS = tuple(column for column in schedules.c if column.name != "created_at")

SELECT_SCHEDULE = select(*_SCHEDULE_COLUMNS).where(schedules.c.id == bindparam("schedule_id"))
SELECT_GUILD_SCHEDULES = (
    select(*_SCHEDULE_COLUMNS)
    .where(
        schedules.c.guild_id == bindparam("guild_id"),
        or_(schedules.c.kind == bindparam("kind"), bindparam("kind") == ""),
    )
    .order_by(schedules.c.id)
)
INSERT_SCHEDULE = (
    insert(schedules)
    .values(
        {
            column.name: bindparam(column.name)
            for column in schedules.c
            if column.name not in {"id", "state", "problem"}
        }
        | {"state": ScheduleState.ACTIVE.value}
    )
    .returning(schedules.c.id)
)
UPDATE_SCHEDULE = (
    update(schedules)
    .where(schedules.c.id == bindparam("schedule_id"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "channel_id",
                "minute_of_day",
                "zone",
                "weekdays",
                "days",
                "role_id",
                "is_silent",
                "options",
                "next_run_at",
            )
        }
        | {"state": ScheduleState.ACTIVE.value, "problem": None}
    )
)
CHANGE_OPTIONS = (
    update(schedules)
    .where(schedules.c.id == bindparam("schedule_id"))
    .values(options=bindparam("new_options"))
)
DELETE_SCHEDULE = delete(schedules).where(schedules.c.id == bindparam("schedule_id"))
DELETE_FINISHED_SCHEDULES = delete(schedules).where(
    schedules.c.kind == bindparam("kind"),
    schedules.c.state == ScheduleState.ACTIVE.value,
    schedules.c.next_run_at.is_(None),
    schedules.c.id.not_in(select(deliveries.c.schedule_id).where(_IS_OPEN)),
)
DELETE_GUILD_SCHEDULES = delete(schedules).where(schedules.c.guild_id == bindparam("guild_id"))
SELECT_DUE = (
    select(
        schedules.c.id,
        schedules.c.kind,
        schedules.c.minute_of_day,
        schedules.c.zone,
        schedules.c.weekdays,
        schedules.c.days,
        schedules.c.next_run_at,
    )
    .where(
        schedules.c.state == ScheduleState.ACTIVE.value, schedules.c.next_run_at <= bindparam("now")
    )
    .order_by(schedules.c.next_run_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
ADVANCE_SCHEDULE = (
    update(schedules)
    .where(
        schedules.c.id == bindparam("schedule_id"),
        schedules.c.next_run_at == bindparam("old_run_at"),
    )
    .values(next_run_at=bindparam("new_run_at"))
)
MOVE_NEXT_RUN = (
    update(schedules)
    .where(
        schedules.c.id == bindparam("schedule_id"),
        schedules.c.state == ScheduleState.ACTIVE.value,
    )
    .values(next_run_at=bindparam("new_run_at"))
)
SELECT_NEXT_DUE = select(func.min(schedules.c.next_run_at).label("at")).where(
    schedules.c.state == ScheduleState.ACTIVE.value
)

INSERT_DELIVERY = (
    insert(deliveries)
    .values(
        schedule_id=bindparam("schedule_id"),
        slot=bindparam("slot"),
        due_at=bindparam("due_at"),
        key=bindparam("key"),
        state=bindparam("state"),
        note=bindparam("note"),
        finished_at=bindparam("finished_at"),
        recipient_id=bindparam("recipient_id"),
        attempts=0,
    )
    .on_conflict_do_nothing(index_elements=["schedule_id", "slot"])
)
_waiting = deliveries.alias("waiting")
_is_waiting = or_(
    _waiting.c.state == DeliveryState.PLANNED.value,
    and_(
        _waiting.c.state == DeliveryState.SENDING.value,
        _waiting.c.leased_until <= bindparam("now"),
    ),
)


def _lease(*, letters: bool) -> ReturningUpdate[Any]:
    """Posts and letters are leased apart: neither waits behind the other."""
    recipient = _waiting.c.recipient_id
    # A common table expression: PostgreSQL may run a plain subquery again for each row, and then
    # takes more than was asked for.
    queue = (
        select(_waiting.c.id)
        .where(_is_waiting, recipient.is_not(None) if letters else recipient.is_(None))
        .order_by(_waiting.c.due_at, _waiting.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("queue")
    )
    return (
        update(deliveries)
        .where(deliveries.c.id.in_(select(queue.c.id)))
        .values(
            state=DeliveryState.SENDING.value,
            lease_owner=bindparam("owner"),
            leased_until=bindparam("until"),
        )
        .returning(deliveries)
    )


LEASE_POSTS = _lease(letters=False)
LEASE_LETTERS = _lease(letters=True)
COUNT_LETTERS = (
    select(
        schedules.c.kind,
        schedules.c.zone,
        _waiting.c.due_at,
        func.count().label("waiting"),
    )
    .join_from(_waiting, schedules)
    .where(_is_waiting, _waiting.c.recipient_id.is_not(None))
    .group_by(schedules.c.kind, schedules.c.zone, _waiting.c.due_at)
)
BEGIN_ATTEMPT = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("delivery_id"),
        deliveries.c.state == DeliveryState.SENDING.value,
        deliveries.c.lease_owner == bindparam("owner"),
    )
    .values(
        attempts=deliveries.c.attempts + 1,
        first_attempt_at=func.coalesce(deliveries.c.first_attempt_at, bindparam("now")),
        last_attempt_at=bindparam("now"),
        channel_id=func.coalesce(deliveries.c.channel_id, bindparam("new_channel_id")),
        content_id=bindparam("new_content_id"),
    )
)
FINISH_DELIVERY = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery_id"), _IS_OPEN)
    .values(
        state=bindparam("new_state"),
        note=bindparam("new_note"),
        message_id=bindparam("new_message_id"),
        finished_at=bindparam("now"),
        recipient_id=None,
        lease_owner=None,
        leased_until=None,
    )
)
RELEASE_DELIVERY = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("delivery_id"), deliveries.c.lease_owner == bindparam("owner")
    )
    .values(lease_owner=None, leased_until=bindparam("until"))
)
DROP_OPEN_DELIVERIES = (
    update(deliveries)
    .where(
        deliveries.c.schedule_id == bindparam("schedule_id"),
        deliveries.c.state == DeliveryState.PLANNED.value,
    )
    .values(
        state=DeliveryState.SKIPPED.value,
        note=bindparam("new_note"),
        finished_at=bindparam("now"),
        recipient_id=None,
    )
)
SKIP_OPEN_DELIVERIES = (
    update(deliveries)
    .where(_IS_OPEN)
    .values(
        state=DeliveryState.SKIPPED.value,
        note=bindparam("new_note"),
        finished_at=bindparam("now"),
        recipient_id=None,
    )
)
SKIP_MISSED_RUNS = (
    update(schedules)
    .where(schedules.c.next_run_at < bindparam("now"))
    .values(next_run_at=bindparam("now"))
)
DELETE_DELIVERY = delete(deliveries).where(
    deliveries.c.schedule_id == bindparam("schedule_id"),
    deliveries.c.slot == bindparam("slot"),
    deliveries.c.state == DeliveryState.SKIPPED.value,
    deliveries.c.note == bindparam("note"),
    deliveries.c.due_at > bindparam("now"),
)
DELETE_OLD_DELIVERIES = delete(deliveries).where(
    deliveries.c.finished_at < bindparam("before"),
    deliveries.c.due_at < bindparam("before"),  # what was left out may be far ahead
    deliveries.c.schedule_id.in_(
        select(schedules.c.id).where(schedules.c.kind != bindparam("kept_kind"))
    ),
)
SELECT_HISTORY = (
    select(deliveries)
    .where(deliveries.c.schedule_id == bindparam("schedule_id"))
    .order_by(deliveries.c.due_at.desc(), deliveries.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
SELECT_PERSON = (
    select(schedules.c.kind, deliveries.c.due_at)
    .select_from(deliveries.join(schedules))
    .where(deliveries.c.recipient_id == bindparam("user_id"))
    .order_by(deliveries.c.due_at)
)
DELETE_PERSON = delete(deliveries).where(deliveries.c.recipient_id == bindparam("user_id"))
SELECT_BACKLOG = select(
    func.count().label("waiting"), func.min(deliveries.c.due_at).label("oldest_at")
).where(_IS_OPEN)


async def fetch_schedule(db: Database | Transaction, schedule_id: int) -> Schedule | None:
    """The schedule with an id, if it is there."""
    row = await db.fetch_one(SELECT_SCHEDULE, schedule_id=schedule_id)
    return None if row is None else to_schedule(row)


async def fetch_history(
    db: Database | Transaction, schedule_id: int, most: int
) -> Sequence[Delivery]:
    """The latest rows of a schedule's ledger, newest first."""
    rows = await db.fetch_all(SELECT_HISTORY, schedule_id=schedule_id, most=most)
    return [to_delivery(row) for row in rows]
