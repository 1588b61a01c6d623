"""Travelling in time: every instant at which something is due is visited on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.clock import DAY, HOUR, MINUTE
from bot.errors import RefusalError, StorageError
from bot.sandbox.clock import show_instant

if TYPE_CHECKING:
    from bot.sandbox.posts import SeenPost
    from bot.sandbox.session import Sandbox

LONGEST = 400 * DAY
EXTRA_STEPS = 5
"""How many minutes are waited for posts that are due and did not get out at once."""


@dataclass(slots=True)
class Journey:
    """Where time stands after a journey (UTC epoch seconds), and what was posted on the way."""

    at: int
    posts: list[SeenPost] = field(default_factory=list)


async def travel_to(sandbox: Sandbox, target: int) -> Journey:
    """Go forward to an instant (UTC epoch seconds), ticking wherever something is due.

    Between two steps other people's actions are let in. Raises :class:`bot.errors.RefusalError`
    for a journey into the past, one of more than 400 days, and a second one at the same time.
    """
    now = sandbox.clock.now()
    if sandbox.travelling_to is not None:
        raise RefusalError(sandbox.explain_travelling())
    if target < now:
        message = (
            f"Time only goes forward, and it is {show_instant(now, sandbox.zone)}. "
            "To begin again at the present, stop the sandbox and start it with --fresh."
        )
        raise RefusalError(message)
    if target - now > LONGEST:
        message = (
            f"That is more than {LONGEST // DAY} days ahead. Go there in several steps, "
            "such as +365d."
        )
        raise RefusalError(message)
    sandbox.travelling_to = target
    journey = Journey(now)
    try:
        await sandbox.follow_zone()
        await _go(sandbox, target, journey)
    finally:
        sandbox.travelling_to = None
        sandbox.set_time(sandbox.env.now().timestamp())
        sandbox.remember()
    async with sandbox.turn:
        journey.posts += await sandbox.look()
    return journey


async def next_due_at(sandbox: Sandbox) -> int | None:
    """When the next post is due (UTC epoch seconds); None when nothing is planned."""
    services = sandbox.app.services
    try:
        return None if services is None else await services.schedules.next_due_at()
    except StorageError:
        return None


async def _go(sandbox: Sandbox, target: int, journey: Journey) -> None:
    waited = 0
    while journey.at < target:
        async with sandbox.turn:
            due = await next_due_at(sandbox)
            if await _has_backlog(sandbox) and waited < EXTRA_STEPS:
                waited += 1
                due = min(due or target, journey.at + MINUTE)
            elif due is not None and due <= journey.at:
                due = journey.at + HOUR  # one that cannot be planned must not hide the others
            else:
                waited = 0
            journey.at = min(target, max(due or target, journey.at))
            await sandbox.move_to(journey.at)
            journey.posts += await sandbox.tick()


async def _has_backlog(sandbox: Sandbox) -> bool:
    services = sandbox.app.services
    try:
        return services is not None and (await services.schedules.backlog()).waiting > 0
    except StorageError:
        return False
