"""Which of the answers that were found are offered to a person who asked."""

from bot.content.guides import GuideLibrary
from bot.resources.documents import Found, Hit

CLOSE = 2.5
"""How far below what is called sure a guide with a content note may stay. On half 1, with typos
too, the right one never stays further below than 2.43."""
FAR = 4.0
"""How far below it any guide may stay. On half 1 the right one without a content note never stays
further below than 1.84."""
LIKELY = 0.1
"""The chance from which one without a content note is offered all the same: a community's own names
tell a question's answer by its words alone."""


def offered(found: Found, library: GuideLibrary) -> tuple[str, ...]:
    """The ids to offer, best first: all where the search is sure, else only what comes near.

    Nobody who asked for nothing of the kind is met with a guide that has a content note.
    """
    return tuple(hit.id for hit in found.hits if found.is_confident or _comes_near(hit, library))


def _comes_near(hit: Hit, library: GuideLibrary) -> bool:
    guide = library.by_id.get(hit.id)
    if guide is not None and guide.content_note:
        return hit.margin >= -CLOSE
    return hit.margin >= -FAR or hit.score >= LIKELY
