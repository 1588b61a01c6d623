"""A launch: everybody presses twice, in three processes that are killed again and again."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from bot.claims.settings import CommunitySettings, save_settings
from bot.storage import Database
from bot.storage.migrate import migrate
from bot.storage.opening import open_migrated
from tests.conftest import ROOT, is_full_size
from tests.store.claims_desk import HERE, THERE
from tests.store.claims_filling import PROGRAM, fill
from tests.store.claims_stress import Outcome, examine, fence_in, read_told
from tests.store.postgres import drop_postgres, fresh_database_url
from tests.wire.claims_variants import create_without_guards

Result = TypeVar("Result")
pytestmark = [pytest.mark.wire, pytest.mark.alone]
CODES, KILLS = (20_000, 60) if is_full_size() else (2_000, 8)
PEOPLE = CODES * 5 // 4
PROCESSES = 3
TOGETHER = 200
FEW = 200
"""Codes for the variant that is wrong: it shows at once."""

FEWER = 60
"""Where the database stops it: its people press again and again until they get through."""

PATIENCE = 1_200


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/breather.db"
        return
    fresh = fresh_database_url()
    yield fresh
    drop_postgres(fresh)


class Process:
    """One process at the counter."""

    def __init__(self, url: str, folder: Path, number: int, *arguments: str) -> None:
        self.told = folder / f"told-{number}"
        self._command = [
            *(sys.executable, "-m", "tests.store.claims_stress", url, str(self.told)),
            *(f"--shard={number}", *arguments),
        ]
        self._running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, again if it was killed."""
        self._running = await asyncio.create_subprocess_exec(*self._command, cwd=ROOT)

    async def kill(self) -> bool:
        """``kill -9``; whether it was still at work."""
        if self._running is None or self._running.returncode is not None:
            return False
        self._running.send_signal(signal.SIGKILL)
        return await self._running.wait() == -signal.SIGKILL

    async def wait(self) -> int:
        """Its exit code."""
        assert self._running is not None
        return await self._running.wait()

    def answered(self) -> int:
        """How many were told something."""
        return len(read_told(self.told))


async def test_every_code_goes_to_one_person_and_everybody_else_has_a_place(
    url: str, tmp_path: Path
) -> None:
    await migrate(url)
    await prepare(url, CODES)

    outcome, kills = await rush(url, tmp_path, PEOPLE, CODES, KILLS)

    print(f"\n{url.partition(':')[0]}: {kills} kills, {outcome}")
    assert outcome.faults(CODES) == []
    assert outcome.given == outcome.codes == outcome.holders == CODES
    assert outcome.places == outcome.waiting == PEOPLE - CODES
    assert kills > KILLS // 2


async def test_checking_and_then_acting_would_give_codes_out_twice(
    url: str, tmp_path: Path
) -> None:
    database = await open_migrated(url)
    await create_without_guards(database)
    await database.close()
    await prepare(url, FEW)

    outcome, _ = await rush(url, tmp_path, FEW * 5 // 4, FEW, 0, "--variant=check-then-act")

    print(f"\n{url.partition(':')[0]}, checked and then acted: {outcome}")
    assert "a code was given to two people" in outcome.faults(FEW)


async def test_the_database_stops_whoever_checks_and_then_acts(url: str, tmp_path: Path) -> None:
    await migrate(url)
    await prepare(url, FEWER)

    outcome, _ = await rush(url, tmp_path, FEWER * 5 // 4, FEWER, 0, "--variant=check-then-act")

    assert outcome.faults(FEWER) == []


@pytest.mark.parametrize("moment", ["before-commit", "after-commit"])
async def test_attacks_11_and_12_a_death_around_the_commit_loses_no_code_and_doubles_none(
    url: str, tmp_path: Path, moment: str
) -> None:
    await migrate(url)
    await prepare(url, 3)
    async with processes(url, tmp_path, 1, "--people=1", f"--die={moment}") as (dying,):
        assert await dying.wait() == -signal.SIGKILL
        assert dying.answered() == 0

    given = await with_database(url, lambda database: examine(database, 1, [], 3))
    assert given.given == (0 if moment == "before-commit" else 1)
    async with processes(url, tmp_path, 1, "--people=1") as (again,):
        assert await again.wait() == 0

    fence = fence_in(tmp_path)
    outcome = await with_database(
        url, lambda database: examine(database, 1, [again.told], 3, fence)
    )
    assert (outcome.given, outcome.holders, outcome.contradicted) == (1, 1, 0)
    assert outcome.unfenced == 0


async def prepare(url: str, codes: int) -> None:
    """A program with so many codes, and two communities that give them at once."""

    async def work(database: Database) -> None:
        await fill(database, codes)
        async with database.transaction() as tx:
            for guild_id in (HERE, THERE):
                await save_settings(
                    tx, CommunitySettings(PROGRAM, guild_id, is_on=True, is_reviewed=False)
                )

    await with_database(url, work)


async def rush(
    url: str, folder: Path, people: int, codes: int, kills: int, *arguments: str
) -> tuple[Outcome, int]:
    """Let everybody press while processes die; what came of it, and how many died."""
    chance = Random(2027)
    goals = sorted(chance.randrange(2 * people * 9 // 10) for _ in range(kills))
    died = 0
    together = TOGETHER // PROCESSES + 1
    options = (f"--people={people}", f"--together={together}", f"--shards={PROCESSES}")
    async with (
        asyncio.timeout(PATIENCE),
        processes(url, folder, PROCESSES, *options, *arguments) as running,
    ):
        for goal in goals:
            while sum(one.answered() for one in running) < goal:
                await asyncio.sleep(0.02)
            await asyncio.sleep(chance.random() * 0.05)
            victim = chance.choice(running)
            if await victim.kill():
                died += 1
                await victim.start()
        ends = await asyncio.gather(*(one.wait() for one in running))
        assert ends == [0] * PROCESSES
        told = [one.told for one in running]
    fence = None if arguments else fence_in(folder)  # a wrong service knows nothing of it
    outcome = await with_database(
        url, lambda database: examine(database, people, told, codes, fence)
    )
    return outcome, died


@asynccontextmanager
async def processes(
    url: str, folder: Path, count: int, *arguments: str
) -> AsyncIterator[list[Process]]:
    """Started ones, which are killed at the end."""
    started = [Process(url, folder, number, *arguments) for number in range(count)]
    async with AsyncExitStack() as stack:
        for process in started:
            stack.push_async_callback(process.kill)
            await process.start()
        yield started


async def with_database(url: str, work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Do something with the database open."""
    database = await open_migrated(url)
    try:
        return await work(database)
    finally:
        await database.close()
