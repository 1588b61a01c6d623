"""Statements on access that comes to its end: who is reminded of it, and what is over."""

from sqlalchemy import Integer, Text, and_, bindparam, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from bot.claims.tables import claim_reminders, claims
from bot.storage.schema import WholeNumber

_IN_PROGRAM = claims.c.program_id == bindparam("program_id")
_IS_REDEEMED = text("claims.state = 'redeemed'")
_IS_OVER = claims.c.ends_at <= bindparam("now")
_WANTS_IT = and_(_IS_REDEEMED, claims.c.wants_dm == 1, claims.c.user_id.is_not(None))
_REMINDER = and_(
    claim_reminders.c.claim_id == bindparam("claim_id"),
    claim_reminders.c.kind == bindparam("kind"),
    claim_reminders.c.sent_at.is_(None),
)

SELECT_DUE = (
    select(
        claims.c.id,
        claims.c.program_id,
        claims.c.guild_id,
        claims.c.user_id,
        claims.c.ends_at,
        claim_reminders.c.begun_at,
    )
    .join_from(
        claims,
        claim_reminders,
        and_(
            claim_reminders.c.claim_id == claims.c.id,
            claim_reminders.c.kind == bindparam("kind"),
        ),
        isouter=True,
    )
    .where(
        _IN_PROGRAM,
        _WANTS_IT,
        claims.c.ends_at > bindparam("ends_after"),
        claims.c.ends_at <= bindparam("ends_until"),
        or_(
            claim_reminders.c.begun_at.is_(None),
            and_(
                claim_reminders.c.sent_at.is_(None),
                claim_reminders.c.begun_at >= bindparam("begun_after"),
                claim_reminders.c.begun_at <= bindparam("begun_until"),
            ),
        ),
    )
    .order_by(claim_reminders.c.begun_at.is_(None), claims.c.ends_at, claims.c.id)
    .limit(bindparam("most", type_=Integer))
)
"""Reminders of one kind that nobody has begun; before them those that an interruption left open."""

BEGIN = (
    insert(claim_reminders)
    .from_select(
        ["claim_id", "kind", "begun_at"],
        select(
            claims.c.id, bindparam("kind", type_=Text), bindparam("now", type_=WholeNumber)
        ).where(claims.c.id == bindparam("claim_id"), _WANTS_IT),
    )
    .on_conflict_do_nothing(index_elements=["claim_id", "kind"])
)
MARK_SENT = update(claim_reminders).where(_REMINDER).values(sent_at=bindparam("new_sent_at"))
TAKE_BACK = delete(claim_reminders).where(_REMINDER)

SELECT_OVER_PROGRAMS = select(claims.c.program_id).where(_IS_REDEEMED, _IS_OVER)
"""Once for each claim: for distinct ones, SQLite would walk through all claims each minute."""

SELECT_OVER = (
    select(claims.c.id)
    .where(_IN_PROGRAM, _IS_REDEEMED, _IS_OVER)
    .order_by(claims.c.ends_at, claims.c.id)
    .limit(bindparam("most", type_=Integer))
)
