"""What is on its way at once: posts in one lane, letters in another."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field


@dataclass(slots=True)
class Lane:
    """Posts or letters on their way. Letters take their time, and keep no post waiting."""

    letters: bool
    most: int
    """As many are on their way at once."""
    at_once: int
    """As many are leased together."""
    in_flight: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    is_draining: bool = False

    @property
    def has_room(self) -> bool:
        """Whether it takes as many again."""
        return len(self.in_flight) <= self.most - self.at_once

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Let one more set out."""
        task = asyncio.create_task(work)
        self.in_flight.add(task)
        task.add_done_callback(self.in_flight.discard)
