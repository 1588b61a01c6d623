"""Which codes of a partner's own file should not work any more: by line, so that no code is told.

A secret that was shown can't be called back here; only its partner can switch it off.
"""

import json
from collections import defaultdict
from itertools import chain

from bot.claims import pool_store
from bot.claims.code_files import read_codes
from bot.claims.fencing import chunks
from bot.claims.keys import KeyRing
from bot.claims.programs import fetch_definition
from bot.storage import Database


async def find_called_back(
    database: Database, ring: KeyRing, program_id: str, content: bytes
) -> list[int]:
    """The numbers of the lines whose codes are void, replaced, or of a revoked claim; in order.

    A code that stands in several lines is named by each of them. Raises
    :class:`bot.errors.RefusalError` for a program or a file that can't be read.
    """
    await fetch_definition(database, program_id)
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for line in read_codes(content):
        if line.code:
            lines[ring.fingerprint(line.code)].append(line.number)
    found: list[int] = []
    for chunk in chunks(sorted(lines)):
        rows = await database.fetch_all(
            pool_store.SELECT_CALLED_BACK, program_id=program_id, fingerprints=json.dumps(chunk)
        )
        found += chain.from_iterable(lines[row["fingerprint"]] for row in rows)
    return sorted(found)
