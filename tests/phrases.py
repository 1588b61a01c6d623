"""Reads the phrases that ship once: it takes most of a second, and tests start hundreds of bots.

Only an unchanged copy of them is shared; a content folder in which a phrase was changed, broken
or lost is read as ever.
"""

import os
import pickle
from functools import cache, lru_cache
from pathlib import Path

from bot.safety.phrasebooks import Phrasebook, read_folder
from bot.safety.screening import Screen
from bot.safety.vocabularies import Vocabulary

DATA = Path(__file__).parent.parent / "data"
SCREEN_FILE = "BREATHER_TEST_SCREEN"
"""Names the file that holds the screen for the processes that tests start."""

_load_screen = lru_cache(maxsize=2)(Screen.load)  # as bot.app does


def load_screen(folder: Path) -> Screen:
    """The screen of a content folder, for ``bot.app``."""
    return _shipped_screen() if _is_shipped(folder) else _load_screen(folder)


def save_screen(file: Path) -> None:
    """Write the screen for the processes that tests start."""
    file.write_bytes(pickle.dumps(_shipped_screen()))


def load_screen_from_file(folder: Path) -> Screen:
    """The same as :func:`load_screen` in such a process; without a file it reads for itself."""
    file = os.environ.get(SCREEN_FILE)
    if file is None or not _is_shipped(folder):
        return _load_screen(folder)
    screen: Screen = pickle.loads(Path(file).read_bytes())  # noqa: S301 (written by this very run)
    return screen


def read_phrasebooks(
    folder: Path, vocabulary: Vocabulary | None = None
) -> tuple[list[Phrasebook], list[str]]:
    """The phrasebooks and faults of a content folder, for ``bot.check``."""
    if vocabulary is None and _is_shipped(folder):
        books, faults = _shipped_books()
        return list(books), list(faults)
    return read_folder(folder, vocabulary)


@cache
def _shipped_screen() -> Screen:
    return _load_screen(DATA)


@cache
def _shipped_books() -> tuple[list[Phrasebook], list[str]]:
    return read_folder(DATA)


def _is_shipped(folder: Path) -> bool:
    return folder == DATA or _phrases_of(folder) == _phrases_of(DATA)


def _phrases_of(folder: Path) -> list[tuple[str, bytes]]:
    return [(file.name, file.read_bytes()) for file in sorted((folder / "safety").glob("*.toml"))]
