"""The lines that the safety net's classifier learns from, one file for each language.

``kind,text``: ``self`` for somebody in a crisis, ``other`` for who worries about somebody in one,
``information`` for plain questions about the subject, ``everyday`` for its words in idioms, games,
titles, news and the like, ``ordinary`` for what people give to the bot besides, also in distress.
Adding one: docs/safety-net.md.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
KINDS = frozenset({"self", "other", "information", "everyday", "ordinary"})
DISCLOSURES = frozenset({"self", "other"})


@dataclass(frozen=True, slots=True)
class Line:
    """A text as somebody may type it, and what it is."""

    language: str
    kind: str
    text: str

    @property
    def is_disclosure(self) -> bool:
        """Whether help should be shown first."""
        return self.kind in DISCLOSURES


def read_lines() -> Iterator[Line]:
    """Every line of every language. Raises ValueError for a kind that is none."""
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                if row["kind"] not in KINDS:
                    message = f"{path.name}, row {number}: {row['kind']!r} is not a kind of line."
                    raise ValueError(message)
                yield Line(path.stem, row["kind"], row["text"])


def digest() -> str:
    """A few letters and digits that tell whether the lines are still the same."""
    found = hashlib.sha256()
    for line in read_lines():
        found.update(f"{line.language}\t{line.kind}\t{line.text}\n".encode())
    return found.hexdigest()[:16]
