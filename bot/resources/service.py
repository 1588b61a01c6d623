"""Use cases of resources for everyone: ask, find, browse. Nothing asked is kept."""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

from bot.content.guides import Guide, GuideLibrary
from bot.errors import StorageError
from bot.resources import store
from bot.resources.documents import Document, Found, of_resource
from bot.resources.rules import CommunityResource, row_id_of
from bot.storage import Database

MOST_COMMUNITIES = 200
"""Communities whose own resources stay indexed in memory; the least recently asked goes first."""


Index = Any
"""Whatever a search made of some documents; only that search knows what it is."""


class Search(Protocol):
    """Finds documents by their words; see ``bot.resources.search``."""

    def index(self, documents: Sequence[Document]) -> Index:
        """What a community's own documents need in order to be searched with the library."""
        ...

    def find(self, question: str, own: Index = None, limit: int = 5) -> Found:
        """The best of the library and of a community's own documents."""
        ...


class Resources:
    """The library of guides, and what each community added to it."""

    def __init__(self, database: Database, library: GuideLibrary, search: Search) -> None:
        self.library = library
        self._database = database
        self._search = search
        self._indexes: dict[int, tuple[Sequence[CommunityResource], Index]] = {}

    async def ask(self, guild_id: int | None, question: str, limit: int = 5) -> Found:
        """The best answers from the library and the community's own resources, best first.

        When what is kept can't be reached, the library alone is asked: it is in memory.
        """
        try:
            own = await self._index(guild_id)
        except StorageError:
            own = None
        return self._search.find(question, own, limit)

    async def find(
        self, guild_id: int | None, document_id: str
    ) -> Guide | CommunityResource | None:
        """A guide, or a resource of this community that is not removed."""
        row_id = row_id_of(document_id)
        if row_id is None:
            return self.library.by_id.get(document_id)
        if guild_id is None:
            return None
        found = await store.fetch_one(self._database, guild_id, row_id)
        return None if found is None or found.is_removed else found

    async def own(self, guild_id: int | None) -> Sequence[CommunityResource]:
        """What a community added, oldest first."""
        return await store.fetch_all(self._database, guild_id) if guild_id is not None else ()

    async def _index(self, guild_id: int | None) -> Index:
        """The community's index, made again when its resources are not those it was made of."""
        if guild_id is None:
            return None
        own = await self.own(guild_id)
        kept = self._indexes.pop(guild_id, None)
        if not own:
            return None
        if kept is None or kept[0] != own:
            documents = [of_resource(resource) for resource in own]
            # Half a second for as many as there may be: presses of others are answered meanwhile.
            kept = (own, await asyncio.to_thread(self._search.index, documents))
        self._indexes[guild_id] = kept
        while len(self._indexes) > MOST_COMMUNITIES:
            self._indexes.pop(next(iter(self._indexes)))
        return kept[1]
