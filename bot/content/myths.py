"""The myths and facts of ``data/myths/*.toml``, one ``[[myth]]`` each."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from rapidfuzz.fuzz import ratio

from bot.content.loader import find_repeated_ids, read_tables, validate
from bot.content.sources import Source
from bot.errors import ContentError

TOPICS: Mapping[str, str] = {
    "suicide": "Suicide and crisis",
    "conditions": "Conditions",
    "therapy": "Therapy",
    "medication": "Medication",
    "sleep": "Sleep",
    "body": "Body and mind",
    "online": "Online life",
    "people": "People around us",
    "habits": "Drink, drugs and habits",
    "work": "Work and rest",
}
"""Topic ids and their English names."""

MOST_ALIKE = 80
"""No two statements are as alike as this (of 100), with their words in order of the alphabet."""

ID_LENGTH = 44
"""Short enough for a button's custom id to hold it and what was seen before."""

Answer = Literal["myth", "fact"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]


class Myth(BaseModel):
    """A statement that many people think about, whether it holds, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=ID_LENGTH)]
    topic: str
    statement: Annotated[Line, StringConstraints(min_length=10, max_length=180)]
    answer: Answer
    explanation: Annotated[Line, StringConstraints(min_length=120, max_length=600)]
    source: Source
    guide: Annotated[str, Field(min_length=1)] | None = None
    """The id of a guide with more about it."""


@dataclass(frozen=True, slots=True)
class MythLibrary:
    """Every myth and fact by id, in the files' order."""

    by_id: Mapping[str, Myth]

    def ids_on(self, topics: Collection[str]) -> list[str]:
        """The ids of those on any of the topics; of all when none is named."""
        return [myth.id for myth in self.by_id.values() if not topics or myth.topic in topics]


def load_myths(folder: Path, guide_ids: Collection[str] | None = None) -> MythLibrary:
    """Read ``folder/myths``. Raises :class:`ContentError` with every fault at once.

    With ``guide_ids`` given, a guide that is not among them is a fault too.
    """
    faults: list[str] = []
    myths: list[tuple[str, Myth]] = []
    for file, entry in read_tables(folder / "myths", "myth", faults):
        myth = validate(Myth, file, entry, faults)
        if myth is not None:
            myths.append((file, myth))
    faults += find_repeated_ids([(file, myth.id) for file, myth in myths])
    faults += _find_unknown(myths, guide_ids)
    faults += _find_alike(myths)
    if faults:
        raise ContentError(faults)
    return MythLibrary({myth.id: myth for _, myth in myths})


def _find_unknown(
    myths: Sequence[tuple[str, Myth]], guide_ids: Collection[str] | None
) -> Iterator[str]:
    for file, myth in myths:
        if myth.topic not in TOPICS:
            yield f"{file}, {myth.id}: topic: {myth.topic!r} is not one of {', '.join(TOPICS)}."
        if myth.guide and guide_ids is not None and myth.guide not in guide_ids:
            yield f"{file}, {myth.id}: guide: there is no guide {myth.guide!r}."


def _find_alike(myths: Sequence[tuple[str, Myth]]) -> Iterator[str]:
    sorted_words = [" ".join(sorted(_words(myth.statement))) for _, myth in myths]
    for one, two in combinations(range(len(myths)), 2):
        if ratio(sorted_words[one], sorted_words[two]) >= MOST_ALIKE:
            file, myth = myths[two]
            yield f"{file}, {myth.id}: states nearly the same as {myths[one][1].id}."


def _words(statement: str) -> list[str]:
    return re.findall(r"\w+", statement.casefold())
