"""Finds answers to questions by their words and meaning. No network, no generated text."""

from bot.resources.search.engine import (
    Artifacts,
    LibrarySearch,
    find_stale,
    load_artifacts,
    load_search,
)

__all__ = ["Artifacts", "LibrarySearch", "find_stale", "load_artifacts", "load_search"]
