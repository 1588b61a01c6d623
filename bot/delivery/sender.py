"""Sends what the ledger says is due: each slot once, whatever dies in between.

An attempt is written down before it is made. After a crash the row says so, and the next
attempt either falls inside Discord's nonce window, where a repeat is harmless, or looks for
its own message first. Where nobody can tell, nothing is posted and moderators are told.
"""

import asyncio
import logging

from bot.clock import Clock
from bot.delivery import rules, store
from bot.delivery.desk import Desk
from bot.delivery.follow_ups import note_follow_up
from bot.delivery.lanes import Lane
from bot.delivery.lateness import LateNotices
from bot.delivery.ledger import LeaseLostError, Ledger
from bot.delivery.letters import LetterPace
from bot.delivery.pace import Pace
from bot.delivery.ports import (
    Announcers,
    Delivery,
    HistoryUnreadableError,
    Moderators,
    Nothing,
    Post,
    Publisher,
    PublishError,
    RefusedError,
    RejectedError,
    Schedule,
    UnknownOutcomeError,
    UnreachableError,
    WithdrawnError,
)
from bot.delivery.rejections import RejectionNotices
from bot.delivery.rules import DeliveryState, Note, ScheduleState
from bot.errors import StorageError
from bot.storage import Database

log = logging.getLogger(__name__)

_END_OF: dict[type[PublishError], tuple[DeliveryState, Note]] = {
    WithdrawnError: (DeliveryState.SKIPPED, Note.WITHDRAWN),
    UnreachableError: (DeliveryState.FAILED, Note.UNREACHABLE),
    RejectedError: (DeliveryState.FAILED, Note.REJECTED),
}


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
        letter_pace: LetterPace,
        lease_seconds: int = rules.LEASE_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self.announcers = announcers
        self._publisher = publisher
        self._moderators = moderators
        self._pace = pace
        self._letter_pace = letter_pace
        self._ledger = Ledger(database, clock, lease_seconds)
        self._send_seconds = min(rules.SEND_SECONDS, lease_seconds * 2 / 3)
        desk = Desk(moderators, pace, self._send_seconds)
        self._late = LateNotices(database, clock, self.announcers, desk)
        self._rejections = RejectionNotices(database, desk)
        self._lanes = [
            Lane(letters=False, most=200, at_once=50),
            Lane(letters=True, most=4, at_once=1),
        ]
        self._under_way: set[int] = set()
        self._closing = asyncio.Event()

    async def drain(self) -> int:
        """Send everything that is due; how many deliveries were finished or tried.

        Posts and letters go side by side. A second call while one is running leaves to the first
        the posts, the letters, or both that it has not come to the end of: it sees new rows too.
        """
        tried = await asyncio.gather(*map(self._drain, self._lanes), return_exceptions=True)
        for result in tried:
            if isinstance(result, BaseException):
                raise result
        return sum(result for result in tried if isinstance(result, int))

    async def _drain(self, lane: Lane) -> int:
        if lane.is_draining or self._closing.is_set():
            return 0
        lane.is_draining = True
        tried = 0
        try:
            while not self._closing.is_set():
                leased = await self._lease(lane) if lane.has_room else []
                tried += len(leased)
                for delivery in leased:
                    self._start(delivery, lane)
                if not leased and not lane.in_flight:
                    break
                if not leased or not lane.has_room:
                    await asyncio.wait(lane.in_flight, return_when=asyncio.FIRST_COMPLETED)
            if lane.in_flight:
                await asyncio.wait(lane.in_flight)
        finally:
            lane.is_draining = False
        return tried

    async def _lease(self, lane: Lane) -> list[Delivery]:
        """A letter is leased when its turn has come, and holds its lease no longer than a post."""
        if lane.letters and not await self._waits_for_letter():
            return []
        return await self._ledger.lease(lane.at_once, letters=lane.letters)

    async def _waits_for_letter(self) -> bool:
        """Wait for a letter's turn; False when none waits, or when we close meanwhile."""
        if not await self._letter_pace.reckon():
            return False
        turn = asyncio.ensure_future(self._letter_pace.turn())
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({turn, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            turn.cancel()
            closing.cancel()
        return not self._closing.is_set()

    async def close(self) -> None:
        """Take nothing new and let the posts in flight finish."""
        self._closing.set()
        in_flight = set().union(*(lane.in_flight for lane in self._lanes))
        if in_flight:
            await asyncio.wait(in_flight)

    def _start(self, delivery: Delivery, lane: Lane) -> None:
        """Begin with one that is not under way: after a machine slept, leases have run out."""
        if delivery.delivery_id in self._under_way:
            return
        lane.start(self._deliver_guarded(delivery))

    async def _deliver_guarded(self, delivery: Delivery) -> None:
        """One bad community must not stop the others."""
        self._under_way.add(delivery.delivery_id)
        try:
            await self._deliver(delivery)
        except UnknownOutcomeError as error:
            log.warning("delivery %s: outcome unknown (%s)", delivery.key, error)
            await self._ledger.release(delivery)
        except LeaseLostError:
            log.info("delivery %s is another process's by now", delivery.key)
        except StorageError as error:
            log.warning("delivery %s waits for its lease to end: %s", delivery.key, error)
        except Exception:
            log.exception("delivery %s failed", delivery.key)
            await self._ledger.release(delivery)
        finally:
            self._under_way.discard(delivery.delivery_id)

    async def _deliver(self, delivery: Delivery) -> None:
        schedule = await store.fetch_schedule(self._database, delivery.schedule_id)
        if schedule is None:
            return
        try:
            if await self._was_posted_before(delivery, schedule):
                return
            if self._late.is_too_late(delivery, schedule):
                await self._skip_late(delivery, schedule)
                return
            if schedule.state != ScheduleState.ACTIVE:
                await self._hold_or_skip(delivery, schedule)
                return
            content_id = await self._begin(delivery, schedule)
            if content_id is not None:
                await self._post(delivery, schedule, content_id)
        except HistoryUnreadableError as error:
            await self._stop(schedule, delivery.channel_id, error.problem)
            if self._late.is_too_late(delivery, schedule):
                await self._ledger.finish(delivery, DeliveryState.FAILED, Note.REFUSED)
            else:
                await self._ledger.release(delivery)
        except (WithdrawnError, UnreachableError, RejectedError) as error:
            await self._leave_out(delivery, schedule, error)
        except RefusedError as error:
            await self._ledger.finish(delivery, DeliveryState.FAILED, Note.REFUSED)
            await self._stop(schedule, delivery.channel_id, error.problem)

    async def _leave_out(self, delivery: Delivery, schedule: Schedule, error: PublishError) -> None:
        state, note = _END_OF[type(error)]
        is_fault = note is Note.REJECTED  # the others are nobody's
        level = logging.ERROR if is_fault else logging.INFO
        log.log(
            level, "delivery %s was %s", delivery.key, note, exc_info=error if is_fault else None
        )
        if is_fault:
            await self._rejections.tell(delivery, schedule)
        await self._ledger.finish(delivery, state, note)

    async def _skip_late(self, delivery: Delivery, schedule: Schedule) -> None:
        await self._late.tell(delivery, schedule)
        await self._ledger.finish(delivery, DeliveryState.SKIPPED, Note.LATE)

    async def _was_posted_before(self, delivery: Delivery, schedule: Schedule) -> bool:
        first, last = delivery.first_attempt_at, delivery.last_attempt_at
        now = self._clock.now()
        if first is None or last is None:
            return False
        is_late = self._late.is_too_late(delivery, schedule)
        if rules.is_covered_by_nonce(first, now) and not is_late:
            return False
        await self._wait_for_turn(delivery)
        async with asyncio.timeout(self._send_seconds):
            message_id = await self._publisher.find(
                delivery.channel_id or schedule.channel_id,
                delivery.key,
                first - rules.SEARCH_MARGIN,
                last + rules.SEARCH_MARGIN,
                delivery.recipient_id,
            )
        if message_id is None:
            return False
        await self._ledger.finish(delivery, DeliveryState.SENT, None, message_id)
        return True

    async def _begin(self, delivery: Delivery, schedule: Schedule) -> str | None:
        """Write the attempt and its content down; None when there is nothing to post."""
        announcer = self.announcers.by_kind.get(schedule.kind)
        nothing = Nothing(f"This version of Breather has nothing for {schedule.kind}.")
        async with self._database.transaction() as tx:
            choice: str | Nothing = delivery.content_id or (
                await announcer.choose(tx, schedule, delivery.slot) if announcer else nothing
            )
            if isinstance(choice, str):
                # Where the lease is lost, what was drawn goes back with the transaction.
                await self._ledger.begin(tx, delivery, schedule, choice)
                await note_follow_up(tx, delivery, schedule, self._clock.now())
                return choice
        recent = await store.fetch_history(self._database, schedule.schedule_id, 2)
        was_told = any(item.note == Note.NOTHING_FITS for item in recent)
        await self._ledger.finish(delivery, DeliveryState.SKIPPED, Note.NOTHING_FITS)
        if choice.reason is not None and not was_told:
            await self._moderators.tell_moderators(schedule.guild_id, choice.reason)
        return None

    async def _post(self, delivery: Delivery, schedule: Schedule, content_id: str) -> None:
        body = await self.announcers.by_kind[schedule.kind].compose(schedule, content_id)
        quiet = rules.is_quiet(delivery.due_at, self._clock.now())
        post = Post(
            guild_id=schedule.guild_id,
            channel_id=delivery.channel_id or schedule.channel_id,
            kind=schedule.kind,
            key=delivery.key,
            body=body,
            role_id=None if quiet else schedule.role_id,
            is_silent=quiet or schedule.is_silent,
            recipient_id=delivery.recipient_id,
        )
        try:
            async with self._pace.limited(self._send_seconds) as turn:
                message_id = await self._publisher.post(post, turn)
        except TimeoutError:
            message = f"no answer within {self._send_seconds:.0f} s"
            raise UnknownOutcomeError(message) from None
        await self._ledger.finish(delivery, DeliveryState.SENT, None, message_id)

    async def _wait_for_turn(self, delivery: Delivery) -> None:
        """A direct message is two requests: one opens the conversation."""
        await self._pace.turn()
        if delivery.recipient_id is not None:
            await self._pace.turn()

    async def _stop(self, schedule: Schedule, tried_id: int | None, problem: str) -> None:
        """Pause the schedule and tell its moderators, once; unless it has another channel by now.

        ``tried_id`` is the channel of an earlier attempt, if there was one.
        """
        if await self._ledger.stop(schedule, tried_id or schedule.channel_id, problem):
            await self._moderators.tell_moderators(schedule.guild_id, problem)

    async def _hold_or_skip(self, delivery: Delivery, schedule: Schedule) -> None:
        """A post that may have been made waits for the channel to be mended; others are skipped."""
        if schedule.state == ScheduleState.BROKEN and delivery.first_attempt_at is not None:
            await self._ledger.release(delivery)
        else:
            await self._ledger.finish(delivery, DeliveryState.SKIPPED, Note.PAUSED)
