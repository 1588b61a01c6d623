"""The pace of direct messages: slow where few wait, as fast as the last of them needs."""

from bot.clock import MINUTE, Clock
from bot.delivery import store
from bot.delivery.pace import Pace
from bot.delivery.ports import Announcers
from bot.storage import Database

LETTERS_PER_SECOND = 1.0
"""Discord names no limit for opening conversations, but quarantines bots that open many at once; a
few dozen were enough (github.com/discord-php/DiscordPHP/issues/467,
github.com/tmercswims/tmerc-cogs/issues/111, github.com/DasWolke/SnowTransfer/issues/43)."""

PROMPT_SECONDS = 5 * MINUTE
"""As many as wait are written to at a pace that would take so long."""

MARGIN = 2
"""It would take no more than this part of the time that they have, should Discord be slow."""


class LetterPace:
    """Hands out turns for letters; the sender's own pace is for each request, and comes after."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        announcers: Announcers,
        per_second: float = LETTERS_PER_SECOND,
    ) -> None:
        self._database = database
        self._clock = clock
        self._announcers = announcers
        self._least = per_second
        self._pace = Pace(per_second)

    async def reckon(self) -> None:
        """See how many wait, and until when each kind of them is welcome."""
        now = self._clock.now()
        needed = 0.0
        for row in await self._database.fetch_all(store.COUNT_LETTERS, now=now):
            until = self._announcers.welcome_until(row["kind"], row["zone"], row["due_at"])
            needed += row["waiting"] / max(min((until - now) / MARGIN, PROMPT_SECONDS), 1)
        self._pace.per_second = max(self._least, needed)

    async def turn(self) -> None:
        """Wait for the next turn."""
        await self._pace.turn()
