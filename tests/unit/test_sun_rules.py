"""Follow the sun: where a day has begun, by offsets; checked against the zones themselves."""

import zoneinfo
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaigns import sun
from bot.campaigns.places import world_on
from bot.clock import DAY, HOUR, MINUTE
from tests.unit.test_times import eras_of, expected_at, instant

WMHD = date(2027, 10, 10)
ALL_ZONES = sorted(zoneinfo.available_timezones() - {"localtime"})
days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
some_days = st.sampled_from([WMHD, date(2026, 10, 10), date(2027, 3, 28), date(2028, 1, 1)])
zones = st.sampled_from(ALL_ZONES)
crowds = st.dictionaries(zones, st.integers(1, 40), max_size=12)


def board(day: date, now: int, counts: dict[str, int] | None = None) -> sun.Board:
    """The board of a day at an instant."""
    return sun.make_board(day, now, world_on(day).ladder, counts or {})


@cache
def turning_days() -> tuple[tuple[str, date], ...]:
    """Every zone and local date in whose first or last hours its clocks change."""
    found = []
    for zone in ALL_ZONES:
        for era in eras_of(zone)[1:]:
            shown = datetime.fromtimestamp(era.start, zoneinfo.ZoneInfo(zone))
            if shown.hour < 3 or shown.hour > 21:
                found += [(zone, shown.date() + timedelta(days=more)) for more in (-1, 0, 1)]
    return tuple(found)


def test_world_mental_health_day_is_somewhere_for_50_hours_and_begins_for_26_of_them() -> None:
    whole = board(WMHD, 0)
    assert whole.starts_at == instant("2027-10-09T10:00Z")
    assert whole.starts_at + sun.FILL_SECONDS == instant("2027-10-10T12:00Z")
    assert whole.over_at == instant("2027-10-11T12:00Z")
    assert len(whole.rungs) == 38
    parts = {rung.offset % HOUR // MINUTE for rung in whole.rungs}
    assert parts == {0, 30, 45}  # Kathmandu, Eucla and Chatham; Marquesas, Newfoundland and others


@pytest.mark.parametrize("day", [WMHD, date(2027, 3, 28), date(2027, 9, 5)])
def test_in_every_zone_the_day_begins_at_its_local_midnight(day: date) -> None:
    for zone in ALL_ZONES:
        own = sun.own_day(zone, day)
        assert own.begins_at == expected_at(eras_of(zone), day, 0), zone
        offset = sun.offset_of(zone, day)
        assert own.begins_at == sun.starts_at(day) + sun.EASTMOST - offset
        where = zoneinfo.ZoneInfo(zone)
        assert datetime.fromtimestamp(own.begins_at, where).date() == day, zone
        assert datetime.fromtimestamp(own.begins_at - 1, where).date() < day, zone
        assert offset in world_on(day).ladder


TWO_HOURS = "Antarctica/Troll"
"""The one zone whose clocks change by two hours, from UTC to Norway's summer time."""


@given(st.data())
def test_where_clocks_change_around_midnight_the_own_instant_is_still_the_local_one(
    data: st.DataObject,
) -> None:
    zone, day = data.draw(st.sampled_from(turning_days()))
    own = sun.own_day(zone, day)
    assert own.begins_at == expected_at(eras_of(zone), day, 0)
    assert own.ends_at == expected_at(eras_of(zone), day + timedelta(days=1), 0)
    most = 2 * HOUR if zone == TWO_HOURS else HOUR
    assert abs(own.ends_at - own.begins_at - DAY) <= most


@given(zones, days)
def test_every_zone_is_reached_within_26_hours_and_done_within_50(zone: str, day: date) -> None:
    own = sun.own_day(zone, day)
    start = sun.starts_at(day)
    assert start <= own.begins_at <= start + 26 * HOUR
    assert own.ends_at <= sun.over_at(day) == start + 50 * HOUR


@given(some_days, st.integers(-HOUR, 52 * HOUR), st.integers(0, 20 * HOUR))
def test_the_board_only_fills_from_east_to_west(day: date, after: int, later: int) -> None:
    start = sun.starts_at(day)
    first, second = board(day, start + after), board(day, start + after + later)
    assert second.begun[: len(first.begun)] == first.begun
    assert second.ended[: len(first.ended)] == first.ended
    assert first.begun == first.rungs[: len(first.begun)]
    offsets = [rung.offset for rung in first.rungs]
    assert offsets == sorted(offsets, reverse=True)
    assert all(rung.begins_at <= first.now for rung in first.begun)


@given(some_days, st.integers(-HOUR, 27 * HOUR))
def test_between_now_and_the_next_rung_nothing_changes(day: date, after: int) -> None:
    shown = board(day, sun.starts_at(day) + after)
    rung = shown.upcoming
    if rung is None:
        assert (shown.now >= shown.starts_at + sun.FILL_SECONDS, shown.begun) == (True, shown.rungs)
    else:
        assert board(day, rung.begins_at - 1).begun == shown.begun
        assert len(board(day, rung.begins_at).begun) == len(shown.begun) + 1


@given(some_days, crowds)
def test_counts_add_up_and_each_community_stands_on_the_rung_of_its_midnight(
    day: date, counts: dict[str, int]
) -> None:
    shown = board(day, 0, counts)
    assert shown.communities == sum(counts.values())
    for rung in shown.rungs:
        here = [zone for zone in counts if sun.begin_of(zone, day) == rung.begins_at]
        assert rung.communities == sum(counts[zone] for zone in here)


@given(some_days, crowds)
def test_no_number_below_ten_is_shown_and_none_can_be_subtracted(
    day: date, counts: dict[str, int]
) -> None:
    shown = board(day, 0, counts)
    found = sun.bands(shown.rungs)
    if shown.communities < sun.LEAST:
        assert found == []
        return
    assert all(band.communities >= sun.LEAST for band in found)
    assert sum(band.communities for band in found) == shown.communities
    edges = [edge for band in found for edge in (band.first, band.last)]
    assert edges == sorted(edges, reverse=True)
    assert (edges[0], edges[-1]) == (sun.EASTMOST, sun.WESTMOST)


@given(days, st.integers(-60 * HOUR, 60 * HOUR))
def test_the_round_is_the_one_that_lasts_or_comes_next(day: date, shift: int) -> None:
    if (day.month, day.day) == (2, 29):
        return
    now = sun.starts_at(day) + shift
    found = sun.day_at(day.month, day.day, now)
    assert now < sun.over_at(found)
    before = found.replace(year=found.year - 1)
    assert now >= sun.over_at(before)


def test_the_board_is_posted_when_the_day_begins_first_and_until_it_has_begun_everywhere() -> None:
    recurrence = sun.recur(10, 10)
    start = sun.starts_at(WMHD)
    assert expected_at(eras_of(recurrence.zone), WMHD, recurrence.minute_of_day) == start
    assert sun.welcome_until("UTC", start) == instant("2027-10-10T12:00Z") - 1


def test_a_zone_that_left_the_database_counts_as_utc() -> None:
    assert sun.offset_of("Europe/Atlantis", WMHD) == 0


def test_places_are_those_of_their_offsets_and_only_the_open_sea_has_none() -> None:
    world = world_on(WMHD)
    assert [offset for offset in world.ladder if offset not in world.places] == [sun.WESTMOST]
    assert world.places[14 * HOUR] == ("Kiritimati",)
    assert world.places[5 * HOUR + 45 * MINUTE] == ("Kathmandu",)
    assert world.places[2 * HOUR][0] == "Berlin"
