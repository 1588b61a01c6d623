"""What is posted and sent for events: what the event's row says at that moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.delivery.ports import Announcers, Nothing, Recipient, Schedule, WithdrawnError
from bot.delivery.rules import reference_of
from bot.events import posts, store
from bot.events.posts import PERSONAL, Part, is_wanted
from bot.events.rsvps import Way
from bot.events.rules import Event
from bot.storage import Database, Transaction

MOST_MENTIONED = 90
"""Discord pings at most 100 people in one message; a thread takes no more than this."""


@dataclass(frozen=True, slots=True)
class EventPost:
    """A post or a letter about an event. ``before`` says what was different until now."""

    part: Part
    event: Event
    coming: int
    before: dict[str, Any] | None = None
    mentions: tuple[int, ...] = ()
    """People in the thread who asked to be reminded there."""


class EventAnnouncer:
    """The one announcer of all kinds; a schedule's options say which event and which part."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, announcers: Announcers) -> None:
        """Answer for every kind, each until it is too late for it."""
        for kind in posts.KINDS:
            announcers.register(
                kind,
                self,
                limit=_limit_of(kind),
                recipients=self.find_recipients if kind in PERSONAL else None,
            )

    async def find_recipients(self, tx: Transaction, schedule: Schedule) -> Sequence[Recipient]:
        """Who asked for a direct message about the event, as long as it is meant at all."""
        event = await _find(tx, schedule)
        if event is None or not is_wanted(event, schedule):
            return []
        if schedule.kind == posts.SIGNALS:
            return [Recipient(event.event_id, event.signal_id)] if event.signal_id else []
        rows = await tx.fetch_all(store.SELECT_RSVPS, event_id=event.event_id, way=Way.DIRECT.value)
        return [Recipient(row["id"], row["user_id"]) for row in rows]

    async def choose(self, tx: Transaction, schedule: Schedule, slot: str) -> str | Nothing:
        """The part, unless the event changed or the person doesn't want it any more."""
        event = await _find(tx, schedule)
        if event is None or not is_wanted(event, schedule):
            return Nothing()
        if schedule.kind in PERSONAL and not await _is_asked_for(tx, event, schedule, slot):
            return Nothing()
        return f"{event.event_id}:{schedule.options['part']}"

    async def compose(self, schedule: Schedule, content_id: str) -> EventPost:
        """The event as it is. Raises :class:`WithdrawnError` when it is not meant any more."""
        event = await _find(self._database, schedule)
        if event is None or not is_wanted(event, schedule):
            raise WithdrawnError(content_id)
        count = await self._database.fetch_one(store.COUNT_RSVPS, event_id=event.event_id)
        return EventPost(
            part=Part(schedule.options["part"]),
            event=event,
            coming=count["coming"] if count else 0,
            before=schedule.options.get("before"),
            mentions=await self._mentions(event, schedule),
        )

    async def _mentions(self, event: Event, schedule: Schedule) -> tuple[int, ...]:
        if event.thread_id is None or schedule.channel_id != event.thread_id:
            return ()
        rows = await self._database.fetch_all(
            store.SELECT_RSVPS, event_id=event.event_id, way=Way.THREAD.value
        )
        return tuple(row["user_id"] for row in rows)[:MOST_MENTIONED]


async def _is_asked_for(tx: Transaction, event: Event, schedule: Schedule, slot: str) -> bool:
    if schedule.kind == posts.SIGNALS:
        return event.signal_id is not None
    found = await tx.fetch_one(
        store.SELECT_REFERENCE, reference=reference_of(slot), way=Way.DIRECT.value
    )
    return found is not None


async def _find(db: Database | Transaction, schedule: Schedule) -> Event | None:
    return await store.fetch_one(db, schedule.guild_id, int(schedule.options["event"]))


def _limit_of(kind: str) -> Any:  # noqa: ANN401 (a Limit)
    late = posts.late_limit(kind)
    return lambda _zone, due_at: due_at + late
