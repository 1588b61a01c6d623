"""The pattern language of ``data/safety/``, for people who know a language but not Python.

===========  ====================================================================
``die``      the word itself, however it is spelled, and only the whole word
``suicid*``  every word that begins so
``(a|b c)``  one of these
``[really]`` may be there; ``[a|b]``: one of these may be there
``...``      up to three words between; ``...1`` to ``...9``: up to that many
``,``        a comma, another pause or a quotation mark may stand here
``.``        even the end of a sentence may stand here
``!``        the clause must end here; in front: it must begin here
``{want}``   one of the list ``want`` under ``[words]``
===========  ====================================================================

Umlauts also match when they are typed as ae, oe and ue, or without their dots.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from bot.safety.folding import fold
from bot.safety.vocabularies import Vocabulary

PAUSES = '[,"]{0,2}'
ENDS = '[,."]{0,3}'
CLAUSE_BEGIN = '(?<![^.,"])'
CLAUSE_END = r'(?=[.,"]|\Z)'
ANY_WORD = '[^.,"]'
GAP = 3
LONGEST_GAP = 9
SHORTEST_STEM = 3

_LEXEME = re.compile(
    r"[(\[][^\[\](){}.,!]*[)\]]"  # a group of nothing but words, read as one
    r"|\{[\w-]+\}|\.{3}\d?|[()\[\]|,!{}]|[^\s()\[\]|,!{}]+"
)
_MARKS = {",": PAUSES, ".": ENDS, "!": CLAUSE_END}
_CLOSING = {"(": ")", "[": "]"}
_NO_WORD = frozenset('*.,"?')
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class PhraseError(ValueError):
    """A phrase that cannot be read; the message tells its writer why."""


@dataclass(frozen=True)
class Phrase:
    """A phrase as it was written, what it is looked up by, and how it is found.

    Words are characters of the vocabulary. A text that has none of the ``keys`` cannot hold the
    phrase, nor can one that has nothing of one of the ``needs``.
    """

    text: str
    keys: str
    needs: tuple[str, ...]
    pattern: str
    vocabulary: Vocabulary

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Finds the phrase in a text that the vocabulary has written.

        Compiled when it is first needed: most phrases of most languages never are.
        """
        return re.compile(self.vocabulary.widen(self.pattern))


class _Part(NamedTuple):
    pattern: str
    keys: str = ""
    """Words of which one is surely there; none for what may be missing."""
    words: str = ""
    """The same words, if the part is one of them and nothing else."""


class Reader:
    """Reads the phrases of one file.

    ``words`` are its lists, ``everyday`` words are avoided as keys. With ``turns``, words at which
    a clause begins, a phrase stays within its clause and crosses a pause only at a comma of its
    own; without (None) it crosses pauses anywhere.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        words: Mapping[str, Sequence[str]],
        everyday: Collection[str] = (),
        turns: Collection[str] | None = None,
    ) -> None:
        self.faults: list[str] = []
        """What is wrong in the lists that were needed so far; such an item is left out."""
        self._vocabulary = vocabulary
        self._words = words
        self._everyday = frozenset(vocabulary.write_word(fold(word)) for word in everyday)
        self.known = set(self._everyday)
        """The everyday words, and every word that was read so far."""
        self._parts: dict[str, _Part] = {}
        self._lists: dict[str, _Part | None] = {}
        self._after_word = PAUSES if turns is None else ""
        self._gap_end = "?" if turns is None else ""  # an exclusion reaches as far as it can
        stops = [self._read_words(fold(turn).split()).pattern for turn in turns or ()]
        self.stop = "|".join(stops)
        """Finds the words at which a clause begins; empty without any."""
        before_word = f"(?!{self.stop})" if stops else ""
        self._gap_word = f"{before_word}{ANY_WORD}{self._after_word}"

    def read(self, text: str) -> Phrase:
        """A phrase from its text. Raises :class:`PhraseError`."""
        parts = self._read_all(text)
        whole = self._in_a_row(parts)
        if not whole.keys:
            message = "has no word that must be there; take one out of its square brackets"
            raise PhraseError(message)
        needs = dict.fromkeys(part.keys for part in parts if part.keys and part.keys != whole.keys)
        shortest_first = tuple(sorted(needs, key=len))
        return Phrase(text, whole.keys, shortest_first, whole.pattern, self._vocabulary)

    def _read_all(self, text: str) -> list[_Part]:
        lexemes = _LEXEME.findall(text)[::-1]  # the next one is the last
        first = [_Part(CLAUSE_BEGIN)] if lexemes[-1:] == ["!"] and lexemes.pop() else []
        parts = first + self._read_sequence(lexemes)
        if lexemes:
            message = f"has a {lexemes[-1]!r} too many"
            raise PhraseError(message)
        return parts

    def _read_sequence(self, lexemes: list[str]) -> list[_Part]:
        parts: list[_Part] = []
        while lexemes and lexemes[-1] not in ("|", ")", "]"):
            lexeme = lexemes.pop()
            if lexeme in _CLOSING:
                parts.append(self._read_group(lexeme, lexemes))
            elif lexeme[0] in _CLOSING:
                parts.append(self._read_words_in_brackets(lexeme))
            elif lexeme in ("{", "}"):
                message = "needs a list's name between curly brackets, such as {want}"
                raise PhraseError(message)
            elif lexeme[0] == "{":
                parts.append(self._read_list(lexeme[1:-1]))
            elif lexeme.startswith("..."):
                parts.append(self._read_gap(lexeme))
            elif lexeme in _MARKS:
                parts.append(_Part(_MARKS[lexeme]))
            else:
                parts.append(self._recall_word(lexeme))
        return parts

    def _read_group(self, opening: str, lexemes: list[str]) -> _Part:
        alternatives = [self._in_a_row(self._read_sequence(lexemes))]
        while lexemes and lexemes[-1] == "|":
            lexemes.pop()
            alternatives.append(self._in_a_row(self._read_sequence(lexemes)))
        if not lexemes or lexemes.pop() != _CLOSING[opening]:
            message = f"has a {opening!r} that is not closed"
            raise PhraseError(message)
        return self._close(opening, alternatives)

    def _read_words_in_brackets(self, lexeme: str) -> _Part:
        if lexeme[-1] != _CLOSING[lexeme[0]]:
            message = f"has a {lexeme[0]!r} that is not closed"
            raise PhraseError(message)
        alternatives = [
            self._in_a_row([self._recall_word(word) for word in alternative.split()])
            for alternative in lexeme[1:-1].split("|")
        ]
        return self._close(lexeme[0], alternatives)

    def _close(self, opening: str, alternatives: Sequence[_Part]) -> _Part:
        part = self._one_of(alternatives)
        return part if opening == "(" else _Part(f"(?:{part.pattern})?")

    def _read_list(self, name: str) -> _Part:
        if name not in self._lists:
            if name not in self._words:
                message = f"names the list {{{name}}}, which is not under [words]"
                raise PhraseError(message)
            self._lists[name] = None
            self._lists[name] = self._one_of(list(self._read_items(name)))
        part = self._lists[name]
        if part is None:
            message = f"names the list {{{name}}}, which is part of itself"
            raise PhraseError(message)
        return part

    def _read_items(self, name: str) -> Iterator[_Part]:
        for text in self._words[name]:
            try:
                yield self._in_a_row(self._read_all(text))
            except PhraseError as error:
                self.faults.append(f"[words] {name}: {text!r} {error}")

    def _read_gap(self, lexeme: str) -> _Part:
        most = int(lexeme[3:] or GAP)
        if not 1 <= most <= LONGEST_GAP:
            message = f"has a gap of {most} words; 1 to {LONGEST_GAP} are possible"
            raise PhraseError(message)
        return _Part(f"(?:{self._gap_word}){{0,{most}}}{self._gap_end}")

    def _recall_word(self, lexeme: str) -> _Part:
        """The same words come again and again."""
        part = self._parts.get(lexeme)
        if part is None:
            part = self._parts[lexeme] = self._read_word(lexeme)
        return part

    def _read_word(self, lexeme: str) -> _Part:
        written = lexeme.casefold().removesuffix("*")
        spellings = _spellings(written)
        if not all(spellings) or not _NO_WORD.isdisjoint(written):
            message = f"has {lexeme!r}, which is not a word"
            raise PhraseError(message)
        if lexeme.endswith("*"):
            if any(" " in stem or len(stem) < SHORTEST_STEM for stem in spellings):
                message = f"has {lexeme!r}; before a star stand at least {SHORTEST_STEM} letters"
                raise PhraseError(message)
            return self._one_word("".join(map(self._vocabulary.write_stem, spellings)))
        return self._one_of([self._read_words(words.split()) for words in spellings])

    def _read_words(self, words: Sequence[str]) -> _Part:
        return self._in_a_row([self._one_word(self._vocabulary.write_word(word)) for word in words])

    def _one_word(self, words: str) -> _Part:
        self.known.update(words)
        return _Part(f"[{words}]{self._after_word}", words, words)

    def _in_a_row(self, parts: Sequence[_Part]) -> _Part:
        """Parts one after another, looked up by whichever of them is rarest."""
        if len(parts) == 1:
            return parts[0]
        keys = min(filter(None, (part.keys for part in parts)), key=self._commonness, default="")
        return _Part("".join(part.pattern for part in parts), keys)

    def _commonness(self, keys: str) -> tuple[int, int]:
        return sum(map(self._everyday.__contains__, keys)), len(keys)

    def _one_of(self, parts: Sequence[_Part]) -> _Part:
        if not parts or not all(part.pattern for part in parts):
            message = "has brackets or an alternative with nothing in them"
            raise PhraseError(message)
        if len(parts) == 1 and parts[0].words:
            return parts[0]
        words = _join(part.words for part in parts)
        longer = [part for part in parts if not part.words]
        if not longer:
            return self._one_word(words)
        keys = _join(part.keys for part in parts) if all(part.keys for part in parts) else ""
        patterns = [part.pattern for part in longer] + [self._one_word(words).pattern] * bool(words)
        return _Part(f"(?:{'|'.join(patterns)})", keys)


@lru_cache(maxsize=32768)
def _spellings(word: str) -> Sequence[str]:
    return sorted({fold(spelling) for spelling in {word, word.translate(_UMLAUTS)}})


def _join(words: Iterator[str]) -> str:
    return "".join(dict.fromkeys("".join(words)))
