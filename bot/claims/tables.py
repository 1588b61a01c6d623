"""Tables of claims. The database itself keeps the invariants, on both engines.

About people: ``claims`` (who claimed, what they declared), ``claim_decisions`` (which moderator
decided) and ``allocations`` and ``code_replacements`` (who consented to a replacement). A claim is
seen by its claimant and by the moderators of its community; a code by its claimant alone, and it
is kept encrypted. ``subject`` and ``handle_key`` are keyed hashes, which stay when a person
erases their data, so that a second claim stays impossible.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.claims.rules import LIVE, State
from bot.storage import metadata, person_id
from bot.storage.schema import WholeNumber

CODE_STATES = ("free", "spent", "void")


def _one_of(values: list[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


LIVE_STATES = f"state IN ({_one_of(sorted(LIVE))})"
DEAD_STATES = f"state IN ({_one_of(sorted(frozenset(State) - LIVE))})"
"""Conditions of partial indexes. An engine takes such an index only for a statement in which the
same words stand written out, not as parameters: :mod:`bot.claims.store` uses these."""


def _partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


programs = Table(
    "programs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("definition", Text, nullable=False),
    Column("opens_at", WholeNumber, nullable=False),
    Column("closes_at", WholeNumber),
    Column("applied_at", WholeNumber, nullable=False),
    Column("ended_at", WholeNumber),
)
program_peppers = Table(
    "program_peppers",
    metadata,
    Column("program_id", ForeignKey(programs.c.id), primary_key=True),
    Column("pepper", Text, nullable=False),
)
"""Left out of backups. Without its pepper a program's rows can't be linked to anyone."""

program_counters = Table(
    "program_counters",
    metadata,
    # No foreign key, and none points here: this row is the lock of every claim of its program.
    Column("program_id", Text, primary_key=True),
    Column("given", WholeNumber, nullable=False),
    Column("cap", WholeNumber, nullable=False),
    Column("allocated", WholeNumber, nullable=False),
    Column("offered", WholeNumber, nullable=False),
    Column("next_position", WholeNumber, nullable=False),
    Column("notice", Integer),
    CheckConstraint("0 <= allocated AND allocated <= cap", name="allocated"),
    CheckConstraint("0 <= offered AND allocated + offered <= cap", name="offered"),
    CheckConstraint("cap <= given", name="cap"),
    CheckConstraint("next_position >= 1", name="next_position"),  # 1: nobody has waited yet
)
community_shares = Table(
    "community_shares",
    metadata,
    Column("program_id", Text, nullable=False),
    Column("guild_id", WholeNumber, nullable=False),
    Column("cap", WholeNumber),
    Column("allocated", WholeNumber, nullable=False),
    Column("offered", WholeNumber, nullable=False, server_default="0"),
    PrimaryKeyConstraint("program_id", "guild_id"),
    CheckConstraint("0 <= allocated AND (cap IS NULL OR allocated <= cap)", name="allocated"),
    CheckConstraint("0 <= offered AND (cap IS NULL OR allocated + offered <= cap)", name="offered"),
)
codes = Table(
    "codes",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("program_id", ForeignKey(programs.c.id), nullable=False),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("key_id", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("imported_at", WholeNumber, nullable=False),
    UniqueConstraint("program_id", "id"),
    CheckConstraint(f"state IN ({_one_of(list(CODE_STATES))})", name="state"),
    _partial_index("ix_codes_free", "program_id", "id", where="state = 'free'"),
    sqlite_autoincrement=True,
)
claims = Table(
    "claims",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("program_id", ForeignKey(programs.c.id), nullable=False),
    Column("subject", Text, nullable=False),
    person_id(nullable=True, index=True),
    Column("guild_id", WholeNumber, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("handle_key", Text),
    Column("handle", Text),
    Column("country", Text),
    Column("note", Text),
    Column("has_conflict", Integer, nullable=False),
    Column("wants_dm", Integer, nullable=False),
    Column("appeals", Integer, nullable=False),
    Column("position", WholeNumber),
    Column("created_at", WholeNumber, nullable=False),
    Column("changed_at", WholeNumber, nullable=False),
    Column("told_at", WholeNumber),
    Column("offer_ends_at", WholeNumber),
    Column("redeemed_at", WholeNumber),
    Column("ends_at", WholeNumber),
    UniqueConstraint("program_id", "id", "subject"),
    CheckConstraint(f"state IN ({_one_of([state.value for state in State])})", name="state"),
    CheckConstraint("appeals IN (0, 1)", name="appeals"),
    _partial_index(
        "uq_claims_live_subject", "program_id", "subject", unique=True, where=LIVE_STATES
    ),
    _partial_index("ix_claims_dead_subject", "program_id", "subject", "id", where=DEAD_STATES),
    _partial_index(
        "uq_claims_live_handle", "program_id", "handle_key", unique=True, where=LIVE_STATES
    ),
    _partial_index(
        "uq_claims_position", "program_id", "position", unique=True, where="position IS NOT NULL"
    ),
    _partial_index(
        "ix_claims_waiting", "program_id", "state", "position", where="state = 'waitlisted'"
    ),
    _partial_index("ix_claims_offered", "program_id", "offer_ends_at", where="state = 'offered'"),
    _partial_index("ix_claims_queue", "guild_id", "id", where="state = 'pending'"),
    _partial_index("ix_claims_access", "ends_at", where="state = 'redeemed'"),
    sqlite_autoincrement=True,
)
allocations = Table(
    "allocations",
    metadata,
    Column("id", WholeNumber, primary_key=True),
    Column("program_id", Text, nullable=False),
    Column("claim_id", WholeNumber, nullable=False),
    Column("code_id", WholeNumber, nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("allocated_at", WholeNumber, nullable=False),
    Column("replaced_at", WholeNumber),
    person_id("replaced_by"),
    person_id("confirmed_by"),
    ForeignKeyConstraint(
        ["program_id", "claim_id", "subject"],
        ["claims.program_id", "claims.id", "claims.subject"],
        name="fk_allocations_claim",
    ),
    ForeignKeyConstraint(
        ["program_id", "code_id"],
        ["codes.program_id", "codes.id"],
        name="fk_allocations_code",
    ),
    CheckConstraint(
        "replaced_at IS NULL OR replaced_by IS NULL OR confirmed_by IS NULL "
        "OR replaced_by <> confirmed_by",
        name="two_deciders",
    ),
    _partial_index("uq_allocations_claim", "claim_id", unique=True, where="replaced_at IS NULL"),
    _partial_index(
        "uq_allocations_subject",
        "program_id",
        "subject",
        unique=True,
        where="replaced_at IS NULL",
    ),
    sqlite_autoincrement=True,
)
claim_decisions = Table(
    "claim_decisions",
    metadata,
    Column("claim_id", ForeignKey(claims.c.id), nullable=False),
    Column("version", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text),
    person_id("decider_id"),
    Column("decided_at", WholeNumber, nullable=False),
    PrimaryKeyConstraint("claim_id", "version"),
)
claim_reminders = Table(
    "claim_reminders",
    metadata,
    Column("claim_id", ForeignKey(claims.c.id), nullable=False),
    Column("kind", Text, nullable=False),
    Column("begun_at", WholeNumber, nullable=False),
    Column("sent_at", WholeNumber),
    PrimaryKeyConstraint("claim_id", "kind"),
)
code_replacements = Table(
    "code_replacements",
    metadata,
    Column("claim_id", ForeignKey(claims.c.id), primary_key=True),
    person_id("asked_by", nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", WholeNumber, nullable=False),
)
claim_settings = Table(
    "claim_settings",
    metadata,
    Column("program_id", Text, nullable=False),
    Column("guild_id", WholeNumber, nullable=False),
    Column("is_on", Integer, nullable=False),
    Column("is_reviewed", Integer, nullable=False),
    Column("requirements", Text, nullable=False),
    Column("queue_channel_id", WholeNumber),
    PrimaryKeyConstraint("program_id", "guild_id"),
)
key_canaries = Table(
    "key_canaries",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("secret", Text, nullable=False),
)
allocation_days = Table(
    "allocation_days",
    metadata,
    Column("program_id", ForeignKey(programs.c.id), nullable=False),
    Column("day", Text, nullable=False),
    Column("count", WholeNumber, nullable=False),
    Column("root", Text, nullable=False),
    PrimaryKeyConstraint("program_id", "day"),
)
"""The daily hash chain: each root covers the day's allocations and the root before."""
