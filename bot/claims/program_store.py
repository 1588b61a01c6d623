"""Statements on programs, their days in the hash chain, and the counts of reports."""

from sqlalchemy import Integer, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.claims.rules import State
from bot.claims.tables import (
    allocation_days,
    allocations,
    claim_decisions,
    claims,
    code_replacements,
    codes,
    program_counters,
    program_peppers,
    programs,
)

_OPEN = [State.PENDING.value, State.WAITLISTED.value, State.OFFERED.value]
_PROGRAM = programs.c.id == bindparam("program_id")
_ALLOCATED = allocations.c.program_id == bindparam("program_id")

SELECT_PROGRAMS = (
    select(
        programs, program_counters.c.cap, program_counters.c.allocated, program_counters.c.offered
    )
    .join_from(programs, program_counters, programs.c.id == program_counters.c.program_id)
    .order_by(programs.c.id)
)
SELECT_DEFINITION = select(programs).where(_PROGRAM)
INSERT_PROGRAM = insert(programs).values(
    {name: bindparam(name) for name in ("id", "definition", "opens_at", "closes_at", "applied_at")}
)
INSERT_PEPPER = insert(program_peppers).values(
    program_id=bindparam("program_id"), pepper=bindparam("pepper")
)
INSERT_COUNTERS = insert(program_counters).values(
    program_id=bindparam("program_id"),
    given=bindparam("given"),
    cap=bindparam("cap"),
    allocated=0,
    offered=0,
    next_position=1,
)
UPDATE_PROGRAM = (
    update(programs)
    .where(_PROGRAM)
    .values(
        definition=bindparam("new_definition"),
        opens_at=bindparam("new_opens_at"),
        closes_at=bindparam("new_closes_at"),
        applied_at=bindparam("new_applied_at"),
    )
)
UPDATE_COUNTERS = (
    update(program_counters)
    .where(program_counters.c.program_id == bindparam("program_id"))
    .values(given=bindparam("new_given"), cap=bindparam("new_cap"))
)

SELECT_CLOSED = select(programs).where(
    programs.c.ended_at.is_(None), programs.c.closes_at <= bindparam("before")
)
SELECT_LAST_ACCESS = (
    select(
        func.max(allocations.c.allocated_at).label("allocated_at"),
        func.max(claims.c.ends_at).label("ends_at"),
    )
    .join_from(allocations, claims, claims.c.id == allocations.c.claim_id)
    .where(_ALLOCATED)
)
SELECT_UNKNOWN = (
    select(programs.c.id)
    .join(program_peppers, program_peppers.c.program_id == programs.c.id, isouter=True)
    .where(
        programs.c.ended_at.is_(None),
        program_peppers.c.pepper.is_(None),
        programs.c.id.in_(select(claims.c.program_id)),
    )
    .order_by(programs.c.id)
)
"""Programs with claims that nobody can be matched with: their pepper is lost."""

SELECT_ANY_CLAIM = (
    select(claims.c.id).where(claims.c.program_id == bindparam("program_id")).limit(1)
)
END_PROGRAM = update(programs).where(_PROGRAM).values(ended_at=bindparam("new_ended_at"))
DELETE_PEPPER = delete(program_peppers).where(
    program_peppers.c.program_id == bindparam("program_id")
)
EXPIRE_OPEN = (
    update(claims)
    .where(claims.c.program_id == bindparam("program_id"), claims.c.state.in_(_OPEN))
    .values(state=State.EXPIRED.value, version=claims.c.version + 1, changed_at=bindparam("now"))
)
SELECT_OFFERED = select(claims.c.guild_id).where(
    claims.c.program_id == bindparam("program_id"), claims.c.state == State.OFFERED.value
)
UNLINK_CLAIMS = (
    update(claims)
    .where(claims.c.program_id == bindparam("program_id"))
    .values(user_id=None, handle=None, note=None, wants_dm=0)
)
UNLINK_DECISIONS = (
    update(claim_decisions)
    .where(
        claim_decisions.c.claim_id.in_(
            select(claims.c.id).where(claims.c.program_id == bindparam("program_id"))
        )
    )
    .values(reason=None)
)

SELECT_DAYS = (
    select(allocation_days)
    .where(allocation_days.c.program_id == bindparam("program_id"))
    .order_by(allocation_days.c.day)
)
INSERT_DAY = insert(allocation_days).values(
    {name: bindparam(name) for name in ("program_id", "day", "count", "root")}
)
SELECT_LINKS = (
    select(
        allocations.c.id,
        allocations.c.claim_id,
        allocations.c.allocated_at,
        codes.c.fingerprint,
    )
    .join_from(allocations, codes, codes.c.id == allocations.c.code_id, isouter=True)
    .where(
        _ALLOCATED,
        allocations.c.id > bindparam("last_id"),
        allocations.c.allocated_at >= bindparam("since"),
        allocations.c.allocated_at < bindparam("until"),
    )
    .order_by(allocations.c.id)
    .limit(bindparam("most", type_=Integer))
)
"""A page of what the hash chain covers."""

SELECT_CLAIMED = (
    select(
        func.min(allocations.c.allocated_at).label("claimed_at"),
        claims.c.country,
    )
    .join_from(allocations, claims, claims.c.id == allocations.c.claim_id)
    .where(_ALLOCATED)
    .group_by(claims.c.id, claims.c.country)
)
"""When and where each claim got its first code: a replacement is no second claim.

A foreign key says that the claim is the same program's. Said again in the join, it costs minutes.
"""

DELETE_REQUESTS = delete(code_replacements).where(
    code_replacements.c.claim_id.in_(
        select(claims.c.id).where(claims.c.program_id == bindparam("program_id"))
    )
)
