"""Pure decisions about tips. Turns without repeats are those of :mod:`bot.rotation`."""

from collections.abc import Collection

from bot.content.tips import TOPICS
from bot.rotation import Bag, draw, draw_pinned, pick_another, short_id, split_short_ids

__all__ = [
    "COMMUNITY_PREFIX",
    "Bag",
    "draw",
    "draw_pinned",
    "explain_empty",
    "pick_another",
    "short_id",
    "split_short_ids",
]

COMMUNITY_PREFIX = "community-"
"""What the ids of communities' own tips begin with; the library never uses it."""


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
