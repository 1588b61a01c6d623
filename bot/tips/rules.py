"""Pure decisions about tips. Chance is an argument."""

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Bag:
    """A shuffle bag: what was drawn in this round, and what was drawn last of all."""

    used: tuple[str, ...] = ()
    last: str | None = None


def draw(bag: Bag, eligible: Sequence[str], chance: Random) -> tuple[str, Bag] | None:
    """Draw one id without repeating before the bag is empty, nor across the seam.

    What is new in ``eligible`` joins the running round; what left it is forgotten. None when
    nothing is eligible.
    """
    if not eligible:
        return None
    fresh = [item for item in eligible if item not in set(bag.used)]
    if fresh:
        drawn = chance.choice(fresh)
        return drawn, Bag((*_still_known(bag.used, eligible), drawn), drawn)
    others = [item for item in eligible if item != bag.last] or list(eligible)
    drawn = chance.choice(others)
    return drawn, Bag((drawn,), drawn)


def draw_pinned(bag: Bag, pinned: str, eligible: Sequence[str]) -> Bag:
    """The bag after a moderator's choice was posted; it counts as drawn in this round."""
    used = tuple(item for item in _still_known(bag.used, eligible) if item != pinned)
    return Bag((*used, pinned), pinned)


def short_id(tip_id: str) -> str:
    """Three characters that stand for a tip where there is no room for its id.

    Two tips may share them: then one is passed over a little longer, which nobody notices.
    """
    return f"{zlib.crc32(tip_id.encode()) % 4096:03x}"


def pick_another(eligible: Sequence[str], seen: Collection[str], chance: Random) -> str | None:
    """A tip whose short id was not seen lately; any, once all were seen; None without any."""
    fresh = [item for item in eligible if short_id(item) not in seen]
    pool = fresh or list(eligible)
    return chance.choice(pool) if pool else None


def explain_empty(topics: Sequence[str], muted: int) -> str:
    """Why nothing fits, and what moderators can do about it."""
    narrow = (
        f"No tip fits the topics {', '.join(topics)}" if topics else "No tip is left to post"
    )
    why = f" after {muted} muted tips" if muted else ""
    return (
        f"{narrow}{why}, so nothing was posted. "
        "Choose more topics in /tips schedule, unmute some in /tips mute, or write your own with /tips add."
    )


def _still_known(used: Sequence[str], eligible: Sequence[str]) -> tuple[str, ...]:
    known = set(eligible)
    return tuple(item for item in used if item in known)
