"""Triggers that refuse what the schema's constraints can't express, for both engines.

Codes move one way; allocations are append-only but for their one replacement; claims take legal
steps only. A migration creates them; the tests break each with plain SQL. On SQLite a later
migration that rebuilds one of these tables loses its triggers, and has to create them again.
"""

from bot.claims.rules import STEPS, State

FROZEN = ("id", "program_id", "claim_id", "code_id", "subject", "allocated_at")
KEPT = ("codes", "allocations")
"""Tables that PostgreSQL may not empty at once either, past the triggers on rows."""


def statements(dialect: str) -> list[str]:
    """Every statement that creates the triggers on ``sqlite`` or ``postgresql``."""
    if dialect == "sqlite":
        return [_sqlite(*trigger) for trigger in _triggers("IS NOT")]
    on_rows = [_postgres(*trigger) for trigger in _triggers("IS DISTINCT FROM")]
    at_once = [_refuse_truncate(table) for table in KEPT]
    return [statement for both in (*on_rows, *at_once) for statement in both]


def functions() -> list[str]:
    """The names of what PostgreSQL's triggers call, for whoever takes them back."""
    on_rows = [f"refuse_{name}" for name, *_ in _triggers("IS DISTINCT FROM")]
    return [*on_rows, *(f"refuse_{table}_emptied" for table in KEPT)]


def _triggers(differs: str) -> list[tuple[str, str, str, str]]:
    """Name, event, what is refused, and the words for it."""
    return [
        ("codes_one_way", "UPDATE ON codes", _code_goes_back(), "codes move one way"),
        ("codes_stay", "DELETE ON codes", "OLD.state <> 'free'", "codes are kept"),
        ("codes_begin_free", "INSERT ON codes", "NEW.state <> 'free'", "codes begin free"),
        ("allocations_begin", "INSERT ON allocations", _begins_replaced(), "not a legal start"),
        ("allocations_stay", "DELETE ON allocations", "TRUE", "allocations are kept"),
        (
            "allocations_frozen",
            "UPDATE ON allocations",
            _allocation_is_rewritten(differs),
            "allocations are append-only",
        ),
        ("claims_steps", "UPDATE ON claims", _illegal_step(), "not a legal step"),
        ("claims_begin", "INSERT ON claims", _illegal_start(), "not a legal start"),
    ]


def _code_goes_back() -> str:
    legal = "(OLD.state = 'free' AND NEW.state IN ('spent', 'void'))"
    legal += " OR (OLD.state = 'spent' AND NEW.state = 'void') OR OLD.state = NEW.state"
    frozen = "NEW.fingerprint <> OLD.fingerprint OR NEW.program_id <> OLD.program_id"
    return f"NOT ({legal}) OR {frozen} OR NEW.id <> OLD.id"


def _begins_replaced() -> str:
    return " OR ".join(
        f"NEW.{name} IS NOT NULL" for name in ("replaced_at", "replaced_by", "confirmed_by")
    )


def _allocation_is_rewritten(differs: str) -> str:
    frozen = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN)
    # The deciders may be blanked later, when a moderator erases their data; nothing else may.
    again = (
        f"(OLD.replaced_at IS NOT NULL AND (NEW.replaced_at {differs} OLD.replaced_at"
        f" OR (NEW.replaced_by IS NOT NULL AND NEW.replaced_by {differs} OLD.replaced_by)"
        f" OR (NEW.confirmed_by IS NOT NULL AND NEW.confirmed_by {differs} OLD.confirmed_by)))"
    )
    once = (
        "(OLD.replaced_at IS NULL AND (NEW.replaced_at IS NULL"
        " OR NEW.replaced_by IS NULL OR NEW.confirmed_by IS NULL))"
    )
    return f"{frozen} OR {again} OR {once}"


def _illegal_step() -> str:
    legal = " OR ".join(
        f"(OLD.state = '{before.value}' AND NEW.state IN ({_names(after)}))"
        for before, after in STEPS.items()
        if after
    )
    frozen = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in ("id", "program_id", "subject"))
    return f"{frozen} OR NOT (OLD.state = NEW.state OR {legal})"


def _illegal_start() -> str:
    return f"NEW.state NOT IN ({_names({State.PENDING, State.WAITLISTED, State.ALLOCATED})})"


def _names(states: frozenset[State] | set[State]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


def _sqlite(name: str, event: str, condition: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgres(name: str, event: str, condition: str, message: str) -> list[str]:
    trigger = (
        f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN ({condition}) "
        f"EXECUTE FUNCTION refuse_{name}()"
    )
    return [_refusing(f"refuse_{name}", message), trigger]


def _refuse_truncate(table: str) -> list[str]:
    name = f"{table}_emptied"
    trigger = (
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION refuse_{name}()"
    )
    return [_refusing(f"refuse_{name}", f"{table} are kept"), trigger]


def _refusing(function: str, message: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END $$"
    )
