"""What claims keep about a person, for ``/my-data``: as a claimant, and as a moderator.

The export holds the person's own code, and is the only one that ever holds any. Erasing leaves
rows that count and keyed hashes that recognise: enough to refuse a second claim, too little to
say whose it was, and nothing at all once the program's pepper is destroyed.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any

from bot.claims import personal_store, steps, store, waitlist
from bot.claims.keys import KeyRing, UnreadableCodeError
from bot.claims.rules import HOLDING, State
from bot.clock import Clock
from bot.storage import Database, Row, Transaction

OF_CLAIMANT = (
    "Of your claims stay how they stood, where and when, and keyed hashes of your Discord id and "
    "your handle, so that nobody claims twice. 30 days after the program's last access ends, the "
    "key that made them is destroyed. A code that you had can't be shown again."
)
OF_MODERATOR = "What you decided about claims stays with them, without your id."
"""What stays after erasing; each is a sentence of its own in the catalogues."""

NO_KEYS = (
    "The operator's keys for claims are not set at the moment, so your code can't be read. "
    "Ask the operator: /about says who that is."
)
UNREADABLE = (
    "The key that your code is kept with is missing or another one, so it can't be read. "
    "Ask the operator: /about says who that is."
)

TOLD = frozenset({"asked", "rejected", "revoked"})
"""Decisions whose reason was written for the member. Others' are between moderators."""

_KEPT = (
    "program_id",
    "guild_id",
    "state",
    "handle",
    "country",
    "note",
    "position",
    "created_at",
    "changed_at",
    "told_at",
    "offer_ends_at",
    "redeemed_at",
    "ends_at",
)


class ClaimsPersonalData:
    """Claims, decisions about them, and consents to a replaced code. Without keys, no codes."""

    name = "claims"
    tables = frozenset({"claims", "claim_decisions", "allocations", "code_replacements"})

    def __init__(self, clock: Clock, keys: KeyRing | None) -> None:
        self._clock = clock
        self._keys = keys

    async def export(self, database: Database, user_id: int) -> dict[str, Any]:
        """Their claims with their codes, and what they did as a moderator, by claim number."""
        rows = await database.fetch_all(store.SELECT_PERSON, user_id=user_id)
        decisions = _by_claim(
            await database.fetch_all(personal_store.SELECT_DECISIONS, user_id=user_id),
            ("action", "reason", "decided_at"),
        )
        for decision in chain.from_iterable(decisions.values()):
            if decision["action"] not in TOLD:
                decision["reason"] = None
        reminders = _by_claim(
            await database.fetch_all(personal_store.SELECT_REMINDERS, user_id=user_id),
            ("kind", "begun_at", "sent_at"),
        )
        decided = await database.fetch_all(personal_store.SELECT_DECIDED, user_id=user_id)
        replaced = await database.fetch_all(personal_store.SELECT_REPLACED, user_id=user_id)
        asked = await database.fetch_all(personal_store.SELECT_ASKED, user_id=user_id)
        return {
            "claims": [
                _to_claim(row)
                | await self._code(database, row)
                | {"decisions": decisions[row["id"]], "reminders": reminders[row["id"]]}
                for row in rows
            ],
            "claim_decisions": _pick(decided, ("claim_id", "action", "decided_at")),
            "allocations": _pick(replaced, ("claim_id", "replaced_at")),
            "code_replacements": _pick(asked, ("claim_id", "asked_at")),
        }

    async def erase(self, tx: Transaction, user_id: int) -> str | None:
        """Leave what has no code yet, so that places pass on; then forget the person.

        Whatever is about somebody else stays: that a moderator decided, not which one.
        """
        for row in await tx.fetch_all(personal_store.SELECT_PROGRAMS, user_id=user_id):
            await steps.lock(tx, row["program_id"])
        await waitlist.leave_all(tx, user_id, self._clock.now())
        for statement in personal_store.ERASE_AROUND_CLAIMS:
            await tx.execute(statement, user_id=user_id)
        claimed = await tx.execute(store.ERASE_PERSON, old_user_id=user_id)
        decided = 0
        for statement in personal_store.ERASE_DECIDER:
            decided += await tx.execute(statement, user_id=user_id)
        await tx.execute(personal_store.DELETE_ASKED, user_id=user_id)
        stays = [word for word, count in ((OF_CLAIMANT, claimed), (OF_MODERATOR, decided)) if count]
        return "\n".join(stays) or None

    async def _code(self, database: Database, row: Row) -> dict[str, str | None]:
        """The code of a claim that holds one, or why it can't be read."""
        if State(row["state"]) not in HOLDING:
            return {}
        found = await database.fetch_one(store.SELECT_CODE, claim_id=row["id"])
        if found is None:
            return {"code": None}
        if self._keys is None:
            return {"code": None, "why_no_code": NO_KEYS}
        try:
            code = self._keys.decrypt(
                row["program_id"], found["fingerprint"], found["key_id"], found["secret"]
            )
        except UnreadableCodeError:
            return {"code": None, "why_no_code": UNREADABLE}
        return {"code": code}


def _to_claim(row: Row) -> dict[str, Any]:
    """A claim as its claimant may see it: not that another one has the same handle."""
    return {
        "claim_id": row["id"],
        **{name: row[name] for name in _KEPT},
        "wants_dm": bool(row["wants_dm"]),
        "has_appealed": bool(row["appeals"]),
    }


def _pick(rows: Iterable[Row], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in names} for row in rows]


def _by_claim(
    rows: Iterable[Row], names: tuple[str, ...]
) -> defaultdict[int, list[dict[str, Any]]]:
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["claim_id"]] += _pick([row], names)
    return found
