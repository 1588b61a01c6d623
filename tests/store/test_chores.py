"""The minute's small chores: one that is slow keeps neither posts nor the other chores."""

import asyncio

from tests.store.delivering import DUE, MINUTE, Station, at_five


class Slow:
    """A chore that takes as long as its gate is shut."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.entered = asyncio.Event()
        self.begun = 0

    async def run(self) -> None:
        """Begin, and wait."""
        self.begun += 1
        self.entered.set()
        await self.gate.wait()


async def test_a_slow_chore_is_not_entered_again_and_keeps_nothing_else(station: Station) -> None:
    slow, quick = Slow(), []

    async def be_quick() -> None:
        quick.append(station.clock.now())

    station.engine.each_minute += [slow.run, be_quick]
    await station.add(at_five())
    station.clock.move_to(DUE - 2 * MINUTE)
    first = asyncio.create_task(station.engine.tick())
    await slow.entered.wait()
    async with asyncio.timeout(10):
        await station.tick(DUE - MINUTE)
        await station.tick(DUE)
    assert slow.begun == 1
    assert quick == [DUE - MINUTE, DUE]
    assert len(station.discord.posts) == 1

    slow.gate.set()
    await first
    await station.tick(DUE + MINUTE)
    assert slow.begun == 2


async def test_a_chore_that_failed_is_tried_again_with_the_next_minute(station: Station) -> None:
    tried = []

    async def fail() -> None:
        tried.append(station.clock.now())
        message = "a bug"
        raise ZeroDivisionError(message)

    station.engine.each_minute.append(fail)
    await station.tick(DUE)
    await station.tick(DUE + MINUTE)
    assert tried == [DUE, DUE + MINUTE]


async def test_closing_waits_for_the_chore_that_runs_and_begins_no_other(station: Station) -> None:
    slow, other = Slow(), Slow()
    other.gate.set()
    station.engine.each_minute += [slow.run, other.run]
    ticking = asyncio.create_task(station.engine.tick())
    await slow.entered.wait()
    closing = asyncio.create_task(station.engine.close())
    while not station.engine.is_closing:
        await asyncio.sleep(0)
    assert not closing.done()
    slow.gate.set()
    await closing
    await ticking
    assert other.begun == 0
