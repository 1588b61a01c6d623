"""Where a piece of content comes from, in a small line."""

from bot.content.sources import Source
from bot.i18n import Texts
from cogs.ui.cards import cut

TITLE_LENGTH = 80


def cite(source: Source, topics: str, t: Texts) -> str:
    """Topics, the source with the day on which it was seen, and that no clinician reviewed it."""
    seen_on = source.seen_on
    return t(
        "{topics} · Source: [{publisher}, {title}](<{url}>), seen {day}. Gathered from its source, "
        "not reviewed by a clinician",
        topics=topics,
        publisher=source.publisher,
        title=cut(source.title, TITLE_LENGTH),
        url=source.url,
        day=f"{seen_on.day} {seen_on:%b %Y}",
    )
