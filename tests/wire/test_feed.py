"""The calendar feed over real sockets: what apps get, what strangers get, and restarts."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import aiohttp
import pytest
from icalendar import Calendar

from bot.campaigns.service import Campaigns, Choice
from bot.clock import MovableClock as StandingClock
from bot.content.campaigns import load_campaigns
from bot.delivery.schedules import Schedules
from bot.guilds.audit import AuditLog
from bot.storage.opening import open_database
from tests.conftest import NOON, ROOT
from tests.wire.process import BotProcess, bot_process
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.model import channel_id, guild_id
from tests.wire.standin.reading import words
from tests.wire.standin.server import StandIn
from tests.wire.standin.world import World

pytestmark = pytest.mark.wire

SLOW = 20.0
WMHD = "world-mental-health-day"


@pytest.fixture
async def standin(tmp_path: Path) -> AsyncIterator[StandIn]:
    """A Discord with two communities, at noon on 14 March 2027."""
    clock = MovableClock(tmp_path / "clock")
    clock.move_to(NOON)
    async with StandIn(World(guilds=2, channels=2), clock) as running:
        yield running


@pytest.fixture
async def process(
    standin: StandIn, tmp_path: Path, unused_tcp_port: int
) -> AsyncIterator[BotProcess]:
    """The bot with a feed, not started yet."""
    async with bot_process(standin, tmp_path) as made:
        base = f"http://127.0.0.1:{unused_tcp_port}"
        made.settings |= {"FEED_PORT": str(unused_tcp_port), "FEED_URL": base}
        yield made
    assert "Traceback" not in made.said()


async def start(standin: StandIn, process: BotProcess) -> None:
    """Start the bot and wait until it is connected."""
    await process.start()
    await standin.wait_until(
        lambda: standin.world.commands and standin.gateway.is_connected, timeout=SLOW
    )


async def ask_addresses(standin: StandIn) -> list[str]:
    """The addresses that a member of the first community is shown: its own, and everyone's."""
    day = await standin.interact("slash", "wmhd")
    await day.shown(timeout=SLOW)
    shown = await (await standin.interact("press", "day:feed", message=day.original)).shown()
    return re.findall(r"http://\S+\.ics", words(shown))


async def turn_on(url: str, folder: Path) -> None:
    """Turn World Mental Health Day on in the first community, two steps of it."""
    database = await open_database(url, folder / "backups", lambda: NOON)
    clock = StandingClock(NOON)
    library = load_campaigns(ROOT / "data")
    schedules = Schedules(database, clock)
    campaigns = Campaigns(database, schedules, AuditLog(database, clock), clock, library)
    choice = Choice(channel_id(0), 600, (-1, 0))
    try:
        await campaigns.change(1, guild_id(0), library.by_id[WMHD], "UTC", lambda _now: choice)
    finally:
        await database.close()


def days_of(body: bytes) -> list[date]:
    """The days that stand in a calendar."""
    return [event.decoded("dtstart") for event in Calendar.from_ical(body).walk("VEVENT")]


async def test_a_member_subscribes_and_a_restart_changes_nothing(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    await turn_on(process.database_url, tmp_path)
    await start(standin, process)
    ours, everyones = await ask_addresses(standin)
    assert str(guild_id(0)) not in ours

    async with aiohttp.ClientSession() as session:
        async with session.get(ours) as answer:
            assert answer.status == 200
            assert days_of(await answer.read()) == [
                date(2027, 10, 9),
                date(2027, 10, 10),
                date(2028, 10, 9),
                date(2028, 10, 10),
            ]
            tag = answer.headers["ETag"]
        async with session.get(everyones) as answer:
            assert len(days_of(await answer.read())) == 2 * 13
        async with session.get(ours.removesuffix(".ics"), allow_redirects=False) as answer:
            assert answer.headers["Location"] == ours.replace("http:", "webcal:")

    assert await process.stop() == 0
    key = tmp_path / "var" / "feed-key"
    assert key.stat().st_mode & 0o777 == 0o600
    await standin.wait_until(lambda: not standin.gateway.is_connected, timeout=SLOW)
    await start(standin, process)

    async with (
        aiohttp.ClientSession() as session,
        session.get(ours, headers={"If-None-Match": tag}) as answer,
    ):
        assert (answer.status, await answer.read()) == (304, b"")
    assert await ask_addresses(standin) == [ours, everyones]
    assert "127.0.0.1" not in process.said()
    assert "calendar/" not in process.said()


async def test_a_feed_port_in_use_is_a_sentence_and_exit_code_2(
    standin: StandIn, process: BotProcess
) -> None:
    process.settings["FEED_PORT"] = str(standin.port)
    await process.start()

    assert await process.wait() == 2
    assert "FEED_PORT: port" in process.said()


async def test_an_address_of_another_machine_is_a_sentence_and_exit_code_2(
    process: BotProcess,
) -> None:
    process.settings["FEED_HOST"] = "192.0.2.1"  # nobody's: kept for examples
    await process.start()

    assert await process.wait() == 2
    assert "FEED_HOST: 192.0.2.1 is no address of this machine" in process.said()


async def test_a_key_that_is_none_is_a_sentence_and_exit_code_2(
    process: BotProcess, tmp_path: Path
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "feed-key").write_text("lost")
    await process.start()

    assert await process.wait() == 2
    assert "feed-key is not a key" in process.said()


async def test_while_only_help_answers_the_calendars_rest_and_come_back_by_themselves(
    standin: StandIn, process: BotProcess, tmp_path: Path
) -> None:
    broken = tmp_path / "breather.db"
    broken.write_bytes(b"this is not a database" * 400)
    await process.start()
    await standin.wait_until(lambda: standin.gateway.is_connected, timeout=SLOW)
    address = process.settings["FEED_URL"] + "/campaigns.ics"
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "300")
            assert "resting" in await answer.text()
        broken.unlink()
        async with asyncio.timeout(SLOW):
            while True:
                async with session.get(address) as answer:
                    if answer.status == 200:
                        break
                await asyncio.sleep(0.1)
