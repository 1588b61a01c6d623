"""The two bots as processes of their own, with the same interpreter and environment."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.conftest import ROOT
from tests.wire.standin.server import StandIn

READY_LIMIT = 60.0


class Bot:
    """A running bot. ``ready_seconds``: from starting the process to discord.py's ``on_ready``."""

    def __init__(self, process: asyncio.subprocess.Process, ready_seconds: float) -> None:
        self.ready_seconds = ready_seconds
        self._process = process

    def resident_bytes(self) -> int:
        """What the process occupies in memory now. Linux only."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def processor_seconds(self) -> float:
        """User and system time that the process has used so far. Linux only."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def bare_bot(
    standin: StandIn, folder: Path, shard: int = 0, shards: int = 1
) -> AsyncIterator[Bot]:
    """discord.py by itself, ready."""
    arguments = [f"--token={standin.world.token}"]
    if shards > 1:
        arguments += [f"--shard={shard}", f"--shards={shards}"]
    async with _running("bare", standin, folder, arguments, {}) as bot:
        yield bot


@asynccontextmanager
async def breather_bot(
    standin: StandIn,
    folder: Path,
    shard: int = 0,
    shards: int = 1,
    *,
    tick: float | None = None,
    more_settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Bot]:
    """Breather with the benchmark's cog, ready; database and log are in ``folder``."""
    settings = {
        "DISCORD_TOKEN": standin.world.token,
        "DATABASE_URL": database_url(folder),
        "STATE_DIR": str(folder / "var"),
    }
    settings |= more_settings or {}
    if shards > 1:
        settings |= {"SHARD_ID": str(shard), "SHARD_COUNT": str(shards)}
    arguments = [f"--clock={standin.clock.path}", *([f"--tick={tick}"] if tick else [])]
    async with _running("breather", standin, folder, arguments, settings) as bot:
        yield bot


def database_url(folder: Path) -> str:
    """Where the bot that was started in a folder keeps its data."""
    return f"sqlite:///{database_path(folder)}"


def database_path(folder: Path) -> Path:
    """Its file."""
    return folder / "breather.db"


@asynccontextmanager
async def _running(
    name: str, standin: StandIn, folder: Path, arguments: Sequence[str], settings: Mapping[str, str]
) -> AsyncIterator[Bot]:
    kept = {"PATH", "HOME", "LANG", "TMPDIR"}
    environment = {key: value for key, value in os.environ.items() if key in kept}
    log = folder / f"{name}.log"
    started = time.monotonic()
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"tests.benchmarks.{name}",
            f"--port={standin.port}",
            f"--ca={standin.ca_file}",
            *arguments,
            cwd=ROOT,
            env={**environment, **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(READY_LIMIT):
            line = await process.stdout.readline()
        if line != b"ready\n":
            message = f"{name} did not start: {log.read_text(encoding='utf-8')[-2000:]}"
            raise RuntimeError(message)
        yield Bot(process, time.monotonic() - started)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
