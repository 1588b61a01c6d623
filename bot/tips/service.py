"""Use cases of tips for members: show, save, rate; and what is known about a person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.clock import Clock
from bot.content.tips import Tip, TipLibrary
from bot.errors import RefusalError
from bot.storage import Database, Transaction
from bot.tips import rules, store

MOST_SAVED = 200


@dataclass(frozen=True, slots=True)
class Votes:
    """How many people found a tip helpful, and how many did not."""

    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class Draw:
    """A tip for a private card. ``total`` tips fit; ``starts_over`` when all were seen already."""

    tip: Tip
    total: int
    starts_over: bool


class Tips:
    """Tips of the library and of communities, and what members did with them."""

    def __init__(
        self, database: Database, library: TipLibrary, clock: Clock, chance: Random
    ) -> None:
        self.library = library
        self._database = database
        self._clock = clock
        self._chance = chance

    async def find(self, tip_id: str) -> Tip | None:
        """A tip by id, of the library or of a community; also a removed one that was posted."""
        tip = self.library.by_id.get(tip_id)
        row_id = store.row_id_of(tip_id)
        if tip is not None or row_id is None:
            return tip
        row = await self._database.fetch_one(store.SELECT_COMMUNITY_TIP, row_id=row_id)
        return None if row is None else store.to_tip(row)

    async def pick(
        self, guild_id: int | None, topic: str | None, seen: Sequence[str] = ()
    ) -> Draw | None:
        """A tip by chance, on a topic if one is named, and not one of those just seen."""
        tips = await self.eligible(guild_id, [topic] if topic else [])
        picked = rules.pick_another(list(tips), seen, self._chance)
        if picked is None:
            return None
        return Draw(tips[picked.item_id], len(tips), picked.starts_over)

    async def eligible(
        self, guild_id: int | None, topics: Collection[str], tx: Transaction | None = None
    ) -> dict[str, Tip]:
        """The tips that a community may see on some topics (all when none is named), by id.

        Whoever holds a transaction passes it: waiting for a second connection could lock up.
        """
        if guild_id is None:
            return self._on_topics(topics)
        db = tx or self._database
        muted = await store.fetch_muted(db, guild_id)
        tips = self._on_topics(topics, await store.fetch_community_tips(db, guild_id))
        return {tip_id: tip for tip_id, tip in tips.items() if tip_id not in muted}

    async def known(self, guild_id: int) -> dict[str, Tip]:
        """Every tip that a community's moderators know, muted ones too, by id."""
        return self._on_topics((), await store.fetch_community_tips(self._database, guild_id))

    async def explain_empty(
        self, guild_id: int, topics: Collection[str], tx: Transaction | None = None
    ) -> str:
        """Why no tip fits, in a sentence for moderators."""
        db = tx or self._database
        tips = self._on_topics(topics, await store.fetch_community_tips(db, guild_id))
        muted = tips.keys() & await store.fetch_muted(db, guild_id)
        return rules.explain_empty(topics, len(muted))

    def _on_topics(self, topics: Collection[str], own: Sequence[Tip] = ()) -> dict[str, Tip]:
        wanted = set(topics)
        tips = {tip_id: self.library.by_id[tip_id] for tip_id in self.library.ids_on([*topics])}
        return tips | {tip.id: tip for tip in own if not wanted or wanted & set(tip.topics)}

    async def save(self, user_id: int, tip_id: str) -> bool:
        """Keep a tip for a person; False when it was kept already. Only they can see it.

        Raises :class:`RefusalError` when they keep as many as there may be.
        """
        async with self._database.transaction() as tx:
            rows = await tx.fetch_all(store.SELECT_SAVED, user_id=user_id)
            if tip_id in {row["tip_id"] for row in rows}:
                return False
            if len(rows) >= MOST_SAVED:
                message = (
                    f"You have saved {MOST_SAVED} tips, which is as many as I keep. "
                    "Remove one in /tips saved, then press Save again."
                )
                raise RefusalError(message)
            await tx.execute(
                store.INSERT_SAVED, user_id=user_id, tip_id=tip_id, now=self._clock.now()
            )
        return True

    async def unsave(self, user_id: int, tip_id: str) -> bool:
        """Remove a saved tip; False when it was not there."""
        async with self._database.transaction() as tx:
            return bool(await tx.execute(store.DELETE_SAVED, user_id=user_id, tip_id=tip_id))

    async def saved(self, user_id: int) -> list[Tip]:
        """A person's saved tips, newest first."""
        rows = await self._database.fetch_all(store.SELECT_SAVED, user_id=user_id)
        found = [await self.find(row["tip_id"]) for row in rows]
        return [tip for tip in found if tip is not None]

    async def vote(self, user_id: int, tip_id: str, *, is_helpful: bool) -> bool:
        """Count a person's word on a tip, once; a later word replaces it.

        False when the same word was counted before.
        """
        async with self._database.transaction() as tx:
            changed = await tx.execute(
                store.SAVE_VOTE, user_id=user_id, tip_id=tip_id, is_helpful=int(is_helpful)
            )
        return changed > 0

    async def unvote(self, user_id: int, tip_id: str) -> bool:
        """Take a person's word on a tip back; False when there was none."""
        async with self._database.transaction() as tx:
            return bool(await tx.execute(store.DELETE_VOTE, user_id=user_id, tip_id=tip_id))

    async def votes(self, tip_id: str) -> Votes:
        """How a tip is liked: counts only."""
        row = await self._database.fetch_one(store.COUNT_VOTES, tip_id=tip_id)
        return Votes(int(row["helpful"]), int(row["unhelpful"])) if row else Votes(0, 0)


class TipsPersonalData:
    """What the tips room keeps about a person, for ``/my-data``."""

    name = "tips"
    tables = frozenset({"saved_tips", "tip_votes"})

    async def export(self, database: Database, user_id: int) -> dict[str, Any]:
        """Saved tips and ratings."""
        return dict(await store.export_person(database, user_id))

    async def erase(self, tx: Transaction, user_id: int) -> str | None:
        """Erase all of it; nothing stays."""
        await tx.execute(store.ERASE_SAVED, user_id=user_id)
        await tx.execute(store.ERASE_VOTES, user_id=user_id)
        return None
