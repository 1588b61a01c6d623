"""How well documents fit a question, how likely each answers it, and whether any does.

The weights are round figures: on half 1 of ``tests/corpora``, doubling or halving each of them
moves no figure by more than 0.01. ``docs/search.md`` has what was measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.resources.documents import Document
from bot.resources.search.lexical import LexicalIndex
from bot.resources.search.lines import asked_of
from bot.resources.search.meaning import MeaningIndex, Usual
from bot.resources.search.stems import stems_of
from bot.resources.search.texts import words_of
from bot.resources.search.vectors import BuiltVectors, Floats, Head, WordTable, key_of

SHARPNESS = 16.0
"""What a head's fit counts; the table was fitted with it."""
ASKED, PASSAGE, SHARED, WORDS = 2.0, 1.0, 1.0, 2.0
"""What stored questions, passages, a shared stored question and shared words count."""
UNKNOWN = 5.0
"""How many times more shared words count in a question of words that the table does not have."""
SAME = 10.0
"""What it counts that the question is a stored one, word for word."""
ONLY_GUESSED = 2.5
"""By how much a guessed head fits better than it should: with it, guides as a community's own are
called sure, and off-topic questions refused, about as often as with the library alone."""
LOOKED_AT = 40
"""Documents whose lines are looked at."""
NOTHING = 2.5
"""What the others count, on the average, for a question that nothing answers."""
CONFIDENT = 2.0
"""How much better than nothing the best head must fit. On half 1, 38 of 40 off-topic questions stay
below it, and 3 of 222 of the others."""


@dataclass(frozen=True, slots=True)
class Fits:
    """How a question fits each document: the score, and how sure its head is."""

    scores: Floats
    sure: Floats
    is_same: bool
    """Whether the question is a stored one, word for word."""
    has_shared: bool
    """Whether it shares a word with a stored one that tells it from others."""


class DocumentIndex:
    """Documents, ready to be searched."""

    def __init__(
        self,
        documents: Sequence[Document],
        table: WordTable,
        built: BuiltVectors,
        usual: Usual | None = None,
    ) -> None:
        self.documents = tuple(documents)
        self._table = table
        self.words = frozenset(
            word
            for document in documents
            for text in (document.title, document.summary, document.body, *document.asked)
            for word in words_of(text, whole=True)
        )
        self.meaning = MeaningIndex(documents, table, built, usual)
        self._lexical = LexicalIndex(documents)
        self._stored: dict[int, list[int]] = {}
        for number, document in enumerate(documents):
            for line in asked_of(document):
                self._stored.setdefault(key_of(" ".join(words_of(line))), []).append(number)

    def fit(self, question: Floats, words: Sequence[str]) -> Fits:
        """How a question's direction and words fit each document.

        Lines are looked at where head and words already fit best.
        """
        if not self.documents:
            return Fits(np.zeros(0, np.float32), np.zeros(0, np.float32), False, False)
        stems = stems_of(words)
        unknown = [word for word in words if word not in self._table.numbers]
        more = 1 + UNKNOWN * self._lexical.share(stems_of(unknown), stems) if unknown else 1.0
        shared = self._lexical.score_lines(stems)
        found, offsets = self.meaning.fit_heads(question)
        heads = np.asarray(SHARPNESS * found + offsets, np.float32)
        words_too = SHARED * shared + WORDS * self._lexical.score_words(stems)
        scores = np.asarray(heads + more * words_too, np.float32)
        same = self._stored.get(key_of(" ".join(words)), [])
        scores[same] += SAME
        best = _best(scores, LOOKED_AT)
        lines = self.meaning.fit_lines(question, best.tolist())
        scores[best] += ASKED * lines.asked + PASSAGE * lines.passage
        sure = np.asarray(heads - ONLY_GUESSED * self.meaning.is_guessed, np.float32)
        return Fits(scores, sure, bool(same), bool(shared.any()))


def _best(scores: Floats, count: int) -> NDArray[np.intp]:
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count - 1)[:count]


def score_nothing(head: Head | None, question: Floats) -> float:
    """The score of there being no answer."""
    return NOTHING + _fit_nothing(head, question)


def chances(scores: Floats, nothing: float) -> Floats:
    """The chance of each document to be the answer, beside that of there being none."""
    highest = max(float(scores.max(initial=nothing)), nothing)
    raised = np.exp(scores - highest)
    return np.asarray(raised / (raised.sum() + np.exp(nothing - highest)), np.float32)


def margins(fits: Sequence[Fits], head: Head | None, question: Floats) -> Floats:
    """How far each document fits above what is called sure; below 0, how far it stays below."""
    sure = np.concatenate([fit.sure for fit in fits])
    return np.asarray(sure - _fit_nothing(head, question) - CONFIDENT, np.float32)


def is_confident(fits: Sequence[Fits], above: Floats) -> bool:
    """Whether the best document probably answers the question; see :func:`margins`."""
    return any(fit.is_same for fit in fits) or float(above.max(initial=-np.inf)) >= 0


def _fit_nothing(head: Head | None, question: Floats) -> float:
    if head is None:
        return 0.0
    direction, offset = head
    return SHARPNESS * float(direction @ question) + offset
