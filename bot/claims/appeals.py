"""Claims that wait, over all communities: what the operator sees of them.

So that an appeal doesn't hang where the only moderator is the one who refused. The decisions
themselves are made by :class:`bot.claims.review.Review`, without a decider.
"""

from bot.claims import appeals_store, store
from bot.claims.standing import Claim, to_claim
from bot.errors import RefusalError
from bot.storage import Database


async def fetch_pending(database: Database, *, only_appeals: bool = False) -> list[Claim]:
    """What waits for a decision anywhere; what has waited longest comes first."""
    rows = await database.fetch_all(appeals_store.SELECT_PENDING)
    return [to_claim(row) for row in rows if row["appeals"] or not only_appeals]


async def find_claim(database: Database, claim_id: int) -> Claim:
    """A claim by its number, in whichever community. Raises :class:`RefusalError`."""
    row = await database.fetch_one(store.SELECT_CLAIM, claim_id=claim_id)
    if row is None:
        message = f"There is no claim {claim_id}. python -m bot claims queue lists what waits."
        raise RefusalError(message)
    return to_claim(row)
