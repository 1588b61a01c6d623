"""Keeps an event's schedules in line with the event, in the transaction that changes it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.delivery.ports import Schedule
from bot.delivery.schedules import Schedules
from bot.events import posts
from bot.events.posts import KINDS, Order, Part
from bot.events.rules import Event, State
from bot.storage import Transaction


@dataclass(frozen=True, slots=True)
class Card:
    """An event's card in its channel; ``key`` is what it is found by."""

    channel_id: int
    message_id: int
    key: str


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
        """Tell once what changed: a change that nobody was told of yet is told with this one."""
        old = {
            "title": before.title,
            "starts_at": before.starts_at,
            "place": before.place and before.place.value,
            "place_channel_id": before.place_channel_id,
            "link": before.link,
        }
        for schedule in await self._find(tx, after, {Part.CHANGED}):
            if schedule.next_run_at is not None:
                old = schedule.options["before"]
        await self._remove(tx, after, {Part.CHANGED})
        await self._add(tx, after, posts.tell_change(after, now), before=old)

    async def post(self, tx: Transaction, event: Event, part: Part, now: int) -> None:
        """Post something in the event's channel with the next minute."""
        await self._remove(tx, event, {part})
        await self._add(tx, event, posts.in_channel(event, part, now))

    async def remove(self, tx: Transaction, event: Event) -> None:
        """Post nothing more of an event that is deleted."""
        await self._remove(tx, event, set(Part))

    async def stop(self, tx: Transaction, event: Event) -> None:
        """Remind of nothing more, and don't post a card that is not posted yet."""
        gone = {*REMINDERS, Part.SIGNAL}
        if event.state is State.CANCELLED:
            gone |= {Part.CARD}
        await self._remove(tx, event, gone)

    async def find_card(self, event: Event) -> Card | None:
        """Where the event's card is; None while it is not posted."""
        for schedule in await self._schedules.in_guild(event.guild_id, posts.POSTS):
            if _is_of(schedule, event, {Part.CARD}):
                history = await self._schedules.history(schedule.schedule_id, 1)
                if history and history[0].message_id and history[0].channel_id:
                    return Card(history[0].channel_id, history[0].message_id, history[0].key)
        return None

    async def _add(
        self, tx: Transaction, event: Event, orders: Iterable[Order], **options: object
    ) -> None:
        for order in orders:
            await self._schedules.save(tx, posts.to_schedule(event, order, **options))

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


def _is_of(schedule: Schedule, event: Event, parts: Collection[Part]) -> bool:
    options = schedule.options
    return options["event"] == event.event_id and Part(options["part"]) in parts
