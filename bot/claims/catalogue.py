"""The programs that are alive, as the database has them: operators apply files while a bot runs."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.claims.programs import fetch_programs
from bot.content.programs import Program
from bot.storage import Database


class Catalogue:
    """Programs by id. ``by_id`` is a view that changes with :meth:`refresh`, once a minute."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_id: dict[str, Program] = {}
        self.by_id: Mapping[str, Program] = MappingProxyType(self._by_id)

    async def refresh(self) -> None:
        """Read them again. Raises :class:`bot.errors.ContentError` for one that can't be read."""
        rows = await fetch_programs(self._database)
        alive = {row.program.id: row.program for row in rows if row.ended_at is None}
        for program_id in self._by_id.keys() - alive.keys():
            del self._by_id[program_id]
        self._by_id.update(alive)
