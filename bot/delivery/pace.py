"""A pace just below Discord's global limit of 50 requests a second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.delivery.ports import Turn

POSTS_PER_SECOND = 49.25
CATCH_UP_SECONDS = 0.004


class Pace:
    """Hands out turns at even distances, one after the other.

    A leaky bucket (aiolimiter) loses the time by which a wake-up is late, several per cent at
    this rate; with a burst allowance it breaks the limit in its first second. Turns at absolute
    instants do neither: a late one is made up for, by at most ``CATCH_UP_SECONDS``. Fifty turns
    take 1,015 ms, so that leaves 11 ms for the way to Discord to vary. Each turn is reckoned
    when the one before was taken, so a stall of the event loop ends in one post, not in all
    that were waiting.
    """

    def __init__(self, per_second: float = POSTS_PER_SECOND) -> None:
        self._interval = 1 / per_second
        self._next = 0.0
        self._queue = asyncio.Lock()

    @property
    def per_second(self) -> float:
        """How many turns there are in a second, from the next one on."""
        return 1 / self._interval

    @per_second.setter
    def per_second(self, value: float) -> None:
        self._interval = 1 / value

    async def turn(self) -> None:
        """Wait for the next turn; whoever asked first goes first."""
        async with self._queue:
            loop = asyncio.get_running_loop()
            wait = self._next - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            self._next = max(self._next, loop.time() - CATCH_UP_SECONDS) + self._interval

    @asynccontextmanager
    async def limited(self, seconds: float) -> AsyncIterator[Turn]:
        """Turns for requests of which each may take so long. Raises ``TimeoutError``.

        Whoever is given one waits for it last, just before the request: work between the two
        would shift requests against each other.
        """
        async with asyncio.timeout(None) as limit:

            async def turn() -> None:
                limit.reschedule(None)
                await self.turn()
                limit.reschedule(asyncio.get_running_loop().time() + seconds)

            yield turn
