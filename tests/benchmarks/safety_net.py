"""How much the safety net notices: ``python -m tests.benchmarks.safety_net`` prints the table.

On the held-back lines of ``tests/corpora``. Aggregates only: whoever reads the lines in order to
write phrases, or lines to learn from, takes their worth away.
"""

import csv
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bot.safety.screening import Screen

ROOT = Path(__file__).parent.parent.parent
CORPORA = ROOT / "tests" / "corpora"
FOLDERS = ("safety", "safety_second")
TIMES = 5
LANGUAGES = ("en", "es", "pt", "fr", "de", "id", "hi")


@dataclass(frozen=True, slots=True)
class Score:
    """What was noticed in one language; ``ms`` is the time for one text."""

    language: str
    recall: float
    precision: float
    information_alarms: int
    veiled: int
    veiled_of: int
    ms: float


def measure(screen: Screen, folder: Path, language: str) -> Score:
    """Screen every held-back line of a language several times: the first compiles phrases.

    The quickest time counts, which other programs disturbed least.
    """
    rows = _read(folder / f"{language}.csv")
    veiled = _read(path) if (path := folder / f"{language}_veiled.csv").exists() else []
    seconds = []
    for _ in range(1 + TIMES):
        begun = time.perf_counter()
        found = [screen.screen(row["text"]) is not None for row in rows]
        seconds.append(time.perf_counter() - begun)
    ms = min(seconds[1:]) * 1000 / len(rows)
    hits = sum(hit and row["label"] == "crisis" for hit, row in zip(found, rows, strict=True))
    alarms = sum(found)
    return Score(
        language=language,
        recall=hits / sum(row["label"] == "crisis" for row in rows),
        precision=hits / max(1, alarms),
        information_alarms=sum(
            hit and row["kind"] == "information" for hit, row in zip(found, rows, strict=True)
        ),
        veiled=sum(screen.screen(row["text"]) is not None for row in veiled),
        veiled_of=len(veiled),
        ms=ms,
    )


def render(scores: list[Score]) -> str:
    """The table in Markdown."""
    lines = [
        "| Language | Recall | Precision | Alarms at questions | Veiled goodbyes found |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {score.language} | {score.recall:.2f} | {score.precision:.2f} "
        f"| {score.information_alarms} | {score.veiled} of {score.veiled_of} |"
        for score in scores
    ]
    return "\n".join(lines)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def main() -> None:
    """Print both tables and the time, for the phrases alone and together with the classifier."""
    for with_classifier in (False, True):
        screen = Screen.load(ROOT / "data", with_classifier=with_classifier)
        sys.stdout.write("\nWith the classifier\n" if with_classifier else "Phrases alone\n")
        for folder in FOLDERS:
            scores = [measure(screen, CORPORA / folder, language) for language in LANGUAGES]
            ms = sum(score.ms for score in scores) / len(scores)
            sys.stdout.write(f"\n{folder}, {ms:.3f} ms a text\n\n{render(scores)}\n")


if __name__ == "__main__":
    main()
