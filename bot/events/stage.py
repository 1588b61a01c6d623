"""The day itself: start, whose turn it is, the signal before it ends, close, recap."""

from dataclasses import replace

from bot.clock import Clock
from bot.errors import RefusalError
from bot.events import store
from bot.events.changing import lock
from bot.events.posts import Part
from bot.events.rules import AHEAD, Event, State
from bot.events.service import Events
from bot.storage import Database, Transaction
from bot.words import clean_text, count_visible

EARLY = 3600
"""Seconds before its beginning from which a host may start an event."""
RECAP_LENGTH = 1500
MOST_PEOPLE = 1_000_000


class Stage:
    """What a host does; every press looks at the event anew, and a second press changes nothing."""

    def __init__(self, database: Database, events: Events, clock: Clock) -> None:
        self._database = database
        self._events = events
        self._clock = clock

    async def start(self, guild_id: int, event_id: int) -> Event:
        """Begin, with the first turn. Raises :class:`RefusalError` long before its time."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            event = await lock(tx, guild_id, event_id)
            if event.state is State.LIVE:
                return event
            if event.state is not State.PLANNED:
                raise _not_on()
            if (event.starts_at or 0) - now > EARLY:
                message = (
                    "It begins in more than an hour. Start it then, or move it in /event manage "
                    "if it is to begin now."
                )
                raise RefusalError(message)
            after = begin(event, now)
            await store.save(tx, after)
            await self._events.planning.stop(tx, after)
            await self._events.planning.renew_signal(tx, after, now)
        return after

    async def go_on(self, guild_id: int, event_id: int, turn: int) -> Event:
        """End the turn that is on: the next creator's begins. Of two presses, one counts."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            event = await self._live(tx, guild_id, event_id)
            if event.turn != turn:
                return event
            after = replace(event, turn=turn + 1, turn_at=now)
            await store.save(tx, after)
            await self._events.planning.renew_signal(tx, after, now)
        return after

    async def ask_for_signal(self, guild_id: int, event_id: int, user_id: int | None) -> Event:
        """Send somebody a direct message two minutes before each turn ends, or nobody."""
        async with self._database.transaction() as tx:
            event = await lock(tx, guild_id, event_id)
            if event.state not in AHEAD:
                raise _not_on()
            after = replace(event, signal_id=user_id)
            await store.save(tx, after)
            await self._events.planning.renew_signal(tx, after, self._clock.now())
        return after

    async def close(self, guild_id: int, event_id: int) -> Event:
        """End it; the closing card is posted with the next minute."""
        async with self._database.transaction() as tx:
            event = await lock(tx, guild_id, event_id)
            if event.state is State.OVER:
                return event
            if event.state is not State.LIVE:
                raise _not_on()
            return await self._events.finish(tx, event, State.OVER)

    async def keep_recap(
        self, guild_id: int, event_id: int, recap: str, attendance: int | None
    ) -> Event:
        """Keep what the host writes afterwards, and post it. Raises :class:`RefusalError`."""
        text = clean_text(recap, RECAP_LENGTH)
        if not count_visible(text):
            message = "The recap has no visible text, so nothing was posted. Write a few words."
            raise RefusalError(message)
        if attendance is not None and not 0 <= attendance <= MOST_PEOPLE:
            message = f"The number of people must be 0 to {MOST_PEOPLE}."
            raise RefusalError(message)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            event = await lock(tx, guild_id, event_id)
            if event.state is not State.OVER:
                message = "A recap is for an event that is over. Press Close first."
                raise RefusalError(message)
            after = replace(event, recap=text, attendance=attendance, changed_at=now)
            await store.save(tx, after)
            if event.recap is None:
                await self._events.planning.post(tx, after, Part.RECAP, now)
        return after

    async def _live(self, tx: Transaction, guild_id: int, event_id: int) -> Event:
        event = await lock(tx, guild_id, event_id)
        if event.state is not State.LIVE:
            raise _not_on()
        return event


def begin(event: Event, now: int) -> Event:
    """The event as it starts, with the first turn of its line-up."""
    has_turns = bool(event.line_up)
    return replace(
        event,
        state=State.LIVE,
        turn=0 if has_turns else None,
        turn_at=now if has_turns else None,
        changed_at=now,
    )


def _not_on() -> RefusalError:
    return RefusalError("That event is not on. /event manage shows how it stands.")
