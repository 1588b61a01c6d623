"""The command line of claims that wait: the operator looks at them, approves, rejects.

Nothing here shows a code. Faults end with exit code 2 and a sentence.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

from bot.clock import SystemClock, to_datetime
from bot.errors import RefusalError
from bot.operating import FaultsInWords, run, run_with_keys
from bot.settings import load_settings
from bot.words import clean_line

if TYPE_CHECKING:  # a command loads what it needs, and only that
    from bot.claims.fence import Fence
    from bot.claims.keys import KeyRing
    from bot.claims.review import Review
    from bot.claims.standing import Claim
    from bot.storage import Database

HANDLE_LENGTH = 100
_NUMBER = click.argument("number", type=click.IntRange(1, 2**63 - 1))


@click.group(cls=FaultsInWords)
def claims() -> None:
    """Claims that wait for a decision: look, approve, reject, also appeals."""


@claims.command("queue")
@click.option("--appeals", "only_appeals", is_flag=True, help="Only appeals.")
@click.option("--show-handles", is_flag=True, help="Show the handles that members declared.")
def show_queue(*, only_appeals: bool, show_handles: bool) -> None:
    """List the claims that wait in every community; what has waited longest comes first."""
    from bot.claims.appeals import fetch_pending

    waiting = run(load_settings(), lambda db: fetch_pending(db, only_appeals=only_appeals))
    for claim in waiting:
        click.echo(_describe(claim, show_handles=show_handles))
    what = "appeal" if only_appeals else "claim"
    count = len(waiting)
    click.echo(f"{count:,} {what} waits." if count == 1 else f"{count:,} {what}s wait.")


@claims.command("approve")
@_NUMBER
def approve_claim(number: int) -> None:
    """Approve the claim NUMBER: a code, or a place in the waitlist if none is left."""
    from bot.claims.rules import State

    claim = _decide(
        number,
        lambda review, found: review.approve(found.guild_id, None, number, found.version),
    )
    click.echo(
        f"Claim {number} is approved: its member sees the code with /claim."
        if claim.state is State.ALLOCATED
        else f"Claim {number} is approved. No code is free for it, so it is in the waitlist."
    )


@claims.command("reject")
@_NUMBER
@click.option("--reason", required=True, help="Why; the member reads this.")
def reject_claim(number: int, reason: str) -> None:
    """Reject the claim NUMBER, with a reason that the member reads."""
    from bot.claims.review import REASON_LENGTH

    words = clean_line(reason, REASON_LENGTH + 1)
    if not words or len(words) > REASON_LENGTH:
        message = f"--reason: the member reads it; give 1 to {REASON_LENGTH} characters."
        raise RefusalError(message)
    _decide(
        number,
        lambda review, found: review.reject(found.guild_id, None, number, found.version, words),
    )
    click.echo(f"Claim {number} is rejected: its member reads your reason with /claim.")


def _decide(number: int, decide: "Callable[[Review, Claim], Awaitable[Claim]]") -> "Claim":
    """Decide as the operator, on the claim as it stands now."""
    from bot.claims.appeals import find_claim
    from bot.claims.review import Review
    from bot.guilds.audit import AuditLog

    async def work(database: "Database", _: "KeyRing", fence: "Fence") -> "Claim":
        clock = SystemClock()
        review = Review(database, AuditLog(database, clock), clock, fence)
        return await decide(review, await find_claim(database, number))

    return run_with_keys(load_settings(), work)


def _describe(claim: "Claim", *, show_handles: bool) -> str:
    since = f"{to_datetime(claim.changed_at):%Y-%m-%d %H:%M} UTC"
    facts = [
        f"{claim.claim_id}: {claim.program_id}",
        f"community {claim.guild_id}",
        f"since {since}",
    ]
    if claim.appeals:
        facts.append("appeal")
    if claim.has_conflict:
        facts.append("handle in conflict")
    if show_handles and claim.handle:
        facts.append(f'handle "{clean_line(claim.handle, HANDLE_LENGTH)}"')
    return ", ".join(facts)
