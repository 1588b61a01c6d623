"""What is searched: guides of the library and communities' own resources, alike."""

from dataclasses import dataclass

from bot.content.guides import Guide
from bot.resources.rules import CommunityResource


@dataclass(frozen=True, slots=True)
class Document:
    """The words of one answer that the search looks at."""

    id: str
    title: str
    summary: str
    body: str
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer that was found. Scores compare within one search; higher fits better.

    ``margin`` compares across searches: how far it fits above what is called sure, or below it.
    """

    id: str
    title: str
    score: float
    margin: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """The best answers, best first.

    ``is_confident`` says whether the first one probably answers the question. ``language`` is
    the ISO 639-1 code of a question that is probably not English, else None.
    """

    hits: tuple[Hit, ...]
    is_confident: bool
    language: str | None = None


def of_guide(guide: Guide) -> Document:
    """A guide as the search sees it."""
    return Document(guide.id, guide.title, guide.summary, guide.body, guide.asked)


def of_resource(resource: CommunityResource) -> Document:
    """A community's own resource as the search sees it."""
    return Document(resource.id, resource.title, resource.summary, resource.body, resource.asked)
