"""Answers a question with the library's guides and a community's own documents."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from bot.content.guides import GuideLibrary
from bot.errors import ContentError
from bot.resources.documents import Document, Found, Hit, of_guide
from bot.resources.search import scoring
from bot.resources.search.languages import Languages, load_languages
from bot.resources.search.lines import lines_of
from bot.resources.search.scoring import DocumentIndex
from bot.resources.search.spelling import Speller
from bot.resources.search.texts import words_of
from bot.resources.search.vectors import (
    NOTHING_BUILT,
    BuiltVectors,
    WordTable,
    key_of,
    load_built,
    load_table,
)

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Artifacts:
    """What ``data/search`` has."""

    table: WordTable
    built: BuiltVectors
    languages: Languages


class LibrarySearch:
    """Finds guides, and a community's own documents beside them. Keeps nothing that is asked."""

    def __init__(self, documents: Sequence[Document], artifacts: Artifacts) -> None:
        self._table = artifacts.table
        self._languages = artifacts.languages
        self._speller = Speller(artifacts.table.words, artifacts.table.numbers)
        self._nothing = artifacts.built.heads.get("")
        self._library = DocumentIndex(documents, artifacts.table, artifacts.built)

    def index(self, documents: Sequence[Document]) -> DocumentIndex:
        """What a community's own documents need in order to be searched with the library."""
        return DocumentIndex(documents, self._table, NOTHING_BUILT, self._library.meaning.usual)

    def find(self, question: str, own: DocumentIndex | None = None, limit: int = 5) -> Found:
        """The best of the library and of a community's own documents, best first.

        Nothing is found where no word of the question says anything.
        """
        parts = [self._library] if own is None else [self._library, own]
        language = self._languages.find(question, self._library.words, self._table.numbers)
        words = self._speller.repair(words_of(question), _Any([part.words for part in parts]))
        vector = self._table.encode(words)
        fits = [part.fit(vector, words) for part in parts]
        if not vector.any() and not any(fit.has_shared for fit in fits):
            return Found((), is_confident=False, language=language)
        scores = np.concatenate([fit.scores for fit in fits])
        chances = scoring.chances(scores, scoring.score_nothing(self._nothing, vector))
        documents = [document for part in parts for document in part.documents]
        margins = scoring.margins(fits, self._nothing, vector)
        hits = tuple(
            Hit(
                documents[n].id,
                documents[n].title,
                round(float(chances[n]), 4),
                round(float(margins[n]), 4),
            )
            for n in np.argsort(-scores, kind="stable")[:limit]
        )
        is_confident = language is None and scoring.is_confident(fits, margins)
        return Found(hits, is_confident, language)


class _Any:
    """Has what any of its parts has."""

    def __init__(self, parts: Sequence[Container[str]]) -> None:
        self._parts = parts

    def __contains__(self, word: object) -> bool:
        return any(word in part for part in self._parts)


def load_artifacts(content_dir: Path) -> Artifacts:
    """Read ``data/search``. Raises :class:`bot.errors.ContentError` with every fault."""
    faults: list[str] = []
    table = _gather(lambda: load_table(content_dir), faults)
    built = _gather(lambda: load_built(content_dir, table.size if table else None), faults)
    languages = _gather(lambda: load_languages(content_dir), faults)
    if table is None or built is None or languages is None:
        raise ContentError(faults)
    return Artifacts(table, built, languages)


def load_search(library: GuideLibrary, content_dir: Path) -> LibrarySearch:
    """The search over the library. Raises :class:`bot.errors.ContentError` with every fault."""
    documents = [of_guide(guide) for guide in library.by_id.values()]
    return LibrarySearch(documents, load_artifacts(content_dir))


def find_stale(library: GuideLibrary, content_dir: Path) -> list[str]:
    """The ids of guides with texts whose vectors were not built yet, in the library's order.

    They are found all the same, a little less well. Raises :class:`bot.errors.ContentError`.
    """
    built = load_built(content_dir, None)
    return [
        guide.id
        for guide in library.by_id.values()
        if guide.id not in built.heads
        or any(key_of(line) not in built.lines for line in lines_of(of_guide(guide)))
    ]


def _gather(load: Callable[[], Part], faults: list[str]) -> Part | None:
    try:
        return load()
    except ContentError as error:
        faults += error.faults
        return None
