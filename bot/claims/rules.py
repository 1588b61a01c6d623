"""Pure decisions about claims: who is eligible, which steps are legal, when access ends."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from bot.clock import DAY, HOUR

OFFER_SECONDS = 72 * HOUR
"""How long an offered place is kept, from the moment the person was told."""

DISCORD_EPOCH = 1_420_070_400
"""2015-01-01 UTC: the instant that Discord's ids count from (in milliseconds, above 22 bits)."""


class State(StrEnum):
    """Where a claim stands. ``approved`` is passed inside one transaction and never committed."""

    PENDING = "pending"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    ALLOCATED = "allocated"
    DELIVERED = "delivered"
    REDEEMED = "redeemed"
    ENDED = "ended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REVOKED = "revoked"


STEPS: Mapping[State, frozenset[State]] = {
    State.PENDING: frozenset(
        {State.ALLOCATED, State.WAITLISTED, State.REJECTED, State.WITHDRAWN, State.EXPIRED}
    ),
    State.WAITLISTED: frozenset(
        {
            State.PENDING,
            State.ALLOCATED,
            State.OFFERED,
            State.WITHDRAWN,
            State.REJECTED,
            State.EXPIRED,
        }
    ),
    State.OFFERED: frozenset({State.ALLOCATED, State.EXPIRED, State.WITHDRAWN}),
    State.ALLOCATED: frozenset({State.DELIVERED, State.REVOKED}),
    State.DELIVERED: frozenset({State.REDEEMED, State.ENDED, State.REVOKED}),
    State.REDEEMED: frozenset({State.ENDED, State.REVOKED}),
    State.REJECTED: frozenset({State.PENDING}),
    State.ENDED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.EXPIRED: frozenset(),
    State.REVOKED: frozenset(),
}
"""The legal steps; the database's triggers refuse every other one."""

LIVE = frozenset(State) - {State.REJECTED, State.WITHDRAWN, State.EXPIRED}
"""A person has at most one claim of a program in these states."""

HOLDING = frozenset({State.ALLOCATED, State.DELIVERED, State.REDEEMED, State.ENDED})
"""States in which a person has a code that is shown again on asking."""


class RuleKind(StrEnum):
    """What a rule looks at."""

    ROLE = "role"
    DAYS_HERE = "days-here"
    ACCOUNT_AGE = "account-age"
    COUNTRY = "country"
    OF_AGE = "of-age"
    HANDLE = "handle"


@dataclass(frozen=True, slots=True)
class Member:
    """Who asks, from the interaction alone. Instants are UTC epoch seconds."""

    user_id: int
    role_ids: frozenset[int] = frozenset()
    joined_at: int | None = None

    @property
    def created_at(self) -> int:
        """When the account was made: it stands in its id."""
        return (self.user_id >> 22) // 1000 + DISCORD_EPOCH


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person declared in the form; nobody has checked it."""

    handle: str = field(default="", repr=False)
    country: str = ""
    is_of_age: bool = False
    has_consented: bool = False


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a program and a community ask for together."""

    role_ids: tuple[int, ...] = ()
    """Any of these roles; none means no role is needed."""
    days_here: int = 0
    account_age_hours: int = 0
    countries: tuple[str, ...] = ()
    """ISO 3166 codes; none means everywhere."""
    must_be_of_age: bool = False
    needs_handle: bool = False


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule: whether it passes, what is needed, what we saw, and when it will pass."""

    kind: RuleKind
    passes: bool
    needed: str | int | tuple[int, ...] | tuple[str, ...] | None = None
    saw: str | int | None = None
    passes_at: int | None = None


def check_member(member: Member, wanted: Requirements, now: int) -> list[RuleResult]:
    """What can be known before the form: roles, days here, age of the account."""
    results: list[RuleResult] = []
    if wanted.role_ids:
        has_one = bool(member.role_ids & set(wanted.role_ids))
        results.append(RuleResult(RuleKind.ROLE, has_one, wanted.role_ids))
    if wanted.days_here:
        since = now if member.joined_at is None else min(member.joined_at, now)
        passes_at = since + wanted.days_here * DAY
        days = (now - since) // DAY
        results.append(
            RuleResult(RuleKind.DAYS_HERE, now >= passes_at, wanted.days_here, days, passes_at)
        )
    if wanted.account_age_hours:
        since = min(member.created_at, now)
        passes_at = since + wanted.account_age_hours * HOUR
        hours = (now - since) // HOUR
        results.append(
            RuleResult(
                RuleKind.ACCOUNT_AGE, now >= passes_at, wanted.account_age_hours, hours, passes_at
            )
        )
    return results


def check_answers(answers: Answers, wanted: Requirements) -> list[RuleResult]:
    """What the form declares: country, age, handle."""
    results: list[RuleResult] = []
    if wanted.countries:
        is_in = answers.country in wanted.countries
        results.append(RuleResult(RuleKind.COUNTRY, is_in, wanted.countries, answers.country))
    if wanted.must_be_of_age:
        results.append(RuleResult(RuleKind.OF_AGE, answers.is_of_age))
    if wanted.needs_handle:
        results.append(RuleResult(RuleKind.HANDLE, bool(clean_handle(answers.handle))))
    return results


def is_eligible(results: Sequence[RuleResult]) -> bool:
    """Whether every rule passes."""
    return all(result.passes for result in results)


def is_legal(before: State, after: State) -> bool:
    """Whether a claim may take this step."""
    return after in STEPS[before]


def add_months(at: int, months: int) -> int:
    """The same clock time so many calendar months later, clamped to the month's last day (UTC).

    31 August and six months is 28 or 29 February.
    """
    start = datetime.fromtimestamp(at, UTC)
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    day = min(start.day, monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())


def clean_handle(text: str) -> str:
    """A creator's handle in the form in which two of them are compared; empty if none is left."""
    import unicodedata  # noqa: PLC0415

    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Cc"})
    return "".join(kept.split()).removeprefix("@")
