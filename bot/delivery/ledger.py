"""What a process writes into the ledger while it sends."""

import logging
import secrets

from bot.clock import Clock
from bot.delivery import rules, state_store, store
from bot.delivery.ports import Delivery, Schedule
from bot.delivery.rows import to_delivery
from bot.delivery.rules import DeliveryState, Note
from bot.errors import StorageError
from bot.storage import Database, Transaction

log = logging.getLogger(__name__)


class LeaseLostError(Exception):
    """Another process took the delivery over meanwhile."""


class Ledger:
    """One process's hand in the ledger: it leases rows in its own name."""

    def __init__(self, database: Database, clock: Clock, lease_seconds: int) -> None:
        self._database = database
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._owner = secrets.token_hex(8)

    async def lease(self, most: int, *, letters: bool) -> list[Delivery]:
        """The next posts or letters that nobody else holds, the longest due first."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            rows = await tx.fetch_all(
                store.LEASE_LETTERS if letters else store.LEASE_POSTS,
                now=now,
                most=most,
                owner=self._owner,
                until=now + self._lease_seconds,
            )
        return sorted(map(to_delivery, rows), key=lambda item: (item.due_at, item.delivery_id))

    async def begin(
        self, tx: Transaction, delivery: Delivery, schedule: Schedule, content_id: str
    ) -> None:
        """Write an attempt down. Raises :class:`LeaseLostError`."""
        is_ours = await tx.execute(
            store.BEGIN_ATTEMPT,
            delivery_id=delivery.delivery_id,
            owner=self._owner,
            now=self._clock.now(),
            new_channel_id=schedule.channel_id,
            new_content_id=content_id,
        )
        if not is_ours:
            raise LeaseLostError

    async def finish(
        self,
        delivery: Delivery,
        state: DeliveryState,
        note: Note | None,
        message_id: int | None = None,
    ) -> None:
        """Write down what came of it. A row that is finished stays as it is."""
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

    async def release(self, delivery: Delivery) -> None:
        """Let the delivery be tried again after a while. Raises nothing."""
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

    async def stop(self, schedule: Schedule, channel_id: int, problem: str) -> bool:
        """Stop a schedule whose channel refuses posts.

        False when somebody else did so before, or gave it another channel than the refused one.
        """
        async with self._database.transaction() as tx:
            was_stopped = await tx.execute(
                state_store.STOP_SCHEDULE,
                schedule_id=schedule.schedule_id,
                refused_channel_id=channel_id,
                new_problem=problem,
            )
        if was_stopped:
            log.warning("schedule %s is paused: Discord refused its channel", schedule.schedule_id)
        return bool(was_stopped)
