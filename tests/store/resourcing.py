"""A room of resources on a database, with a search that finds whatever is there."""

from collections.abc import Sequence
from dataclasses import replace

from bot.clock import MovableClock
from bot.content.guides import GuideLibrary
from bot.guilds.audit import AuditLog
from bot.resources.curation import ResourceCuration
from bot.resources.documents import Document, Found, Hit
from bot.resources.rules import CommunityResource
from bot.resources.service import Resources
from bot.storage import Database

HOME, AWAY = 2**62 + 1, 2**62 + 2
MODERATOR = 7
ROOM = CommunityResource(
    "Our 'quiet' room",
    "A voice channel without talk. \U0001fae7",
    "Join whenever you like.\n\nNobody speaks there; 100 % quiet.",
    "https://example.org/quiet",
    ("where is it quiet", 'a "body" double'),
)
WALK = CommunityResource("A walk", "Every Sunday at noon.", "We meet at the old fountain.")


class Shelf:
    """What the search below made of some documents."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents


class Librarian:
    """A search that finds whatever is there, in order, and remembers what it indexed."""

    def __init__(self) -> None:
        self.indexed: list[list[str]] = []

    def index(self, documents: Sequence[Document]) -> Shelf:
        """Count that it was done."""
        self.indexed.append([document.title for document in documents])
        return Shelf(documents)

    def find(self, question: str, own: Shelf | None = None, limit: int = 5) -> Found:
        """Everything of the community's own."""
        shelf = own.documents if own else []
        hits = [Hit(document.id, document.title, 1.0) for document in shelf]
        return Found(tuple(hits[:limit]), is_confident=True)


class Room:
    """The resources room on a database."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database = database
        self.audit = AuditLog(database, clock)
        self.curation = ResourceCuration(database, self.audit, clock)
        self.librarian = Librarian()
        self.resources = Resources(database, GuideLibrary({}), self.librarian)

    async def add(
        self, resource: CommunityResource = ROOM, guild_id: int = HOME
    ) -> CommunityResource:
        """Add one."""
        return await self.curation.add(guild_id, MODERATOR, resource)

    async def fill(self, count: int, guild_id: int = HOME) -> None:
        """As many, with a title each."""
        many = [replace(WALK, title=f"Walk {number}") for number in range(count)]
        await self.curation.import_all(guild_id, MODERATOR, many)

    async def titles(self, guild_id: int = HOME) -> list[str]:
        """What is there."""
        return [resource.title for resource in await self.resources.own(guild_id)]

    async def changes(self, guild_id: int = HOME) -> list[tuple[str, str | None, str | None]]:
        """The log, oldest first."""
        entries = reversed(await self.audit.latest(guild_id))
        return [(entry.change.action, entry.change.old, entry.change.new) for entry in entries]
