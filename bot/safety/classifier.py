"""How likely a text is a disclosure, and whether of somebody else, told from its words.

A linear classifier: each word, each beginning of a word and each two or three words in a row have
a weight, and their sum decides. It was fitted to the lines in ``tools/safety_lines`` by
``python -m tools.fit_classifier``; what it learned stands in ``data/safety/classifier.tsv`` and
can be read there. Nothing that is judged is kept.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from sys import intern
from typing import Self, TypeAlias

from bot.safety.folding import END, PAUSE, QUOTE

FILE = "safety/classifier.tsv"
"""Below the content folder: feature, inverse document frequency, its weight for a disclosure, its
weight for one about somebody else, parted by tabs. The line without a feature has the intercepts;
lines that begin with ``#`` are comments, but for the first: it says how many features follow."""

LONGEST_PASSAGE = 60
"""Words and marks that are judged together; hardly a line that it was fitted to has more."""

AROUND = 5
"""Words before and behind a phrase that are judged together with it."""

ALONE = math.log(3)
"""The odds of a disclosure are divided by three when a part of a text is judged by itself."""

FEWEST, EVEN = 4, 0.5
"""With fewer different words and marks than that a part is never more likely than even to be a
disclosure: one or two words of weight would decide alone."""

UNLIKELY = 0.002
"""A text of which no passage has a greater chance is harmless, whatever its sentences say. Of 4,732
disclosures among up to five harmless lines none was so unlikely."""

BEGINS, STOPS, GAP, REST = "^", "$", "_", "*"
STEMS = (4, 5)
"""Letters of the beginnings of words that stand for all their forms."""

Feature: TypeAlias = str | tuple[str, ...]
"""A word, the beginning of one, or words in a row; the file has spaces between those."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The chance of a disclosure, from 0 to 1, and the words and marks that it was judged by."""

    chance: float
    passage: Sequence[str]


class Classifier:
    """Judges folded texts. Safe to share; it never changes."""

    def __init__(self, weights: Mapping[Feature, tuple[float, float, float]]) -> None:
        """``weights`` has for each feature the three numbers of the file."""
        _, self._disclosing, self._of_another = weights.get("", (0.0, 0.0, 0.0))
        features = [(feature, *numbers) for feature, numbers in weights.items() if feature]
        self._disclosures = {
            one: complex(idf * weight, idf * idf) for one, idf, weight, _ in features
        }
        self._others = {one: complex(idf * weight, idf * idf) for one, idf, _, weight in features}

    @classmethod
    def read(cls, folder: Path) -> tuple[Self | None, list[str]]:
        """The classifier of a content folder, or None and what is wrong with it. Never raises."""
        try:
            return cls(_read_weights((folder / FILE).read_text(encoding="utf-8"))), []
        except (OSError, UnicodeDecodeError) as error:
            return None, [f"{FILE}: not readable ({error})."]
        except ValueError as error:
            return None, [f"{FILE}, {error}"]

    def judge(self, tokens: Sequence[str], enough: float = 1.0) -> Judgement:
        """The most alarming part of a text decides: a passage, or a sentence by itself.

        Else a disclosure would be the less noticed the more stands beside it. What a sentence
        means is less sure without the others, so it must be the plainer. The first part whose
        chance is above ``enough`` ends the search. A sentence that is said again says no more.
        """
        most = Judgement(0.0, ())
        said = map(tuple, _sentences(tokens))
        sentences = list(map(list, dict.fromkeys(said)))
        alone = sentences if len(sentences) > 1 else []
        for doubt, parts in ((0.0, _passages(sentences)), (ALONE, alone)):
            if doubt and most.chance < UNLIKELY:
                break
            for part in parts:
                score = _score(self._disclosures, part) + self._disclosing - doubt
                chance = _chance(score)
                if len(set(part)) < FEWEST:
                    chance = min(chance, EVEN)
                if chance > most.chance:
                    most = Judgement(chance, part)
                    if chance > enough:
                        return most
        return most

    def chance_at(self, tokens: Sequence[str], begin: int, end: int) -> float:
        """The chance of a disclosure for some tokens of a text and a few around them alone."""
        near = tokens[max(begin - AROUND, 0) : end + AROUND]
        return _chance(_score(self._disclosures, near) + self._disclosing - ALONE)

    def is_about_another(self, judged: Judgement) -> bool:
        """Whether what was judged, if it is a disclosure, rather worries about somebody else.

        Wrong for 22 of 857 disclosures that were held back; the phrases were for 47.
        """
        return _score(self._others, judged.passage) + self._of_another > 0


def _read_weights(text: str) -> dict[Feature, tuple[float, float, float]]:
    """The three numbers of each feature. Raises ValueError with line and fault."""
    head, *lines = text.split("\n")
    weights: dict[Feature, tuple[float, float, float]] = {}
    for number, line in enumerate(lines, 2):
        if not line or line.startswith("#"):
            continue
        name, *cells = line.split("\t")
        feature = tuple(map(intern, name.split(" "))) if " " in name else name
        try:
            idf, disclosure, other = map(float, cells)
        except ValueError:
            message = f"line {number}: not a feature and three numbers."
            raise ValueError(message) from None
        if not all(map(math.isfinite, (idf, disclosure, other))) or feature in weights:
            message = f"line {number}: a number is not finite, or the feature stands there twice."
            raise ValueError(message)
        weights[feature] = idf, disclosure, other
    if "" not in weights or head != head_of(head.rpartition(" ")[2], len(weights) - 1):
        message = "line 1: the intercepts or some features are missing."
        raise ValueError(message)
    return weights


def head_of(digest: str, features: int) -> str:
    """The first line of the file: how many features it has, and a digest of the lines fitted to."""
    return f"# {features} features, fitted to the lines {digest}"


def passages_of(tokens: Sequence[str]) -> Iterator[list[str]]:
    """The words and marks of a text, as many sentences at a time as are judged together.

    Each passage but the first begins with the last sentence of the one before. A sentence that
    is too long is cut.
    """
    return _passages(_sentences(tokens))


def features_of(passage: Sequence[str]) -> set[Feature]:
    """What of a passage has weight: words, their beginnings, and words in a row.

    Its last mark has none, nor have quotation marks around the whole of it.
    """
    tokens = passage[:-1] if passage[-1:] in ([END], [PAUSE]) else passage
    if len(tokens) > 1 and tokens[0] == tokens[-1] == QUOTE and QUOTE not in tokens[1:-1]:
        tokens = tokens[1:-1]
    words = [BEGINS, *tokens, STOPS]
    second, third = words[1:], words[2:]
    pairs = zip(words, second, strict=False)
    threes = zip(words, second, third, strict=False)
    apart = zip(words, repeat(GAP), third, strict=False)
    stems = [word[:length] + REST for length in STEMS for word in tokens if len(word) > length]
    return {*tokens, *stems, *pairs, *threes, *apart}


def _passages(sentences: Iterable[list[str]]) -> Iterator[list[str]]:
    passage: list[str] = []
    last: list[str] = []
    for sentence in sentences:
        if passage and len(passage) + len(sentence) > LONGEST_PASSAGE:
            yield passage
            passage = last if len(last) + len(sentence) <= LONGEST_PASSAGE else []
        passage = [*passage, *sentence]
        last = sentence
    if passage:
        yield passage


def _sentences(tokens: Sequence[str]) -> Iterator[list[str]]:
    sentence: list[str] = []
    for token in tokens:
        sentence.append(token)
        if token == END or len(sentence) == LONGEST_PASSAGE:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _score(weights: Mapping[Feature, complex], passage: Sequence[str]) -> float:
    """The weights of a passage's features, for a passage of the length 1.

    A weight and the square of its length are one complex number: one sum is quicker than two.
    """
    total = sum(filter(None, map(weights.get, features_of(passage))), 0j)
    return total.real / (math.sqrt(total.imag) or 1.0)


def _chance(score: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))
