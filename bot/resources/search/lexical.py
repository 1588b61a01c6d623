"""BM25 over weighted fields, and the stored question that shares most of a question's weight.

Vectors know what words mean; this knows names, and words that the table has never seen.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.resources.documents import Document
from bot.resources.search.lines import asked_of
from bot.resources.search.stems import stems_of
from bot.resources.search.texts import words_of
from bot.resources.search.vectors import Floats

TITLE, ASKED, SUMMARY, BODY = 4.0, 2.0, 2.0, 0.7
"""How much a word counts in each field."""
SATURATION = 1.2
LENGTH = 0.4
"""BM25's k1 and b."""

Numbers = NDArray[np.int32]


class LexicalIndex:
    """Documents by their stems. Scores are 0 to 1, or a little more for very frequent words."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._count = len(documents)
        self._unknown = math.log(1 + 2 * self._count)
        self._words = _index_words(documents)
        self._idf = {
            stem: math.log(1 + (self._count - len(found) + 0.5) / (len(found) + 0.5))
            for stem, (found, _) in self._words.items()
        }
        owners: list[int] = []
        rarities: list[float] = []
        lines: dict[str, list[int]] = defaultdict(list)
        for number, document in enumerate(documents):
            for line in asked_of(document):
                stems = set(stems_of(words_of(line)))
                for stem in stems:
                    lines[stem].append(len(owners))
                owners.append(number)
                rarities.append(self._rarity(stems))
        self._owners = np.array(owners, np.int32)
        self._rarities = np.array(rarities, np.float32)
        self._lines: Mapping[str, Numbers] = {
            stem: np.array(found, np.int32) for stem, found in lines.items()
        }

    def score_words(self, stems: Sequence[str]) -> Floats:
        """BM25 of each document, as a share of the question's rarity."""
        scores = np.zeros(self._count, np.float32)
        asked = set(stems)
        whole = sum(self._idf.get(stem, self._unknown) for stem in asked)
        for stem in sorted(asked & self._words.keys()):
            found, values = self._words[stem]
            scores[found] += values * np.float32(self._idf[stem] / whole)
        return scores

    def score_lines(self, stems: Sequence[str]) -> Floats:
        """How much of the rarity of question and stored question is shared, at best, for each."""
        asked = set(stems)
        shared = np.zeros(len(self._owners), np.float32)
        for stem in sorted(asked & self._lines.keys()):
            shared[self._lines[stem]] += self._idf[stem] ** 2
        best = np.zeros(self._count, np.float32)
        touched = np.flatnonzero(shared)
        values = shared[touched] / (self._rarities[touched] * self._rarity(asked))
        np.maximum.at(best, self._owners[touched], values)
        return best

    def share(self, part: Sequence[str], whole: Sequence[str]) -> float:
        """How much of the rarity of stems some of them have."""
        rare = sum(self._idf.get(stem, self._unknown) for stem in set(part))
        return rare / (sum(self._idf.get(stem, self._unknown) for stem in set(whole)) or 1.0)

    def _rarity(self, stems: Iterable[str]) -> float:
        return math.sqrt(sum(self._idf.get(stem, self._unknown) ** 2 for stem in stems)) or 1.0


def _index_words(documents: Sequence[Document]) -> dict[str, tuple[Numbers, Floats]]:
    """For each stem the documents that have it, and what it counts in each."""
    lengths: list[float] = []
    found: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for number, document in enumerate(documents):
        counts = _weigh(document)
        lengths.append(sum(counts.values()))
        for stem, weight in counts.items():
            numbers, weights = found[stem]
            numbers.append(number)
            weights.append(weight)
    mean = sum(lengths) / max(len(lengths), 1) or 1.0
    norms = SATURATION * (1 - LENGTH + LENGTH * np.array(lengths, np.float32) / mean)

    def saturate(numbers: list[int], weights: list[float]) -> tuple[Numbers, Floats]:
        having, counts = np.array(numbers, np.int32), np.array(weights, np.float32)
        values = counts * (SATURATION + 1) / (counts + norms[having])
        return having, values.astype(np.float32)

    return {stem: saturate(*lists) for stem, lists in found.items()}


def _weigh(document: Document) -> dict[str, float]:
    counts: dict[str, float] = defaultdict(float)
    for weight, text in (
        (TITLE, document.title),
        (SUMMARY, document.summary),
        (BODY, document.body),
        *((ASKED, line) for line in document.asked),
    ):
        for stem in stems_of(words_of(text, whole=True)):
            counts[stem] += weight
    return counts
