"""How long an event loop was kept from its other work."""

import asyncio
import time
from typing import Self

BEAT_SECONDS = 0.001


class Heart:
    """Beats every millisecond and remembers by how much it was late at most."""

    def __init__(self) -> None:
        self.longest_ms = 0.0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(2 * BEAT_SECONDS)
        self._task.cancel()

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT_SECONDS)
            late = time.perf_counter() - before - BEAT_SECONDS
            self.longest_ms = max(self.longest_ms, late * 1000)
