"""From what a person pressed or typed to the tip that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.content.tips import TOPICS, Tip
from bot.errors import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.i18n import Texts
    from bot.tips.service import Tips


async def find_tip(tips: Tips, tip_id: str, t: Texts) -> Tip:
    """The tip behind a button. Raises :class:`RefusalError` when an update took it out."""
    tip = await tips.find(tip_id)
    if tip is None:
        message = t("That tip is no longer in my library. Run /tip for another one.")
        raise RefusalError(message)
    return tip


def match_tips(tips: Mapping[str, Tip], text: str) -> list[Tip]:
    """The tips whose title or topics have every word of a text, in the library's order."""
    words = text.casefold().split()
    return [tip for tip in tips.values() if all(word in _searchable(tip) for word in words)]


def choose_tip(tips: Mapping[str, Tip], text: str, t: Texts) -> Tip:
    """The one tip that an id, a title or a few words mean.

    Raises :class:`RefusalError` when there is none or more than one.
    """
    if text in tips:
        return tips[text]
    found = match_tips(tips, text) if text.strip() else []
    exact = [tip for tip in found if tip.title.casefold() == text.strip().casefold()]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if found:
        message = t(
            "{count} tips fit those words. Type more of the title and choose one from the list.",
            count=len(found),
        )
    else:
        message = t(
            "I have no such tip here. Type a word of its title and choose one from the list."
        )
    raise RefusalError(message)


def _searchable(tip: Tip) -> str:
    topics = " ".join(TOPICS.get(topic, topic) for topic in tip.topics)
    return f"{tip.title} {topics}".casefold()
