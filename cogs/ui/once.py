"""One press at a time: a double press must not do a thing twice."""

from collections.abc import Iterator
from contextlib import contextmanager


class OneAtATime:
    """Remembers what is being done at this moment, by key."""

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._under_way: set[object] = set()

    @contextmanager
    def turn(self, key: object) -> Iterator[bool]:
        """True for the first who comes; False for whoever comes while they are at it."""
        if key in self._under_way:
            yield False
            return
        self._under_way.add(key)
        try:
            yield True
        finally:
            self._under_way.discard(key)
