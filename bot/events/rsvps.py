"""Who says that they will come, and how they want to be reminded."""

from enum import StrEnum
from typing import Any

from bot.clock import Clock
from bot.errors import RefusalError
from bot.events import store
from bot.events.changing import lock
from bot.events.rules import RSVPS_KEPT, Event, State
from bot.storage import Database, Transaction


class Way(StrEnum):
    """How somebody wants to be reminded."""

    DIRECT = "direct"
    THREAD = "thread"
    NONE = "none"


class Rsvps:
    """Answers of members. Moderators and hosts see how many there are, never whose."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def come(self, guild_id: int, event_id: int, user_id: int, way: Way) -> Event:
        """Count somebody in, or change how they are reminded; pressing twice changes nothing.

        Raises :class:`RefusalError` when the event is over, cancelled or gone.
        """
        async with self._database.transaction() as tx:
            event = await _take(tx, guild_id, event_id)
            await tx.execute(
                store.UPSERT_RSVP,
                event_id=event_id,
                user_id=user_id,
                way=way.value,
                asked_at=self._clock.now(),
            )
            await tx.execute(store.COUNT_CHANGE, event_id=event_id)
        return event

    async def leave(self, event_id: int, user_id: int) -> bool:
        """Forget the answer; False when there was none."""
        async with self._database.transaction() as tx:
            await tx.execute(store.COUNT_CHANGE, event_id=event_id)
            return bool(await tx.execute(store.DELETE_RSVP, event_id=event_id, user_id=user_id))

    async def find(self, event_id: int, user_id: int) -> Way | None:
        """How somebody is reminded; None when they said nothing."""
        row = await self._database.fetch_one(store.SELECT_RSVP, event_id=event_id, user_id=user_id)
        return None if row is None else Way(row["way"])

    async def count(self, event_id: int, way: Way | None = None) -> int:
        """How many say that they will come, in all or of those reminded in one way."""
        if way is not None:
            values = {"event_id": event_id, "way": way.value}
            return len(await self._database.fetch_all(store.SELECT_RSVPS, **values))
        row = await self._database.fetch_one(store.COUNT_RSVPS, event_id=event_id)
        return row["coming"] if row else 0

    async def coming(self, event_id: int) -> set[int]:
        """Who they are, to be counted together with Discord's own list and then forgotten."""
        rows = await self._database.fetch_all(store.SELECT_COMING, event_id=event_id)
        return {row["user_id"] for row in rows}

    async def sweep(self) -> None:
        """Forget the answers to events that are over for a week. A chore of every night."""
        async with self._database.transaction() as tx:
            until = self._clock.now() - RSVPS_KEPT
            await tx.execute(store.DELETE_OLD_RSVPS, until=until)


async def _take(tx: Transaction, guild_id: int, event_id: int) -> Event:
    event = await lock(tx, guild_id, event_id)
    if event.state is State.CANCELLED:
        message = "That event is cancelled, so there is nothing to come to. /events shows others."
        raise RefusalError(message)
    if event.state not in {State.PLANNED, State.LIVE}:
        message = "That event is over. /events shows what is coming."
        raise RefusalError(message)
    return event


class EventsPersonalData:
    """What events keep about people, for ``/my-data``."""

    name = "events"
    tables = frozenset({"events", "event_rsvps"})

    async def export(self, database: Database, user_id: int) -> dict[str, Any]:
        """The events that they wrote or lead, and those to which they said that they would come."""
        own = await database.fetch_all(store.SELECT_PERSON_EVENTS, user_id=user_id)
        answers = await database.fetch_all(store.SELECT_PERSON_RSVPS, user_id=user_id)
        return {
            "events": [store.export_row(row, user_id) for row in own],
            "event_rsvps": [{name: row[name] for name in store.EXPORTED_RSVP} for row in answers],
        }

    async def erase(self, tx: Transaction, user_id: int) -> str | None:
        """Erase the answers, and take the person's id out of events; those stay."""
        await tx.execute(store.ERASE_RSVPS, user_id=user_id)
        changed = [await tx.execute(one, user_id=user_id) for one in store.ERASE_PERSON]
        return (
            "Events that you wrote or led stay with their community, without your id."
            if any(changed)
            else None
        )
