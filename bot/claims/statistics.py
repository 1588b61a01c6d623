"""What moderators see of their community's claims of a program: counts, and nobody in them."""

from dataclasses import dataclass
from datetime import date

from bot.claims import program_store, store, waitlist_store
from bot.claims.rules import State
from bot.claims.statistics_store import COUNT_STATES, COUNT_WEEKS, FIRST_MONDAY, WEEK
from bot.claims.stock import Stock
from bot.clock import Clock, to_datetime
from bot.storage import Database
from bot.storage.database import Value


@dataclass(frozen=True, slots=True)
class Week:
    """The codes that were given out in the week that begins on a Monday (UTC)."""

    monday: date
    given: int


@dataclass(frozen=True, slots=True)
class Stats:
    """One community's numbers. ``left`` alone is the whole program's."""

    claimed: int
    """Codes given out here, one for each claim; those revoked later are among them."""
    pending: int
    waitlisted: int
    offered: int
    refused: int
    revoked: int
    left: int
    """How many more people can get a code, over all communities."""
    share_cap: int | None = None
    """The most codes that this community can have; None for no limit of its own."""
    weeks: tuple[Week, ...] = ()
    """Without a gap, from the first code given out here to this week or the program's last one."""


class Statistics:
    """Counts on asking; nothing of it is kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, program_id: str, guild_id: int) -> Stats:
        """A community's numbers. Raises ``LookupError`` for a program that is not there."""
        fetch = self._database.fetch_all
        here: dict[str, Value] = {"program_id": program_id, "guild_id": guild_id}
        program = await self._database.fetch_one(
            program_store.SELECT_DEFINITION, program_id=program_id
        )
        if program is None:
            raise LookupError(program_id)
        states = {row["state"]: row["count"] for row in await fetch(COUNT_STATES, **here)}
        weeks = {row["week"]: row["count"] for row in await fetch(COUNT_WEEKS, **here)}
        share = await self._database.fetch_one(store.SELECT_SHARE, **here)
        return Stats(
            claimed=sum(weeks.values()),
            pending=states.get(State.PENDING.value, 0),
            waitlisted=states.get(State.WAITLISTED.value, 0),
            offered=states.get(State.OFFERED.value, 0),
            refused=states.get(State.REJECTED.value, 0),
            revoked=states.get(State.REVOKED.value, 0),
            left=await self._count_left(program_id),
            share_cap=None if share is None else share["cap"],
            weeks=_fill(weeks, self._clock.now(), program["closes_at"]),
        )

    async def _count_left(self, program_id: str) -> int:
        fetch = self._database.fetch_one
        counters = await fetch(store.SELECT_COUNTERS, program_id=program_id)
        free = await fetch(waitlist_store.COUNT_FREE, program_id=program_id)
        if counters is None or free is None:  # pragma: no cover - a program has its counters
            return 0
        return Stock(
            program_id,
            free=free["free"],
            cap=counters["cap"],
            allocated=counters["allocated"],
            offered=counters["offered"],
        ).left


def _fill(weeks: dict[int, int], now: int, closes_at: int | None) -> tuple[Week, ...]:
    """Every week from the first one with a code, also those without, in order."""
    if not weeks:
        return ()
    latest = _week_of(now if closes_at is None else min(now, closes_at))
    return tuple(
        Week(to_datetime(FIRST_MONDAY + week * WEEK).date(), weeks.get(week, 0))
        for week in range(min(weeks), max(latest, *weeks) + 1)
    )


def _week_of(at: int) -> int:
    return (at - FIRST_MONDAY) // WEEK
