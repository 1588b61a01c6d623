"""Fits the safety net's classifier to lines: writes ``data/safety/classifier.tsv``.

Needs scikit-learn, in an environment of its own, because the bot itself doesn't:

    python3 -m venv .training
    .training/bin/pip install -r requirements/base.txt
    .training/bin/pip install scikit-learn==1.9.1
    .training/bin/python -m tools.fit_classifier            # a few minutes
    .training/bin/python -m tools.fit_classifier --tenths   # says what each threshold would do

The lines are ``tools/safety_lines/<language>.csv``: kind (self, other, information, everyday or
ordinary) and text; and, as further ordinary ones, what the project's own content says and how its
guides are asked for. What the safety net is measured with is left out, should a line happen to say
the same. The same lines and the same version give the same weights. Afterwards
``python -m tests.benchmarks.safety_net`` says what came of it.
"""

import argparse
import csv
import random
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.safety.classifier import FILE, features_of, head_of, passages_of
from bot.safety.folding import fold
from bot.safety.phrasebooks import hidden_words, read_folder
from bot.safety.screening import Screen
from bot.safety.vocabularies import MARKS, tokens_of
from tools import search_training_text as own
from tools.safety_lines import DISCLOSURES, Line, digest, read_lines
from tools.safety_phrase_lines import phrase_lines

ROOT = Path(__file__).parents[1]
SEED = 10
MOST_FEATURES = 80_000
SMOOTHNESS = 20.0
"""What scikit-learn calls C: the larger, the less the weights are held back."""
SHARES = {"written": 100.0, "content": 60.0, "made": 20.0}
"""What the lines of each source count."""
JOINTS = (". ", "\n", ", ", " ")
"""What may stand between two lines that are learned from together."""
PARTS = 10
THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9)
SPEAKING_OF_IT = frozenset(
    {
        *("a-friend-is-suicidal", "a-friend-who-self-harms", "after-a-suicide-attempt"),
        *("bereaved-by-suicide", "calling-a-help-line", "emergencies", "psychosis", "safety-plan"),
        *("self-harm", "suicidal-thoughts", "waiting-for-help", "worrying-message-online"),
    }
)
"""Guides that people in a crisis ask for: how they ask is not ordinary."""

Array = Any
"""Matrices and models; scikit-learn has no place in the environment that is type-checked."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A line, and where it is from; what is made or found counts less than what people wrote."""

    line: Line
    source: str = "written"


def main() -> None:
    """Fit and write, or fit on nine tenths ten times and say what the thresholds do."""
    parser = argparse.ArgumentParser(prog="python -m tools.fit_classifier")
    parser.add_argument("--tenths", action="store_true", help="measure, write nothing")
    arguments = parser.parse_args()
    screen = Screen.load(ROOT / "data", with_classifier=False)
    measured = held_back()
    written = [Sample(line) for line in read_lines() if key_of(line.text) not in measured]
    others = [*content(screen)]
    others += [Sample(line, "made") for line in phrase_lines(ROOT / "data", screen)]
    others = [sample for sample in others if key_of(sample.line.text) not in measured]
    for name, samples in (("written", written), ("others", others)):
        counts = Counter((sample.source, sample.line.kind) for sample in samples)
        sys.stderr.write(f"{name}: {sorted(counts.items())}\n")
    if arguments.tenths:
        measure(screen, written, others)
    else:
        Fit([*written, *others]).write(ROOT / "data" / FILE)


def held_back() -> set[str]:
    """Every line that the safety net is measured with."""
    found = set()
    for path in (ROOT / "tests" / "corpora").glob("safety*/*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found |= {key_of(row["text"]) for row in csv.DictReader(file)}
    return found


def key_of(text: str) -> str:
    """What is equal of texts that say the same, word for word."""
    return fold(text).rstrip(MARKS)


def content(screen: Screen) -> Iterator[Sample]:
    """What the project's own content says and how it is asked for, where no phrase is found."""
    chance = random.Random(SEED)  # noqa: S311 (seeded so that it repeats)
    told = [*own.phrasings(chance), *own.guide_samples(own.documents()), *own.content_prose()]
    for text in dict.fromkeys(one.text for one in told if one.guide not in SPEAKING_OF_IT):
        if screen.screen(text) is None:
            yield Sample(Line("en", "ordinary", text), "content")


class Fit:
    """Weights of features, fitted to samples."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        books, _ = read_folder(ROOT / "data")
        self._hidden = hidden_words(books)
        seen = [*samples, *join(samples)]
        found = [self._features(sample.line.text) for sample in seen]
        self._vectors = TfidfVectorizer(
            analyzer=list, binary=True, vocabulary=self._choose(seen, found)
        )
        rows = self._vectors.fit_transform(found)
        self._disclosure = _regress(seen, rows, DISCLOSURES)
        told = [number for number, sample in enumerate(seen) if sample.line.is_disclosure]
        self._other = _regress([seen[number] for number in told], rows[told], {"other"})

    def chances(self, lines: Sequence[Line]) -> Array:
        """How likely each is a disclosure."""
        rows = self._vectors.transform(self._features(line.text) for line in lines)
        return self._disclosure.predict_proba(rows)[:, 1]

    def write(self, path: Path) -> None:
        """Write every feature with its numbers, by the alphabet."""
        table = [("", 1.0, self._disclosure.intercept_[0], self._other.intercept_[0])]
        table += zip(
            self._vectors.get_feature_names_out(),
            self._vectors.idf_,
            self._disclosure.coef_[0],
            self._other.coef_[0],
            strict=True,
        )
        body = "".join(
            f"{feature}\t{idf:.2f}\t{disclosure:.2f}\t{other:.2f}\n"
            for feature, idf, disclosure, other in sorted(table)
        )
        head = head_of(digest(), len(table) - 1)
        path.write_text(f"{head}\n{body}", encoding="utf-8")
        sys.stderr.write(f"{len(table) - 1} features written\n")

    def _features(self, text: str) -> set[str]:
        passages = passages_of(tokens_of(fold(text, self._hidden)))
        found = {feature for passage in passages for feature in features_of(passage)}
        return {one if isinstance(one, str) else " ".join(one) for one in found}

    @staticmethod
    def _choose(samples: Sequence[Sample], found: Sequence[set[str]]) -> list[str]:
        """The features that decide most, of those that are in two lines or more."""
        vectors = TfidfVectorizer(analyzer=list, binary=True, min_df=2)
        rows = vectors.fit_transform(found)
        model = _regress(samples, rows, DISCLOSURES)
        counts = np.asarray((rows > 0).sum(0)).ravel()
        matters = np.abs(model.coef_[0] * vectors.idf_) * np.sqrt(counts)
        chosen = np.argsort(-matters, kind="stable")[:MOST_FEATURES]
        return sorted(vectors.get_feature_names_out()[chosen])


def _regress(samples: Sequence[Sample], rows: Array, kinds: Collection[str]) -> Array:
    """Weights that tell ``kinds`` from the rest, no group of lines drowning the others."""
    belongs = [sample.line.kind in kinds for sample in samples]
    groups = [
        (sample.source, sample.line.language, one)
        for sample, one in zip(samples, belongs, strict=True)
    ]
    sizes = Counter(groups)
    weights = [SHARES[group[0]] / sizes[group] ** 0.5 for group in groups]
    model = LogisticRegression(C=SMOOTHNESS, tol=1e-6, max_iter=3000, class_weight="balanced")
    return model.fit(rows, belongs, sample_weight=weights)


def join(samples: Sequence[Sample]) -> Iterator[Sample]:
    """Each line with another before or behind it: a disclosure stays one, whatever is around it."""
    chance = random.Random(SEED)  # noqa: S311 (seeded so that it repeats)
    written = [sample.line for sample in samples if sample.source == "written"]
    harmless: dict[str, list[str]] = {}
    for line in written:
        if not line.is_disclosure:
            harmless.setdefault(line.language, []).append(line.text)
    for line in written:
        texts = [line.text, chance.choice(harmless[line.language])]
        chance.shuffle(texts)
        joined = chance.choice(JOINTS).join(texts)
        yield Sample(Line(line.language, line.kind, joined))


def measure(screen: Screen, written: Sequence[Sample], others: Sequence[Sample]) -> None:
    """Print how many of the written lines left out are above each threshold."""
    order = list(written)
    random.Random(SEED).shuffle(order)  # noqa: S311 (seeded so that it repeats)
    chances = np.zeros(len(order))
    for part in range(PARTS):
        fitted = Fit([*(s for n, s in enumerate(order) if n % PARTS != part), *others])
        chances[part::PARTS] = fitted.chances([sample.line for sample in order[part::PARTS]])
    has_phrase = np.array([screen.screen(sample.line.text) is not None for sample in order])
    kinds = np.array([sample.line.kind for sample in order])
    for kind in sorted(set(kinds)):
        for name, chosen in (("a phrase", has_phrase), ("no phrase", ~has_phrase)):
            mine = chances[(kinds == kind) & chosen]
            above = ", ".join(f"{t}: {int((mine > t).sum())}" for t in THRESHOLDS)
            sys.stdout.write(f"{kind}, {name}: {len(mine)}, above {above}\n")


if __name__ == "__main__":
    main()
