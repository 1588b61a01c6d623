"""Where a person stands in a program: everything that their card needs, and nothing of others."""

from dataclasses import dataclass, field

from bot.claims.rules import RuleResult, State
from bot.content.programs import Program
from bot.storage import Row


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as its own claimant and its community's moderators may see it."""

    claim_id: int
    program_id: str
    guild_id: int
    state: State
    version: int
    user_id: int | None
    handle: str | None = field(repr=False)
    country: str | None = field(repr=False)
    note: str | None = field(repr=False)
    has_conflict: bool
    wants_dm: bool
    appeals: int
    position: int | None
    created_at: int
    changed_at: int
    told_at: int | None = None
    offer_ends_at: int | None = None
    redeemed_at: int | None = None
    ends_at: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What ``/claim`` shows. ``code`` is there for its claimant alone, and nowhere else."""

    program: Program
    claim: Claim | None = None
    results: tuple[RuleResult, ...] = ()
    code: str | None = field(default=None, repr=False)
    ahead: int | None = None
    """How many wait before them."""
    reason: str | None = field(default=None, repr=False)
    """Why it was rejected, in the words for the member."""
    decider_id: int | None = None
    word: str | None = None
    """What has to stand in the creator's bio, where the community asks for that."""


def to_claim(row: Row) -> Claim:
    """A claim's row as a value."""
    return Claim(
        claim_id=row["id"],
        program_id=row["program_id"],
        guild_id=row["guild_id"],
        state=State(row["state"]),
        version=row["version"],
        user_id=row["user_id"],
        handle=row["handle"],
        country=row["country"],
        note=row["note"],
        has_conflict=bool(row["has_conflict"]),
        wants_dm=bool(row["wants_dm"]),
        appeals=row["appeals"],
        position=row["position"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        told_at=row["told_at"],
        offer_ends_at=row["offer_ends_at"],
        redeemed_at=row["redeemed_at"],
        ends_at=row["ends_at"],
    )
