"""Whether a text that somebody handed to the bot sounds like a crisis.

Only texts that people give to the bot come here; channels are never read. Nothing is stored,
counted or logged, and no part of a text leaves this package.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from bot.safety.cancelling import Language, Shares, Span
from bot.safety.classifier import UNLIKELY, Classifier, Judgement
from bot.safety.folding import fold
from bot.safety.indexes import PhraseIndex
from bot.safety.phrasebooks import (
    LENDER,
    SHARED,
    About,
    Phrasebook,
    Rule,
    hidden_words,
    read_folder,
)
from bot.safety.phrases import Phrase
from bot.safety.vocabularies import MARKS, Vocabulary, tokens_of

LONGEST = 4000
"""Characters that are looked at together; Discord's longest form field has no more."""

OVERLAP = 200
"""Characters at the end of such a part that are looked at again with the next one."""

SPARES, RAISES = 0.2, 0.9
"""Of the classifier's chances: above the second it raises an alarm by itself; up to the first, both
for all of the text and for what stands around a phrase, it takes the phrase's alarm back. Chosen on
lines left out of the fit: hardly a disclosure that a phrase finds is taken back, and few alarms are
raised at people who are in distress and in no crisis."""

CLASSIFIED = "classified"
"""What stands for a rule where no phrase was needed."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """What sounded like a crisis: which rule of which language, and about whom.

    The rule is ``CLASSIFIED`` where the classifier was sure by itself.
    """

    language: str
    rule: str
    about: About


@dataclass(frozen=True, slots=True)
class _Search:
    """A phrase together with all that decides whether its matches count."""

    phrase: Phrase
    rule: Rule
    language: Language

    def find(self, text: str, counts: Callable[[Span], bool]) -> Span | None:
        """Where the phrase is in the text for the first time with nothing against it."""
        for found in self.phrase.regex.finditer(text):
            match = found.start(), found.start() + len(found[0].rstrip(MARKS))
            if counts(match) and not self.language.is_cancelled(self.rule, text, match):
                return match
        return None

    @property
    def finding(self) -> Finding:
        """What it means that the phrase was found."""
        return Finding(self.language.code, self.rule.id, self.rule.about)


class Screen:
    """Hears the classifier, and where it isn't sure, looks for every language's phrases at once.

    Safe to share; it never changes.
    """

    def __init__(
        self,
        books: Iterable[Phrasebook],
        vocabulary: Vocabulary,
        classifier: Classifier | None = None,
    ) -> None:
        """Without a ``classifier`` the phrases decide alone."""
        listed = list(books)
        shared = [
            exclusion for book in listed if book.language == SHARED for exclusion in book.exclusions
        ]
        self._hidden = hidden_words(listed)
        self._vocabulary = vocabulary
        self._classifier = classifier
        self._shares = shares = Shares(listed)
        lent = next((book.known for book in listed if book.language == LENDER), frozenset[str]())
        languages = [(book, Language(book, shared, shares, lent, vocabulary)) for book in listed]
        searches = (
            _Search(phrase, rule, language)
            for about in ("self", "other")  # who writes comes before whom they write about
            for book, language in languages
            for rule in book.rules
            if rule.about == about
            for phrase in rule.phrases
        )
        self._searches = PhraseIndex(((one.phrase, one) for one in searches), vocabulary)

    @classmethod
    def load(cls, folder: Path, *, with_classifier: bool = True) -> Self:
        """The screen of a content folder. Never raises: what is broken is skipped and logged."""
        vocabulary = Vocabulary()
        books, faults = read_folder(folder, vocabulary)
        classifier = None
        if with_classifier:
            classifier, more = Classifier.read(folder)
            faults += more
        for fault in faults:
            _log.error("safety net: %s", fault)
        return cls(books, vocabulary, classifier)

    def screen(self, text: str) -> Finding | None:
        """What sounds like a crisis, or None. Takes any text, raises nothing, keeps nothing."""
        last = max(1, len(text) - OVERLAP)
        for begin in range(0, last, LONGEST - OVERLAP):
            finding = self._screen(text[begin : begin + LONGEST])
            if finding is not None:
                return finding
        return None

    def _screen(self, text: str) -> Finding | None:
        tokens = tokens_of(fold(text, self._hidden))
        classifier = self._classifier
        if classifier is None:
            return self._find_phrase(tokens, lambda _match: True)
        judged = classifier.judge(tokens, RAISES)
        if judged.chance < UNLIKELY:
            return None  # whatever the phrases say
        if judged.chance > RAISES:
            language = self._shares.best(self._vocabulary.write(judged.passage))
            return Finding(language, CLASSIFIED, _whom(classifier, judged))

        def counts(match: Span) -> bool:
            return judged.chance > SPARES or classifier.chance_at(tokens, *match) > SPARES

        finding = self._find_phrase(tokens, counts)
        return finding and replace(finding, about=_whom(classifier, judged))

    def _find_phrase(self, tokens: Sequence[str], counts: Callable[[Span], bool]) -> Finding | None:
        """The finding of the phrases, whose matches must also count otherwise."""
        written = self._vocabulary.write(tokens)
        found: tuple[_Search, Span] | None = None
        for search in self._searches.near(frozenset(written)):
            if found is not None and search.rule.about == "self":
                continue  # only a worry about somebody else can say more than this
            if (span := search.find(written, counts)) is None:
                continue
            if search.rule.about == "other" and (found is None or _is_within(found[1], span)):
                return search.finding  # "my friend says" before what sounded like one's own words
            found = found or (search, span)
        return found and found[0].finding


def _whom(classifier: Classifier, judged: Judgement) -> About:
    return "other" if classifier.is_about_another(judged) else "self"


def _is_within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
