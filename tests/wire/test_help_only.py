"""Help answers whatever else is broken, and the rest comes back by itself."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.conftest import NOON, ROOT
from tests.wire.process import BotProcess, bot_process
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.connector import make_connector
from tests.wire.standin.reading import controls, words
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

pytestmark = pytest.mark.wire
SLOW = 20.0


@pytest.fixture
async def standin(tmp_path: Path) -> AsyncIterator[StandIn]:
    """A Discord with one community."""
    clock = MovableClock(tmp_path / "clock")
    clock.move_to(NOON)
    async with StandIn(World(), clock) as running:
        yield running


@pytest.fixture
async def process(standin: StandIn, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """The bot with content of its own, whose commands Discord knows from an earlier start."""
    content = tmp_path / "data"
    shutil.copytree(ROOT / "data", content)
    async with bot_process(standin, tmp_path) as made:
        made.settings["CONTENT_DIR"] = str(content)
        await made.start()
        await connected(standin)
        await standin.wait_until(lambda: standin.world.commands, timeout=SLOW)
        await made.stop()
        yield made
    assert "Traceback" not in made.said()


async def connected(standin: StandIn) -> None:
    """Until the bot is there."""
    await standin.wait_until(lambda: standin.gateway.is_connected, timeout=SLOW)


async def assert_help_answers(standin: StandIn) -> None:
    """Numbers of a country to call, and a kind word from a command that rests."""
    help_now = await standin.interact("slash", "help-now", options={"country": "Germany"})
    shown = words(await help_now.shown())
    assert "112" in shown
    assert "Call: `0800 111 0 111`" in shown
    tip = await standin.interact("slash", "tip")
    assert "/help-now works all the same" in words(await tip.shown())


def break_database(folder: Path) -> None:
    """A file that is no database."""
    for path in folder.glob("breather.db*"):
        path.unlink()
    (folder / "breather.db").write_bytes(b"this is not a database" * 400)


def break_tips(folder: Path) -> None:
    """A content file that nobody can read."""
    (folder / "data" / "tips" / "sleep.toml").write_text("[[tip]\n", encoding="utf-8")


def break_everything(folder: Path) -> None:
    """The database and every content file but those that help stands on."""
    break_database(folder)
    help_files = {"emergency_numbers.csv", "helplines.csv"}
    for path in (folder / "data").rglob("*"):
        if path.is_file() and path.name not in help_files:
            path.write_bytes(b"\xff\xfe nobody can read this [[")


async def use_up_the_global_limit(standin: StandIn) -> None:
    """From here on every request but the answers to interactions is refused."""
    standin.limits.per_second = 0
    connector = make_connector(standin.port, standin.ca_file)
    headers = {"Authorization": f"Bot {standin.world.token}"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        refused = await session.get("https://discord.com/api/v10/users/@me")
    assert refused.status == 429


@pytest.mark.parametrize("break_it", [break_database, break_tips])
async def test_help_answers_after_a_restart_with_something_broken(
    standin: StandIn, process: BotProcess, tmp_path: Path, break_it: object
) -> None:
    assert callable(break_it)
    break_it(tmp_path)
    await process.start()
    await connected(standin)

    await assert_help_answers(standin)

    assert "Help-only mode" in process.said()
    assert standin.world.command_writes == 1, "commands that rest must not vanish from Discord"


async def test_help_answers_with_everything_else_broken_and_the_global_limit_used_up(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    break_everything(tmp_path)
    await process.start()
    await connected(standin)
    await use_up_the_global_limit(standin)

    start = await standin.interact("slash", "help-now")
    assert "danger right now" in words(await start.shown())
    assert start.original is not None
    regions = await standin.interact(
        "press", "help-now:region", message=start.original, values=["north-america"]
    )
    countries = controls(await regions.shown())
    (pick,) = [name for name in countries if name.startswith("help-now:pick")]
    chosen = await standin.interact("press", pick, message=start.original, values=["CA"])

    assert "Call: `988`" in words(await chosen.shown())
    await assert_help_answers(standin)
    assert "Help-only mode" in process.said()


async def test_old_buttons_and_forms_say_that_they_rest(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    await process.start()
    await connected(standin)
    tip = await standin.interact("slash", "tip")
    await tip.shown()
    await process.stop()
    break_tips(tmp_path)
    await process.start()
    await connected(standin)

    assert tip.original is not None
    saved = next(name for name in controls(tip.original.payload) if name.startswith("tip:save"))
    press = await standin.interact("press", saved, message=tip.original)

    assert "/help-now works all the same" in words(await press.shown())


async def test_help_answers_while_postgresql_is_stopped(
    standin: StandIn, process: BotProcess
) -> None:
    process.settings["DATABASE_URL"] = "postgresql://breather:secret@127.0.0.1:9/breather"
    await process.start()
    await connected(standin)

    await assert_help_answers(standin)

    assert "DATABASE_URL" in process.said()
    assert "secret" not in process.said()


async def test_the_rest_comes_back_once_the_content_is_mended(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    mended = (tmp_path / "data" / "tips" / "sleep.toml").read_text(encoding="utf-8")
    break_tips(tmp_path)
    await process.start()
    await connected(standin)
    await assert_help_answers(standin)

    (tmp_path / "data" / "tips" / "sleep.toml").write_text(mended, encoding="utf-8")

    async with asyncio.timeout(SLOW):
        shown = ""
        while "Try this" not in shown:
            tip = await standin.interact("slash", "tip")
            shown = words(await tip.shown())


async def test_help_answers_although_the_database_file_vanishes_while_the_bot_runs(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    await process.start()
    await connected(standin)
    break_database(tmp_path)

    help_now = await standin.interact("slash", "help-now", options={"country": "Japan"})

    assert "119" in words(await help_now.shown())
