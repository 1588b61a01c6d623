"""Feeds: the calendar of every campaign's days, and one for each community, made once for many.

A page is kept in memory for some minutes, so that a crowd of calendar apps costs one query. Who
asks for it is neither known here nor kept anywhere.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot import __version__
from bot.calendars.entries import Entry, Provider
from bot.calendars.tokens import Tokens
from bot.clock import MINUTE, Clock
from bot.errors import StorageError

KEPT_SECONDS = 5 * MINUTE
"""How old a page may be. Whatever a moderator changes is in the feed after that."""

MOST_PAGES = 1_000
"""Pages in memory; of several kilobytes each. Then the one that was longest unasked for goes."""

EVERYONE = "campaigns"
"""The path of the calendar that is the same for everyone."""
FOLDER = "calendar"
"""The path above communities' calendars."""
SUFFIX = ".ics"


@dataclass(frozen=True, slots=True)
class Page:
    """A calendar as it is served; ``version`` changes when its entries do."""

    body: bytes
    version: str
    made_at: int


@dataclass(frozen=True, slots=True)
class Address:
    """Where a calendar is: to copy, and to press."""

    file: str
    """What a calendar app is given."""
    opening: str
    """What a browser is given: it hands ``webcal`` on to the app."""
    webcal: str


@dataclass(slots=True)
class _Kept:
    page: Page | None = None
    until: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Feeds:
    """Which calendars there are, what stands in them, and under which addresses."""

    def __init__(  # noqa: PLR0913 (what the features and the operator hand in)
        self,
        clock: Clock,
        tokens: Tokens,
        *,
        base: str = "",
        everyone: Callable[[], Sequence[Entry]],
        providers: Sequence[Provider],
        name_of: Callable[[int], str | None],
    ) -> None:
        """``base`` is FEED_URL, or empty where nobody is shown an address."""
        self.tokens = tokens
        self._clock = clock
        self._base = base
        self._everyone = everyone
        self._providers = tuple(providers)
        self._name_of = name_of
        self._kept: OrderedDict[int | None, _Kept] = OrderedDict()

    def address(self, guild_id: int | None = None) -> Address | None:
        """Where a community's calendar is, or everyone's; None where the operator shows none.

        Raises :class:`bot.errors.StorageUnavailableError`.
        """
        if not self._base:
            return None
        path = EVERYONE if guild_id is None else f"{FOLDER}/{self.tokens.make(guild_id)}"
        opening = f"{self._base}/{path}"
        file = opening + SUFFIX
        return Address(file, opening, "webcal:" + file.partition(":")[2])

    async def of_everyone(self) -> Page:
        """The days of all campaigns."""
        return await self._page(None)

    async def of_community(self, guild_id: int) -> Page:
        """What a community takes part in; without an entry where that is nothing."""
        return await self._page(guild_id)

    async def _page(self, guild_id: int | None) -> Page:
        kept = self._kept.setdefault(guild_id, _Kept())
        self._kept.move_to_end(guild_id)
        if len(self._kept) > MOST_PAGES:
            self._kept.popitem(last=False)
        async with kept.lock:  # whoever asks meanwhile gets the same page
            now = self._clock.now()
            if kept.page is None or not kept.until - KEPT_SECONDS <= now < kept.until:
                try:
                    kept.page = await self._make(guild_id, kept.page, now)
                except StorageError:
                    if kept.page is None:
                        raise
                kept.until = now + KEPT_SECONDS
            return kept.page

    async def _make(self, guild_id: int | None, before: Page | None, now: int) -> Page:
        if guild_id is None:
            title, entries = "Campaign days", list(self._everyone())
        else:
            title = self._name_of(guild_id) or "Community calendar"
            entries = [entry for provide in self._providers for entry in await provide(guild_id)]
        entries.sort(key=lambda entry: (entry.begin.isoformat(), entry.uid))
        what = repr((__version__, title, entries)).encode("utf-8", "surrogatepass")
        version = hashlib.sha256(what).hexdigest()[:32]
        if before is not None and before.version == version:
            return before
        # Some 20 ms for every campaign, more than the bot's own loop should wait.
        body = await asyncio.to_thread(_write, title, entries, now)
        return Page(body, version, now)


def _write(title: str, entries: Sequence[Entry], now: int) -> bytes:
    from bot.calendars.files import make_ics  # noqa: PLC0415 (icalendar: only where feeds are read)

    return make_ics(title, entries, now)
