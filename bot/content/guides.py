"""The guides of ``data/guides/*.md``: TOML between two ``+++`` lines, then Markdown."""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.content.loader import validate
from bot.content.sources import Source
from bot.errors import ContentError

TOPICS: Mapping[str, str] = {
    "crisis": "When it gets too much",
    "feelings": "Feelings",
    "conditions": "Conditions",
    "body": "Body and sleep",
    "people": "Relationships and loss",
    "online": "Online life",
    "work": "Work, study and money",
    "habits": "Drink, drugs and habits",
    "identity": "Identity and belonging",
    "helping": "Helping others",
    "finding": "Finding help",
    "tools": "Ways to cope",
}
"""Topic ids and their English names, in the order in which they are browsed."""

WORDS_PER_MINUTE = 200
"""A slow, careful pace: adults read English prose silently at about 240 words a minute."""

RESERVED = "community-"
FENCE = "+++"
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]


class Guide(BaseModel):
    """A guide: what it says, how people ask for it, and what it was checked against."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    topic: str
    title: Annotated[Line, StringConstraints(max_length=80)]
    summary: Annotated[Line, StringConstraints(min_length=40, max_length=200)]
    body: Annotated[Line, StringConstraints(min_length=600, max_length=3500)]
    asked: tuple[Annotated[Line, StringConstraints(max_length=200)], ...] = Field(min_length=8)
    """Ways in which people ask for it, in their own words; they are searched, not shown."""
    related: tuple[str, ...] = Field(min_length=1, max_length=5)
    content_note: Annotated[str, StringConstraints(max_length=160)] = ""
    help_first: bool = False
    """Whether help lines stand above the text."""
    sources: tuple[Source, ...] = Field(min_length=1, max_length=6)
    checked_on: date

    @property
    def reading_minutes(self) -> int:
        """Minutes to read the body, rounded up."""
        return -(-len(self.body.split()) // WORDS_PER_MINUTE)


@dataclass(frozen=True, slots=True)
class GuideLibrary:
    """Every guide by id, in the order of the files' names."""

    by_id: Mapping[str, Guide]

    def on_topic(self, topic: str) -> list[Guide]:
        """The guides of a topic by title."""
        found = (guide for guide in self.by_id.values() if guide.topic == topic)
        return sorted(found, key=lambda guide: guide.title.casefold())


def load_guides(folder: Path) -> GuideLibrary:
    """Read ``folder/guides``. Raises :class:`ContentError` with every fault at once."""
    faults: list[str] = []
    guides: list[Guide] = []
    paths = sorted((folder / "guides").glob("*.md"))
    if not paths:
        faults.append(f"{folder / 'guides'}: no .md file is there. Restore it from the repository.")
    for path in paths:
        guide = _read(path, faults)
        if guide is not None:
            guides.append(guide)
    faults += _find_faults(guides, {path.stem for path in paths})
    if faults:
        raise ContentError(faults)
    return GuideLibrary({guide.id: guide for guide in guides})


def _read(path: Path, faults: list[str]) -> Guide | None:
    must = f"TOML between two lines of {FENCE} must come first"
    try:
        before, *parts = path.read_text(encoding="utf-8").split(f"{FENCE}\n", 2)
        entry = tomllib.loads(parts[0]) if parts else {}
    except (OSError, ValueError) as error:
        faults.append(f"{path.name}: {must} ({error}).")
        return None
    if before.strip() or not parts[1:]:
        faults.append(f"{path.name}: {must}.")
        return None
    given = {"id": path.stem, "body": parts[1]}
    faults += [
        f"{path.name}: {name}: comes from the file itself; leave the field out."
        for name in given
        if name in entry
    ]
    return validate(Guide, path.name, entry | given, faults)


def _find_faults(guides: Sequence[Guide], ids: Collection[str]) -> Iterator[str]:
    askings = Counter(asked.casefold() for guide in guides for asked in guide.asked)
    titles = Counter(guide.title.casefold() for guide in guides)
    for guide in guides:
        where = f"{guide.id}.md"
        if guide.id.startswith(RESERVED):
            yield f"{where}: ids with {RESERVED!r} in front belong to communities' own resources."
        if guide.topic not in TOPICS:
            yield f"{where}: topic: {guide.topic!r} is not one of {', '.join(TOPICS)}."
        if titles[guide.title.casefold()] > 1:
            yield f"{where}: title: another guide has the same."
        for other, count in Counter(guide.related).items():
            if count > 1:
                yield f"{where}: related: {other!r} stands there more than once."
            if other not in ids or other == guide.id:
                yield f"{where}: related: there is no other guide {other!r}."
        for asked in dict.fromkeys(guide.asked):
            if askings[asked.casefold()] > 1:
                yield f"{where}: asked: {asked!r} stands there more than once."
