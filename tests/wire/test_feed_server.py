"""The listener of calendars on a real socket: what it answers to apps, strangers and noise."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import date
from email.utils import formatdate
from pathlib import Path

import aiohttp
import pytest
from icalendar import Calendar

from bot.calendars.entries import Entry
from bot.calendars.feeds import KEPT_SECONDS, Feeds
from bot.calendars.serving import HEADERS, FeedServer
from bot.calendars.tokens import FILE_NAME, Tokens
from bot.clock import MovableClock
from bot.errors import StorageUnavailableError
from tests.conftest import NOON

pytestmark = pytest.mark.wire

GUILD = 7
DAY = Entry(uid="day@breather.invalid", summary="A day", starts=date(2027, 10, 10))
CAMPAIGNS = "/campaigns.ics"


class House:
    """Feeds with one community, and the server in front of them."""

    def __init__(self, folder: Path, port: int) -> None:
        self.fault: Exception | None = None
        self.asked = 0
        self.clock = MovableClock(NOON)
        self.base = f"http://127.0.0.1:{port}"
        self.feeds: Feeds | None = Feeds(
            self.clock,
            Tokens(folder / FILE_NAME),
            base=self.base,
            everyone=lambda: [DAY],
            providers=[self.provide],
            name_of=lambda _guild_id: None,
        )
        self.ours = f"/calendar/{self.feeds.tokens.make(GUILD)}"
        self.server = FeedServer("127.0.0.1", port, lambda: self.feeds)

    async def provide(self, _guild_id: int) -> Sequence[Entry]:
        """The day, or a fault."""
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        return [DAY]


@pytest.fixture
async def house(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[House]:
    """The server, listening."""
    made = House(tmp_path, unused_tcp_port)
    await made.server.start()
    yield made
    await made.server.close()


@pytest.fixture
async def session(house: House) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who asks."""
    async with aiohttp.ClientSession(house.base) as asking:
        yield asking


async def test_an_app_gets_the_calendar_and_learns_that_it_has_it_already(
    house: House, session: aiohttp.ClientSession
) -> None:
    for path, who in ((CAMPAIGNS, "public"), (f"{house.ours}.ics", "private")):
        async with session.get(path) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
            assert answer.headers["Cache-Control"] == f"{who}, max-age={KEPT_SECONDS}"
            assert answer.headers["Last-Modified"] == formatdate(NOON, usegmt=True)
            assert HEADERS.items() <= dict(answer.headers).items()
            body, tag = await answer.read(), answer.headers["ETag"]
        assert len(Calendar.from_ical(body).walk("VEVENT")) == 1
        async with session.head(path) as answer:
            assert (answer.status, await answer.read()) == (200, b"")
            assert answer.headers["ETag"] == tag
            assert answer.headers["Content-Length"] == str(len(body))
        for known in (
            {"If-None-Match": tag},
            {"If-None-Match": f'"other", {tag.removeprefix("W/")}'},
            {"If-None-Match": "*"},
            {"If-Modified-Since": formatdate(NOON, usegmt=True)},
        ):
            async with session.get(path, headers=known) as answer:
                assert (answer.status, await answer.read()) == (304, b""), known
                assert answer.headers["ETag"] == tag
                assert HEADERS.items() <= dict(answer.headers).items()
        for unknown in (
            {"If-None-Match": 'W/"other"', "If-Modified-Since": formatdate(NOON, usegmt=True)},
            {"If-None-Match": "nonsense"},
            {"If-Modified-Since": formatdate(NOON - 1, usegmt=True)},
            {"If-Modified-Since": "nonsense"},
        ):
            async with session.get(path, headers=unknown) as answer:
                assert (answer.status, await answer.read()) == (200, body), unknown


async def test_everything_else_is_not_here_and_costs_no_query(
    house: House, session: aiohttp.ClientSession
) -> None:
    for path in (
        "/",
        "/calendar",
        "/calendar/",
        "/calendar/.ics",
        f"/calendar/{GUILD}.ics",
        f"/calendar/{'A' * 32}.ics",
        f"/calendar/{'A' * 32}",
        f"{house.ours}.ICS",
        f"{house.ours}.ics/",
        f"/calendar/..%2F{FILE_NAME}",
        "/campaigns.json",
        "/robots.txt",
        "/calendar/%FF%00.ics",
    ):
        async with session.get(path, allow_redirects=False) as answer:
            assert answer.status == 404, path
            assert (await answer.text()).startswith("There is no calendar at this address."), path
            assert answer.headers["Content-Type"].startswith("text/plain")
            assert HEADERS.items() <= dict(answer.headers).items()
    assert house.asked == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
async def test_calendars_can_only_be_read(
    house: House, session: aiohttp.ClientSession, method: str
) -> None:
    async with session.request(method, f"{house.ours}.ics", data=b"x") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert house.asked == 0


async def test_a_browser_is_led_to_the_calendar_app(
    house: House, session: aiohttp.ClientSession
) -> None:
    webcal = house.base.replace("http:", "webcal:")
    for path in ("/campaigns", house.ours):
        async with session.get(path, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (302, f"{webcal}{path}.ics")


async def test_a_crowd_of_apps_costs_one_look(house: House, session: aiohttp.ClientSession) -> None:
    async def ask() -> int:
        async with session.get(f"{house.ours}.ics") as answer:
            await answer.read()
            return answer.status

    assert await asyncio.gather(*(ask() for _ in range(300))) == [200] * 300
    assert house.asked == 1


@pytest.mark.parametrize("fault", [StorageUnavailableError("away"), RuntimeError("a bug")])
async def test_a_fault_is_a_calm_word_to_strangers_and_a_line_without_them_in_the_log(
    house: House,
    session: aiohttp.ClientSession,
    fault: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    house.fault = fault
    async with session.get(f"{house.ours}.ics") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "300")
        assert "resting" in await answer.text()
    (record,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert record.name == "bot.calendars.serving"
    assert house.ours not in caplog.text
    assert "127.0.0.1" not in caplog.text


async def test_noise_is_answered_and_leaves_no_address_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    host, port = house.base.removeprefix("http://").split(":")
    for noise in (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\nbad header\r\n\r\n"):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(noise)
        assert (await reader.read(1024)).startswith(b"HTTP/1.")
        writer.close()
        await writer.wait_closed()
    assert "127.0.0.1" not in caplog.text
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


async def test_while_the_bot_only_helps_the_calendars_rest(
    house: House, session: aiohttp.ClientSession
) -> None:
    feeds, house.feeds = house.feeds, None
    for path in (CAMPAIGNS, f"{house.ours}.ics", house.ours):
        async with session.get(path, allow_redirects=False) as answer:
            assert answer.status == 503
    house.feeds = feeds
    async with session.get(CAMPAIGNS) as answer:
        assert answer.status == 200
