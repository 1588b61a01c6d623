"""The pace of posts, on an event loop whose time a test moves."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pace import CATCH_UP_SECONDS, POSTS_PER_SECOND, Pace

LIMIT = 50


class MovedLoop(asyncio.SelectorEventLoop):
    """Time jumps to the next timer instead of passing; a stall moves it without asking."""

    moved = 0.0

    def time(self) -> float:
        """The instant to which time was moved, in seconds."""
        return self.moved

    def _run_once(self) -> None:
        timers: Any = getattr(self, "_scheduled", [])
        if not getattr(self, "_ready", None) and timers:
            self.moved = max(self.moved, timers[0].when())
        super()._run_once()  # type: ignore[misc]


def run(work: Callable[[MovedLoop], Coroutine[Any, Any, list[float]]]) -> list[float]:
    """Run a coroutine on a loop of its own."""
    loop = MovedLoop()
    try:
        return loop.run_until_complete(work(loop))
    finally:
        loop.close()


async def take(loop: MovedLoop, turns: int, stalls: dict[int, float]) -> list[float]:
    """The instants of so many turns asked for at once; a stall comes after some of them."""
    pace = Pace()
    taken: list[float] = []

    async def one(number: int) -> None:
        await pace.turn()
        taken.append(loop.time())
        loop.moved += stalls.get(number, 0.0)

    await asyncio.gather(*(one(number) for number in range(turns)))
    return taken


@given(st.dictionaries(st.integers(0, 199), st.floats(0, 2), max_size=5))
def test_no_window_of_a_second_has_more_than_the_limit_whatever_stalls(
    stalls: dict[int, float],
) -> None:
    taken = run(lambda loop: take(loop, 200, stalls))

    for first, last in zip(taken, taken[LIMIT:], strict=False):
        assert last - first >= 1.0


def test_without_stalls_the_turns_lose_no_time() -> None:
    taken = run(lambda loop: take(loop, 500, {}))

    assert abs((taken[-1] - taken[0]) - 499 / POSTS_PER_SECOND) < CATCH_UP_SECONDS
