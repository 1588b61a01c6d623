"""A few sentences in languages that the rest has no words in, from ``data/notices.toml``."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from bot.errors import ContentError

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
    try:
        document = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
        return Notices(TypeAdapter(dict[str, Notice]).validate_python(document))
    except ValidationError as error:
        faults = [
            f"{FILE}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}."
            for fault in error.errors()
        ]
        raise ContentError(faults) from error
    except (OSError, ValueError) as error:
        raise ContentError([f"{FILE}: not readable as TOML ({error})."]) from error
