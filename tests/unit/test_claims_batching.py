"""Micro-batches: who shares one, and whose fault is whose."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.claims.batching import MOST, Batcher
from bot.errors import ConflictError, StorageUnavailableError


class Work:
    """Doubles numbers, and remembers who came together."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.may_go = asyncio.Event()
        self.may_go.set()
        self.faults: dict[int, Exception] = {}

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int]:
        """One batch."""
        self.batches.append(list(numbers))
        await self.may_go.wait()
        for number in numbers:
            if number in self.faults:
                raise self.faults[number]
        return [2 * number for number in numbers]


async def ask_all(batcher: Batcher[int, int], numbers: Sequence[int]) -> list[int | BaseException]:
    return await asyncio.gather(*map(batcher.ask, numbers), return_exceptions=True)


async def test_whoever_asks_alone_goes_alone() -> None:
    work = Work()
    batcher = Batcher(work)
    assert [await batcher.ask(number) for number in (1, 2)] == [2, 4]
    assert work.batches == [[1], [2]]


async def test_whoever_asks_while_a_batch_runs_shares_the_next_in_order() -> None:
    work = Work()
    batcher = Batcher(work)
    work.may_go.clear()
    first = asyncio.create_task(batcher.ask(1))
    while not work.batches:
        await asyncio.sleep(0)
    others = asyncio.create_task(ask_all(batcher, [2, 3, 4]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    work.may_go.set()
    assert await first == 2
    assert await others == [4, 6, 8]
    assert work.batches == [[1], [2, 3, 4]]


async def test_a_batch_has_its_limit() -> None:
    work = Work()
    assert await ask_all(Batcher(work), range(MOST + 3)) == [2 * n for n in range(MOST + 3)]
    assert [len(batch) for batch in work.batches] == [MOST, 3]


@pytest.mark.parametrize("fault", [ConflictError("taken"), ZeroDivisionError("a bug")])
async def test_the_fault_of_one_is_not_everybodys(fault: Exception) -> None:
    work = Work()
    work.faults[2] = fault
    assert await ask_all(Batcher(work), [1, 2, 3]) == [2, fault, 6]
    assert work.batches == [[1, 2, 3], [1], [2], [3]]


async def test_a_database_that_is_away_is_told_to_all_without_asking_it_for_each() -> None:
    work = Work()
    fault = StorageUnavailableError("away")
    work.faults[2] = fault
    batcher = Batcher(work)
    assert await ask_all(batcher, [1, 2, 3]) == [fault] * 3
    assert work.batches == [[1, 2, 3]]
    assert await batcher.ask(4) == 8


async def test_whoever_stops_waiting_does_not_stop_the_others() -> None:
    work = Work()
    batcher = Batcher(work)
    work.may_go.clear()
    tasks = [asyncio.create_task(batcher.ask(number)) for number in (1, 2)]
    while not work.batches:
        await asyncio.sleep(0)
    tasks[0].cancel()
    work.may_go.set()
    assert await tasks[1] == 4
    assert await batcher.ask(3) == 6


async def test_nobody_waits_for_ever_for_a_batch_that_was_cancelled() -> None:
    work = Work()
    batcher = Batcher(work)
    work.may_go.clear()
    tasks = [asyncio.create_task(batcher.ask(number)) for number in (1, 2)]
    while not work.batches:
        await asyncio.sleep(0)
    tasks.append(asyncio.create_task(batcher.ask(3)))
    await asyncio.sleep(0)
    assert batcher._worker is not None
    batcher._worker.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait(tasks)
    assert all(task.cancelled() for task in tasks)


async def test_closing_finishes_what_was_asked() -> None:
    work = Work()
    batcher = Batcher(work)
    tasks = [asyncio.create_task(batcher.ask(number)) for number in range(3)]
    await asyncio.sleep(0)
    await batcher.close()
    assert [task.result() for task in tasks] == [0, 2, 4]
