"""Statements on claims, allocations and counters. The tables stand in :mod:`bot.claims.tables`."""

from sqlalchemy import Integer, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from bot.claims.tables import (
    DEAD_STATES,
    LIVE_STATES,
    allocations,
    claim_decisions,
    claim_settings,
    claims,
    codes,
    community_shares,
    program_counters,
    program_peppers,
    programs,
)
from bot.storage.lists import ids_of, texts_of

_IN_PROGRAM = claims.c.program_id == bindparam("program_id")
_OF_SUBJECT = claims.c.subject == bindparam("subject")
_IS_FREE = text("codes.state = 'free'")
_IS_PENDING = text("claims.state = 'pending'")

SELECT_PROGRAM = (
    select(programs, program_peppers.c.pepper)
    .join_from(programs, program_peppers, isouter=True)
    .where(programs.c.id == bindparam("program_id"))
)
LOCK_COUNTERS = (
    select(program_counters)
    .where(program_counters.c.program_id == bindparam("program_id"))
    .with_for_update()
)
"""Every claim of a program goes through this row's lock, so that order and counts are exact."""

SELECT_COUNTERS = select(program_counters).where(
    program_counters.c.program_id == bindparam("program_id")
)
ADD_TO_COUNTERS = (
    update(program_counters)
    .where(program_counters.c.program_id == bindparam("in_program"))
    .values(
        allocated=program_counters.c.allocated + bindparam("more_allocated", type_=Integer),
        offered=program_counters.c.offered + bindparam("more_offered", type_=Integer),
        next_position=program_counters.c.next_position + bindparam("more_waiting", type_=Integer),
    )
)
LOCK_SHARES = (
    select(community_shares)
    .where(
        community_shares.c.program_id == bindparam("program_id"),
        community_shares.c.guild_id.in_(ids_of("guild_ids")),
    )
    .with_for_update()
)
ADD_SHARE = insert(community_shares).values(
    program_id=bindparam("program_id"),
    guild_id=bindparam("guild_id"),
    cap=None,
    allocated=bindparam("allocated", type_=Integer),
    offered=bindparam("offered", type_=Integer),
)
ADD_SHARE = ADD_SHARE.on_conflict_do_update(
    index_elements=["program_id", "guild_id"],
    set_={
        "allocated": community_shares.c.allocated + ADD_SHARE.excluded.allocated,
        "offered": community_shares.c.offered + ADD_SHARE.excluded.offered,
    },
)
"""More codes or offers of a community, which is counted from its first one on."""

TAKE_FROM_OFFERED = (
    update(community_shares)
    .where(
        community_shares.c.program_id == bindparam("in_program"),
        community_shares.c.guild_id == bindparam("in_guild"),
    )
    .values(
        offered=community_shares.c.offered - bindparam("less_offered", type_=Integer),
        allocated=community_shares.c.allocated + bindparam("more_allocated", type_=Integer),
    )
)
SELECT_LIVE = select(claims).where(
    _IN_PROGRAM, claims.c.subject.in_(texts_of("subjects")), text(LIVE_STATES)
)
_NEWEST = select(func.max(claims.c.id)).where(_IN_PROGRAM, _OF_SUBJECT)
SELECT_LATEST = select(claims).where(
    claims.c.id
    == func.coalesce(
        _NEWEST.where(text(LIVE_STATES)).scalar_subquery(),
        _NEWEST.where(text(DEAD_STATES)).scalar_subquery(),
    )
)
"""A person's live claim; without one, the last of the others."""

SELECT_TAKEN_HANDLES = select(claims.c.handle_key).where(
    _IN_PROGRAM, claims.c.handle_key.in_(texts_of("handle_keys")), text(LIVE_STATES)
)
INSERT_CLAIM = insert(claims).values(
    {
        name: bindparam(name)
        for name in (
            "program_id",
            "subject",
            "user_id",
            "guild_id",
            "state",
            "handle_key",
            "handle",
            "country",
            "has_conflict",
            "wants_dm",
            "position",
            "created_at",
        )
    }
    | {"version": 1, "appeals": 0, "changed_at": bindparam("created_at")}
)
TAKE_CODES = (
    select(codes.c.id)
    .where(codes.c.program_id == bindparam("program_id"), _IS_FREE)
    .order_by(codes.c.id)
    .limit(bindparam("most", type_=Integer))
    .offset(bindparam("kept", type_=Integer))
)
"""Free codes behind the first ``kept`` ones, which are for those who have an offer."""

SPEND_CODES = (
    update(codes)
    .where(codes.c.id.in_(ids_of("code_ids")), codes.c.state == "free")
    .values(state="spent")
    .returning(codes.c.fingerprint)
)
INSERT_ALLOCATION = insert(allocations).values(
    {
        name: bindparam(name)
        for name in ("program_id", "claim_id", "code_id", "subject", "allocated_at")
    }
)
SELECT_CLAIM = select(claims).where(claims.c.id == bindparam("claim_id"))
LOCK_CLAIM = SELECT_CLAIM.with_for_update()
STEP = (
    update(claims)
    .where(claims.c.id == bindparam("claim_id"), claims.c.version == bindparam("old_version"))
    .values(
        state=bindparam("new_state"),
        version=claims.c.version + 1,
        changed_at=bindparam("now"),
    )
)
MARK_DELIVERED = (
    update(claims)
    .where(claims.c.id.in_(ids_of("claim_ids")), text("claims.state = 'allocated'"))
    .values(state="delivered", version=claims.c.version + 1, changed_at=bindparam("now"))
)
INSERT_DECISION = insert(claim_decisions).values(
    {
        name: bindparam(name)
        for name in ("claim_id", "version", "action", "reason", "decider_id", "decided_at")
    }
)
SELECT_CODE = (
    select(codes.c.fingerprint, codes.c.key_id, codes.c.secret, codes.c.state, allocations.c.id)
    .join_from(allocations, codes, allocations.c.code_id == codes.c.id)
    .where(allocations.c.claim_id == bindparam("claim_id"), allocations.c.replaced_at.is_(None))
)
SELECT_CODES = (
    select(allocations.c.claim_id, codes.c.fingerprint, codes.c.key_id, codes.c.secret)
    .join_from(allocations, codes, allocations.c.code_id == codes.c.id)
    .where(allocations.c.claim_id.in_(ids_of("claim_ids")), allocations.c.replaced_at.is_(None))
)
SELECT_PERSON = select(claims).where(claims.c.user_id == bindparam("user_id")).order_by(claims.c.id)
ERASE_PERSON = (
    update(claims)
    .where(claims.c.user_id == bindparam("old_user_id"))
    .values(user_id=None, handle=None, country=None, note=None, wants_dm=0)
)
FORGET_GUILD = (
    delete(claim_settings).where(claim_settings.c.guild_id == bindparam("guild_id")),
    delete(community_shares).where(
        community_shares.c.guild_id == bindparam("guild_id"),
        community_shares.c.allocated == 0,
        community_shares.c.offered == 0,
    ),
)
"""What a community chose. Its members' claims stay: they are theirs, in every community."""

CHOOSE_REMINDERS = (
    update(claims)
    .where(claims.c.id == bindparam("claim_id"))
    .values(wants_dm=bindparam("new_wants_dm", type_=Integer))
)
SAVE_NOTE = (
    update(claims).where(claims.c.id == bindparam("claim_id")).values(note=bindparam("new_note"))
)
SELECT_SHARE = select(community_shares).where(
    community_shares.c.program_id == bindparam("program_id"),
    community_shares.c.guild_id == bindparam("guild_id"),
)
SAVE_SHARE = insert(community_shares).values(
    program_id=bindparam("program_id"),
    guild_id=bindparam("guild_id"),
    cap=bindparam("cap", type_=Integer),
    allocated=0,
    offered=0,
)
SAVE_SHARE = SAVE_SHARE.on_conflict_do_update(
    index_elements=["program_id", "guild_id"], set_={"cap": SAVE_SHARE.excluded.cap}
)
MARK_APPEALED = update(claims).where(claims.c.id == bindparam("claim_id")).values(appeals=1)
MARK_CONFLICT = (
    update(claims)
    .where(claims.c.id == bindparam("claim_id"))
    .values(handle_key=None, has_conflict=1)
)
MARK_REDEEMED = (
    update(claims)
    .where(claims.c.id == bindparam("claim_id"))
    .values(redeemed_at=bindparam("new_redeemed_at"), ends_at=bindparam("new_ends_at"))
)
LAST_REFUSAL = (
    select(claim_decisions.c.decider_id)
    .where(
        claim_decisions.c.claim_id == bindparam("claim_id"),
        claim_decisions.c.action == "rejected",
    )
    .order_by(claim_decisions.c.version.desc())
    .limit(1)
)
"""Who refused: a moderator, the operator, or nobody any more once that moderator erased theirs."""

LAST_DECISION = (
    select(claim_decisions)
    .where(claim_decisions.c.claim_id == bindparam("claim_id"))
    .order_by(claim_decisions.c.version.desc())
    .limit(1)
)
SELECT_SETTINGS = select(claim_settings).where(
    claim_settings.c.program_id == bindparam("program_id"),
    claim_settings.c.guild_id == bindparam("guild_id"),
)
SELECT_GUILD_SETTINGS = (
    select(claim_settings)
    .where(claim_settings.c.guild_id == bindparam("guild_id"))
    .order_by(claim_settings.c.program_id)
)
SAVE_SETTINGS = insert(claim_settings).values(
    {
        name: bindparam(name)
        for name in (
            "program_id",
            "guild_id",
            "is_on",
            "is_reviewed",
            "requirements",
            "queue_channel_id",
        )
    }
)
SAVE_SETTINGS = SAVE_SETTINGS.on_conflict_do_update(
    index_elements=["program_id", "guild_id"],
    set_={
        name: SAVE_SETTINGS.excluded[name]
        for name in ("is_on", "is_reviewed", "requirements", "queue_channel_id")
    },
)
SELECT_QUEUE = (
    select(claims)
    .where(claims.c.guild_id == bindparam("guild_id"), _IS_PENDING)
    .order_by(claims.c.id)
    .limit(bindparam("most", type_=Integer))
)
