"""Words as single characters: a list of a hundred words becomes one set of characters.

Patterns over such texts compile quickly, match quickly and need no thought about where a word
ends. The characters mean nothing outside of the vocabulary that gave them out.
"""

import re
from collections.abc import Iterable
from itertools import chain

from bot.safety.folding import END, PAUSE, QUOTE

MARKS = f"{END}{PAUSE}{QUOTE}"
UNKNOWN = "\u3400"
"""Every word that no phrase knows."""

MOST_WORDS = 40_000
"""What fits below the surrogates, in the part of Unicode that sets of characters are fast in."""

_TOKEN = re.compile(f"[{MARKS}]|[^ {MARKS}]+")


def tokens_of(folded: str) -> list[str]:
    """The words and marks of a folded text."""
    return _TOKEN.findall(folded)


class Vocabulary:
    """All words and beginnings of words that phrases are made of.

    It grows while phrases are read; only then are patterns compiled and texts written.
    """

    def __init__(self) -> None:
        self._words = {mark: mark for mark in MARKS}
        self._stems: dict[str, str] = {}
        self._widened: dict[str, str] = {}
        self._lengths: list[int] = []

    def write_word(self, word: str) -> str:
        """The character of a folded word."""
        return self._words.setdefault(word, self._next())

    def write_stem(self, stem: str) -> str:
        """The character of all words that begin with a stem and are in no phrase themselves."""
        return self._stems.setdefault(stem, self._next())

    def write(self, tokens: Iterable[str]) -> str:
        """The words and marks of a folded text, a character for each; the marks stay."""
        words = self._words
        return "".join([words.get(token) or self._write_unknown(token) for token in tokens])

    def widen(self, pattern: Iterable[str]) -> str:
        """A pattern or a set in which each stem's character is followed by all that it covers."""
        return "".join(self._widened.get(character, character) for character in pattern)

    def close(self) -> None:
        """Take note of what each stem covers. No word may come after that."""
        self._lengths = sorted({len(stem) for stem in self._stems}, reverse=True)
        covered = {stem: [code] for stem, code in self._stems.items()}
        for word, code in chain(self._words.items(), self._stems.items()):
            for length in self._lengths:
                if word[:length] in covered:
                    covered[word[:length]].append(code)
        self._widened = {self._stems[stem]: "".join(codes) for stem, codes in covered.items()}

    def _write_unknown(self, word: str) -> str:
        for length in self._lengths:
            if word[:length] in self._stems:
                return self._stems[word[:length]]
        return UNKNOWN

    def _next(self) -> str:
        return chr(ord(UNKNOWN) + 1 + len(self._words) + len(self._stems))
