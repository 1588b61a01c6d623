"""Pure decisions about tips. Chance is an argument."""

import string
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from bot.content.tips import TOPICS

COMMUNITY_PREFIX = "community-"
"""What the ids of communities' own tips begin with; the library never uses it."""

_DIGITS = string.ascii_letters + string.digits + "-_"


@dataclass(frozen=True, slots=True)
class Bag:
    """A shuffle bag: what was drawn in this round, and what was drawn last of all."""

    used: tuple[str, ...] = ()
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Picked:
    """A tip for the private card; ``starts_over`` when everything was seen already."""

    tip_id: str
    starts_over: bool


def draw(bag: Bag, eligible: Sequence[str], chance: Random) -> tuple[str, Bag] | None:
    """Draw one id without repeating before the bag is empty, nor across the seam.

    What is new in ``eligible`` joins the running round. What left it stays noted, so that a tip
    that is muted and shown again, or taken out by an update and put back, does not come twice.
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


def short_id(tip_id: str) -> str:
    """Two characters that stand for a tip where there is no room for its id.

    Two tips may share them: then one is passed over a little longer, which nobody notices.
    """
    high, low = divmod(zlib.crc32(tip_id.encode()) % len(_DIGITS) ** 2, len(_DIGITS))
    return _DIGITS[high] + _DIGITS[low]


def split_short_ids(text: str) -> tuple[str, ...]:
    """The short ids that were written one after the other."""
    size = len(short_id(""))
    return tuple(text[at : at + size] for at in range(0, len(text), size))


def pick_another(eligible: Sequence[str], seen: Sequence[str], chance: Random) -> Picked | None:
    """A tip whose short id was not seen lately; None when there is none at all.

    Once all were seen it starts over, with another one than the last if there is one.
    """
    if not eligible:
        return None
    fresh = [item for item in eligible if short_id(item) not in seen]
    if fresh:
        return Picked(chance.choice(fresh), starts_over=False)
    others = [item for item in eligible if short_id(item) != seen[-1]] or list(eligible)
    return Picked(chance.choice(others), starts_over=True)


def explain_empty(topics: Collection[str], muted: int) -> str:
    """Why nothing fits, and what moderators can do about it.

    ``muted`` counts the muted tips that would fit otherwise.
    """
    names = ", ".join(TOPICS.get(topic, topic) for topic in topics)
    narrow = f"No tip fits the topics chosen for it ({names})" if topics else "No tip is left"
    why = f", since all {muted} that would fit are muted here" if muted else ""
    if muted == 1:
        why = ", since the only one that would fit is muted here"
    return (
        f"{narrow}{why}, so nothing is posted. Choose more topics in /tips schedule, "
        "show some again in /tips mute, or write your own with /tips add."
    )
