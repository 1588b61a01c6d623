"""Discord's own events, as :mod:`bot.events.syncing` knows them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.events.rules import Event, Outline


class Status(StrEnum):
    """How Discord's own event stands."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    OVER = "over"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Remote:
    """What Discord shows; ``outline`` is None where there is nothing any more."""

    discord_event_id: int
    status: Status
    outline: Outline | None = None


class Mirror(Protocol):
    """Discord's own events. Methods raise :class:`MirrorError`."""

    def sees(self, guild_id: int) -> bool:
        """Whether this process looks after the community, and has its events at hand."""
        ...

    def recall(self, event: Event) -> Remote | None:
        """What was last heard of an event's; it costs nothing, and may be a little old."""
        ...

    async def look(self, event: Event) -> Remote:
        """The one of an event, asked for now."""
        ...

    async def search(self, event: Event) -> Remote | None:
        """One that this bot made for the event and could not write down any more."""
        ...

    async def create(self, event: Event) -> Remote:
        """Make one."""
        ...

    async def change(self, event: Event) -> Remote:
        """Show the event as it is now."""
        ...

    async def start(self, event: Event) -> Remote:
        """Begin it."""
        ...

    async def end(self, event: Event, status: Status) -> Remote:
        """End one that is on, or cancel one that is not."""
        ...


class MirrorError(Exception):
    """Discord could not be asked, or refused; ``problem`` is a sentence for moderators, if any."""

    def __init__(self, problem: str | None = None) -> None:
        super().__init__(problem or "Discord could not be asked")
        self.problem = problem
