"""Whether what stands around a phrase shows that it is no disclosure."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TypeAlias

from bot.safety.folding import END, QUOTE
from bot.safety.indexes import PhraseIndex
from bot.safety.phrasebooks import LENDER, SHARED, Exclusion, Phrasebook, Question, Rule
from bot.safety.phrases import Phrase
from bot.safety.vocabularies import MARKS, UNKNOWN, Vocabulary

SHARE = 0.7
"""A language that knows fewer words of a sentence than this part of what another one knows has
no say in it. People mix languages, so it is no competition that only one can win."""

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A match in its surroundings; all spans are of the same text."""

    text: str
    match: Span
    clause: Span
    sentence: Span


class Shares:
    """How much of a sentence each language knows, counted for all of them at once."""

    BITS = 24
    """Of a number that counts for several languages, those that one of them has."""

    def __init__(self, books: Sequence[Phrasebook]) -> None:
        self._shifts = {book.language: number * self.BITS for number, book in enumerate(books)}
        self._weights: defaultdict[str, int] = defaultdict(int)
        for book in books:
            for word in book.known:
                self._weights[word] += 1 << self._shifts[book.language]

    def speakers(self, sentence: str) -> set[str]:
        """The languages that have a say in a sentence."""
        known = self._count(sentence)
        least = SHARE * max(known.values())
        return {language for language, count in known.items() if count >= least}

    def best(self, text: str) -> str:
        """The language that knows most of a text; of equals, the one that lends words."""
        known = self._count(text)
        known.pop(SHARED, None)
        return max(known, key=lambda one: (known[one], one == LENDER), default=LENDER)

    def _count(self, text: str) -> dict[str, int]:
        counted = sum(map(self._weights.get, text, repeat(0)))
        return {
            language: counted >> shift & (1 << self.BITS) - 1
            for language, shift in self._shifts.items()
        }


class Language:
    """A phrasebook's exclusions, with those that hold for every language."""

    def __init__(
        self,
        book: Phrasebook,
        shared: Sequence[Exclusion],
        shares: Shares,
        lent: frozenset[str],
        vocabulary: Vocabulary,
    ) -> None:
        self.code = book.language
        self._shares = shares
        self._cannot_be_own = lent | {UNKNOWN, *MARKS}
        self._questions = book.questions
        exclusions = (*book.exclusions, *(shared if book.language != SHARED else ()))
        self._exclusions = PhraseIndex(
            ((one, (one, exclusion)) for exclusion in exclusions for one in exclusion.phrases),
            vocabulary,
        )
        self._bounds = re.compile(vocabulary.widen(f"[.,]|{book.turn}" if book.turn else "[.,]"))

    def is_cancelled(self, rule: Rule, text: str, match: Span) -> bool:
        """Whether what stands at or around a match says that it is no disclosure.

        So does being another language's: only that one has the right exclusions.
        """
        start, end = match
        sentence = text.rfind(END, 0, start) + 1, _find_or_end(text, END, end)
        said = text[slice(*sentence)]
        speakers = self._shares.speakers(said)
        if self.code not in speakers:
            return True
        is_borrowed = self.code != LENDER and self._cannot_be_own.issuperset(text[start:end])
        if is_borrowed and LENDER in speakers:
            return True
        if rule.about == "self" and _is_quoted(text, match):
            return True
        place = Place(text, match, self._clause(text, match), sentence)
        if any(
            _holds(exclusion, phrase, place)
            for phrase, exclusion in self._exclusions.near(frozenset(text))
            if exclusion.about in (None, rule.about)
            and (not exclusion.rules or rule.id in exclusion.rules)
        ):
            return True
        return any(_asks(question, place) for question in self._questions)

    def _clause(self, text: str, match: Span) -> Span:
        start, end = match
        first, last = 0, len(text)
        for bound in self._bounds.finditer(text):
            if bound.start() <= start:
                first = bound.start()
            elif bound.start() >= end:
                last = bound.start()
                break
        return first, last


def _holds(exclusion: Exclusion, phrase: Phrase, place: Place) -> bool:
    """Whether a phrase of an exclusion cancels a match."""
    first, last = 0, len(place.text)
    if exclusion.where == "clause":
        first, last = place.clause
    elif exclusion.where == "sentence":
        first, last = place.sentence
    for hit in phrase.regex.finditer(place.text, first, last):
        if _stands_right(exclusion, hit.span(), place.match):
            return not any(unless.regex.search(place.text) for unless in exclusion.unless)
    return False


def _stands_right(exclusion: Exclusion, hit: Span, match: Span) -> bool:
    if exclusion.where == "over":
        return hit[0] < match[1] and match[0] < hit[1]
    if exclusion.where == "before":
        return hit[0] < match[0] <= hit[1]
    if exclusion.where == "after":
        return hit[0] <= match[1] < hit[1]
    return True


def _asks(question: Question, place: Place) -> bool:
    """Whether the sentence of a match asks for information.

    The writer may stand in it as the one who asks, and as nobody else.
    """
    begin, stop = place.sentence
    if question.asks_next:
        stop = _find_or_end(place.text, END, stop + 1)
    said = place.text[begin:stop]
    if not any(phrase.regex.search(said) for phrase in question.asks):
        return False
    left = said
    for phrase in question.asker:
        left = phrase.regex.sub(_blank, left)
    if any(phrase.regex.search(left) for phrase in question.unless):
        return False
    # "someone" counts before the match and in its clause, but not in "can someone tell me"
    first, last = max(place.clause[0] - begin, 0), place.clause[1] - begin
    return any(
        hit.start() < place.match[1] - begin and left[slice(*hit.span())].strip(UNKNOWN)
        for phrase in question.asked_about
        for hit in phrase.regex.finditer(said, first, last)
    )


def _blank(found: re.Match[str]) -> str:
    return UNKNOWN * len(found[0])


def _is_quoted(text: str, match: Span) -> bool:
    """Whether a match stands in quotation marks, and the text goes on outside of them."""
    start, end = match
    marks = [at for at, character in enumerate(text) if character == QUOTE]
    return any(
        opening <= start and end <= closing and (text[:opening] + text[closing:]).strip(MARKS)
        for opening, closing in zip(marks[::2], marks[1::2], strict=False)
    )


def _find_or_end(text: str, mark: str, start: int) -> int:
    at = text.find(mark, start)
    return len(text) if at < 0 else at
