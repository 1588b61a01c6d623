"""Keeps posted cards of events as the events are: moved, cancelled, how many come, the recap."""

import logging
from collections.abc import Callable

from bot.delivery.editor import Editor
from bot.delivery.engine import Engine
from bot.delivery.ports import Post, RefusedError, RejectedError, UnknownOutcomeError
from bot.events import store
from bot.events.announcer import EventPost
from bot.events.posts import POSTS, Part
from bot.events.rules import Event
from bot.events.service import Events
from bot.storage import Database

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Cards that are renewed in one minute; the others have their turn in the next ones."""


class Renewing:
    """Edits through the engine's editor, behind its posts. An edit does no harm twice.

    What a card shows is marked after its edit: what changes meanwhile, or dies in between, is
    shown with the next minute. ``sees`` says which communities this process looks after. What is
    left when the ``engine`` closes is renewed after the next start.
    """

    def __init__(
        self,
        database: Database,
        events: Events,
        editor: Editor,
        sees: Callable[[int], bool],
        engine: Engine,
    ) -> None:
        self._database = database
        self._events = events
        self._editor = editor
        self._sees = sees
        self._engine = engine

    async def run(self) -> None:
        """Renew what shows less than there is. A chore of every minute."""
        rows = await self._database.fetch_all(store.SELECT_STALE)
        for row in [row for row in rows if self._sees(row["guild_id"])][:AT_ONCE]:
            if self._engine.is_closing:
                break
            event = store.to_event(row)
            if await self._renew(event):
                async with self._database.transaction() as tx:
                    values = {"event_id": event.event_id, "shown": row["changes"]}
                    await tx.execute(store.MARK_SHOWN, **values)

    async def _renew(self, event: Event) -> bool:
        """Whether its card and its recap are as it is, or never will be."""
        parts = [Part.CARD, Part.RECAP] if event.recap else [Part.CARD]
        return all([await self._edit(event, part) for part in parts])

    async def _edit(self, event: Event, part: Part) -> bool:
        found = await self._events.planning.find_card(event, part)
        if found is None:
            return True  # what is posted later says what is true then
        coming = await self._events.rsvps.count(event.event_id)
        body = EventPost(part, event, coming)
        await self._editor.turn()
        try:
            post = Post(event.guild_id, found.channel_id, POSTS, found.key, body)
            await self._editor.edit(post, found.message_id)
        except (RefusedError, RejectedError) as error:
            log.info("a card of an event can't be renewed (%s)", type(error).__name__)
        except UnknownOutcomeError as error:
            log.info("a card of an event is renewed later (%s)", error)
            return False
        return True
