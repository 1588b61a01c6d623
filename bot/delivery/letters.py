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
"""As many as wait are written to in about so long, if that takes more than the pace above."""

MARGIN = 2
"""It takes no more than this part of the time that they have, should Discord be slow."""


class LetterPace:
    """Hands out turns for letters; the sender's own pace is for each request, and comes after.

    Where several processes send, each has its share of the turns.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        announcers: Announcers,
        per_second: float = LETTERS_PER_SECOND,
        processes: int = 1,
    ) -> None:
        self._database = database
        self._clock = clock
        self._announcers = announcers
        self._least = self._rate = per_second
        self._processes = processes
        self._pace = Pace(per_second / processes)

    async def reckon(self) -> int:
        """See how many wait, and set the pace by the one that is welcome the shortest time.

        It is never slowed down while some wait, so that the last comes no later than reckoned.
        Whose time is over takes no time: that is only written down.
        """
        now = self._clock.now()
        waiting = 0
        times: list[float] = []
        for row in await self._database.fetch_all(store.COUNT_LETTERS, now=now):
            waiting += row["waiting"]
            try:
                until = self._announcers.welcome_until(row["kind"], row["zone"], row["due_at"])
            except (KeyError, ValueError):  # a zone that is none fails its own letters alone
                continue
            if until >= now:
                times.append(max((until - now) / MARGIN, 1))
        seconds = min(*times, PROMPT_SECONDS) if times else 1
        self._rate = max(self._rate, waiting / seconds) if waiting else self._least
        self._pace.per_second = self._rate / self._processes
        return waiting

    async def turn(self) -> None:
        """Wait for the next turn."""
        await self._pace.turn()
