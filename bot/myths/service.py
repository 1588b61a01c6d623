"""Use cases of myths and facts: find one, or draw one by chance. Nothing is kept about people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from bot.content.myths import Myth, MythLibrary
from bot.rotation import pick_another


@dataclass(frozen=True, slots=True)
class Draw:
    """One for a private card. ``total`` fit; ``starts_over`` when all were seen already."""

    myth: Myth
    total: int
    starts_over: bool


class Myths:
    """The library. It needs no database: nobody's answers are stored or counted."""

    def __init__(self, library: MythLibrary, chance: Random) -> None:
        self.library = library
        self._chance = chance

    def find(self, myth_id: str) -> Myth | None:
        """The myth or fact with an id; None when an update took it out."""
        return self.library.by_id.get(myth_id)

    def pick(self, topic: str | None, seen: Sequence[str] = ()) -> Draw | None:
        """One by chance, on a topic if one is named, and not one of those just seen.

        ``seen`` are short ids (:func:`bot.rotation.short_id`), the latest last.
        """
        eligible = self.eligible([topic] if topic else [])
        picked = pick_another(eligible, seen, self._chance)
        if picked is None:
            return None
        return Draw(self.library.by_id[picked.item_id], len(eligible), picked.starts_over)

    def eligible(self, topics: Collection[str]) -> list[str]:
        """The ids of those on some topics; of all when none is named."""
        return self.library.ids_on(topics)
