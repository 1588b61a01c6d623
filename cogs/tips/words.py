"""A tip's title, and whose tip it is."""

from bot.content.tips import Tip
from bot.tips.rules import COMMUNITY_PREFIX
from cogs.ui.plain import plain


def title_of(tip: Tip) -> str:
    """A tip's title for a sentence or a heading."""
    return plain(tip.title) if is_own(tip) else tip.title


def is_own(tip: Tip) -> bool:
    """Whether a community wrote the tip itself."""
    return tip.id.startswith(COMMUNITY_PREFIX)
