"""Feeds: made once for many, renewed after minutes, the old page when the database is away."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.calendars import feeds as feeds_module
from bot.calendars.entries import Entry
from bot.calendars.feeds import KEPT_SECONDS, Address, Feeds
from bot.calendars.tokens import FILE_NAME, Tokens
from bot.clock import MovableClock
from bot.errors import StorageUnavailableError
from tests.conftest import NOON

DAY = Entry(uid="day@breather.invalid", summary="A day", starts=date(2027, 10, 10))
EARLIER = replace(DAY, uid="earlier@breather.invalid", starts=date(2027, 5, 1))


class Shelf:
    """A feature with entries for a community; it counts who asks."""

    def __init__(self, *entries: Entry) -> None:
        self.entries = list(entries)
        self.asked: list[int] = []
        self.is_away = False

    async def provide(self, guild_id: int) -> Sequence[Entry]:
        """The entries, after others had their turn."""
        self.asked.append(guild_id)
        await asyncio.sleep(0)
        if self.is_away:
            raise StorageUnavailableError("away")
        return self.entries


@pytest.fixture
def clock() -> MovableClock:
    """Noon on 14 March 2027 (UTC)."""
    return MovableClock(NOON)


def make(tmp_path: Path, clock: MovableClock, *shelves: Shelf, base: str = "") -> Feeds:
    """Feeds of some features."""
    return Feeds(
        clock,
        Tokens(tmp_path / FILE_NAME),
        base=base,
        everyone=lambda: [DAY],
        providers=[shelf.provide for shelf in shelves],
        name_of={7: "Quiet, please"}.get,
    )


def summaries(body: bytes) -> list[str]:
    """What stands in a calendar, in order."""
    return [str(event["summary"]) for event in Calendar.from_ical(body).walk("VEVENT")]


async def test_a_community_has_the_entries_of_every_feature_in_order_under_its_name(
    tmp_path: Path, clock: MovableClock
) -> None:
    events = Shelf(replace(EARLIER, summary="An event"))
    page = await make(tmp_path, clock, Shelf(DAY), events).of_community(7)
    assert summaries(page.body) == ["An event", "A day"]
    assert b"X-WR-CALNAME:Quiet\\, please\r\n" in page.body


async def test_a_crowd_that_asks_at_once_costs_one_look(
    tmp_path: Path, clock: MovableClock
) -> None:
    shelf = Shelf(DAY)
    feeds = make(tmp_path, clock, shelf)
    pages = await asyncio.gather(*(feeds.of_community(7) for _ in range(100)))
    clock.move_to(NOON + KEPT_SECONDS - 1)
    pages.append(await feeds.of_community(7))
    assert shelf.asked == [7]
    assert len({id(page) for page in pages}) == 1


async def test_a_change_is_there_after_minutes_and_only_a_change_makes_a_new_page(
    tmp_path: Path, clock: MovableClock
) -> None:
    shelf = Shelf(DAY)
    feeds = make(tmp_path, clock, shelf)
    first = await feeds.of_community(7)
    clock.move_to(NOON + KEPT_SECONDS)
    assert await feeds.of_community(7) is first
    shelf.entries = [replace(DAY, is_cancelled=True, sequence=1)]
    clock.move_to(NOON + 2 * KEPT_SECONDS)
    changed = await feeds.of_community(7)
    assert changed.version != first.version
    assert b"STATUS:CANCELLED" in changed.body
    assert shelf.asked == [7, 7, 7]


async def test_after_a_restart_the_same_entries_have_the_same_version(
    tmp_path: Path, clock: MovableClock
) -> None:
    first = await make(tmp_path, clock, Shelf(DAY)).of_community(7)
    clock.move_to(NOON + 86_400)
    second = await make(tmp_path, clock, Shelf(DAY)).of_community(7)
    assert first.version == second.version


async def test_while_the_database_is_away_the_last_page_stays(
    tmp_path: Path, clock: MovableClock
) -> None:
    shelf = Shelf(DAY)
    feeds = make(tmp_path, clock, shelf)
    page = await feeds.of_community(7)
    shelf.is_away = True
    clock.move_to(NOON + KEPT_SECONDS)
    assert await feeds.of_community(7) is page
    with pytest.raises(StorageUnavailableError):
        await feeds.of_community(8)


async def test_a_community_without_anything_has_an_empty_calendar_and_no_name(
    tmp_path: Path, clock: MovableClock
) -> None:
    page = await make(tmp_path, clock).of_community(8)
    assert summaries(page.body) == []
    assert b"X-WR-CALNAME:Community calendar\r\n" in page.body


async def test_only_so_many_pages_stay_in_memory(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds_module, "MOST_PAGES", 2)
    shelf = Shelf(DAY)
    feeds = make(tmp_path, clock, shelf)
    for guild_id in (1, 2, 1, 3, 1, 2):
        await feeds.of_community(guild_id)
    assert shelf.asked == [1, 2, 3, 2]


async def test_everyone_has_the_same_calendar(tmp_path: Path, clock: MovableClock) -> None:
    page = await make(tmp_path, clock, Shelf(EARLIER)).of_everyone()
    assert summaries(page.body) == ["A day"]


def test_addresses_are_shown_only_where_the_operator_has_one(
    tmp_path: Path, clock: MovableClock
) -> None:
    assert make(tmp_path, clock).address(7) is None
    assert make(tmp_path, clock).address() is None
    feeds = make(tmp_path, clock, base="https://days.example.org/b")
    assert feeds.address() == Address(
        "https://days.example.org/b/campaigns.ics",
        "https://days.example.org/b/campaigns",
        "webcal://days.example.org/b/campaigns.ics",
    )
    ours = feeds.address(7)
    assert ours is not None
    assert ours.opening == f"https://days.example.org/b/calendar/{feeds.tokens.make(7)}"
    assert ours.file == f"{ours.opening}.ics"
