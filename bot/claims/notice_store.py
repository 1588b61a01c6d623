"""Statements on how low a pool is, and where moderators hear of it."""

from sqlalchemy import Integer, bindparam, exists, func, select, text, update

from bot.claims.tables import claim_settings, codes, program_counters

_OF_PROGRAM = codes.c.program_id == program_counters.c.program_id

SELECT_LEFT = select(
    program_counters.c.cap,
    program_counters.c.allocated,
    program_counters.c.offered,
    program_counters.c.notice,
    select(func.count(codes.c.id))
    .where(_OF_PROGRAM, text("codes.state = 'free'"))
    .scalar_subquery()
    .label("free"),
    exists(select(codes.c.id).where(_OF_PROGRAM)).label("was_filled"),
).where(program_counters.c.program_id == bindparam("program_id"))

SET_NOTICE = (
    update(program_counters)
    .where(
        program_counters.c.program_id == bindparam("program_id"),
        program_counters.c.notice.is_not_distinct_from(bindparam("old_notice", type_=Integer)),
    )
    .values(notice=bindparam("new_notice", type_=Integer))
)
"""Changes it only if it still is what it was when it was read, so that one process tells."""

SELECT_DESKS = (
    select(claim_settings.c.guild_id, claim_settings.c.queue_channel_id)
    .where(claim_settings.c.program_id == bindparam("program_id"), claim_settings.c.is_on == 1)
    .order_by(claim_settings.c.guild_id)
)
