"""A few sentences in languages that the rest has no words in, from ``data/notices.toml``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from bot.content.loader import read_document

FILE = "notices.toml"


class Notice(TypedDict):
    """One language: that only English is searched, and where help is."""

    search: str
    help: str


@dataclass(frozen=True, slots=True)
class Notices:
    """The sentences by ISO 639-1 code."""

    by_language: Mapping[str, Notice]

    def search_in_english(self, language: str) -> Sequence[str]:
        """The paragraphs for a question in a language; none where I don't have it."""
        notice = self.by_language.get(language)
        return () if notice is None else (notice["search"], notice["help"])


def load_notices(folder: Path) -> Notices:
    """Read the file. Raises :class:`ContentError`."""
    return Notices(read_document(folder / FILE, TypeAdapter(dict[str, Notice])))
