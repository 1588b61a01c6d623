"""Before access ends: a reminder 30 and 7 days ahead, each once, for those who chose it.

A reminder is begun, and that is committed, before it is sent: of several processes one begins it.
What was begun and not marked as sent is tried again, with the same nonce, only as long as Discord
knows the nonce; then it is left. So a crash between sending and marking never sends it twice.
"""

import json
from dataclasses import dataclass
from enum import StrEnum

from bot.claims import reminder_store, steps, waitlist_store
from bot.claims.rules import State
from bot.clock import DAY
from bot.delivery.rules import LEASE_SECONDS, NONCE_SECONDS
from bot.storage import Database, Transaction

ENDED_AT_ONCE = 500
"""How many claims end in one transaction, so that people who claim don't wait behind them."""


class ReminderKind(StrEnum):
    """How many days ahead a reminder is due."""

    MONTH = "30"
    WEEK = "7"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that is due. ``was_begun`` says that it was interrupted once."""

    claim_id: int
    program_id: str
    guild_id: int
    user_id: int
    kind: ReminderKind
    ends_at: int
    was_begun: bool = False

    @property
    def nonce(self) -> str:
        """The same at every attempt, and at most 25 characters long, as Discord asks."""
        return f"due{self.kind}-{self.claim_id}"


def find_due(ends_at: int, now: int) -> ReminderKind | None:
    """The one reminder that is due, if any: of two whose time has come, the newer one."""
    for kind in ReminderKind:
        after, until = _window(kind, now)
        if after < ends_at <= until:
            return kind
    return None


async def fetch_due(database: Database, program_id: str, now: int, most: int) -> list[Reminder]:
    """Reminders of a program to be sent now, at most so many; the interrupted ones first."""
    due: list[Reminder] = []
    for kind in ReminderKind:
        after, until = _window(kind, now)
        rows = await database.fetch_all(
            reminder_store.SELECT_DUE,
            program_id=program_id,
            kind=kind.value,
            ends_after=after,
            ends_until=until,
            begun_after=now - NONCE_SECONDS,
            begun_until=now - LEASE_SECONDS,
            most=most,
        )
        due += [
            Reminder(
                claim_id=row["id"],
                program_id=row["program_id"],
                guild_id=row["guild_id"],
                user_id=row["user_id"],
                kind=kind,
                ends_at=row["ends_at"],
                was_begun=row["begun_at"] is not None,
            )
            for row in rows
        ]
    return sorted(due, key=lambda one: (not one.was_begun, one.ends_at))[:most]


async def begin(database: Database, reminder: Reminder, now: int) -> bool:
    """Whether this process may send it now.

    False when somebody else has begun it, and when it is not due or not wanted any more.
    """
    if find_due(reminder.ends_at, now) is not reminder.kind:
        return False
    if reminder.was_begun:
        return True

    async def work(tx: Transaction) -> int:
        return await tx.execute(
            reminder_store.BEGIN, claim_id=reminder.claim_id, kind=reminder.kind.value, now=now
        )

    return bool(await database.run(work))


async def mark_sent(database: Database, reminder: Reminder, now: int) -> None:
    """Discord has it."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            reminder_store.MARK_SENT,
            claim_id=reminder.claim_id,
            kind=reminder.kind.value,
            new_sent_at=now,
        )

    await database.run(work)


async def take_back(database: Database, reminder: Reminder) -> None:
    """It certainly never reached Discord, so it is begun anew later.

    One that was interrupted before stays: nobody knows how far it came then.
    """
    if reminder.was_begun:
        return

    async def work(tx: Transaction) -> None:
        await tx.execute(
            reminder_store.TAKE_BACK, claim_id=reminder.claim_id, kind=reminder.kind.value
        )

    await database.run(work)


async def fetch_over(database: Database, now: int) -> list[str]:
    """Programs in which access has ended that is not marked as ended."""
    rows = await database.fetch_all(reminder_store.SELECT_OVER_PROGRAMS, now=now)
    return sorted({row["program_id"] for row in rows})


async def end_access(database: Database, program_id: str, now: int) -> int:
    """Mark the claims of a program whose access has ended; how many. Their codes stay shown."""

    async def work(tx: Transaction) -> int:
        await steps.lock(tx, program_id)
        rows = await tx.fetch_all(
            reminder_store.SELECT_OVER, program_id=program_id, now=now, most=ENDED_AT_ONCE
        )
        if not rows:
            return 0
        return await tx.execute(
            waitlist_store.STEP_MANY,
            claim_ids=json.dumps([row["id"] for row in rows]),
            old_state=State.REDEEMED.value,
            new_state=State.ENDED.value,
            now=now,
        )

    ended = 0
    while count := await database.run(work):
        ended += count
    return ended


def _window(kind: ReminderKind, now: int) -> tuple[int, int]:
    """Access that ends after the first instant and not after the second is reminded of now."""
    after = now if kind is ReminderKind.WEEK else now + int(ReminderKind.WEEK) * DAY
    return after, now + int(kind) * DAY
