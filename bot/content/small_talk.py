"""What ``/ask`` answers to words to the bot or about it, from ``data/small_talk.toml``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from bot.content.loader import read_document
from bot.errors import ContentError

FILE = "small_talk.toml"
Words = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+( [a-z0-9]+)*$", max_length=60)]


class Reply(BaseModel):
    """One answer, and what it is the answer to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[Words, ...] = Field(min_length=1)
    """As the search folds what people type; matched whole."""
    answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
    help_first: bool = False
    """Whether the ways to help lines stand above the answer."""


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """The replies by name, and by the words that they answer."""

    by_name: Mapping[str, Reply]
    by_words: Mapping[str, Reply]


def load_small_talk(folder: Path) -> SmallTalk:
    """Read the file. Raises :class:`ContentError` with every fault."""
    by_name = read_document(folder / FILE, TypeAdapter(dict[str, Reply]))
    repeated = list(_find_repeated(by_name))
    if repeated:
        raise ContentError(repeated)
    by_words = {words: reply for reply in by_name.values() for words in reply.words}
    return SmallTalk(by_name, by_words)


def _find_repeated(by_name: Mapping[str, Reply]) -> Iterator[str]:
    seen: set[str] = set()
    for name, reply in by_name.items():
        for words in reply.words:
            if words in seen:
                yield f"{FILE}: {name}.words: {words!r} stands there more than once."
            seen.add(words)
