"""Tells moderators what was left out: at the pace of posts, and once, whatever dies in between.

It is told first and marked after that, so a crash in between tells it again; and whoever tells it
looks for it first. The other way round, a crash or an outage would leave it untold.
"""

from bot.delivery.pace import Pace
from bot.delivery.ports import Moderators, UnknownOutcomeError


class Desk:
    """Where moderators read it. A request may take ``send_seconds``."""

    def __init__(self, moderators: Moderators, pace: Pace, send_seconds: float) -> None:
        self._moderators = moderators
        self._pace = pace
        self._send_seconds = send_seconds

    async def tell(self, guild_id: int, words: str, key: str) -> None:
        """Say one thing, unless it stands there already.

        Raises :class:`UnknownOutcomeError` when it may not have arrived.
        """
        try:
            async with self._pace.limited(self._send_seconds) as turn:
                await self._moderators.tell_once(guild_id, words, key, turn)
        except TimeoutError:
            message = f"moderators were not told within {self._send_seconds:.0f} s"
            raise UnknownOutcomeError(message) from None
