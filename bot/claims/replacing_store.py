"""Statements on the replacement of a faulty code."""

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.claims.tables import allocations, code_replacements, codes

_OF_CLAIM = code_replacements.c.claim_id == bindparam("claim_id")

SELECT_REQUEST = select(code_replacements).where(_OF_CLAIM)
LOCK_REQUEST = SELECT_REQUEST.with_for_update()
INSERT_REQUEST = insert(code_replacements).values(
    {name: bindparam(name) for name in ("claim_id", "asked_by", "reason", "asked_at")}
)
DELETE_REQUEST = delete(code_replacements).where(_OF_CLAIM)
SELECT_HELD = (
    select(allocations.c.id, allocations.c.code_id, codes.c.fingerprint)
    .join_from(allocations, codes, codes.c.id == allocations.c.code_id)
    .where(allocations.c.claim_id == bindparam("claim_id"), allocations.c.replaced_at.is_(None))
)
"""The code that a claim has now."""

REPLACE = (
    update(allocations)
    .where(allocations.c.id == bindparam("allocation_id"))
    .values(
        replaced_at=bindparam("now"),
        replaced_by=bindparam("asker_id"),
        confirmed_by=bindparam("confirmer_id"),
    )
)
