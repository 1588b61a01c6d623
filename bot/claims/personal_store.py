"""Statements on what claims keep about one person: for their copy of it, and to erase it."""

from sqlalchemy import BindParameter, bindparam, delete, or_, select, update

from bot.claims.tables import (
    allocations,
    claim_decisions,
    claim_reminders,
    claims,
    code_replacements,
)
from bot.storage.schema import WholeNumber

_USER_ID: BindParameter[int] = bindparam("user_id", type_=WholeNumber)
_THEIRS = select(claims.c.id).where(claims.c.user_id == _USER_ID)
_IS_DECIDER = or_(allocations.c.replaced_by == _USER_ID, allocations.c.confirmed_by == _USER_ID)

SELECT_PROGRAMS = (
    select(claims.c.program_id)
    .distinct()
    .where(claims.c.user_id == _USER_ID)
    .order_by(claims.c.program_id)
)
SELECT_DECISIONS = (
    select(claim_decisions)
    .where(claim_decisions.c.claim_id.in_(_THEIRS))
    .order_by(claim_decisions.c.claim_id, claim_decisions.c.version)
)
"""What was decided on their own claims."""

SELECT_REMINDERS = (
    select(claim_reminders)
    .where(claim_reminders.c.claim_id.in_(_THEIRS))
    .order_by(claim_reminders.c.claim_id, claim_reminders.c.begun_at, claim_reminders.c.kind)
)
SELECT_DECIDED = (
    select(claim_decisions.c.claim_id, claim_decisions.c.action, claim_decisions.c.decided_at)
    .where(claim_decisions.c.decider_id == _USER_ID)
    .order_by(claim_decisions.c.claim_id, claim_decisions.c.version)
)
"""What they decided as a moderator, without the words, which are about somebody else."""

SELECT_REPLACED = (
    select(allocations.c.claim_id, allocations.c.replaced_at)
    .where(_IS_DECIDER)
    .order_by(allocations.c.id)
)
SELECT_ASKED = (
    select(code_replacements.c.claim_id, code_replacements.c.asked_at)
    .where(code_replacements.c.asked_by == _USER_ID)
    .order_by(code_replacements.c.claim_id)
)

ERASE_AROUND_CLAIMS = (
    update(claim_decisions).where(claim_decisions.c.claim_id.in_(_THEIRS)).values(reason=None),
    delete(claim_reminders).where(claim_reminders.c.claim_id.in_(_THEIRS)),
    delete(code_replacements).where(code_replacements.c.claim_id.in_(_THEIRS)),
)
"""What hangs on a person's claims and may tell of them. Run while the claims are still theirs."""

ERASE_DECIDER = (
    update(claim_decisions).where(claim_decisions.c.decider_id == _USER_ID).values(decider_id=None),
    update(allocations).where(allocations.c.replaced_by == _USER_ID).values(replaced_by=None),
    update(allocations).where(allocations.c.confirmed_by == _USER_ID).values(confirmed_by=None),
)
DELETE_ASKED = delete(code_replacements).where(code_replacements.c.asked_by == _USER_ID)
