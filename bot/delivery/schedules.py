"""Use cases of schedules: save, pause, resume, skip, and what comes next."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.clock import DAY, Clock
from bot.delivery import follow_up_store, state_store, store
from bot.delivery.ports import Delivery, Schedule
from bot.delivery.rows import Backlog, schedule_values, to_schedule
from bot.delivery.rules import DeliveryState, Note, ScheduleState
from bot.delivery.times import Run, next_run
from bot.errors import RefusalError
from bot.storage import Database, Transaction

LEDGER_KEPT = 90 * DAY

LOOK_AHEAD_SKIP = 20
"""How many runs ahead one can be left out."""

LOOK_AHEAD = 400
"""How many runs are looked through for one whose slot is still free."""


class Schedules:
    """Schedules as rows with ``next_run_at``; every change is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, schedule_id: int) -> Schedule | None:
        """The schedule with an id, if it is there."""
        return await store.fetch_schedule(self._database, schedule_id)

    async def in_guild(
        self, guild_id: int, kind: str = "", db: Database | Transaction | None = None
    ) -> list[Schedule]:
        """The schedules of a community, of one kind or of all, oldest first.

        ``db`` is the transaction in which they are looked at, if there is one.
        """
        rows = await (db or self._database).fetch_all(
            store.SELECT_GUILD_SCHEDULES, guild_id=guild_id, kind=kind
        )
        return [to_schedule(row) for row in rows]

    async def save(self, tx: Transaction, schedule: Schedule, since: int | None = None) -> Schedule:
        """Insert (``schedule_id`` 0) or change a schedule; it is active afterwards.

        A slot that was posted before keeps its post: the next run is the first free one after
        now, or after ``since`` where what is past is made up for. One whose days are over has none.
        """
        next_run_at = await self._next_free(tx, schedule, since)
        values = schedule_values(schedule)
        if schedule.schedule_id == 0:
            row = await tx.fetch_one(
                store.INSERT_SCHEDULE,
                **values,
                guild_id=schedule.guild_id,
                kind=schedule.kind,
                next_run_at=next_run_at,
                created_at=self._clock.now(),
            )
            schedule_id: int = row["id"] if row else 0
        else:
            schedule_id = schedule.schedule_id
            await tx.execute(
                store.UPDATE_SCHEDULE,
                schedule_id=schedule_id,
                new_next_run_at=next_run_at,
                **{f"new_{name}": value for name, value in values.items()},
            )
        return replace(
            schedule,
            schedule_id=schedule_id,
            state=ScheduleState.ACTIVE.value,
            problem=None,
            next_run_at=next_run_at,
        )

    async def remove(self, tx: Transaction, schedule_id: int) -> None:
        """Delete a schedule and its ledger."""
        await tx.execute(store.DELETE_SCHEDULE, schedule_id=schedule_id)

    async def remove_finished(self, tx: Transaction, kind: str) -> None:
        """Delete the schedules of a kind whose days are over, unless something is on its way."""
        await tx.execute(store.DELETE_FINISHED_SCHEDULES, kind=kind)

    async def remove_guild(self, tx: Transaction, guild_id: int) -> None:
        """Delete every schedule of a community and their ledgers."""
        await tx.execute(store.DELETE_GUILD_SCHEDULES, guild_id=guild_id)

    async def pause(
        self, tx: Transaction, schedule: Schedule, state: ScheduleState = ScheduleState.PAUSED
    ) -> bool:
        """Stop an active schedule; False when it was not active. Planned posts are skipped."""
        changed = await self._change_state(tx, schedule, ScheduleState.ACTIVE, state, None)
        if changed:
            await tx.execute(
                store.DROP_OPEN_DELIVERIES,
                schedule_id=schedule.schedule_id,
                new_note=Note.PAUSED.value,
                now=self._clock.now(),
            )
        return changed

    async def resume(self, tx: Transaction, schedule: Schedule) -> bool:
        """Start a schedule that stands still; False when it was active. Nothing is made up for."""
        if schedule.state == ScheduleState.ACTIVE:
            return False
        next_run_at = await self._next_free(tx, schedule)
        return await self._change_state(
            tx, schedule, ScheduleState(schedule.state), ScheduleState.ACTIVE, next_run_at
        )

    async def switch_off(self, tx: Transaction, guild_id: int, kind: str = "") -> None:
        """Stop the active schedules of a community, of one kind or of all, until switched on."""
        for schedule in await self.in_guild(guild_id, kind, tx):
            await self.pause(tx, schedule, ScheduleState.AWAY)

    async def switch_on(self, tx: Transaction, guild_id: int, kind: str = "") -> None:
        """Start what was switched off; what moderators paused stays paused."""
        for schedule in await self.in_guild(guild_id, kind, tx):
            if schedule.state == ScheduleState.AWAY:
                await self.resume(tx, schedule)

    async def skip_next(self, tx: Transaction, schedule: Schedule) -> Run:
        """Leave the next slot out; the slot that is left out.

        Raises :class:`RefusalError` for a schedule whose days are over.
        """
        runs = await self._free_runs(tx, schedule, 1)
        if not runs:
            message = "Nothing more is planned for it, so there is nothing to leave out."
            raise RefusalError(message)
        await self._skip(tx, schedule, runs[0])
        return runs[0]

    async def skip(self, tx: Transaction, schedule: Schedule, slot: str) -> bool:
        """Leave one slot that is to come out; False when it is not to come."""
        runs = await self._free_runs(tx, schedule, LOOK_AHEAD_SKIP)
        run = next((run for run in runs if run.slot == slot), None)
        if run is None:
            return False
        await self._skip(tx, schedule, run)
        return True

    async def skipped(self, schedule: Schedule) -> set[str]:
        """The slots that moderators left out."""
        history = await store.fetch_history(self._database, schedule.schedule_id, LOOK_AHEAD)
        return {item.slot for item in history if item.note == Note.BY_MODERATOR.value}

    def all_runs(self, schedule: Schedule, count: int) -> list[Run]:
        """The next runs, also those whose slots were left out."""
        runs: list[Run] = []
        after = self._clock.now()
        while len(runs) < count and (run := next_run(schedule.recurrence, after)) is not None:
            runs.append(run)
            after = run.at
        return runs

    async def change_options(
        self, tx: Transaction, schedule: Schedule, options: Mapping[str, Any]
    ) -> None:
        """Keep other options; when it runs next stays as it is."""
        await tx.execute(
            store.CHANGE_OPTIONS,
            schedule_id=schedule.schedule_id,
            new_options=json.dumps(options, sort_keys=True),
        )

    async def _skip(self, tx: Transaction, schedule: Schedule, run: Run) -> None:
        await tx.execute(
            store.INSERT_DELIVERY,
            schedule_id=schedule.schedule_id,
            slot=run.slot,
            due_at=run.at,
            key=f"skip:{schedule.schedule_id}:{run.slot}",
            state=DeliveryState.SKIPPED.value,
            note=Note.BY_MODERATOR.value,
            finished_at=self._clock.now(),
            recipient_id=None,
        )
        await self._move_next_run(tx, schedule.schedule_id, await self._next_free(tx, schedule))

    async def unskip(self, tx: Transaction, schedule: Schedule, slot: str) -> bool:
        """Take a skip back while its slot is still to come; False when there is none."""
        deleted = await tx.execute(
            store.DELETE_DELIVERY,
            schedule_id=schedule.schedule_id,
            slot=slot,
            note=Note.BY_MODERATOR.value,
            now=self._clock.now(),
        )
        if deleted:
            await self._move_next_run(tx, schedule.schedule_id, await self._next_free(tx, schedule))
        return bool(deleted)

    async def upcoming(self, schedule: Schedule, count: int = 3) -> list[Run]:
        """The next runs whose slots are free."""
        return await self._free_runs(self._database, schedule, count)

    async def history(
        self, schedule_id: int, most: int = 10, db: Database | Transaction | None = None
    ) -> list[Delivery]:
        """The latest rows of a schedule's ledger, newest first; ``db`` as for a community's."""
        return list(await store.fetch_history(db or self._database, schedule_id, most))

    async def next_due_at(self) -> int | None:
        """When the first of all active schedules runs next (UTC epoch seconds)."""
        row = await self._database.fetch_one(store.SELECT_NEXT_DUE)
        return None if row is None else row["at"]

    async def skip_missed(self) -> None:
        """After a restore: whatever was due by now may have been posted since the backup.

        The ledger of the backup cannot tell, so it is not posted again.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await tx.execute(store.SKIP_OPEN_DELIVERIES, new_note=Note.RESTORED.value, now=now)
            await tx.execute(follow_up_store.SETTLE_ALL, new_note=Note.RESTORED.value)
            await tx.execute(store.SKIP_MISSED_RUNS, now=now)

    async def prune(self, kept_kind: str = "") -> None:
        """Delete from the ledger what was due and finished more than 90 days ago.

        What belongs to schedules of ``kept_kind`` stays as long as those do.
        """
        before = self._clock.now() - LEDGER_KEPT
        async with self._database.transaction() as tx:
            await tx.execute(store.DELETE_OLD_DELIVERIES, before=before, kept_kind=kept_kind)

    async def backlog(self) -> Backlog:
        """How much is due and not finished."""
        row = await self._database.fetch_one(store.SELECT_BACKLOG)
        return Backlog(0, None) if row is None else Backlog(row["waiting"], row["oldest_at"])

    async def _free_runs(
        self,
        db: Database | Transaction,
        schedule: Schedule,
        count: int,
        since: int | None = None,
    ) -> list[Run]:
        taken: set[str] = set()
        if schedule.schedule_id:
            history = await store.fetch_history(db, schedule.schedule_id, LOOK_AHEAD)
            taken = {delivery.slot for delivery in history}
        runs: list[Run] = []
        after = self._clock.now() if since is None else since
        for _ in range(LOOK_AHEAD + count):
            run = next_run(schedule.recurrence, after)
            if run is None:
                break
            after = run.at
            if run.slot not in taken:
                runs.append(run)
            if len(runs) == count:
                break
        return runs

    async def _next_free(
        self, tx: Transaction, schedule: Schedule, since: int | None = None
    ) -> int | None:
        """When it runs next. What is due already and not planned yet keeps its turn."""
        kept = await store.fetch_schedule(tx, schedule.schedule_id)
        due_at = kept.next_run_at if kept and kept.state == ScheduleState.ACTIVE else None
        if due_at is not None and due_at <= self._clock.now():
            run = next_run(schedule.recurrence, due_at - 1)
            if run is not None and run.at == due_at:
                return due_at
        runs = await self._free_runs(tx, schedule, 1, since)
        return runs[0].at if runs else None

    async def _move_next_run(
        self, tx: Transaction, schedule_id: int, next_run_at: int | None
    ) -> None:
        await tx.execute(store.MOVE_NEXT_RUN, schedule_id=schedule_id, new_run_at=next_run_at)

    async def _change_state(
        self,
        tx: Transaction,
        schedule: Schedule,
        old: ScheduleState,
        new: ScheduleState,
        next_run_at: int | None,
    ) -> bool:
        changed = await tx.execute(
            state_store.UPDATE_SCHEDULE_STATE,
            schedule_id=schedule.schedule_id,
            old_state=old.value,
            new_state=new.value,
            new_problem=None,
            new_next_run_at=next_run_at,
        )
        return bool(changed)
