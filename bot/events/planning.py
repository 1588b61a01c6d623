"""Keeps an event's schedules in line with the event, in the transaction that changes it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from bot.delivery.ports import Schedule
from bot.delivery.schedules import Schedules
from bot.events import posts
from bot.events.posts import KINDS, Order, Part
from bot.events.rules import Event
from bot.storage import Transaction


@dataclass(frozen=True, slots=True)
class Card:
    """An event's card in its channel; ``key`` is what it is found by."""

    channel_id: int
    message_id: int
    key: str


MOST_COPIES = 10_000
"""Copies of one notice that are looked through for one that is not sent yet."""
REMINDERS = frozenset({Part.DAY, Part.SOON})


class Planning:
    """Writes and removes the schedules of events. What was sent stays sent."""

    def __init__(self, schedules: Schedules) -> None:
        self._schedules = schedules

    async def renew_reminders(self, tx: Transaction, event: Event, now: int) -> None:
        """Remind of the event as it stands now, and of nothing else."""
        await self._remove(tx, event, REMINDERS)
        await self._add(tx, event, posts.remind(event, now))

    async def renew_signal(self, tx: Transaction, event: Event, now: int) -> None:
        """Signal the end of the turn that is on, if somebody asked for it."""
        await self._remove(tx, event, {Part.SIGNAL})
        order = posts.signal(event, now)
        if order is not None:
            await self._add(tx, event, [order], turn_at=event.turn_at)

    async def tell_change(self, tx: Transaction, before: Event, after: Event, now: int) -> None:
        """Tell once what changed: a change that nobody was told of yet is told with this one.

        Where that one is taken back, there is nothing to tell.
        """
        old, is_untold = _told(before), False
        for schedule in await self._find(tx, after, {Part.CHANGED}):
            is_planned = schedule.next_run_at is None
            if is_planned and not await self._is_open(tx, schedule):
                continue
            old, is_untold = schedule.options["before"], not is_planned
        await self._remove(tx, after, {Part.CHANGED})
        is_same = after.finished_at is None and old == _told(after)
        if not (is_same and is_untold):
            await self._add(tx, after, posts.tell_change(after, now), before=old)

    async def post(self, tx: Transaction, event: Event, part: Part, now: int) -> None:
        """Post something in the event's channel with the next minute."""
        await self._remove(tx, event, {part})
        await self._add(tx, event, posts.in_channel(event, part, now))

    async def remove(self, tx: Transaction, event: Event) -> None:
        """Post nothing more of an event that is deleted."""
        await self._remove(tx, event, set(Part))

    async def stop(self, tx: Transaction, event: Event) -> None:
        """Remind of nothing more. A posted card stays known, so that it says what became of it."""
        await self._remove(tx, event, {*REMINDERS, Part.SIGNAL})

    async def find_card(self, event: Event, part: Part = Part.CARD) -> Card | None:
        """Where the event's card is, or its recap; None while it is not posted."""
        for schedule in await self._schedules.in_guild(event.guild_id, posts.POSTS):
            if _is_of(schedule, event, {part}):
                for row in await self._schedules.history(schedule.schedule_id, 1):
                    if row.channel_id is not None and row.message_id is not None:
                        return Card(row.channel_id, row.message_id, row.key)
        return None

    async def _is_open(self, tx: Transaction, schedule: Schedule) -> bool:
        """Whether somebody still waits for a copy."""
        rows = await self._schedules.history(schedule.schedule_id, MOST_COPIES, tx)
        return any(row.finished_at is None for row in rows)

    async def _add(
        self, tx: Transaction, event: Event, orders: Iterable[Order], **options: object
    ) -> None:
        for order in orders:
            # Since right before it: the minute may be there while the transaction still runs.
            schedule = posts.to_schedule(event, order, **options)
            await self._schedules.save(tx, schedule, since=order.at - 1)

    async def _remove(self, tx: Transaction, event: Event, parts: Collection[Part]) -> None:
        for schedule in await self._find(tx, event, parts):
            await self._schedules.remove(tx, schedule.schedule_id)

    async def _find(self, tx: Transaction, event: Event, parts: Collection[Part]) -> list[Schedule]:
        return [
            schedule
            for kind in KINDS
            for schedule in await self._schedules.in_guild(event.guild_id, kind, tx)
            if _is_of(schedule, event, parts)
        ]


def _told(event: Event) -> dict[str, Any]:
    """What those who come are told of when it changes."""
    return {
        "title": event.title,
        "starts_at": event.starts_at,
        "place": event.place and event.place.value,
        "place_channel_id": event.place_channel_id,
        "link": event.link,
    }


def _is_of(schedule: Schedule, event: Event, parts: Collection[Part]) -> bool:
    options = schedule.options
    return options["event"] == event.event_id and Part(options["part"]) in parts
