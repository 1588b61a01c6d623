"""Brakes on pressing: a double press must not do a thing twice, nor one person flood others."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.clock import Clock


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


class Seldom:
    """Lets each person do a thing so many times in so many seconds. In memory, never stored."""

    def __init__(self, clock: Clock, most: int, seconds: int) -> None:
        """Begin with nobody remembered."""
        self._clock = clock
        self._most = most
        self._seconds = seconds
        self._done: dict[int, list[int]] = {}

    def may(self, user_id: int) -> bool:
        """Whether this person may do it now."""
        self._forget()
        return len(self._done.get(user_id, ())) < self._most

    def note(self, user_id: int) -> None:
        """They have done it."""
        self._done.setdefault(user_id, []).append(self._clock.now())

    def _forget(self) -> None:
        since = self._clock.now() - self._seconds
        kept = {user: [at for at in times if at > since] for user, times in self._done.items()}
        self._done = {user: times for user, times in kept.items() if times}
