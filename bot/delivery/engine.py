"""The engine's two strokes: write down what is due, then send it."""

import logging

from bot.clock import Clock
from bot.delivery.planner import plan
from bot.delivery.sender import Sender
from bot.storage import Database

log = logging.getLogger(__name__)


class Engine:
    """Plans and sends. Driven by the minute clock, or by whoever moves time."""

    def __init__(self, database: Database, clock: Clock, sender: Sender) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self.ticked_at: int | None = None

    async def tick(self) -> int:
        """Plan everything due by now and send it; how many deliveries were tried."""
        planned = await plan(self._database, self._clock.now())
        self.ticked_at = self._clock.now()
        tried = await self._sender.drain()
        if planned or tried:
            log.info("tick: %d schedules due, %d deliveries tried", planned, tried)
        return tried

    async def close(self) -> None:
        """Finish the posts in flight and take no new ones."""
        await self._sender.close()
