"""How much of a pool is left, and when moderators are told that it runs low. Pure."""

from dataclasses import dataclass

THRESHOLDS = (10, 1, 0)
"""Per cent of what can be given out, at which a notice goes out, once each."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A program's codes by state, and its counters."""

    program_id: str
    free: int = 0
    spent: int = 0
    void: int = 0
    cap: int = 0
    allocated: int = 0
    offered: int = 0
    key_ids: tuple[str, ...] = ()
    """The keys that its codes are kept with."""

    @property
    def left(self) -> int:
        """How many more people can get a code: free ones, less those that offers reserve."""
        return max(0, min(self.free, self.cap - self.allocated) - self.offered)

    @property
    def full(self) -> int:
        """How many can get one altogether, counted from the first."""
        return max(self.allocated, min(self.cap, self.allocated + self.free))


def find_threshold(left: int, full: int) -> int | None:
    """The lowest threshold (10, 1 or 0 per cent) that a stock has reached; None above them.

    A pool without any code is at 0: whoever claims now has to wait.
    """
    reached = [per_cent for per_cent in THRESHOLDS if left * 100 <= full * per_cent]
    return min(reached, default=None)


def find_crossed(before: int | None, left: int, full: int) -> int | None:
    """The threshold to tell moderators about now, if ``before`` was the last one told.

    Falling tells each once; a pool that was filled again is told about anew.
    """
    now = find_threshold(left, full)
    return now if now is not None and (before is None or now < before) else None
