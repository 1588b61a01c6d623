"""Statements on the pool: codes, the canaries of their keys, and what a fence file closes off."""

from sqlalchemy import Integer, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.claims.rules import State
from bot.claims.tables import allocations, claims, codes, key_canaries, program_counters
from bot.storage.lists import ids_of, texts_of

_IN_PROGRAM = codes.c.program_id == bindparam("program_id")
_GIVEN = codes.c.fingerprint.in_(texts_of("fingerprints"))

SELECT_KNOWN = select(codes.c.fingerprint).where(_GIVEN)
INSERT_CODE = insert(codes).values(
    {
        name: bindparam(name)
        for name in ("program_id", "fingerprint", "key_id", "secret", "imported_at")
    }
    | {"state": "free"}
)
COUNT_CODES = select(
    codes.c.program_id, codes.c.state, codes.c.key_id, func.count().label("count")
).group_by(codes.c.program_id, codes.c.state, codes.c.key_id)
SELECT_ALL_COUNTERS = select(program_counters).order_by(program_counters.c.program_id)

SELECT_CANARIES = select(key_canaries)
INSERT_CANARY = (
    insert(key_canaries)
    .values(key_id=bindparam("key_id"), secret=bindparam("secret"))
    .on_conflict_do_nothing(index_elements=["key_id"])
)
DELETE_IDLE_CANARIES = delete(key_canaries).where(
    key_canaries.c.key_id.not_in(texts_of("kept_key_ids")),
    key_canaries.c.key_id.not_in(select(codes.c.key_id)),
)
_first = select(func.min(codes.c.id)).group_by(codes.c.key_id)
SELECT_SAMPLES = select(
    codes.c.program_id, codes.c.fingerprint, codes.c.key_id, codes.c.secret
).where(codes.c.id.in_(_first))
"""One code of each key that codes are kept with."""

_held = and_(allocations.c.code_id == codes.c.id, allocations.c.replaced_at.is_(None))
_WITH_HOLDER = (
    select(
        codes.c.id,
        codes.c.fingerprint,
        codes.c.state,
        claims.c.id.label("claim_id"),
        claims.c.state.label("claim_state"),
    )
    .join_from(codes, allocations, _held, isouter=True)
    .join(claims, claims.c.id == allocations.c.claim_id, isouter=True)
    .order_by(codes.c.id)
)
SELECT_GIVEN = _WITH_HOLDER.where(_IN_PROGRAM, _GIVEN)
_was_replaced = select(allocations.c.id).where(
    allocations.c.code_id == codes.c.id, allocations.c.replaced_at.is_not(None)
)
SELECT_CALLED_BACK = select(codes.c.fingerprint).where(
    _IN_PROGRAM,
    _GIVEN,
    or_(
        codes.c.state == "void",
        _was_replaced.exists(),
        select(allocations.c.id)
        .join_from(allocations, claims, claims.c.id == allocations.c.claim_id)
        .where(
            allocations.c.code_id == codes.c.id,
            allocations.c.replaced_at.is_(None),
            claims.c.state == State.REVOKED.value,
        )
        .exists(),
    ),
)
"""Codes that are void, replaced, or of a claim that was revoked."""

SELECT_ENDING = _WITH_HOLDER.where(_IN_PROGRAM, codes.c.fingerprint.like(bindparam("ending")))
VOID_CODES = (
    update(codes)
    .where(codes.c.id.in_(ids_of("code_ids")), codes.c.state != "void")
    .values(state="void")
)

SELECT_OTHER_KEYS = (
    select(codes.c.program_id, func.count().label("count"))
    .where(codes.c.key_id != bindparam("newest"))
    .group_by(codes.c.program_id)
    .order_by(codes.c.program_id)
)
SELECT_TO_RESEAL = (
    select(codes.c.id, codes.c.program_id, codes.c.fingerprint, codes.c.key_id, codes.c.secret)
    .where(_IN_PROGRAM, codes.c.key_id != bindparam("newest"), codes.c.id > bindparam("last_id"))
    .order_by(codes.c.id)
    .limit(bindparam("most", type_=Integer))
)
RESEAL = (
    update(codes)
    .where(codes.c.id == bindparam("code_id"))
    .values(key_id=bindparam("new_key_id"), secret=bindparam("new_secret"))
)

SELECT_STATES = select(codes.c.program_id, codes.c.fingerprint, codes.c.state).where(_GIVEN)
FENCE_SPENT = (
    update(codes).where(_IN_PROGRAM, _GIVEN, codes.c.state == "free").values(state="spent")
)
FENCE_VOID = update(codes).where(_IN_PROGRAM, _GIVEN, codes.c.state != "void").values(state="void")
SELECT_TAKEN = (
    select(codes.c.id, codes.c.fingerprint, codes.c.state)
    .where(codes.c.id > bindparam("last_id"), codes.c.state != "free")
    .order_by(codes.c.id)
    .limit(bindparam("most", type_=Integer))
)
