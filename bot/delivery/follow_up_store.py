"""Statements on ``follow_ups``: what is still to be done with a post once it stands."""

from sqlalchemy import Integer, bindparam, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.delivery.rules import DeliveryState
from bot.delivery.tables import deliveries, follow_ups, schedules

_IS_WAITING = follow_ups.c.try_at.is_not(None)
_IS_SENT = exists().where(
    deliveries.c.id == follow_ups.c.delivery_id, deliveries.c.state == DeliveryState.SENT.value
)
_OF_CHANNEL = (
    follow_ups.c.channel_id == bindparam("in_channel"),
    follow_ups.c.step == bindparam("of_step"),
)
_OWN = follow_ups.c.delivery_id == bindparam("of_delivery")

INSERT = (
    insert(follow_ups)
    .values(
        delivery_id=bindparam("delivery_id"),
        step=bindparam("step"),
        channel_id=bindparam("channel_id"),
        try_at=bindparam("now"),
        tries=0,
    )
    .on_conflict_do_nothing(index_elements=["delivery_id"])
)
SELECT_CHANNELS = (
    select(follow_ups.c.channel_id, follow_ups.c.step)
    .where(follow_ups.c.try_at <= bindparam("now"), _IS_SENT)
    .group_by(follow_ups.c.channel_id, follow_ups.c.step)
    .order_by(func.min(follow_ups.c.try_at))
    .limit(bindparam("most", type_=Integer))
)
"""Channels in which something is due, and what."""
LOCK_CHANNEL = (
    select(follow_ups)
    .where(*_OF_CHANNEL, _IS_WAITING, _IS_SENT)
    .order_by(follow_ups.c.delivery_id)
    .with_for_update()
)
"""All that waits in one channel: who counts its places keeps others from counting them, too."""
SELECT_TRIED = select(
    func.count().label("tried"), func.min(follow_ups.c.tried_at).label("first_at")
).where(*_OF_CHANNEL, follow_ups.c.tried_at > bindparam("since"))
SELECT_POST = (
    select(deliveries.c.message_id, deliveries.c.finished_at, deliveries.c.schedule_id)
    .select_from(deliveries)
    .where(deliveries.c.id == bindparam("of_delivery"))
)
BEGIN = (
    update(follow_ups)
    .where(_OWN, _IS_WAITING)
    .values(tried_at=bindparam("now"), tries=follow_ups.c.tries + 1, try_at=bindparam("until"))
)
PUT_OFF = update(follow_ups).where(_OWN, _IS_WAITING).values(try_at=bindparam("until"))
PUT_CHANNEL_OFF = (
    update(follow_ups)
    .where(*_OF_CHANNEL, follow_ups.c.try_at < bindparam("until"))
    .values(try_at=bindparam("until"))
)
SETTLE = update(follow_ups).where(_OWN, _IS_WAITING).values(try_at=None, note=bindparam("new_note"))
SETTLE_ALL = update(follow_ups).where(_IS_WAITING).values(try_at=None, note=bindparam("new_note"))
SELECT_ONE = select(follow_ups).where(_OWN)
SELECT_SETTLED_BEFORE = (
    select(follow_ups.c.note)
    .select_from(follow_ups.join(deliveries).join(schedules))
    .where(
        schedules.c.id == bindparam("schedule_id"),
        follow_ups.c.delivery_id < bindparam("before"),
        follow_ups.c.try_at.is_(None),
    )
    .order_by(follow_ups.c.delivery_id.desc())
    .limit(1)
)
