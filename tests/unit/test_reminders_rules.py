"""Reminders: on the right local dates, at their time, in every zone; and what a date stands for."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.campaigns import Campaign, load_campaigns
from bot.delivery.times import next_run
from bot.reminders.rules import Days, Wish, read_slot, recur
from tests.conftest import NOON, ROOT

FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1972, 2150))
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
DATES = st.dates(date(2001, 1, 1), date(2001, 12, 31))


@cache
def wmhd() -> Campaign:
    """The campaign that ships."""
    return load_campaigns(ROOT / "data").by_id["world-mental-health-day"]


def on(day: date) -> Campaign:
    """The same on another day of the year."""
    return wmhd().model_copy(update={"month": day.month, "day": day.day})


def wish(days: Days, zone: str, minute: int = 540, *, yearly: bool = True) -> Wish:
    """What somebody asks for."""
    return Wish("world-mental-health-day", days, minute, zone, yearly, "en")


def runs(campaign: Campaign, asked: Wish, now: int, most: int) -> list[tuple[date, int]]:
    """The next runs: the date that each stands for, and its instant."""
    recurrence, _ = recur(campaign, asked, now)
    found: list[tuple[date, int]] = []
    while len(found) < most and (run := next_run(recurrence, now)) is not None:
        found.append((date.fromisoformat(run.slot), run.at))
        now = run.at
    return found


@settings(max_examples=150)
@given(
    DATES,
    st.sampled_from(Days),
    st.sampled_from(ZONES),
    st.integers(0, 1439),
    st.integers(FIRST, LAST),
)
def test_every_year_each_day_has_one_run_at_its_local_time(
    day: date, days: Days, zone: str, minute: int, now: int
) -> None:
    found = runs(on(day), wish(days, zone, minute), now, 4 * len(days.offsets))
    where = ZoneInfo(zone)
    wanted: list[tuple[date, int]] = []
    year = datetime.fromtimestamp(now, where).year - 1
    while len(wanted) < len(found):
        for offset in days.offsets:
            # An independent reading: Python's own arithmetic on wall clocks (PEP 495, fold 0).
            local = date(year, day.month, day.day) + timedelta(days=offset)
            wall = datetime.combine(local, datetime.min.time(), where)
            at = int(wall.replace(hour=minute // 60, minute=minute % 60).timestamp())
            noon = wall.replace(hour=12).timestamp()
            if at > now and datetime.fromtimestamp(noon, where).date() == local:
                wanted.append((local, at))
        year += 1
    assert found == wanted[: len(found)]


@settings(max_examples=150)
@given(
    DATES,
    st.sampled_from(Days),
    st.sampled_from(ZONES),
    st.integers(0, 1439),
    st.integers(FIRST, LAST),
)
def test_once_it_comes_on_what_is_left_of_one_round_and_never_again(
    day: date, days: Days, zone: str, minute: int, now: int
) -> None:
    asked = wish(days, zone, minute, yearly=False)
    campaign = on(day)
    _, year = recur(campaign, asked, now)

    found = runs(campaign, asked, now, 5)

    assert year is not None
    assert 1 <= len(found) <= len(days.offsets)
    assert all(read_slot(campaign, local) is not None for local, _ in found)
    assert {local for local, _ in found} <= {
        date(year, day.month, day.day) + timedelta(days=offset) for offset in days.offsets
    }
    yearly = runs(campaign, wish(days, zone, minute), now, len(found))
    assert found == yearly


def test_too_late_on_the_day_means_next_year() -> None:
    now = int(datetime(2027, 10, 10, 9, 0, tzinfo=UTC).timestamp())
    asked = wish(Days.BOTH, "UTC", 540, yearly=False)

    assert recur(wmhd(), asked, now)[1] == 2028
    assert recur(wmhd(), asked, now - 1)[1] == 2027
    assert [day for day, _ in runs(wmhd(), asked, now - 1, 5)] == [date(2027, 10, 10)]


def test_the_day_before_the_first_of_march_knows_leap_years() -> None:
    found = runs(on(date(2001, 3, 1)), wish(Days.EVE, "Europe/Berlin"), NOON, 2)

    assert [day for day, _ in found] == [date(2028, 2, 29), date(2029, 2, 28)]


def test_the_day_before_new_year_belongs_to_the_year_that_begins() -> None:
    now = int(datetime(2027, 12, 30, tzinfo=UTC).timestamp())

    assert recur(on(date(2001, 1, 1)), wish(Days.EVE, "UTC", yearly=False), now)[1] == 2028


@pytest.mark.parametrize(
    ("zone", "day", "minute", "local"),
    [
        ("Europe/Berlin", date(2027, 3, 28), 150, "2027-03-28T03:30:00+02:00"),  # skipped
        ("Europe/Berlin", date(2027, 10, 31), 150, "2027-10-31T02:30:00+02:00"),  # twice
        ("Australia/Lord_Howe", date(2027, 10, 3), 135, "2027-10-03T02:45:00+11:00"),
        ("Asia/Kathmandu", date(2027, 10, 10), 540, "2027-10-10T09:00:00+05:45"),
        ("Pacific/Kiritimati", date(2027, 10, 10), 0, "2027-10-10T00:00:00+14:00"),
    ],
)
def test_where_clocks_change_it_comes_once(zone: str, day: date, minute: int, local: str) -> None:
    ((_, at),) = runs(on(day), wish(Days.DAY, zone, minute, yearly=False), NOON, 3)

    assert datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat() == local


def test_a_zone_that_never_had_the_date_gets_the_next_year() -> None:
    """Samoa had no 30 December 2011."""
    now = int(datetime(2011, 6, 1, tzinfo=UTC).timestamp())
    asked = wish(Days.DAY, "Pacific/Apia", yearly=False)

    assert recur(on(date(2001, 12, 30)), asked, now)[1] == 2012


@pytest.mark.parametrize(
    ("local", "meant"),
    [
        (date(2027, 10, 10), (date(2027, 10, 10), False)),
        (date(2027, 10, 9), (date(2027, 10, 10), True)),
        (date(2027, 10, 11), None),
        (date(2027, 5, 1), None),
    ],
)
def test_a_date_says_which_day_it_reminds_of(local: date, meant: tuple[date, bool] | None) -> None:
    assert read_slot(wmhd(), local) == meant
