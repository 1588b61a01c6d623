"""Turns by chance without repeats: the shuffle bag of a schedule, and "another one" of a card.

Pure: what there is and chance are arguments. It knows ids and nothing of what they stand for.
"""

import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

_DIGITS = string.ascii_letters + string.digits + "-_"


@dataclass(frozen=True, slots=True)
class Bag:
    """A shuffle bag: what was drawn in this round, and what was drawn last of all."""

    used: tuple[str, ...] = ()
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Picked:
    """One for a private card; ``starts_over`` when everything was seen already."""

    item_id: str
    starts_over: bool


def draw(bag: Bag, eligible: Sequence[str], chance: Random) -> tuple[str, Bag] | None:
    """Draw one id without repeating before the bag is empty, nor across the seam.

    What is new in ``eligible`` joins the running round. What left it stays noted, so that what
    is muted and shown again, or taken out by an update and put back, does not come twice.
    None when nothing is eligible.
    """
    if not eligible:
        return None
    used = set(bag.used)
    fresh = [item for item in eligible if item not in used]
    if fresh:
        drawn = chance.choice(fresh)
        return drawn, Bag((*bag.used, drawn), drawn)
    drawn = chance.choice([item for item in eligible if item != bag.last] or list(eligible))
    again = set(eligible)
    return drawn, Bag((*(item for item in bag.used if item not in again), drawn), drawn)


def draw_pinned(bag: Bag, pinned: str) -> Bag:
    """The bag after a moderator's choice was posted; it counts as drawn in this round."""
    return Bag((*(item for item in bag.used if item != pinned), pinned), pinned)


def short_id(item_id: str) -> str:
    """Two characters that stand for an id where there is no room for it.

    Two ids may share them: then one is passed over a little longer, which nobody notices.
    """
    high, low = divmod(zlib.crc32(item_id.encode()) % len(_DIGITS) ** 2, len(_DIGITS))
    return _DIGITS[high] + _DIGITS[low]


def split_short_ids(text: str) -> tuple[str, ...]:
    """The short ids that were written one after the other."""
    size = len(short_id(""))
    return tuple(text[at : at + size] for at in range(0, len(text), size))


def pick_another(eligible: Sequence[str], seen: Sequence[str], chance: Random) -> Picked | None:
    """One whose short id was not seen lately; None when there is none at all.

    Once all were seen it starts over, with another one than the last if there is one.
    """
    if not eligible:
        return None
    fresh = [item for item in eligible if short_id(item) not in seen]
    if fresh:
        return Picked(chance.choice(fresh), starts_over=False)
    others = [item for item in eligible if short_id(item) != seen[-1]] or list(eligible)
    return Picked(chance.choice(others), starts_over=True)
