"""The pace of posts, on an event loop whose time a test moves."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import MINUTE
from bot.delivery.letters import PROMPT_SECONDS, LetterPace
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


class Mailbag:
    """Letters that wait, of one kind, all due at the beginning."""

    def __init__(self, loop: MovedLoop, letters: int, seconds: int) -> None:
        self.loop, self.left, self.seconds = loop, letters, seconds

    def now(self) -> int:
        """The present instant."""
        return int(self.loop.time())

    async def fetch_all(self, _statement: object, **_values: int) -> list[dict[str, Any]]:
        """How many are left."""
        return [{"kind": "k", "zone": "UTC", "due_at": 0, "waiting": self.left}]

    def welcome_until(self, _kind: str, _zone: str, due_at: int) -> int:
        """When it is too late for them."""
        return due_at + self.seconds


@given(st.integers(1, 3000), st.integers(5 * MINUTE, 180 * MINUTE))
def test_letters_are_out_in_time_and_never_faster_than_they_must(letters: int, time: int) -> None:
    async def write(loop: MovedLoop) -> list[float]:
        bag: Any = Mailbag(loop, letters, time)
        pace, taken = LetterPace(bag, bag, bag), []
        while await pace.reckon():
            await pace.turn()
            bag.left -= 1
            taken.append(loop.time())
        return taken

    taken = run(write)
    assert taken[-1] <= min(time, max(letters, PROMPT_SECONDS))
    quickest = min(
        (last - first for first, last in zip(taken, taken[10:], strict=False)), default=10.0
    )
    assert quickest >= 9 * min(1.0, min(time / 2, PROMPT_SECONDS) / letters)
