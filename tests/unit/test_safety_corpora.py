"""The safety net on lines that were held back from everybody who works on it.

``tests/corpora/safety/<language>.csv`` was there before the first phrase, and
``tests/corpora/safety_second/<language>.csv`` is from the day on which the classifier came: label
(crisis or not), kind and text. Lines of ``<language>_veiled.csv`` hint without saying, and nothing
is asked of them. The failing lines are counted by kind, not shown: whoever reads them can neither
write phrases nor lines to learn from any more.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.safety.screening import Screen
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "corpora" / "safety"
SECOND = ROOT / "tests" / "corpora" / "safety_second"
VEILED = "_veiled"
RECALL = {
    "safety": {"en": 0.94, "es": 0.96, "pt": 0.96, "fr": 0.93, "de": 0.96, "id": 0.93, "hi": 0.90},
    "safety_second": {
        "en": 0.91,
        "es": 0.95,
        "pt": 0.93,
        "fr": 0.96,
        "de": 0.95,
        "id": 0.95,
        "hi": 0.91,
    },
}
"""What was reached, less a line; the bars are .90 in English and .80 elsewhere."""
PRECISION = {"en": 0.90}
PRECISION_ELSEWHERE = 0.85
ALARMS_AT_QUESTIONS = {"safety_second/en": 1, "safety_second/es": 1, "safety_second/id": 1}
"""As many as there are now; none is the aim."""

WRONG_ABOUT, WRONG_LANGUAGE = 22, 5
"""Of 857 disclosures of both sets that are noticed."""


@dataclass(frozen=True)
class Line:
    """A held-back line, and what the net said of it."""

    is_crisis: bool
    kind: str
    is_found: bool


@pytest.fixture(scope="module")
def screen() -> Screen:
    """What ships."""
    return Screen.load(ROOT / "data")


def files() -> list[Path]:
    """The held-back files of every language."""
    paths = [*FOLDER.glob("*.csv"), *SECOND.glob("*.csv")]
    return sorted(path for path in paths if not path.stem.endswith(VEILED))


def name_of(path: Path) -> str:
    """Set and language."""
    return f"{path.parent.name}/{path.stem}"


def rows(path: Path) -> Iterator[Mapping[str, str]]:
    """The rows of a file."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def lines(path: Path, screen: Screen) -> list[Line]:
    """Every line of a file, screened."""
    return [
        Line(row["label"] == "crisis", row["kind"], screen.screen(row["text"]) is not None)
        for row in rows(path)
    ]


def kinds(wrong: list[Line]) -> dict[str, int]:
    """How many lines of each kind."""
    return dict(Counter(line.kind for line in wrong))


by_language = pytest.mark.parametrize("path", files(), ids=name_of)


def test_lines_are_held_back_in_every_language() -> None:
    languages = ("de", "en", "es", "fr", "hi", "id", "pt")
    wanted = [f"{folder.name}/{one}" for folder in (FOLDER, SECOND) for one in languages]
    assert [name_of(path) for path in files()] == wanted


@by_language
def test_enough_disclosures_are_found(path: Path, screen: Screen) -> None:
    crisis = [line for line in lines(path, screen) if line.is_crisis]
    missed = [line for line in crisis if not line.is_found]
    recall = 1 - len(missed) / len(crisis)
    assert recall >= RECALL[path.parent.name][path.stem], (recall, kinds(missed))


@by_language
def test_enough_alarms_are_right(path: Path, screen: Screen) -> None:
    found = [line for line in lines(path, screen) if line.is_found]
    false = [line for line in found if not line.is_crisis]
    precision = 1 - len(false) / max(1, len(found))
    assert precision >= PRECISION.get(path.stem, PRECISION_ELSEWHERE), (precision, kinds(false))


@by_language
def test_hardly_a_plain_question_raises_an_alarm(path: Path, screen: Screen) -> None:
    asked = [line for line in lines(path, screen) if line.kind == "information"]
    assert sum(line.is_found for line in asked) <= ALARMS_AT_QUESTIONS.get(name_of(path), 0)


def test_nearly_always_it_is_told_whom_a_disclosure_is_about_and_in_which_language(
    screen: Screen,
) -> None:
    wrong: Counter[str] = Counter()
    for path in files():
        for row in rows(path):
            finding = screen.screen(row["text"]) if row["label"] == "crisis" else None
            if finding is not None:
                wrong["about"] += (finding.about == "other") != (row["kind"] == "other")
                wrong["language"] += finding.language != path.stem
    assert wrong["about"] <= WRONG_ABOUT
    assert wrong["language"] <= WRONG_LANGUAGE


@pytest.mark.parametrize("path", sorted(FOLDER.glob(f"*{VEILED}.csv")), ids=lambda path: path.stem)
def test_veiled_lines_are_read_and_nothing_is_asked_of_them(path: Path, screen: Screen) -> None:
    assert lines(path, screen)
