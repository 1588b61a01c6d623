"""Documents by the vectors of their lines, and how a question's vector fits each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.resources.documents import Document
from bot.resources.search.lines import asked_of, passages_of
from bot.resources.search.texts import words_of
from bot.resources.search.vectors import (
    STEPS,
    BuiltVectors,
    Bytes,
    Floats,
    Head,
    WordTable,
    as_direction,
    in_steps,
    key_of,
)

NEAREST = 5
"""Of a document's stored questions, so many count: one alone may be near by accident."""

Usual = tuple[float, float]
"""The usual length and offset of a guide's head, for documents that have none."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a question is to the stored questions and passages of some documents."""

    asked: Floats
    passage: Floats


class MeaningIndex:
    """Lines and heads of some documents, in their order."""

    def __init__(
        self,
        documents: Sequence[Document],
        table: WordTable,
        built: BuiltVectors,
        usual: Usual | None = None,
    ) -> None:
        self.usual = usual or _usual(built)
        asked = [asked_of(document) for document in documents]
        passages = [passages_of(document) for document in documents]
        more = [built.phrasings.get(document.id, ()) for document in documents]
        self._asked_starts = _starts([len(a) + len(m) for a, m in zip(asked, more, strict=True)])
        self._passage_starts = _starts([len(lines) for lines in passages])
        self._asked = np.zeros((self._asked_starts[-1], table.size), np.int8)
        self._passages = np.zeros((self._passage_starts[-1], table.size), np.int8)
        self._heads = np.zeros((len(documents), table.size), np.float32)
        self._offsets = np.zeros(len(documents), np.float32)
        self.is_guessed = np.zeros(len(documents), np.bool_)
        for number, document in enumerate(documents):
            mine = self._asked[self._asked_starts[number] : self._asked_starts[number + 1]]
            told = self._passages[self._passage_starts[number] : self._passage_starts[number + 1]]
            _fill(mine, asked[number], table, built)
            _fill(told, passages[number], table, built)
            if len(more[number]):
                mine[len(asked[number]) :] = more[number]
            head = built.heads.get(document.id)
            self.is_guessed[number] = head is None
            self._heads[number], self._offsets[number] = head or self._guess(mine, told)

    def fit_heads(self, question: Floats) -> tuple[Floats, Floats]:
        """How the question's direction fits each document's head, and each head's offset."""
        return _each_with(self._heads, question), self._offsets

    def fit_lines(self, question: Floats, documents: Sequence[int]) -> Nearness:
        """How near the question's direction is to the lines of some documents."""
        asked, passage = (np.zeros(len(documents), np.float32) for _ in range(2))
        for place, number in enumerate(documents):
            mine = self._asked[self._asked_starts[number] : self._asked_starts[number + 1]]
            told = self._passages[self._passage_starts[number] : self._passage_starts[number + 1]]
            alike = _each_with(mine, question)
            if len(alike) > NEAREST:
                alike = np.partition(alike, len(alike) - NEAREST)[-NEAREST:]
            asked[place] = alike.sum() / len(alike)
            passage[place] = _each_with(told, question).max()
        return Nearness(asked / STEPS, passage / STEPS)

    def _guess(self, asked: Bytes, passages: Bytes) -> Head:
        """A head for a document that has none: the middle of its lines, usually long."""
        length, offset = self.usual
        middle = as_direction(asked.sum(axis=0, dtype=np.float32) + passages[0])
        return middle * np.float32(length), offset


def _starts(counts: Sequence[int]) -> list[int]:
    return [0, *np.cumsum(counts, dtype=int).tolist()]


def _each_with(rows: Floats | Bytes, question: Floats) -> Floats:
    """The product of each row with the question.

    Row by row (``vecdot``): a product of matrices would wake a thread on every core.
    """
    return np.asarray(np.vecdot(rows.astype(np.float32, copy=False), question), np.float32)


def _fill(rows: Bytes, lines: Sequence[str], table: WordTable, built: BuiltVectors) -> None:
    for number, line in enumerate(lines):
        made = built.lines.get(key_of(line))
        rows[number] = in_steps(table.encode(words_of(line))) if made is None else made


def _usual(built: BuiltVectors) -> Usual:
    heads = [head for guide_id, head in built.heads.items() if guide_id]
    if not heads:
        return 1.0, 0.0
    lengths = [float(np.linalg.norm(direction)) for direction, _ in heads]
    return float(np.median(lengths)), float(np.median([offset for _, offset in heads]))
