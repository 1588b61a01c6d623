"""Whether a text that somebody handed to the bot sounds like a crisis.

Only texts that people give to the bot come here; channels are never read. Nothing is stored,
counted or logged, and no part of a text leaves this module.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Self

from bot.safety.folding import END, QUOTE, fold
from bot.safety.phrasebooks import (
    LENDER,
    SHARED,
    About,
    Exclusion,
    Phrasebook,
    Question,
    Rule,
    read_folder,
)
from bot.safety.phrases import Phrase
from bot.safety.vocabularies import MARKS, UNKNOWN, Vocabulary

LONGEST = 4000
"""Characters that are looked at together; Discord's longest form field has no more."""

SHARE = 0.7
"""A language that knows fewer words of a sentence than this part of what another one knows has
no say in it. People mix languages, so it is no competition that only one can win."""

OVERLAP = 200
"""Characters at the end of such a part that are looked at again with the next one."""

_log = logging.getLogger(__name__)


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """What sounded like a crisis: which rule of which language, and about whom."""

    language: str
    rule: str
    about: About


@dataclass(frozen=True, slots=True)
class _Search:
    """A phrase together with all that decides whether its matches count."""

    order: int
    phrase: Phrase
    needs: tuple[frozenset[str], ...]
    rule: Rule
    language: "_Language"

    def find(self, text: str) -> tuple[int, int] | None:
        """Where the phrase is in the text for the first time with nothing against it."""
        for match in self.phrase.regex.finditer(text):
            start = match.start()
            end = start + len(match[0].rstrip(MARKS))
            if not self.language.is_cancelled(self.rule, text, start, end):
                return start, end
        return None

    @property
    def finding(self) -> Finding:
        """What it means that the phrase was found."""
        return Finding(self.language.code, self.rule.id, self.rule.about)


class Screen:
    """Looks for the phrases of every language at once. Safe to share; it never changes."""

    def __init__(self, books: Iterable[Phrasebook], vocabulary: Vocabulary) -> None:
        listed = list(books)
        shared = [
            exclusion for book in listed if book.language == SHARED for exclusion in book.exclusions
        ]
        self._hidden = tuple(dict.fromkeys(chain.from_iterable(book.hidden for book in listed)))
        self._vocabulary = vocabulary
        self._by_word: defaultdict[str, list[_Search]] = defaultdict(list)
        languages = [(book, _Language(book, shared, listed, vocabulary)) for book in listed]
        found = (
            (phrase, rule, language)
            for about in ("self", "other")  # who writes comes before whom they write about
            for book, language in languages
            for rule in book.rules
            if rule.about == about
            for phrase in rule.phrases
        )
        for order, (phrase, rule, language) in enumerate(found):
            needs = tuple(frozenset(vocabulary.widen(words)) for words in phrase.needs)
            search = _Search(order, phrase, needs, rule, language)
            for word in set(vocabulary.widen(phrase.keys)):
                self._by_word[word].append(search)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The screen of a content folder. Never raises: what is broken is skipped and logged."""
        vocabulary = Vocabulary()
        books, faults = read_folder(folder, vocabulary)
        for fault in faults:
            _log.error("safety net: %s", fault)
        return cls(books, vocabulary)

    def screen(self, text: str) -> Finding | None:
        """What sounds like a crisis, or None. Takes any text, raises nothing, keeps nothing."""
        last = max(1, len(text) - OVERLAP)
        for begin in range(0, last, LONGEST - OVERLAP):
            finding = self._screen(text[begin : begin + LONGEST])
            if finding is not None:
                return finding
        return None

    def _screen(self, text: str) -> Finding | None:
        written = self._vocabulary.write(fold(text, self._hidden))
        words = frozenset(written)
        searches = {
            search.order: search
            for word in words
            for search in self._by_word.get(word, ())
            if not any(map(words.isdisjoint, search.needs))
        }
        found: tuple[_Search, Span] | None = None
        for _, search in sorted(searches.items()):
            if found is not None and search.rule.about == "self":
                continue  # only a worry about somebody else can say more than this
            if (span := search.find(written)) is None:
                continue
            if search.rule.about == "other" and (found is None or _is_within(found[1], span)):
                return search.finding  # "my friend says" before what sounded like one's own words
            found = found or (search, span)
        return found and found[0].finding


class _Language:
    """A phrasebook's exclusions, with those that hold for every language."""

    def __init__(
        self,
        book: Phrasebook,
        shared: Sequence[Exclusion],
        books: Sequence[Phrasebook],
        vocabulary: Vocabulary,
    ) -> None:
        self.code = book.language
        self._own = book.known
        self._known = [other.known for other in books]
        self._lent = next((other.known for other in books if other.language == LENDER), book.known)
        self._cannot_be_own = self._lent | {UNKNOWN, *MARKS}
        self._questions = book.questions
        self._exclusions = (*book.exclusions, *(shared if book.language != SHARED else ()))
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for number, exclusion in enumerate(self._exclusions):
            for word in {word for one in exclusion.phrases for word in vocabulary.widen(one.keys)}:
                self._by_word[word].append(number)
        self._bounds = re.compile(vocabulary.widen(f"[.,]|{book.turn}" if book.turn else "[.,]"))

    def is_cancelled(self, rule: Rule, text: str, start: int, end: int) -> bool:
        """Whether what stands at or around a match says that it is no disclosure.

        So does being another language's: only that one has the right exclusions.
        """
        sentence = text.rfind(END, 0, start) + 1, _find_or_end(text, END, end)
        said = text[slice(*sentence)]
        if not self._has_a_say(self._own, said):
            return True
        is_borrowed = self._own is not self._lent and self._cannot_be_own.issuperset(
            text[start:end]
        )
        if is_borrowed and self._has_a_say(self._lent, said):
            return True
        if rule.about == "self" and _is_quoted(text, start, end):
            return True
        clause = self._clause(text, start, end)
        # Without one of its words, no phrase of an exclusion is there.
        near = {number for word in set(text) for number in self._by_word.get(word, ())}
        if any(
            _holds(exclusion, text, (start, end), clause, sentence)
            for exclusion in map(self._exclusions.__getitem__, near)
            if exclusion.about in (None, rule.about)
            and (not exclusion.rules or rule.id in exclusion.rules)
        ):
            return True
        return any(_asks(question, text, end, clause, sentence) for question in self._questions)

    def _has_a_say(self, known: frozenset[str], sentence: str) -> bool:
        most = max(sum(word in others for word in sentence) for others in self._known)
        return sum(word in known for word in sentence) >= SHARE * most

    def _clause(self, text: str, start: int, end: int) -> tuple[int, int]:
        first, last = 0, len(text)
        for bound in self._bounds.finditer(text):
            if bound.start() <= start:
                first = bound.start()
            elif bound.start() >= end:
                last = bound.start()
                break
        return first, last


def _holds(exclusion: Exclusion, text: str, match: Span, clause: Span, sentence: Span) -> bool:
    """Whether an exclusion cancels a match; the four spans are of the same text."""
    first, last = {"clause": clause, "sentence": sentence}.get(exclusion.where, (0, len(text)))
    hits = (
        hit.span()
        for phrase in exclusion.phrases
        for hit in phrase.regex.finditer(text, first, last)
    )
    if not any(_stands_right(exclusion, hit, match) for hit in hits):
        return False
    return not any(phrase.regex.search(text) for phrase in exclusion.unless)


def _stands_right(exclusion: Exclusion, hit: Span, match: Span) -> bool:
    if exclusion.where == "over":
        return hit[0] < match[1] and match[0] < hit[1]
    if exclusion.where == "before":
        return hit[0] < match[0] <= hit[1]
    if exclusion.where == "after":
        return hit[0] <= match[1] < hit[1]
    return True


def _asks(question: Question, text: str, end: int, clause: Span, sentence: Span) -> bool:
    """Whether the sentence of a match, which ends at ``end``, asks for information.

    The writer may stand in it as the one who asks, and as nobody else.
    """
    begin, stop = sentence
    if question.asks_next:
        stop = _find_or_end(text, END, stop + 1)
    said = text[begin:stop]
    if not any(phrase.regex.search(said) for phrase in question.asks):
        return False
    left = said
    for phrase in question.asker:
        left = phrase.regex.sub(_blank, left)
    if any(phrase.regex.search(left) for phrase in question.unless):
        return False
    # "someone" counts before the match and in its clause, but not in "can someone tell me"
    first, last = max(clause[0] - begin, 0), clause[1] - begin
    return any(
        hit.start() < end - begin and left[slice(*hit.span())].strip(UNKNOWN)
        for phrase in question.asked_about
        for hit in phrase.regex.finditer(said, first, last)
    )


def _blank(found: re.Match[str]) -> str:
    return UNKNOWN * len(found[0])


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Whether a match stands in quotation marks, and the text goes on outside of them."""
    marks = [at for at, character in enumerate(text) if character == QUOTE]
    return any(
        opening <= start and end <= closing and (text[:opening] + text[closing:]).strip(MARKS)
        for opening, closing in zip(marks[::2], marks[1::2], strict=False)
    )


def _is_within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _find_or_end(text: str, mark: str, start: int) -> int:
    at = text.find(mark, start)
    return len(text) if at < 0 else at


def find_faults(folder: Path) -> list[str]:
    """Everything that is wrong with the phrases of a content folder, each fault with its place."""
    return read_folder(folder)[1]
