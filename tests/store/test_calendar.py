"""``python -m bot calendar`` says post by post what the engine then posts."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from bot.campaigns import rules
from bot.clock import DAY, HOUR, MovableClock
from bot.commandline import main
from bot.content.campaigns import CampaignLibrary, load_campaigns
from bot.delivery.days import monthly_on, once
from bot.delivery.ports import Schedule
from bot.delivery.times import Recurrence
from bot.storage import Database
from bot.storage.opening import open_migrated
from tests.conftest import NOON, ROOT
from tests.store.delivering import Discord, at_five
from tests.store.eventing import ANA, CHANNEL, HOME, THREAD, Far, Room
from tests.store.postgres import run_sync
from tests.store.test_campaign_year import MODERATOR, WMHD, House, run_until
from tests.unit.test_times import instant

Line = dict[str, Any]
Run = Callable[..., Result]
ZONES = [
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Etc/GMT+12",
    "Europe/Berlin",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "UTC",
]
YEARS = ("--from", "2026-01-01", "--to", "2027-12-31")
TIPS = "tips"
NOTES = "notes"


@pytest.fixture(scope="module")
def library() -> CampaignLibrary:
    """The campaigns that ship."""
    return load_campaigns(ROOT / "data")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in a folder of its own; ``url`` is the database's address."""
    monkeypatch.chdir(tmp_path)

    def run_it(*arguments: str, url: str = "") -> Result:
        environment = {"CONTENT_DIR": str(ROOT / "data")}
        environment |= {"DATABASE_URL": url} if url else {}
        ended = CliRunner().invoke(main, ("calendar", *arguments), env=environment)
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        return ended

    return run_it


def read(ended: Result) -> list[Line]:
    """The posts of a calendar that succeeded, one a line."""
    assert (ended.exit_code, ended.stderr) == (0, "")
    return [json.loads(line) for line in ended.stdout.splitlines()]


def written(house: House, zones: dict[int, str]) -> list[Line]:
    """What was posted, in the words of the calendar; ``zones`` are those of the channels."""
    lines = []
    for at, post in house.discord.messages:
        is_campaign = isinstance(post.body, rules.CampaignPost)
        local = datetime.fromtimestamp(at, ZoneInfo(zones[post.channel_id]))
        lines.append(
            {
                "at": datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "local": local.isoformat(),
                "kind": post.kind,
                "campaign": post.body.campaign.id if is_campaign else None,
                "step": post.body.step.offset if is_campaign else None,
                "channel": post.channel_id,
            }
        )
    return lines


def in_order(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line["at"], line["kind"], str(line["campaign"])))


async def live_through(url: str, library: CampaignLibrary) -> list[Line]:
    """What the engine posts in 2026 and 2027 in communities that left everything as it comes."""
    database = await open_migrated(url)
    clock = MovableClock(instant("2025-12-30T00:00Z"))
    house = House(database, clock, Discord(clock), library)
    try:
        for guild_id, zone in enumerate(ZONES):
            for campaign in library.by_id.values():
                await house.turn_on(guild_id, campaign, zone)
        await run_until(house, instant("2028-01-02T00:00Z"))
    finally:
        await database.close()
    return written(house, dict(enumerate(ZONES)))


def test_the_calendar_of_two_years_is_what_the_engine_posts_in_them(
    run: Run, database_url: str, library: CampaignLibrary
) -> None:
    posted = run_sync(live_through(database_url, library))
    for guild_id, zone in enumerate(ZONES):
        mine = [line | {"channel": None} for line in posted if line["channel"] == guild_id]
        assert read(run(*YEARS, "--zone", zone, "--json")) == in_order(mine), zone
        assert len(mine) == 2 * 13


def test_each_line_has_what_was_promised_and_the_days_steps(run: Run) -> None:
    days = ("--from", "2027-09-26", "--to", "2027-10-11", "--zone", "Asia/Kathmandu")
    lines = read(run(*days, "--json"))
    assert [line["step"] for line in lines] == [-14, -7, -1, 0, 1]
    assert lines[3] == {
        "at": "2027-10-10T04:15:00Z",
        "local": "2027-10-10T10:00:00+05:45",
        "kind": "campaign",
        "campaign": "world-mental-health-day",
        "step": 0,
        "channel": None,
    }
    assert all(list(line) == list(lines[0]) for line in lines)


def test_the_first_and_the_last_day_count_as_the_zone_has_them(run: Run) -> None:
    for zone in ZONES:
        day = ("--from", "2027-10-10", "--to", "2027-10-10", "--zone", zone, "--json")
        (line,) = read(run(*day))
        assert line["local"].startswith("2027-10-10T10:00:00")


def test_without_json_the_same_posts_are_told_in_words(run: Run) -> None:
    ended = run("--from", "2027-10-09", "--to", "2027-10-11", "--zone", "Europe/Berlin")
    assert ended.stdout.splitlines() == [
        "2027-10-09T10:00:00+02:00  campaign world-mental-health-day -1 days",
        "2027-10-10T10:00:00+02:00  campaign world-mental-health-day the day",
        "2027-10-11T10:00:00+02:00  campaign world-mental-health-day +1 days",
    ]


def test_days_without_a_post_are_said_to_have_none(run: Run) -> None:
    days = ("--from", "2027-01-01", "--to", "2027-01-02")
    assert run(*days).stdout == "Nothing would be posted between these days.\n"
    assert read(run(*days, "--json")) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2027-10-11", "--to", "2027-10-10"), "--to: is before --from"),
        ((*YEARS, "--zone", "Europe/Atlantis"), "--zone: there is no time zone called 'Europe/At"),
        ((*YEARS, "--zone", "America"), "--zone: there is no time zone called 'America'"),
        ((*YEARS, "--zone", "../etc/passwd"), "--zone: there is no time zone called"),
        ((*YEARS, "--zone", ""), "--zone: there is no time zone called"),
        (("--from", "1969-12-31", "--to", "2027-10-10"), "Choose days from 1971 to 9996."),
        (("--from", "2027-10-10", "--to", "9999-12-31"), "Choose days from 1971 to 9996."),
    ],
)
def test_what_cannot_be_listed_ends_with_2_and_a_sentence(
    run: Run, arguments: tuple[str, ...], words: str
) -> None:
    ended = run(*arguments, "--json")
    assert (ended.exit_code, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith(words)
    assert line.endswith(".")


@pytest.mark.parametrize("days", [("--from", "tomorrow", "--to", "2027-10-10"), YEARS[:2], ()])
def test_days_that_are_missing_or_no_dates_are_told_by_name(
    run: Run, days: tuple[str, ...]
) -> None:
    ended = run(*days)
    assert ended.exit_code == 2
    assert "--from" in ended.stderr or "--to" in ended.stderr


def scheduled(channel_id: int, kind: str, recurrence: Recurrence) -> Schedule:
    """A schedule of community 5 that posts a text of its own."""
    return replace(at_five(5), kind=kind, channel_id=channel_id, recurrence=recurrence, guild_id=5)


async def fill(database: Database, library: CampaignLibrary) -> tuple[House, dict[int, str]]:
    """Community 5 with tips, notes, and campaigns; its neighbour 6. And the channels' zones."""
    clock = MovableClock(instant("2026-12-30T12:00Z"))
    house = House(database, clock, Discord(clock), library, (TIPS, NOTES))
    berlin, away = "Europe/Berlin", "Pacific/Kiritimati"
    clamped = monthly_on(date(2027, 1, 1), 31, date(2027, 11, 30), is_clamped=True)
    first = monthly_on(date(2027, 1, 1), 1, None, is_clamped=False)
    schedules = [
        scheduled(51, TIPS, Recurrence(570, berlin, frozenset({1}))),
        scheduled(52, NOTES, Recurrence(600, away, days=clamped)),
        scheduled(53, NOTES, Recurrence(600, berlin, days=once(date(2027, 10, 10)))),
        scheduled(54, TIPS, Recurrence(600, berlin)),
        replace(at_five(6), kind=TIPS, recurrence=Recurrence(0, "UTC", days=first)),
    ]
    async with database.transaction() as tx:
        saved = [await house.schedules.save(tx, schedule) for schedule in schedules]
        await house.schedules.skip_next(tx, saved[0])
        await house.schedules.pause(tx, saved[3])
    campaigns = library.by_id
    await house.turn_on(5, campaigns[WMHD], "Pacific/Chatham", 555, (-7, 0, 1))
    await house.turn_on(5, campaigns["mental-health-awareness-month"], "Pacific/Chatham")
    await house.turn_on(5, campaigns["world-suicide-prevention-day"], "Pacific/Chatham")
    stopped = await house.schedule(5, campaigns["mental-health-awareness-month"])
    await house.campaigns.turn_off(MODERATOR, stopped)
    await house.campaigns.skip(MODERATOR, await house.schedule(5, campaigns[WMHD]), "2027-10-03")
    return house, {51: berlin, 52: away, 53: berlin, 5: "Pacific/Chatham", 60: "UTC"}


async def live_with_schedules(url: str, library: CampaignLibrary) -> list[Line]:
    """What the engine posts in 2027 and a little around it."""
    database = await open_migrated(url)
    try:
        house, zones = await fill(database, library)
        await run_until(house, instant("2028-01-02T00:00Z"))
        return written(house, zones)
    finally:
        await database.close()


async def only_fill(url: str, library: CampaignLibrary) -> None:
    """The schedules, and no time that passes."""
    database = await open_migrated(url)
    try:
        await fill(database, library)
    finally:
        await database.close()


def span(first: date, last: date, zone: str) -> tuple[str, str]:
    """The instants between which days lie in a zone, as lines say them."""
    begin = datetime.combine(first, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    return begin.strftime("%Y-%m-%dT%H:%M:%SZ"), end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_calendar_of_a_community_is_what_its_schedules_then_post(
    run: Run, database_url: str, library: CampaignLibrary
) -> None:
    run_sync(only_fill(database_url, library))
    found = {}
    for zone in ("UTC", "Etc/GMT+12", "Pacific/Kiritimati", "Europe/Berlin"):
        days = ("--from", "2027-01-01", "--to", "2027-12-31", "--zone", zone)
        found[zone] = read(run(*days, "--guild", "5", "--json", url=database_url))
    other = ("--from", "2027-01-01", "--to", "2027-12-31", "--guild")
    neighbour = read(run(*other, "6", "--json", url=database_url))
    assert run(*other, "7", url=database_url).stdout.startswith("Nothing would be posted")
    run_sync(forget(database_url))

    posted = run_sync(live_with_schedules(database_url, library))

    for zone, lines in found.items():
        begin, end = span(date(2027, 1, 1), date(2027, 12, 31), zone)
        mine = [line for line in posted if begin <= line["at"] < end and line["channel"] != 60]
        assert in_order(lines) == in_order(mine), zone
        assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    by_day = {line["local"][:10] for line in found["UTC"] if line["campaign"] == WMHD}
    assert by_day == {"2027-10-10", "2027-10-11"}  # a week before is left out
    assert {line["channel"] for line in found["UTC"]} == {5, 51, 52, 53}
    tips = [line["local"][:10] for line in found["Europe/Berlin"] if line["channel"] == 51]
    assert tips[0] == "2027-01-12"  # the first Tuesday is left out
    assert len(neighbour) == 12


async def forget(url: str) -> None:
    """Take both communities' schedules out again."""
    database = await open_migrated(url)
    clock = MovableClock(0)
    house = House(database, clock, Discord(clock), CampaignLibrary({}))
    try:
        async with database.transaction() as tx:
            for guild_id in (5, 6):
                await house.schedules.remove_guild(tx, guild_id)
    finally:
        await database.close()


def test_a_campaign_that_an_update_took_out_is_left_out_of_the_calendar(
    run: Run, database_url: str, library: CampaignLibrary
) -> None:
    gone = library.by_id[WMHD].model_copy(update={"id": "gone"})
    run_sync(only_on(database_url, CampaignLibrary({**library.by_id, "gone": gone})))
    lines = read(run(*YEARS, "--guild", "1", "--json", url=database_url))
    assert {line["campaign"] for line in lines} == {WMHD}


async def only_on(url: str, library: CampaignLibrary) -> None:
    """Two campaigns turned on in community 1."""
    database = await open_migrated(url)
    clock = MovableClock(instant("2026-01-01T00:00Z") - 2 * DAY - HOUR)
    house = House(database, clock, Discord(clock), library)
    try:
        for campaign_id in ("gone", WMHD):
            await house.turn_on(1, library.by_id[campaign_id], "UTC")
    finally:
        await database.close()


async def with_an_event(url: str) -> None:
    """A community with a live event, its thread, and somebody who wants letters."""
    database = await open_migrated(url)
    clock = MovableClock(NOON)
    room = Room(database, clock, Discord(clock), Far(clock))
    try:
        event = await room.change(await room.planned(), thread_id=THREAD)
        await room.come(event, ANA)
        paused = await room.planned(guild_id=HOME + 1)
        async with database.transaction() as tx:
            await room.schedules.switch_off(tx, paused.guild_id)
    finally:
        await database.close()


def test_what_an_event_posts_in_channels_is_listed_and_no_letter(
    run: Run, database_url: str
) -> None:
    run_sync(with_an_event(database_url))
    days = ("--from", "2027-03-14", "--to", "2027-03-17", "--guild")
    assert run(*days, str(HOME + 1), url=database_url).stdout.startswith("Nothing would be")
    lines = read(run(*days, str(HOME), "--json", url=database_url))
    assert [(line["at"], line["channel"]) for line in lines] == [
        ("2027-03-14T12:01:00Z", CHANNEL),
        ("2027-03-15T18:00:00Z", THREAD),
        ("2027-03-16T17:45:00Z", THREAD),
    ]
    assert {(line["kind"], line["campaign"], line["step"]) for line in lines} == {
        ("event", None, None)
    }
