"""Changes messages that stand in the ledger already, at the sender's pace and behind its posts."""

import asyncio

from bot.delivery.pace import Pace
from bot.delivery.ports import Post, Publisher, UnknownOutcomeError
from bot.delivery.rules import SEND_SECONDS


class Editor:
    """Edits through the publisher. To edit twice is harmless, so nothing is written down before."""

    def __init__(self, publisher: Publisher, pace: Pace, seconds: float = SEND_SECONDS) -> None:
        self._publisher = publisher
        self._pace = pace
        self._seconds = seconds

    async def turn(self) -> None:
        """Wait for a turn. Who asks for one after the other lets every waiting post go before."""
        await self._pace.turn()

    async def edit(self, post: Post, message_id: int) -> None:
        """Let a message say this instead. Raises :class:`bot.delivery.ports.PublishError`."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._publisher.edit(post, message_id)
        except TimeoutError:
            message = f"no answer within {self._seconds:.0f} s"
            raise UnknownOutcomeError(message) from None
