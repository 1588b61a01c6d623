"""Finds the people whom a database knows, by the columns that hold their Discord ids."""

from collections.abc import Iterable

from sqlalchemy import select

from bot.storage import Database, metadata


async def fetch_people(database: Database, tables: Iterable[str]) -> set[int]:
    """Every person's id in some tables."""
    people: set[int] = set()
    for name in sorted(tables):
        for column in metadata.tables[name].columns:
            if column.info.get("person"):
                found = select(column.label("person")).where(column.is_not(None)).distinct()
                people |= {row["person"] for row in await database.fetch_all(found)}
    return people
