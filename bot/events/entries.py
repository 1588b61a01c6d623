"""Events as calendar entries, as every member may see them: no host, no line-up, no answers."""

from collections.abc import Sequence

from bot.calendars.entries import Entry
from bot.clock import Clock, to_datetime
from bot.events import store
from bot.events.rules import NOTE, Event, Place, State
from bot.links import is_link
from bot.storage import Database

BEGAN = 1_767_225_600
"""1 January 2026 (UTC): the instant from which sequences count, so that they stay small."""


def to_entry(event: Event) -> Entry:
    """One event that has a time. Its id stays; its sequence rises with each change.

    What repeats has an event for each time, so each has an entry of its own.
    """
    channel = f"https://discord.com/channels/{event.guild_id}/{event.place_channel_id or ''}"
    place = (event.link or "") if event.place is Place.LINK else channel
    return Entry(
        uid=f"event-{event.guild_id}-{event.event_id}@breather.invalid",
        summary=event.title,
        starts=to_datetime(event.starts_at or 0),
        ends=to_datetime(event.ends_at),
        description=f"{event.body}\n\n{NOTE}",
        url=place if is_link(place) else "",
        location=place if event.place is Place.LINK else "Discord",
        sequence=max(0, event.changed_at - BEGAN),
        is_cancelled=event.state is State.CANCELLED,
        changed_at=event.changed_at,
    )


class EventEntries:
    """Entries for a community's feed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of_community(self, guild_id: int) -> Sequence[Entry]:
        """What is planned or on, and what was cancelled until its time is over."""
        rows = await self._database.fetch_all(store.SELECT_CALENDAR, guild_id=guild_id)
        now = self._clock.now()
        events = [store.to_event(row) for row in rows]
        return [
            to_entry(event)
            for event in events
            if event.state is not State.CANCELLED or event.ends_at > now
        ]
