"""Repairs words that nobody knows, towards the more common of the words that are near."""

import math
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST_REPAIRS = 10
"""Of a question: further unknown words stay as they are."""
LEAST_LENGTH = 4
LEAST_FOR_TWO = 8
"""Letters that a word must have for one slip to be repaired, and for two."""
COST_OF_SLIP = 5.0
COST_OF_FIRST = 1.5
"""What a slip costs, and one in the first letter besides, in steps of rarity (natural log)."""
LEAST_PART = 2
COMMON = 3000
"""Words that may have been written as one are among so many of the most common ones."""


class Speller:
    """Repairs single words. ``words`` are in the order of how common they are."""

    def __init__(self, words: Sequence[str], ranks: Mapping[str, int]) -> None:
        self._ranks = ranks
        self._by_length: dict[int, list[str]] = {}
        for word in words:
            if word.isalpha():
                self._by_length.setdefault(len(word), []).append(word)
        self._repair = lru_cache(maxsize=4096)(self._find)

    def repair(self, words: Sequence[str], also: Container[str] = ()) -> list[str]:
        """The words, each unknown one as the known one or two that were probably meant.

        ``also`` has words that are known besides, and so are left as they are.
        """
        left = MOST_REPAIRS
        found: list[str] = []
        for word in words:
            if word in self._ranks or word in also or not word.isalpha() or left == 0:
                found.append(word)
            else:
                left -= 1
                found += self._repair(word)
        return found

    def _find(self, word: str) -> tuple[str, ...]:
        slips = 0 if len(word) < LEAST_LENGTH else 1 if len(word) < LEAST_FOR_TWO else 2
        best, lowest = (word,), math.inf
        for length in range(len(word) - slips, len(word) + slips + 1):
            near = process.extract(
                word,
                self._by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=slips,
                limit=None,
            )
            for candidate, distance, _ in near:
                cost = COST_OF_SLIP * distance + math.log(30 + self._ranks[candidate])
                cost += COST_OF_FIRST * (candidate[0] != word[0])
                if cost < lowest:
                    best, lowest = (candidate,), cost
        if lowest == math.inf or len(word) < LEAST_LENGTH:
            return self._split(word) or self._undouble(word) or best
        return best

    def _split(self, word: str) -> tuple[str, ...]:
        parts = [
            (word[:cut], word[cut:])
            for cut in range(LEAST_PART, len(word) - LEAST_PART + 1)
            if max(self._rank(word[:cut]), self._rank(word[cut:])) < COMMON
        ]
        return min(parts, key=lambda pair: sum(self._ranks[part] for part in pair), default=())

    def _rank(self, word: str) -> int:
        return self._ranks.get(word, COMMON)

    def _undouble(self, word: str) -> tuple[str, ...]:
        single = "".join(letter for n, letter in enumerate(word) if n == 0 or word[n - 1] != letter)
        return (single,) if single in self._ranks else ()
