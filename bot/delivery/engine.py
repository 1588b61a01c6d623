"""The engine's strokes: write down what is due, send it, and do what follows."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.clock import Clock
from bot.delivery.follow_ups import FollowUps
from bot.delivery.planner import plan
from bot.delivery.sender import Sender
from bot.storage import Database

log = logging.getLogger(__name__)


class Engine:
    """Plans and sends. Driven by the minute clock, or by whoever moves time."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sender: Sender,
        follow_ups: FollowUps | None = None,
    ) -> None:
        """Nothing follows a post where there are no ``follow_ups``."""
        self._database = database
        self._clock = clock
        self._sender = sender
        self._follow_ups = follow_ups
        self.ticked_at: int | None = None
        self.is_closing = False
        """A chore that takes long looks at it, and leaves the rest to the next start."""
        self.each_minute: list[Callable[[], Awaitable[None]]] = []
        """Small chores of the floors above. One that fails, or takes long, keeps neither posts nor
        the others; it isn't begun again while it runs."""
        self._under_way: set[Callable[[], Awaitable[None]]] = set()
        self._ticks: set[asyncio.Task[Any] | None] = set()

    async def tick(self) -> int:
        """Plan everything due by now and send it; how many deliveries were tried."""
        task = asyncio.current_task()
        self._ticks.add(task)
        try:
            planned = await plan(self._database, self._clock.now(), self._sender.announcers)
            self.ticked_at = self._clock.now()
            tried = await self._sender.drain()
            if self._follow_ups is not None:
                await self._follow_ups.drain()
            await self._do_chores()
        finally:
            self._ticks.discard(task)
        if planned or tried:
            log.info("tick: %d schedules due, %d deliveries tried", planned, tried)
        return tried

    async def _do_chores(self) -> None:
        for chore in self.each_minute:
            if self.is_closing or chore in self._under_way:
                continue
            self._under_way.add(chore)
            try:
                await chore()
            except Exception:
                log.exception("a chore of this minute failed")
            finally:
                self._under_way.discard(chore)

    async def close(self) -> None:
        """Finish the posts in flight and the tick that made them; take no new ones."""
        self.is_closing = True
        if self._follow_ups is not None:
            self._follow_ups.close()
        await self._sender.close()
        ticks = {task for task in self._ticks if task and task is not asyncio.current_task()}
        if ticks:
            await asyncio.wait(ticks)
