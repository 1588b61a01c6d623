"""Table and statements of the boards that follow the sun: what each board shows by now.

About people: nothing. Which message a board is stands in the ledger of posts.
"""

import json
from collections.abc import Sequence

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    Table,
    Text,
    bindparam,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.campaigns.sun import KIND
from bot.delivery.rules import DeliveryState, ScheduleState
from bot.delivery.tables import deliveries, schedules
from bot.guilds.store import guilds
from bot.storage import Database, Row, Transaction, metadata
from bot.storage.lists import ids_of
from bot.storage.schema import WholeNumber

sun_boards = Table(
    "sun_boards",
    metadata,
    Column("delivery_id", ForeignKey(deliveries.c.id, ondelete="CASCADE"), primary_key=True),
    Column("shown", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", WholeNumber, nullable=False),
    Column("is_stopped", Integer, nullable=False),
)

_OF_BOARD = sun_boards.c.delivery_id == bindparam("of_delivery")
_IS_FOLLOWED = (
    schedules.c.kind == KIND,
    schedules.c.state == ScheduleState.ACTIVE.value,
)
_MARK = bindparam("reached", type_=Text) + "|" + guilds.c.zone + "|" + guilds.c.language
"""All that a board's words depend on, besides the day: how far it is, and the community's own."""

COUNT_ZONES = (
    select(guilds.c.zone, schedules.c.options, func.count().label("communities"))
    .join_from(schedules, guilds, guilds.c.guild_id == schedules.c.guild_id)
    .where(*_IS_FOLLOWED)
    .group_by(guilds.c.zone, schedules.c.options)
)
SELECT_ZONE = select(guilds.c.zone).where(guilds.c.guild_id == bindparam("guild_id"))
_ONE_DELIVERY = (
    select(deliveries.c.id, _MARK, literal(0), literal(0), literal(0))
    .select_from(deliveries.join(schedules).join(guilds, guilds.c.guild_id == schedules.c.guild_id))
    .where(
        deliveries.c.schedule_id == bindparam("schedule_id"), deliveries.c.slot == bindparam("slot")
    )
)
REMEMBER = (
    insert(sun_boards)
    .from_select(["delivery_id", "shown", "attempts", "leased_until", "is_stopped"], _ONE_DELIVERY)
    .on_conflict_do_nothing(index_elements=["delivery_id"])
)
_stale = (
    select(sun_boards.c.delivery_id)
    .select_from(
        sun_boards.join(deliveries)
        .join(schedules)
        .join(guilds, guilds.c.guild_id == schedules.c.guild_id)
    )
    .where(
        deliveries.c.content_id == bindparam("content_id"),
        deliveries.c.state == DeliveryState.SENT.value,
        deliveries.c.message_id.is_not(None),
        sun_boards.c.is_stopped == 0,
        sun_boards.c.leased_until <= bindparam("now"),
        sun_boards.c.shown != _MARK,
        *_IS_FOLLOWED,
    )
    .order_by(sun_boards.c.delivery_id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True, of=sun_boards)
    .cte("stale")
)
LEASE = (
    update(sun_boards)
    .where(sun_boards.c.delivery_id.in_(select(_stale.c.delivery_id)))
    .values(leased_until=bindparam("until"))
    .returning(sun_boards.c.delivery_id)
)
SELECT_LEASED = (
    select(
        sun_boards.c.delivery_id,
        sun_boards.c.attempts,
        deliveries.c.key,
        deliveries.c.channel_id,
        deliveries.c.message_id,
        schedules.c.guild_id,
        guilds.c.zone,
        _MARK.label("mark"),
    )
    .select_from(
        sun_boards.join(deliveries)
        .join(schedules)
        .join(guilds, guilds.c.guild_id == schedules.c.guild_id)
    )
    .where(sun_boards.c.delivery_id.in_(ids_of("delivery_ids")))
    .order_by(sun_boards.c.delivery_id)
)
MARK_SHOWN = (
    update(sun_boards)
    .where(_OF_BOARD)
    .values(shown=bindparam("new_shown"), attempts=0, leased_until=0)
)
POSTPONE = (
    update(sun_boards)
    .where(_OF_BOARD)
    .values(attempts=sun_boards.c.attempts + 1, leased_until=bindparam("until"))
)
STOP = update(sun_boards).where(_OF_BOARD).values(is_stopped=1)
SELECT_LATEST = (
    select(
        deliveries.c.content_id,
        deliveries.c.channel_id,
        deliveries.c.finished_at,
        sun_boards.c.is_stopped,
    )
    .select_from(sun_boards.join(deliveries))
    .where(
        deliveries.c.schedule_id == bindparam("schedule_id"),
        deliveries.c.state == DeliveryState.SENT.value,
    )
    .order_by(deliveries.c.due_at.desc())
    .limit(1)
)


async def count_zones(db: Database | Transaction, campaign_id: str) -> dict[str, int]:
    """How many communities follow the sun with a campaign, by their zone."""
    found: dict[str, int] = {}
    for row in await db.fetch_all(COUNT_ZONES):
        if json.loads(row["options"]).get("campaign") == campaign_id:
            found[row["zone"]] = found.get(row["zone"], 0) + row["communities"]
    return found


async def lease(  # noqa: PLR0913, PLR0917 (which boards, and for how long)
    tx: Transaction, content_id: str, reached: int, now: int, until: int, most: int
) -> Sequence[Row]:
    """Take boards that show less than there is; nobody else takes them until then."""
    leased = await tx.fetch_all(
        LEASE, content_id=content_id, reached=str(reached), now=now, until=until, most=most
    )
    ids = json.dumps([row["delivery_id"] for row in leased])
    return await tx.fetch_all(SELECT_LEASED, delivery_ids=ids, reached=str(reached))
