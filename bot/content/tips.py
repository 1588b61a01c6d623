"""The tips of ``data/tips/*.toml``, one ``[[tip]]`` each."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.content.loader import find_repeated_ids, read_tables, validate
from bot.content.sources import Basis
from bot.errors import ContentError

TOPICS: Mapping[str, str] = {
    "before-live": "Before a live stream",
    "after-live": "After a live stream",
    "comments": "Comments and hate",
    "comparison": "Comparison and numbers",
    "creative-block": "Creative block",
    "burnout": "Burnout",
    "boundaries": "Boundaries",
    "sleep": "Sleep",
    "screens": "Screens",
    "breath": "Breath",
    "movement": "Movement",
    "food-and-water": "Food and water",
    "connection": "Connection",
    "money": "Money worries",
    "starting-again": "Starting again",
}
"""Topic ids and their English names."""

MOST_SHARED = 0.6
"""No two tips share this part of their 5-grams (of the shorter one's)."""

RESERVED = "community-"
GRAM = 5
TipId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]


class Tip(BaseModel):
    """A tip: a few sentences, one thing to try with its minutes, and its basis."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: TipId
    topics: tuple[str, ...] = Field(min_length=1, max_length=3)
    title: Annotated[Line, StringConstraints(max_length=80)]
    body: Annotated[Line, StringConstraints(min_length=60, max_length=600)]
    try_this: Annotated[Line, StringConstraints(max_length=300)]
    minutes: int = Field(ge=1, le=60)
    basis: Basis


@dataclass(frozen=True, slots=True)
class TipLibrary:
    """Every tip by id, in the files' order."""

    by_id: Mapping[str, Tip]

    def ids_on(self, topics: Sequence[str]) -> list[str]:
        """The ids of the tips on any of the topics; of all tips when none is named."""
        wanted = set(topics)
        return [tip.id for tip in self.by_id.values() if not wanted or wanted & set(tip.topics)]


def load_tips(folder: Path) -> TipLibrary:
    """Read ``folder/tips``. Raises :class:`ContentError` with every fault at once."""
    faults: list[str] = []
    tips: list[tuple[str, Tip]] = []
    for file, entry in read_tables(folder / "tips", "tip", faults):
        tip = validate(Tip, file, entry, faults)
        if tip is not None:
            tips.append((file, tip))
    faults += _reserved_ids(tips) + find_repeated_ids([(file, tip.id) for file, tip in tips])
    faults += _unknown_topics(tips) + _alike(tips)
    if faults:
        raise ContentError(faults)
    return TipLibrary({tip.id: tip for _, tip in tips})


def five_grams(tip: Tip) -> frozenset[tuple[str, ...]]:
    """Every run of five words in a tip's text, folded to lower case."""
    words = re.findall(r"\w+", f"{tip.title} {tip.body} {tip.try_this}".casefold())
    return frozenset(tuple(words[at : at + GRAM]) for at in range(len(words) - GRAM + 1))


def _reserved_ids(tips: Sequence[tuple[str, Tip]]) -> list[str]:
    return [
        f"{file}, {tip.id}: ids with {RESERVED!r} in front belong to communities' own tips."
        for file, tip in tips
        if tip.id.startswith(RESERVED)
    ]


def _unknown_topics(tips: Sequence[tuple[str, Tip]]) -> list[str]:
    return [
        f"{file}, {tip.id}: topics: {topic!r} is not one of {', '.join(TOPICS)}."
        for file, tip in tips
        for topic in tip.topics
        if topic not in TOPICS
    ]


def _alike(tips: Sequence[tuple[str, Tip]]) -> list[str]:
    grams = [five_grams(tip) for _, tip in tips]
    holders: dict[tuple[str, ...], list[int]] = {}
    shared: Counter[tuple[int, int]] = Counter()
    for index, own in enumerate(grams):
        for gram in own:
            earlier = holders.setdefault(gram, [])
            shared.update((other, index) for other in earlier)
            earlier.append(index)
    return [
        f"{tips[two][0]}, {tips[two][1].id}: says nearly the same as {tips[one][1].id}."
        for (one, two), count in shared.items()
        if count >= MOST_SHARED * max(1, min(len(grams[one]), len(grams[two])))
    ]
