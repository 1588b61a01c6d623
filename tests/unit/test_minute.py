"""The minute clock goes by the machine's clock, also when that is set back; readiness knows it."""

import asyncio
import time
from datetime import UTC, datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import pytest

import bot.clock
from bot.clock import DAY, HOUR
from bot.delivery.minute import MinuteClock
from bot.serve import TICK_LIMIT, is_recent


class Machine:
    """A machine whose clock stands shortly before a whole minute, and can be set."""

    def __init__(self) -> None:
        self.shift = timedelta(0)
        self._began = time.monotonic()

    def now(self, _zone: tzinfo | None = None) -> datetime:
        """What it shows."""
        passed = timedelta(seconds=time.monotonic() - self._began)
        return datetime(2027, 3, 14, 11, 59, 59, 500_000, UTC) + passed + self.shift


@pytest.mark.parametrize("seconds", [-HOUR, -DAY, DAY, HOUR])
async def test_the_next_minute_ticks_though_the_machines_clock_is_set(
    monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    machine, ticked = Machine(), asyncio.Event()
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", machine)
    monkeypatch.setattr(bot.clock, "datetime", machine)

    async def tick() -> None:
        ticked.set()

    async def keep_house() -> None:
        """Nothing."""

    minute = MinuteClock(tick, keep_house)
    minute.start()
    await asyncio.sleep(0)  # the clock has made out when its next minute is
    machine.shift = timedelta(seconds=seconds - 0.5)
    try:
        async with asyncio.timeout(5):
            await ticked.wait()
    finally:
        minute.stop()


@pytest.mark.parametrize(
    ("ago", "is_ready"),
    [
        (None, False),
        (-HOUR, False),
        (-1, False),
        (0, True),
        (TICK_LIMIT - 1, True),
        (TICK_LIMIT, False),
    ],
)
def test_a_tick_is_recent_when_it_is_neither_old_nor_to_come(
    ago: int | None, *, is_ready: bool
) -> None:
    assert is_recent(None if ago is None else 1_000_000 - ago, 1_000_000) is is_ready
