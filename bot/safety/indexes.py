"""Which of thousands of phrases a text may hold, told from its words alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Generic, TypeVar

from bot.safety.phrases import Phrase
from bot.safety.vocabularies import Vocabulary

Entry = TypeVar("Entry")


class PhraseIndex(Generic[Entry]):
    """Entries by the words of their phrases. The vocabulary must be closed before.

    What phrases need beside their keys are sets of words. Each such set has a bit, so that one
    number says of a text, and one of a phrase, which of them are there and which must be.
    """

    def __init__(self, phrased: Iterable[tuple[Phrase, Entry]], vocabulary: Vocabulary) -> None:
        self._entries: list[Entry] = []
        self._required: list[int] = []
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        bits: dict[str, int] = {}
        for number, (phrase, entry) in enumerate(phrased):
            self._entries.append(entry)
            self._required.append(
                sum(bits.setdefault(needed, 1 << len(bits)) for needed in phrase.needs)
            )
            for word in set(vocabulary.widen(phrase.keys)):
                self._by_word[word].append(number)
        self._offered: defaultdict[str, int] = defaultdict(int)
        for needed, bit in bits.items():
            for word in set(vocabulary.widen(needed)):
                self._offered[word] |= bit

    def near(self, words: Collection[str]) -> list[Entry]:
        """The entries whose phrase may be in a text of these words, in the order given."""
        offered = 0
        for word in words:
            offered |= self._offered.get(word, 0)
        required = self._required
        numbers = {
            number
            for word in words
            for number in self._by_word.get(word, ())
            if required[number] & offered == required[number]
        }
        return [self._entries[number] for number in sorted(numbers)]
