"""Tells moderators what was left out because it came too late."""

from bot.clock import Clock
from bot.delivery import store
from bot.delivery.desk import Desk
from bot.delivery.ports import Announcers, Delivery, Schedule
from bot.delivery.rules import DeliveryState, Note
from bot.storage import Database

LOOK_BACK = 400
"""How many rows of a schedule are looked through for its latest late one."""


class LateNotices:
    """What kinds with ``late_words`` have to say."""

    def __init__(
        self, database: Database, clock: Clock, announcers: Announcers, desk: Desk
    ) -> None:
        self._database = database
        self._clock = clock
        self._announcers = announcers
        self._desk = desk

    def is_too_late(self, delivery: Delivery, schedule: Schedule) -> bool:
        """Whether a post is not welcome any more."""
        zone, due_at = schedule.recurrence.zone, delivery.due_at
        return self._clock.now() > self._announcers.welcome_until(schedule.kind, zone, due_at)

    async def tell(self, delivery: Delivery, schedule: Schedule) -> None:
        """Say that a post is left out, if its kind says so and no later one was left out as well.

        Raises :class:`~bot.delivery.ports.UnknownOutcomeError` when it may not have arrived.
        """
        explain = self._announcers.late_words.get(schedule.kind)
        if explain is None or not await self._is_latest(delivery, schedule):
            return
        words = await explain(schedule, delivery.due_at)
        await self._desk.tell(schedule.guild_id, words, delivery.key)

    async def _is_latest(self, delivery: Delivery, schedule: Schedule) -> bool:
        """Whether it is the latest of those left out: one that was posted since says nothing."""
        history = await store.fetch_history(self._database, schedule.schedule_id, LOOK_BACK)
        latest = next((one for one in history if self._was_left_out(one, schedule)), None)
        return latest is not None and latest.delivery_id == delivery.delivery_id

    def _was_left_out(self, delivery: Delivery, schedule: Schedule) -> bool:
        is_open = delivery.state in {DeliveryState.PLANNED, DeliveryState.SENDING}
        return delivery.note == Note.LATE or (is_open and self.is_too_late(delivery, schedule))
