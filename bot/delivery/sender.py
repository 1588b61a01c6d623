"""Sends what the ledger says is due: each slot once, whatever dies in between.

An attempt is written down before it is made. After a crash the row says so, and the next
attempt either falls inside Discord's nonce window, where a repeat is harmless, or looks for
its own message first. Where nobody can tell, nothing is posted and moderators are told.
"""

import asyncio
import logging
import secrets

from bot.clock import Clock
from bot.delivery import rules, store
from bot.delivery.pace import Pace
from bot.delivery.ports import (
    Announcers,
    Delivery,
    HistoryUnreadableError,
    Moderators,
    Nothing,
    Post,
    Publisher,
    RefusedError,
    RejectedError,
    Schedule,
    UnknownOutcomeError,
)
from bot.delivery.rows import to_delivery
from bot.delivery.rules import DeliveryState, Note, ScheduleState
from bot.errors import StorageError
from bot.storage import Database

log = logging.getLogger(__name__)

LEASE_AT_ONCE = 50
IN_FLIGHT = 200


class LeaseLostError(Exception):
    """Another process took the delivery over meanwhile."""


class Sender:
    """Drains the ledger through a publisher at a steady pace."""

    def __init__(  # noqa: PLR0913 (the composition root names each)
        self,
        *,
        database: Database,
        clock: Clock,
        announcers: Announcers,
        publisher: Publisher,
        moderators: Moderators,
        pace: Pace,
        lease_seconds: int = rules.LEASE_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._announcers = announcers
        self._publisher = publisher
        self._moderators = moderators
        self._pace = pace
        self._lease_seconds = lease_seconds
        self._send_seconds = min(rules.SEND_SECONDS, lease_seconds * 2 / 3)
        self._owner = secrets.token_hex(8)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._is_draining = False
        self._is_closing = False

    @property
    def welcome_until(self) -> rules.WelcomeUntil:
        """Until when a post of each kind is planned; what is too late is looked at again here."""
        return self._announcers.planned_until

    async def drain(self) -> int:
        """Send everything that is due; how many deliveries were finished or tried.

        A second call while one is running returns at once: the first picks up new rows too.
        """
        if self._is_draining or self._is_closing:
            return 0
        self._is_draining = True
        tried = 0
        try:
            while not self._is_closing:
                leased = await self._lease() if len(self._in_flight) < IN_FLIGHT else []
                tried += len(leased)
                for delivery in leased:
                    self._start(delivery)
                if not leased and not self._in_flight:
                    break
                if not leased or len(self._in_flight) >= IN_FLIGHT - LEASE_AT_ONCE:
                    await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._is_draining = False
        return tried

    async def close(self) -> None:
        """Take nothing new and let the posts in flight finish."""
        self._is_closing = True
        if self._in_flight:
            await asyncio.wait(self._in_flight)

    def _start(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._deliver_guarded(delivery))
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)

    async def _lease(self) -> list[Delivery]:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            rows = await tx.fetch_all(
                store.LEASE_DELIVERIES,
                now=now,
                most=LEASE_AT_ONCE,
                owner=self._owner,
                until=now + self._lease_seconds,
            )
        return sorted(map(to_delivery, rows), key=lambda item: (item.due_at, item.delivery_id))

    async def _deliver_guarded(self, delivery: Delivery) -> None:
        """One bad community must not stop the others."""
        try:
            await self._deliver(delivery)
        except UnknownOutcomeError as error:
            log.warning("delivery %s: outcome unknown (%s)", delivery.key, error)
            await self._release(delivery)
        except LeaseLostError:
            log.info("delivery %s is another process's by now", delivery.key)
        except StorageError as error:
            log.warning("delivery %s waits for its lease to end: %s", delivery.key, error)
        except Exception:
            log.exception("delivery %s failed", delivery.key)
            await self._release(delivery)

    async def _deliver(self, delivery: Delivery) -> None:
        schedule = await store.fetch_schedule(self._database, delivery.schedule_id)
        if schedule is None:
            return
        try:
            if await self._was_posted_before(delivery, schedule):
                return
            if self._is_too_late(delivery, schedule):
                await self._skip_late(delivery, schedule)
                return
            if schedule.state != ScheduleState.ACTIVE:
                await self._hold_or_skip(delivery, schedule)
                return
            content_id = await self._begin(delivery, schedule)
            if content_id is not None:
                await self._post(delivery, schedule, content_id)
        except HistoryUnreadableError as error:
            await self._break(schedule, error.problem)
            if self._is_too_late(delivery, schedule):
                await self._finish(delivery, DeliveryState.FAILED, Note.REFUSED)
            else:
                await self._release(delivery)
        except RejectedError:
            log.exception("delivery %s was rejected", delivery.key)
            await self._finish(delivery, DeliveryState.FAILED, Note.REJECTED)
        except RefusedError as error:
            await self._finish(delivery, DeliveryState.FAILED, Note.REFUSED)
            await self._break(schedule, error.problem)

    def _is_too_late(self, delivery: Delivery, schedule: Schedule) -> bool:
        zone, due_at = schedule.recurrence.zone, delivery.due_at
        return self._clock.now() > self._announcers.welcome_until(schedule.kind, zone, due_at)

    async def _skip_late(self, delivery: Delivery, schedule: Schedule) -> None:
        await self._finish(delivery, DeliveryState.SKIPPED, Note.LATE)
        explain = self._announcers.late_words.get(schedule.kind)
        latest = await store.fetch_history(self._database, schedule.schedule_id, 1)
        if explain and latest[0].delivery_id == delivery.delivery_id:
            words = await explain(schedule, delivery.due_at)
            await self._moderators.tell_moderators(schedule.guild_id, words)

    async def _was_posted_before(self, delivery: Delivery, schedule: Schedule) -> bool:
        first, last = delivery.first_attempt_at, delivery.last_attempt_at
        now = self._clock.now()
        if first is None or last is None:
            return False
        is_late = self._is_too_late(delivery, schedule)
        if rules.is_covered_by_nonce(first, now) and not is_late:
            return False
        await self._pace.turn()
        async with asyncio.timeout(self._send_seconds):
            message_id = await self._publisher.find(
                delivery.channel_id or schedule.channel_id,
                delivery.key,
                first - rules.SEARCH_MARGIN,
                last + rules.SEARCH_MARGIN,
            )
        if message_id is None:
            return False
        await self._finish(delivery, DeliveryState.SENT, None, message_id)
        return True

    async def _begin(self, delivery: Delivery, schedule: Schedule) -> str | None:
        """Write the attempt and its content down; None when there is nothing to post."""
        announcer = self._announcers.by_kind.get(schedule.kind)
        nothing = Nothing(f"This version of Breather has nothing for {schedule.kind}.")
        async with self._database.transaction() as tx:
            choice: str | Nothing = delivery.content_id or (
                await announcer.choose(tx, schedule, delivery.slot) if announcer else nothing
            )
            if isinstance(choice, str):
                is_ours = await tx.execute(
                    store.BEGIN_ATTEMPT,
                    delivery_id=delivery.delivery_id,
                    owner=self._owner,
                    now=self._clock.now(),
                    new_channel_id=schedule.channel_id,
                    new_content_id=choice,
                )
                if not is_ours:
                    raise LeaseLostError  # what was drawn goes back with the transaction
                return choice
        recent = await store.fetch_history(self._database, schedule.schedule_id, 2)
        was_told = any(item.note == Note.NOTHING_FITS for item in recent)
        await self._finish(delivery, DeliveryState.SKIPPED, Note.NOTHING_FITS)
        if not was_told:
            await self._moderators.tell_moderators(schedule.guild_id, choice.reason)
        return None

    async def _post(self, delivery: Delivery, schedule: Schedule, content_id: str) -> None:
        body = await self._announcers.by_kind[schedule.kind].compose(schedule, content_id)
        quiet = rules.is_quiet(delivery.due_at, self._clock.now())
        post = Post(
            guild_id=schedule.guild_id,
            channel_id=delivery.channel_id or schedule.channel_id,
            kind=schedule.kind,
            key=delivery.key,
            body=body,
            role_id=None if quiet else schedule.role_id,
            is_silent=quiet or schedule.is_silent,
        )
        await self._pace.turn()
        try:
            async with asyncio.timeout(self._send_seconds):
                message_id = await self._publisher.post(post)
        except TimeoutError:
            message = f"no answer within {self._send_seconds:.0f} s"
            raise UnknownOutcomeError(message) from None
        await self._finish(delivery, DeliveryState.SENT, None, message_id)

    async def _finish(
        self,
        delivery: Delivery,
        state: DeliveryState,
        note: Note | None,
        message_id: int | None = None,
    ) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(
                store.FINISH_DELIVERY,
                delivery_id=delivery.delivery_id,
                new_state=state.value,
                new_note=None if note is None else note.value,
                new_message_id=message_id,
                now=self._clock.now(),
            )
        log.info("delivery %s %s%s", delivery.key, state.value, f" ({note.value})" if note else "")

    async def _release(self, delivery: Delivery) -> None:
        """Let the delivery be tried again after a while."""
        try:
            async with self._database.transaction() as tx:
                await tx.execute(
                    store.RELEASE_DELIVERY,
                    delivery_id=delivery.delivery_id,
                    owner=self._owner,
                    until=self._clock.now() + rules.retry_delay(delivery.attempts + 1),
                )
        except StorageError as error:
            log.warning("delivery %s waits for its lease to end: %s", delivery.key, error)

    async def _hold_or_skip(self, delivery: Delivery, schedule: Schedule) -> None:
        """A post that may have been made waits for the channel to be mended; others are skipped."""
        if schedule.state == ScheduleState.BROKEN and delivery.first_attempt_at is not None:
            await self._release(delivery)
        else:
            await self._finish(delivery, DeliveryState.SKIPPED, Note.PAUSED)

    async def _break(self, schedule: Schedule, problem: str) -> None:
        """Pause the schedule and tell its moderators, once."""
        async with self._database.transaction() as tx:
            was_active = await tx.execute(
                store.UPDATE_SCHEDULE_STATE,
                schedule_id=schedule.schedule_id,
                old_state=ScheduleState.ACTIVE.value,
                new_state=ScheduleState.BROKEN.value,
                new_problem=problem,
                new_next_run_at=None,
            )
        log.warning("schedule %s is paused: Discord refused its channel", schedule.schedule_id)
        if was_active:
            await self._moderators.tell_moderators(schedule.guild_id, problem)
