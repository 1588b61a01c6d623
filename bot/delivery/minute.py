"""The minute clock: APScheduler calls the engine once a minute, and nothing more.

Schedules are rows, not jobs: 10,000 jobs due in one minute stall APScheduler's loop for
1.2 to 11 seconds, a query for due rows takes 72 ms (measured).
"""

from collections.abc import Awaitable, Callable

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import read_machine

OVERLAP = 12
"""A minute whose posts are still going out must not keep the next one from being planned. Posts,
letters, what follows posts and each of the chores can keep one minute busy; one more plans."""


class _Scheduler(AsyncIOScheduler):  # type: ignore[misc]  # APScheduler has no types
    """Goes by the machine's clock, also after that was set back.

    APScheduler alone would rest until the run that it wrote down comes again: as long as the
    clock went back. It does wake up when that run should have come; what comes next is then the
    next minute by the clock as it is now.
    """

    def wakeup(self) -> None:
        """Look for what is due."""
        now = read_machine()
        for job in self.get_jobs() if self.state == STATE_RUNNING else ():
            soonest = job.trigger.get_next_fire_time(None, now)
            if soonest < job.next_run_time:
                job.modify(next_run_time=soonest)
        super().wakeup()


class MinuteClock:
    """Calls ``tick`` at the start of every minute, and housekeeping once a day.

    ``every_seconds`` replaces the minute where time is moved by hand.
    """

    def __init__(
        self,
        tick: Callable[[], Awaitable[None]],
        keep_house: Callable[[], Awaitable[None]],
        every_seconds: float | None = None,
    ) -> None:
        self._scheduler = _Scheduler(timezone="UTC", executors={"default": AsyncIOExecutor()})
        self._scheduler.add_job(
            tick,
            CronTrigger(second=0, timezone="UTC")
            if every_seconds is None
            else IntervalTrigger(seconds=every_seconds, timezone="UTC"),
            max_instances=OVERLAP,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.add_job(
            keep_house,
            CronTrigger(hour=3, minute=30, timezone="UTC"),
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to tick; needs a running event loop."""
        self._scheduler.start()

    def pause(self) -> None:
        """Tick no more. A tick that runs goes on."""
        if self._scheduler.running:
            self._scheduler.pause()

    def stop(self) -> None:
        """End for good; a tick that still runs is cancelled."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
