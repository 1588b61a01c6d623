"""Storage: the engine, transactions and migrations. Knows no feature.

Features declare their tables on :data:`metadata` in their own ``store.py`` and
run statements through a :class:`Database`.
"""

from bot.storage.database import Database, Row, Transaction
from bot.storage.schema import metadata, person_id

__all__ = ["Database", "Row", "Transaction", "metadata", "person_id"]
