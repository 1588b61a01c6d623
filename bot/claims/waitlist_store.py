"""Statements on the waitlist: who waits, who has an offer, and what is left for them."""

from sqlalchemy import Integer, and_, bindparam, func, or_, select, text, update

from bot.claims.tables import claims, codes, community_shares
from bot.storage.lists import ids_of

_IN_PROGRAM = claims.c.program_id == bindparam("program_id")
_IS_FREE = text("codes.state = 'free'")
_IS_WAITLISTED = text("claims.state = 'waitlisted'")
_IS_OFFERED = text("claims.state = 'offered'")
_SHARE_OF_CLAIM = and_(
    community_shares.c.program_id == claims.c.program_id,
    community_shares.c.guild_id == claims.c.guild_id,
)
_HAS_ROOM = or_(
    community_shares.c.cap.is_(None),
    community_shares.c.allocated + community_shares.c.offered < community_shares.c.cap,
)
_WAITING = (
    select(
        claims.c.id,
        claims.c.guild_id,
        claims.c.user_id,
        claims.c.wants_dm,
        claims.c.position,
        community_shares.c.cap,
        community_shares.c.allocated,
        community_shares.c.offered,
    )
    .join_from(claims, community_shares, _SHARE_OF_CLAIM, isouter=True)
    .where(_IN_PROGRAM, _IS_WAITLISTED, _HAS_ROOM, claims.c.user_id.is_not(None))
    .order_by(claims.c.position)
)
SELECT_FIRST_WAITING = _WAITING.limit(1)
SELECT_WAITING = _WAITING.limit(bindparam("most", type_=Integer))
"""Who could take a place now, by position, with the room left in their community's share."""

SELECT_LAPSED = select(claims.c.id, claims.c.guild_id).where(
    _IN_PROGRAM,
    _IS_OFFERED,
    or_(claims.c.offer_ends_at <= bindparam("now"), claims.c.user_id.is_(None)),
)
"""Offers whose time has passed, or whose person has erased their data and can't be told."""

SELECT_GONE = select(claims.c.id, claims.c.guild_id).where(
    _IN_PROGRAM, _IS_WAITLISTED, claims.c.user_id.is_(None)
)
SELECT_UNTOLD = (
    select(claims.c.id, claims.c.guild_id, claims.c.user_id, claims.c.wants_dm)
    .where(_IN_PROGRAM, _IS_OFFERED, claims.c.told_at.is_(None), claims.c.user_id.is_not(None))
    .order_by(claims.c.position)
)
STEP_MANY = (
    update(claims)
    .where(claims.c.id.in_(ids_of("claim_ids")), claims.c.state == bindparam("old_state"))
    .values(
        state=bindparam("new_state"),
        version=claims.c.version + 1,
        changed_at=bindparam("now"),
    )
)
SELECT_LEAVING = (
    select(claims)
    .where(
        claims.c.user_id == bindparam("user_id"),
        claims.c.state.in_(["pending", "waitlisted", "offered"]),
    )
    .order_by(claims.c.program_id)
)
COUNT_FREE = select(func.count().label("free")).where(
    codes.c.program_id == bindparam("program_id"), _IS_FREE
)
COUNT_AHEAD = select(func.count().label("ahead")).where(
    _IN_PROGRAM,
    _IS_WAITLISTED,
    claims.c.position < bindparam("position"),
)
MARK_TOLD = (
    update(claims)
    .where(claims.c.id == bindparam("claim_id"), claims.c.told_at.is_(None), _IS_OFFERED)
    .values(told_at=bindparam("new_told_at"), offer_ends_at=bindparam("new_offer_ends_at"))
)
SET_POSITION = (
    update(claims)
    .where(claims.c.id == bindparam("claim_id"), claims.c.position.is_(None))
    .values(position=bindparam("new_position"))
)
