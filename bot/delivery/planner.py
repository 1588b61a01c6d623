"""Turns due schedules into ledger rows, a thousand to a transaction."""

import secrets

from bot.clock import DAY
from bot.delivery import rules, store
from bot.delivery.times import Recurrence, next_run, runs_between, weekdays_of
from bot.storage import Database, Transaction
from bot.storage.database import Value

Values = dict[str, Value]
BATCH = 1000
MISSED_KEPT = 31
"""How many missed slots of one schedule are written down after a long outage."""


async def plan(database: Database, now: int) -> int:
    """Write down every delivery that is due at an instant; how many schedules were due.

    Slots and the schedules' next runs change in one transaction, so a crash loses neither.
    """
    total = 0
    while True:
        planned = await _plan_batch(database, now)
        total += planned
        if planned < BATCH:
            return total


async def _plan_batch(database: Database, now: int) -> int:
    slots: list[Values] = []
    advances: list[Values] = []
    async with database.transaction() as tx:
        due = await tx.fetch_all(store.SELECT_DUE, now=now, most=BATCH)
        for row in due:
            try:
                recurrence = Recurrence(
                    row["minute_of_day"], row["zone"], weekdays_of(row["weekdays"])
                )
            except ValueError:
                await _stop(tx, row["id"], row["zone"])
                continue
            old_run_at: int = row["next_run_at"]
            first = max(old_run_at, now - MISSED_KEPT * DAY)
            slots += [
                _slot(row["id"], run.slot, run.at, now)
                for run in runs_between(recurrence, first, now, MISSED_KEPT)
            ]
            advances.append(
                {
                    "schedule_id": row["id"],
                    "old_run_at": old_run_at,
                    "new_run_at": next_run(recurrence, now).at,
                }
            )
        if slots:
            await tx.execute_many(store.INSERT_DELIVERY, slots)
        if advances:
            await tx.execute_many(store.ADVANCE_SCHEDULE, advances)
    return len(due)


async def _stop(tx: Transaction, schedule_id: int, zone: str) -> None:
    """A zone that this machine's time zone data no longer has stops one schedule, not the batch."""
    await tx.execute(
        store.UPDATE_SCHEDULE_STATE,
        schedule_id=schedule_id,
        old_state=rules.ScheduleState.ACTIVE.value,
        new_state=rules.ScheduleState.BROKEN.value,
        new_problem=rules.explain_unknown_zone(zone),
        new_next_run_at=None,
    )


def _slot(schedule_id: int, slot: str, due_at: int, now: int) -> Values:
    late = rules.is_too_late(due_at, now)
    state = rules.DeliveryState.SKIPPED if late else rules.DeliveryState.PLANNED
    return {
        "schedule_id": schedule_id,
        "slot": slot,
        "due_at": due_at,
        "key": secrets.token_hex(8),
        "state": state.value,
        "note": rules.Note.LATE.value if late else None,
        "finished_at": now if late else None,
    }
