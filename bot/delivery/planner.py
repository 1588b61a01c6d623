"""Turns due schedules into ledger rows, some thousands to a transaction."""

import secrets
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.clock import DAY
from bot.delivery import rules, state_store, store
from bot.delivery.ports import Announcers, FindRecipients, Recipient
from bot.delivery.times import Recurrence, Run, next_run, runs_between, weekdays_of
from bot.storage import Database, Transaction
from bot.storage.database import Value

Values = dict[str, Value]
BATCH = 2500
_PLANNED = rules.DeliveryState.PLANNED.value
_SKIPPED = rules.DeliveryState.SKIPPED.value
_LATE = rules.Note.LATE.value
MISSED_KEPT = 31
"""How many missed slots of one schedule are written down after a long outage."""


async def plan(database: Database, now: int, announcers: Announcers | None = None) -> int:
    """Write down every delivery that is due at an instant; how many schedules were due.

    What is too late by then is written down as skipped; the announcers say when that is, and who
    gets a copy where a post is for people. Nobody is written down for what is too late.

    Slots and the schedules' next runs change in one transaction, so a crash loses neither.
    """
    announcers = announcers or Announcers()
    total = 0
    while True:
        planned = await _plan_batch(database, now, announcers)
        total += planned
        if planned < BATCH:
            return total


async def _plan_batch(database: Database, now: int, announcers: Announcers) -> int:
    slots: list[Values] = []
    advances: list[Values] = []
    async with database.transaction() as tx:
        due = await tx.fetch_all(store.SELECT_DUE, now=now, most=BATCH)
        keys = _keys(len(due))
        for row in due:
            old_run_at: int = row["next_run_at"]
            try:
                recurrence = _recurrence(
                    row["minute_of_day"], row["zone"], row["weekdays"], row["days"]
                )
                runs, new_run_at = _runs(recurrence, old_run_at, now)
            except ValueError:
                await _stop(tx, row["id"], row["zone"])
                continue
            kind, zone = row["kind"], row["zone"]
            planned = [
                _slot(row["id"], run, now, next(keys), announcers.planned_until(kind, zone, run.at))
                for run in runs
            ]
            if kind in announcers.recipients:
                people = await _find_recipients(tx, row["id"], announcers.recipients[kind])
                planned = [
                    _copy(slot, one, next(keys))
                    for slot in planned
                    if slot["state"] == _PLANNED
                    for one in people
                ]
            slots += planned
            advances.append(
                {"schedule_id": row["id"], "old_run_at": old_run_at, "new_run_at": new_run_at}
            )
        if slots:
            await tx.execute_many(store.INSERT_DELIVERY, slots)
        if advances:
            await tx.execute_many(store.ADVANCE_SCHEDULE, advances)
    return len(due)


async def _find_recipients(
    tx: Transaction, schedule_id: int, find: FindRecipients
) -> Sequence[Recipient]:
    schedule = await store.fetch_schedule(tx, schedule_id)
    return [] if schedule is None else await find(tx, schedule)


async def _stop(tx: Transaction, schedule_id: int, zone: str) -> None:
    """A zone that this machine's time zone data no longer has stops one schedule, not the batch."""
    await tx.execute(
        state_store.UPDATE_SCHEDULE_STATE,
        schedule_id=schedule_id,
        old_state=rules.ScheduleState.ACTIVE.value,
        new_state=rules.ScheduleState.BROKEN.value,
        new_problem=rules.explain_unknown_zone(zone),
        new_next_run_at=None,
    )


def _keys(count: int) -> Iterator[str]:
    """Random keys without end, asked of the system for many at a time."""
    while True:
        text = secrets.token_hex(8 * count)
        yield from (text[at : at + 16] for at in range(0, len(text), 16))


@lru_cache(maxsize=4_096)
def _recurrence(minute_of_day: int, zone: str, weekdays: int, days: str | None) -> Recurrence:
    return Recurrence(minute_of_day, zone, weekdays_of(weekdays), days)


@lru_cache(maxsize=4_096)
def _runs(recurrence: Recurrence, old_run_at: int, now: int) -> tuple[tuple[Run, ...], int | None]:
    """What a recurrence owes by now, and its next run: most that are due together are alike."""
    first = max(old_run_at, now - MISSED_KEPT * DAY)
    following = next_run(recurrence, now)
    runs = tuple(runs_between(recurrence, first, now, MISSED_KEPT))
    return runs, None if following is None else following.at


def _slot(schedule_id: int, run: Run, now: int, key: str, welcome_until: int) -> Values:
    late = now > welcome_until
    return {
        "schedule_id": schedule_id,
        "slot": run.slot,
        "due_at": run.at,
        "key": key,
        "state": _SKIPPED if late else _PLANNED,
        "note": _LATE if late else None,
        "finished_at": now if late else None,
        "recipient_id": None,
    }


def _copy(slot: Values, recipient: Recipient, key: str) -> Values:
    own = rules.slot_of(str(slot["slot"]), recipient.reference)
    return slot | {"slot": own, "key": key, "recipient_id": recipient.user_id}
