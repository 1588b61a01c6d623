"""What is to be done with a post once it stands: later, once in effect, whatever dies in between.

A follow-up is written down together with the attempt to post, and taken up when the post is
sent. Each try is written down before it is made, so that a channel's limit is counted here and
not found out by asking; doing a step twice is harmless, which is the step's own promise.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from bot.clock import Clock
from bot.delivery import follow_up_store as follow_ups
from bot.delivery import rules, store
from bot.delivery.pace import Pace
from bot.delivery.ports import (
    Delivery,
    FollowUpStep,
    LimitedError,
    Moderators,
    Placed,
    PostGoneError,
    RefusedError,
    Schedule,
    UnknownOutcomeError,
)
from bot.delivery.rules import Note, ScheduleState, Verdict
from bot.errors import StorageError
from bot.storage import Database, Row, Transaction

log = logging.getLogger(__name__)

AT_ONCE = 20
"""In how many channels something is done at the same time."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How a follow-up stands: waiting while there is ``try_at``, done without a ``note``."""

    try_at: int | None
    note: str | None


@dataclass(frozen=True, slots=True)
class _Due:
    delivery_id: int
    tries: int
    sent_at: int
    schedule: Schedule
    placed: Placed


async def note_follow_up(tx: Transaction, delivery: Delivery, schedule: Schedule, now: int) -> None:
    """Write down, with the attempt to post, what is to be done once the post stands."""
    if schedule.follow_up is not None:
        await tx.execute(
            follow_ups.INSERT,
            delivery_id=delivery.delivery_id,
            step=schedule.follow_up,
            channel_id=delivery.channel_id or schedule.channel_id,
            now=now,
        )


async def find_follow_up(database: Database, delivery_id: int) -> FollowUp | None:
    """What follows a post, if anything does."""
    row = await database.fetch_one(follow_ups.SELECT_ONE, of_delivery=delivery_id)
    return None if row is None else FollowUp(row["try_at"], row["note"])


class FollowUps:
    """Does what is due through the steps that it was given, one after the other in a channel."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        steps: Mapping[str, FollowUpStep],
        moderators: Moderators,
        pace: Pace,
    ) -> None:
        self._database = database
        self._clock = clock
        self._steps = steps
        self._moderators = moderators
        self._pace = pace
        self._is_draining = False
        self._is_closing = False

    async def drain(self) -> None:
        """Do all that is due. A second call while one is running returns at once."""
        if self._is_draining or self._is_closing:
            return
        self._is_draining = True
        try:
            while not self._is_closing:
                channels = await self._database.fetch_all(
                    follow_ups.SELECT_CHANNELS, now=self._clock.now(), most=AT_ONCE
                )
                done = await asyncio.gather(
                    *(self._do_guarded(row["channel_id"], row["step"]) for row in channels)
                )
                if not any(done):
                    break
        finally:
            self._is_draining = False

    def close(self) -> None:
        """Take nothing new."""
        self._is_closing = True

    async def _do_guarded(self, channel_id: int, name: str) -> bool:
        """One bad channel must not stop the others; False when nothing could be done with it."""
        is_under_way = False
        try:
            async with self._database.transaction() as tx:
                due, verdict = await self._take(tx, channel_id, name)
            is_under_way = True
            if due is not None and verdict is Verdict.GO:
                await self._do(due, self._steps[name])
            elif due is not None:
                words = self._steps[name].explain_late(due.placed)
                await self._moderators.tell_moderators(due.schedule.guild_id, words)
        except StorageError as error:
            log.warning("what follows a post waits: %s", error)
        except Exception:
            log.exception("what follows a post failed")
        return is_under_way

    async def _take(
        self, tx: Transaction, channel_id: int, name: str
    ) -> tuple[_Due | None, Verdict]:
        """The first in a channel with its try written down, or one that came too late."""
        now = self._clock.now()
        waiting = await tx.fetch_all(follow_ups.LOCK_CHANNEL, in_channel=channel_id, of_step=name)
        for row in waiting:
            due = await self._find_due(tx, row) if row["try_at"] <= now else None
            if due is None:
                continue
            own = {"of_delivery": due.delivery_id}
            verdict = rules.judge_follow_up(
                due.schedule.state,
                is_wanted=due.schedule.follow_up == name and name in self._steps,
                sent_at=due.sent_at,
                now=now,
            )
            if verdict is Verdict.GO:
                free_at = await self._free_at(tx, channel_id, name)
                if free_at <= now:
                    until = now + rules.LEASE_SECONDS
                    await tx.execute(follow_ups.BEGIN, **own, now=now, until=until)
                    return due, verdict
                await tx.execute(
                    follow_ups.PUT_CHANNEL_OFF, in_channel=channel_id, of_step=name, until=free_at
                )
                break
            if verdict is Verdict.HOLD:
                await tx.execute(follow_ups.PUT_OFF, **own, until=now + rules.HELD_SECONDS)
                continue
            note = Note.LATE if verdict is Verdict.LATE else Note.OFF
            await tx.execute(follow_ups.SETTLE, **own, new_note=note.value)
            if verdict is Verdict.LATE and due.schedule.state == ScheduleState.ACTIVE:
                return due, verdict
        return None, Verdict.HOLD

    async def _find_due(self, tx: Transaction, row: Row) -> _Due | None:
        post = await tx.fetch_one(follow_ups.SELECT_POST, of_delivery=row["delivery_id"])
        schedule = None if post is None else await store.fetch_schedule(tx, post["schedule_id"])
        if post is None or schedule is None:
            return None
        placed = Placed(schedule.guild_id, row["channel_id"], post["message_id"])
        sent_at = post["finished_at"]
        return _Due(row["delivery_id"], row["tries"] + 1, sent_at, schedule, placed)

    async def _free_at(self, tx: Transaction, channel_id: int, name: str) -> int:
        """When the channel has a place by our own count; 0 when it has one now."""
        step, now = self._steps[name], self._clock.now()
        row = await tx.fetch_one(
            follow_ups.SELECT_TRIED,
            in_channel=channel_id,
            of_step=name,
            since=now - step.seconds,
        )
        is_full = row is not None and row["tried"] >= step.most
        return row["first_at"] + step.seconds if is_full and row is not None else 0

    async def _do(self, due: _Due, step: FollowUpStep) -> None:
        await self._pace.turn()
        try:
            async with asyncio.timeout(rules.SEND_SECONDS):
                await step.do(due.placed)
        except LimitedError as error:
            await self._put_off(due, max(1, int(error.retry_after) + 1), is_whole_channel=True)
        except PostGoneError:
            await self._settle(due, Note.GONE)
        except RefusedError as error:
            await self._refuse(due, error.problem)
        except (UnknownOutcomeError, TimeoutError) as error:
            log.warning("what follows %s: outcome unknown (%s)", due.delivery_id, error)
            await self._put_off(due, rules.retry_delay(due.tries))
        else:
            await self._settle(due, None)

    async def _refuse(self, due: _Due, problem: str) -> None:
        """Settle it and tell the moderators, unless the one before it was refused, too."""
        before = await self._database.fetch_one(
            follow_ups.SELECT_SETTLED_BEFORE,
            schedule_id=due.schedule.schedule_id,
            before=due.delivery_id,
        )
        await self._settle(due, Note.REFUSED)
        if before is None or before["note"] != Note.REFUSED:
            await self._moderators.tell_moderators(due.schedule.guild_id, problem)

    async def _settle(self, due: _Due, note: Note | None) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(
                follow_ups.SETTLE,
                of_delivery=due.delivery_id,
                new_note=None if note is None else note.value,
            )
        log.info("what follows %s: %s", due.delivery_id, note.value if note else "done")

    async def _put_off(self, due: _Due, seconds: int, *, is_whole_channel: bool = False) -> None:
        until = self._clock.now() + seconds
        async with self._database.transaction() as tx:
            await tx.execute(follow_ups.PUT_OFF, of_delivery=due.delivery_id, until=until)
            if is_whole_channel:
                await tx.execute(
                    follow_ups.PUT_CHANNEL_OFF,
                    in_channel=due.placed.channel_id,
                    of_step=due.schedule.follow_up,
                    until=until,
                )
