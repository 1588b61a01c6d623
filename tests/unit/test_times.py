"""When a schedule runs, over every zone and every clock change from 2024 to 2030."""

import zoneinfo
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery import times
from bot.delivery.times import (
    Recurrence,
    Run,
    runs_between,
    weekday_mask,
    weekdays_of,
)

DAY = 86_400
EVERY_DAY = frozenset(range(7))
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2030, 12, 31)
DATES = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
# The changes are looked for in a little more, so that both ends have their surroundings.
SCAN = range(
    int(datetime(2023, 12, 20, tzinfo=UTC).timestamp()),
    int(datetime(2031, 1, 12, tzinfo=UTC).timestamp()),
    DAY,
)


def next_run(recurrence: Recurrence, after: int) -> Run:
    """The next run of a schedule that never ends."""
    run = times.next_run(recurrence, after)
    assert run is not None
    return run


class Era(NamedTuple):
    """A time without clock changes: from ``start`` on, local time is UTC plus ``offset``."""

    start: int
    offset: int


def offset_at(zone: zoneinfo.ZoneInfo, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


@cache
def eras_of(name: str) -> tuple[Era, ...]:
    """Return the eras of a zone, found by asking for its offset and nothing else."""
    zone = zoneinfo.ZoneInfo(name)
    eras = [Era(SCAN.start, offset_at(zone, SCAN.start))]
    for day in SCAN:
        if offset_at(zone, day) == eras[-1].offset:
            continue
        before, after = day - DAY, day
        while after - before > 1:
            middle = (before + after) // 2
            if offset_at(zone, middle) == eras[-1].offset:
                before = middle
            else:
                after = middle
        eras.append(Era(after, offset_at(zone, after)))
    return tuple(eras)


@cache
def zones_by_eras() -> dict[tuple[Era, ...], str]:
    """Return one zone for each way in which the clocks of the world's zones change."""
    return {eras_of(name): name for name in sorted(zoneinfo.available_timezones() - {"localtime"})}


def seconds_of(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY


def expected_at(eras: tuple[Era, ...], day: date, minute: int) -> int:
    """Return when a local minute is, from the rule: the first time it is shown, else shifted."""
    wall = seconds_of(day) + minute * 60
    ends = [*(era.start for era in eras[1:]), SCAN.stop]
    shown = [
        wall - era.offset
        for era, end in zip(eras, ends, strict=True)
        if era.start <= wall - era.offset < end
    ]
    if shown:
        return min(shown)
    skipped = [
        wall - before.offset
        for before, after in pairwise(eras)
        if after.start + before.offset <= wall < after.start + after.offset
    ]
    assert len(skipped) == 1
    return skipped[0]


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def wall_time(zone: str, at: int) -> str:
    return datetime.fromtimestamp(at, zoneinfo.ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def run_for(zone: str, slot: str, clock: str) -> Run:
    """Return the run that stands for a local date, found by asking from well before it."""
    hour, minute = map(int, clock.split(":"))
    recurrence = Recurrence(hour * 60 + minute, zone, EVERY_DAY)
    run = next_run(recurrence, instant(f"{slot}T00:00Z") - 2 * DAY)
    while run.slot < slot:
        run = next_run(recurrence, run.at)
    return run


def chain_of_runs(recurrence: Recurrence, first: int, last: int) -> list[Run]:
    """Return the runs from ``first`` to ``last`` as a clock that only asks for the next sees."""
    runs: list[Run] = []
    run = next_run(recurrence, first - 1)
    while run.at <= last:
        runs.append(run)
        run = next_run(recurrence, run.at)
    return runs


instants = st.integers(instant("2024-01-01T00:00Z"), instant("2030-12-31T00:00Z"))
recurrences = st.builds(
    Recurrence,
    st.integers(0, 1_439),
    st.sampled_from(sorted(zoneinfo.available_timezones() - {"localtime"})),
    st.frozensets(st.integers(0, 6), min_size=1),
)
thorough = settings(max_examples=400, deadline=None)


@pytest.mark.parametrize("minute", [0, 30, 150, 1_410, 1_439])
def test_every_local_date_of_every_zone_has_exactly_one_run_at_its_time(minute: int) -> None:
    first, last = seconds_of(FIRST_DAY) - 2 * DAY, seconds_of(LAST_DAY) + 2 * DAY
    for eras, zone in zones_by_eras().items():
        found = runs_between(Recurrence(minute, zone, EVERY_DAY), first, last, len(DATES) + 9)
        slots = {run.slot: run.at for run in found}
        assert len(slots) == len(found), zone
        starts = [era.start for era in eras]
        for day in DATES:
            plain = seconds_of(day) + minute * 60
            near = bisect_right(starts, plain)
            eras_near = eras[max(near - 2, 0) : near + 2]
            assert slots[day.isoformat()] == expected_at(eras_near, day, minute), (zone, day)


@pytest.mark.parametrize("minute", [0, 90, 1_425])
def test_runs_come_in_the_order_of_their_dates_in_every_zone(minute: int) -> None:
    for zone in zones_by_eras().values():
        recurrence = Recurrence(minute, zone, EVERY_DAY)
        runs = runs_between(recurrence, SCAN.start, SCAN.stop, len(SCAN) + 9)
        rising = (run.at < later.at and run.slot < later.slot for run, later in pairwise(runs))
        assert all(rising), zone


def test_the_next_run_is_right_at_every_edge_of_every_clock_change() -> None:
    changes = {
        (before, after): zone
        for eras, zone in zones_by_eras().items()
        for before, after in pairwise(eras)
    }
    assert len(changes) > 300
    for (before, after), zone in changes.items():
        eras = eras_of(zone)
        edges = {(after.start + era.offset) // 60 for era in (before, after)}
        middle = sum(edges) // 2
        minutes = {(edge + step) % 1_440 for edge in (*edges, middle) for step in (-1, 0, 1)}
        change_on = datetime.fromtimestamp(after.start, UTC).date()
        days = [change_on + timedelta(days=n) for n in range(-4, 5)]
        for minute in minutes:
            expected = sorted((expected_at(eras, day, minute), day.isoformat()) for day in days)
            recurrence = Recurrence(minute, zone, EVERY_DAY)
            asked = {after.start + n * 1_800 for n in range(-5, 6)} | {
                at + n for at, _ in expected[2:-2] for n in (-1, 0, 1)
            }
            for moment in asked:
                run = next_run(recurrence, moment)
                due = next(pair for pair in expected if pair[0] > moment)
                assert (run.at, run.slot) == due, (zone, minute, moment)


@thorough
@given(recurrences, instants)
def test_the_wall_shows_the_asked_time_unless_the_clocks_skip_it(
    recurrence: Recurrence, after: int
) -> None:
    zone = zoneinfo.ZoneInfo(recurrence.zone)
    run = next_run(recurrence, after)
    asked = datetime.fromisoformat(run.slot) + timedelta(minutes=recurrence.minute_of_day)
    shown = datetime.fromtimestamp(run.at, zone).replace(tzinfo=None)
    skipped = offset_at(zone, run.at) - offset_at(zone, run.at - 3 * 3_600)
    assert shown in (asked, asked + timedelta(seconds=max(skipped, 0)))


@thorough
@given(recurrences, instants)
def test_runs_fall_on_the_chosen_weekdays_and_miss_none(recurrence: Recurrence, after: int) -> None:
    run = next_run(recurrence, after)
    later = next_run(recurrence, run.at)
    day = date.fromisoformat(run.slot) + timedelta(days=1)
    while day.weekday() not in recurrence.weekdays:
        day += timedelta(days=1)
    assert later.slot == day.isoformat()


@thorough
@given(recurrences, instants, st.integers(0, 60 * DAY), st.integers(0, 60 * DAY))
def test_starting_again_at_any_instant_gives_the_same_runs(
    recurrence: Recurrence, first: int, length: int, stop: int
) -> None:
    last = first + length
    stop = min(first + stop, last)
    again = chain_of_runs(recurrence, first, stop) + chain_of_runs(recurrence, stop + 1, last)
    assert again == chain_of_runs(recurrence, first, last)


@thorough
@given(recurrences, instants, st.integers(0, 60 * DAY))
def test_looking_back_gives_the_runs_that_looking_ahead_gave(
    recurrence: Recurrence, first: int, length: int
) -> None:
    ahead = chain_of_runs(recurrence, first, first + length)
    assert runs_between(recurrence, first, first + length, 100) == ahead


@thorough
@given(recurrences, instants, st.integers(0, 60 * DAY), st.integers(0, 5))
def test_a_limit_keeps_the_latest_runs(
    recurrence: Recurrence, first: int, length: int, limit: int
) -> None:
    every = runs_between(recurrence, first, first + length, 100)
    kept = runs_between(recurrence, first, first + length, limit)
    assert kept == every[max(len(every) - limit, 0) :]


@pytest.mark.parametrize(
    ("zone", "slot", "clock", "shown"),
    [
        ("Europe/Berlin", "2027-03-28", "02:30", "2027-03-28 03:30"),
        ("America/New_York", "2027-03-14", "02:00", "2027-03-14 03:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-04 02:45"),
        ("Antarctica/Troll", "2027-03-28", "01:30", "2027-03-28 03:30"),
        ("America/Santiago", "2026-09-06", "00:30", "2026-09-06 01:30"),
        ("Africa/Cairo", "2027-04-30", "00:00", "2027-04-30 01:00"),
        ("Asia/Beirut", "2027-03-28", "00:15", "2027-03-28 01:15"),
        ("America/Nuuk", "2027-03-27", "23:30", "2027-03-28 00:30"),
    ],
)
def test_a_time_that_the_clocks_skip_runs_as_much_later_as_they_skip(
    zone: str, slot: str, clock: str, shown: str
) -> None:
    run = run_for(zone, slot, clock)
    assert (run.slot, wall_time(zone, run.at)) == (slot, shown)


@pytest.mark.parametrize(
    ("zone", "slot", "clock", "at"),
    [
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30Z"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30Z"),
        ("Australia/Lord_Howe", "2027-04-04", "01:45", "2027-04-03T14:45Z"),
        ("Antarctica/Troll", "2026-10-25", "02:00", "2026-10-25T00:00Z"),
        ("Asia/Beirut", "2026-10-24", "23:30", "2026-10-24T20:30Z"),
        ("America/Nuuk", "2026-10-24", "23:30", "2026-10-25T00:30Z"),
    ],
)
def test_a_time_that_comes_twice_runs_once_at_the_first(
    zone: str, slot: str, clock: str, at: str
) -> None:
    assert run_for(zone, slot, clock) == Run(slot, instant(at))


def test_a_run_pushed_past_midnight_leaves_the_next_date_its_own() -> None:
    pushed = run_for("America/Nuuk", "2027-03-27", "23:30")
    following = next_run(Recurrence(1_410, "America/Nuuk", EVERY_DAY), pushed.at)
    assert wall_time("America/Nuuk", following.at) == "2027-03-28 23:30"


def test_clocks_set_back_over_midnight_repeat_no_slot() -> None:
    recurrence = Recurrence(0, "America/St_Johns", EVERY_DAY)  # 00:01 became 23:01 in 2010
    last = instant("2010-11-07T02:40Z")
    slots = [run.slot for run in runs_between(recurrence, last - 2 * DAY, last, 9)]
    ahead = next_run(recurrence, last)
    assert [*slots, ahead.slot] == ["2010-11-06", "2010-11-07", "2010-11-08"]


def test_a_date_that_the_zone_never_had_has_no_run() -> None:
    recurrence = Recurrence(600, "Pacific/Apia", EVERY_DAY)
    before = run_for("Pacific/Apia", "2011-12-29", "10:00")
    after = next_run(recurrence, before.at)
    assert (after.slot, after.at - before.at) == ("2011-12-31", DAY)


def test_nothing_runs_between_instants_in_the_wrong_order() -> None:
    recurrence = Recurrence(0, "UTC", EVERY_DAY)
    assert runs_between(recurrence, 10 * DAY, 5 * DAY, 9) == []


def test_a_run_at_either_end_counts() -> None:
    recurrence = Recurrence(0, "UTC", EVERY_DAY)
    found = runs_between(recurrence, 10 * DAY, 11 * DAY, 9)
    assert [run.at for run in found] == [10 * DAY, 11 * DAY]


@pytest.mark.parametrize("minute", [-1, 1_440])
def test_a_minute_outside_the_day_is_refused(minute: int) -> None:
    with pytest.raises(ValueError, match=r"must be 0 to 1439, not"):
        Recurrence(minute, "UTC", EVERY_DAY)


@pytest.mark.parametrize("zone", ["", "Europe/Atlantis", "America", "../etc/passwd", "a\0b", "/"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match=r"There is no time zone called"):
        Recurrence(0, zone, EVERY_DAY)


@pytest.mark.parametrize("weekdays", [frozenset({7}), frozenset({-1, 3})])
def test_a_weekday_outside_the_week_is_refused(weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match=r"Weekdays are 0 \(Monday\) to 6 \(Sunday\)"):
        Recurrence(0, "UTC", weekdays)


def test_a_recurrence_without_a_weekday_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Choose at least one weekday"):
        Recurrence(0, "UTC", frozenset())


@pytest.mark.parametrize("moment", [-1, instant("9998-01-01T00:00Z")])
def test_an_instant_outside_the_calendar_is_refused(moment: int) -> None:
    with pytest.raises(ValueError, match=r"must lie in the years 1970 to 9997"):
        next_run(Recurrence(0, "UTC", EVERY_DAY), moment)


def test_the_first_instant_of_1970_has_a_next_run() -> None:
    assert next_run(Recurrence(0, "UTC", EVERY_DAY), 0) == Run("1970-01-02", DAY)


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"limit must be 0 or more"):
        runs_between(Recurrence(0, "UTC", EVERY_DAY), 0, DAY, -1)


def test_every_set_of_weekdays_comes_back_from_storage_as_it_was() -> None:
    assert [weekday_mask(weekdays_of(mask)) for mask in range(1, 128)] == list(range(1, 128))


def test_monday_is_stored_as_1_and_sunday_as_64() -> None:
    assert (weekday_mask([0]), weekday_mask([6]), weekday_mask(EVERY_DAY)) == (1, 64, 127)


@pytest.mark.parametrize("weekdays", [[], [7], [-1]])
def test_weekdays_that_cannot_be_stored_are_refused(weekdays: Iterable[int]) -> None:
    with pytest.raises(ValueError, match=r"weekday|Weekdays"):
        weekday_mask(weekdays)


@pytest.mark.parametrize("mask", [0, 128, -1])
def test_a_stored_form_that_is_no_set_of_weekdays_is_refused(mask: int) -> None:
    with pytest.raises(ValueError, match=r"stored as 1 to 127"):
        weekdays_of(mask)
