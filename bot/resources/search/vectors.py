"""The fitted table: a vector for each word, and a text as the direction of their sum.

The table was fitted so that the sum points where all-MiniLM-L6-v2 puts the whole sentence; see
``docs/search.md``. Vectors have the length 1 or, where no word is known, 0.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ContentError

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]
Head = tuple[Floats, float]
"""A direction and an offset."""

FOLDER = "search"
WORDS, TABLE, GUIDES = "words.txt", "table.npz", "guides.npz"
STEPS = 127.0
"""A vector's entries are kept as whole steps from -127 to 127."""


class WordTable:
    """Words in the order of how common they are, and their rows."""

    def __init__(self, words: Sequence[str], rows: Bytes, scales: Floats) -> None:
        self.words = tuple(words)
        self.numbers: Mapping[str, int] = {word: number for number, word in enumerate(words)}
        self.rows = rows
        self.scales = scales
        self.size = int(rows.shape[1])

    def encode(self, words: Sequence[str]) -> Floats:
        """The direction of a text."""
        known = [self.numbers[word] for word in words if word in self.numbers]
        if not known:
            return np.zeros(self.size, np.float32)
        rows = self.rows[known] * self.scales[known, np.newaxis]
        return as_direction(rows.sum(axis=0, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class BuiltVectors:
    """What the model made for the guides when the artifacts were built.

    ``lines`` has a vector for each text by its key; ``heads`` a direction and an offset for each
    guide, and for questions that no guide answers (under an empty id); ``phrasings`` the vectors
    of further ways of asking for a guide.
    """

    lines: Mapping[int, Bytes]
    heads: Mapping[str, Head]
    phrasings: Mapping[str, Bytes]


NOTHING_BUILT = BuiltVectors({}, {}, {})
"""For documents that were not there when the artifacts were built."""


def as_direction(vector: Floats) -> Floats:
    """The vector with the length 1, or zeros."""
    length = float(np.linalg.norm(vector))
    return (vector / length).astype(np.float32) if length > 0 else vector.astype(np.float32)


def in_steps(vectors: Floats) -> Bytes:
    """Directions as they are kept."""
    return np.round(vectors * np.float32(STEPS)).astype(np.int8)


def key_of(text: str) -> int:
    """By what a text's built vector is found; whitespace makes no difference."""
    digest = hashlib.blake2b(" ".join(text.split()).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def load_table(content_dir: Path) -> WordTable:
    """Read the table. Raises :class:`ContentError` with every fault."""
    folder = content_dir / FOLDER
    faults: list[str] = []
    arrays = _read(folder / TABLE, ("rows", "scales"), faults)
    words: list[str] = []
    try:
        words = (folder / WORDS).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        faults.append(_unreadable(folder / WORDS, error))
    if not faults and not len(words) == len(arrays["rows"]) == len(arrays["scales"]):
        faults.append(f"{TABLE}: has {len(arrays['rows'])} rows for {len(words)} words. {AGAIN}")
    if faults:
        raise ContentError(faults)
    return WordTable(
        words, np.asarray(arrays["rows"], np.int8), np.asarray(arrays["scales"], np.float32)
    )


def load_built(content_dir: Path, size: int | None) -> BuiltVectors:
    """Read the guides' vectors; ``size`` is the table's. Raises :class:`ContentError`."""
    faults: list[str] = []
    names = ("keys", "lines", "ids", "heads", "offsets", "owners", "phrasings")
    arrays = _read(content_dir / FOLDER / GUIDES, names, faults)
    if not faults and size is not None:
        faults += [
            f"{GUIDES}: {name} does not fit {TABLE}. {AGAIN}"
            for name in ("lines", "heads", "phrasings")
            if arrays[name].ndim != 2 or arrays[name].shape[1] != size  # noqa: PLR2004 (rows, columns)
        ]
    if faults:
        raise ContentError(faults)
    ids = [str(guide_id) for guide_id in arrays["ids"]]
    owners = arrays["owners"]
    return BuiltVectors(
        dict(zip(arrays["keys"].tolist(), arrays["lines"], strict=True)),
        {
            guide_id: (head.astype(np.float32), float(offset))
            for guide_id, head, offset in zip(ids, arrays["heads"], arrays["offsets"], strict=True)
        },
        {guide_id: arrays["phrasings"][owners == number] for number, guide_id in enumerate(ids)},
    )


AGAIN = "Restore data/search from the repository, or build it again (docs/search.md)."


def _read(path: Path, names: Sequence[str], faults: list[str]) -> dict[str, NDArray[np.generic]]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in names}
    except (OSError, ValueError, KeyError, EOFError) as error:
        faults.append(_unreadable(path, error))
        return {}


def _unreadable(path: Path, error: Exception) -> str:
    return f"{path}: not readable ({error}). {AGAIN}"
