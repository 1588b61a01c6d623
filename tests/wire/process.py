"""The bot as a process of its own, and the database that it starts with."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import bindparam, insert

from bot.delivery.tables import schedules
from bot.delivery.times import Recurrence, next_run, weekday_mask
from bot.storage.database import Value
from bot.storage.opening import open_database
from tests.conftest import ROOT
from tests.phrases import SCREEN_FILE
from tests.wire.standin.model import channel_id, guild_id
from tests.wire.standin.server import StandIn

EVERY_DAY = frozenset(range(7))
INSERT_SCHEDULE = insert(schedules).values(
    {
        column.name: bindparam(column.name)
        for column in schedules.c
        if column.name not in {"id", "problem", "state"}
    }
    | {"state": "active"}
)


class BotProcess:
    """``python -m tests.wire.launch`` against a stand-in."""

    def __init__(self, standin: StandIn, folder: Path, database_url: str) -> None:
        self._standin = standin
        self._folder = folder
        self.database_url = database_url
        self.log = folder / "bot.log"
        self.settings: dict[str, str] = {}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *arguments: str) -> None:
        """Start it; its log goes to ``log``."""
        clean = {
            name: value
            for name, value in os.environ.items()
            if name in {"PATH", "HOME", "LANG", "TMPDIR", SCREEN_FILE}
        }
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.wire.launch",
                f"--port={self._standin.port}",
                f"--ca={self._standin.ca_file}",
                f"--clock={self._standin.clock.path}",
                *arguments,
                cwd=ROOT,
                env=clean
                | {
                    "DISCORD_TOKEN": self._standin.world.token,
                    "DATABASE_URL": self.database_url,
                    "STATE_DIR": str(self._folder / "var"),
                    "PYTHONPATH": str(ROOT),
                }
                | self.settings,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """``kill -9``."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM, as systemd sends it; the exit code."""
        return await self._end(signal.SIGTERM)

    async def wait(self) -> int:
        """The exit code, once it ended by itself."""
        assert self._process is not None
        return await self._process.wait()

    async def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(number)
        return await process.wait()

    def said(self) -> str:
        """Everything it logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@asynccontextmanager
async def bot_process(
    standin: StandIn, folder: Path, database_url: str | None = None
) -> AsyncIterator[BotProcess]:
    """A process that is not started yet, and is killed at the end."""
    process = BotProcess(standin, folder, database_url or f"sqlite:///{folder}/breather.db")
    try:
        yield process
    finally:
        await process.kill()


async def add_schedules(
    database_url: str, folder: Path, due: Sequence[int], now: int, first_guild: int = 0
) -> None:
    """One schedule a community, each due for the first time at its instant (a whole UTC minute)."""
    database = await open_database(database_url, folder / "backups", lambda: now)
    rows: list[dict[str, Value]] = []
    for index, at in enumerate(due, start=first_guild):
        recurrence = Recurrence(at % 86_400 // 60, "UTC", EVERY_DAY)
        first = next_run(recurrence, at - 60)
        assert first is not None
        rows.append(
            {
                "guild_id": guild_id(index),
                "kind": "tips",
                "channel_id": channel_id(index),
                "minute_of_day": recurrence.minute_of_day,
                "zone": "UTC",
                "weekdays": weekday_mask(EVERY_DAY),
                "days": None,
                "role_id": None,
                "is_silent": 0,
                "options": "{}",
                "next_run_at": first.at,
                "created_at": now,
            }
        )
    try:
        async with database.transaction() as tx:
            await tx.execute_many(INSERT_SCHEDULE, rows)
    finally:
        await database.close()
