"""Rules for dates against an oracle that walks the calendar day by day, alone and with zones."""

import calendar
import re
import zoneinfo
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.delivery.days import (
    around,
    every_weeks,
    monthly_on,
    monthly_weekday,
    once,
    parse_days,
)
from bot.delivery.times import Recurrence, Run, next_run, runs_between
from tests.unit.test_times import (
    Era,
    eras_of,
    expected_at,
    instant,
    wall_time,
    zones_by_eras,
)

WEEK = 7
DAY, HOUR = 86_400, 3_600
IsDay = Callable[[date], bool]
ZONES = sorted(zoneinfo.available_timezones() - {"localtime"})
RESTLESS = [
    "Africa/Casablanca",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Chatham",
]
"""Zones whose clocks change at midnight, by half an hour, by two hours, or four times a year."""


class Rule(NamedTuple):
    """A rule as text, and the same in words of the calendar: what the oracle asks of each date."""

    text: str
    start: date
    is_day: IsDay


def ordinals(rule: Rule, first: int, last: int) -> list[int]:
    """Every date of a rule between two (proleptic ordinals), found by looking at each of them."""
    return [day for day in range(first, last + 1) if rule.is_day(date.fromordinal(day))]


def is_within(day: date, start: date, until: date | None) -> bool:
    return start <= day and (until is None or day <= until)


def month_length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


starts = st.dates(date(2023, 6, 1), date(2030, 12, 31))


@st.composite
def start_and_end(draw: st.DrawFn) -> tuple[date, date | None]:
    """A start, and no end or one: before the start, on it, or up to three years later."""
    start = draw(starts)
    days = draw(st.none() | st.integers(-3, 3 * 366))
    return start, None if days is None else start + timedelta(days=days)


@st.composite
def weekly_rules(draw: st.DrawFn) -> Rule:
    start, until = draw(start_and_end())
    weekdays = draw(st.lists(st.integers(0, 6), min_size=1, max_size=7))
    weeks = draw(st.integers(1, 6) | st.integers(1, 52))
    first_monday = start - timedelta(days=start.weekday())

    def is_day(day: date) -> bool:
        passed = (day - first_monday).days // WEEK
        return is_within(day, start, until) and day.weekday() in weekdays and passed % weeks == 0

    return Rule(every_weeks(start, weekdays, weeks, until), start, is_day)


@st.composite
def monthly_rules(draw: st.DrawFn) -> Rule:
    start, until = draw(start_and_end())
    number = draw(st.integers(1, 31) | st.integers(28, 31))
    is_clamped = draw(st.booleans())

    def is_day(day: date) -> bool:
        wanted = min(number, month_length(day)) if is_clamped else number
        return is_within(day, start, until) and day.day == wanted

    return Rule(monthly_on(start, number, until, is_clamped=is_clamped), start, is_day)


@st.composite
def monthly_weekday_rules(draw: st.DrawFn) -> Rule:
    start, until = draw(start_and_end())
    weekday, number = draw(st.integers(0, 6)), draw(st.sampled_from([1, 2, 3, 4, -1]))

    def is_day(day: date) -> bool:
        place = (day.day - 1) // WEEK + 1
        is_last = day.day + WEEK > month_length(day)
        is_it = is_last if number == -1 else place == number
        return is_within(day, start, until) and day.weekday() == weekday and is_it

    return Rule(monthly_weekday(start, weekday, number, until), start, is_day)


@st.composite
def single_rules(draw: st.DrawFn) -> Rule:
    start = draw(starts)
    return Rule(once(start), start, lambda day: day == start)


def anchored(month: int, day_of_month: int, offsets: list[int], start: date) -> Rule:
    def is_day(day: date) -> bool:
        anchors = [day - timedelta(days=offset) for offset in offsets]
        return (month, day_of_month) in {(anchor.month, anchor.day) for anchor in anchors}

    return Rule(around(month, day_of_month, offsets), start, is_day)


@st.composite
def anchored_rules(draw: st.DrawFn) -> Rule:
    month = draw(st.integers(1, 12) | st.sampled_from([1, 3, 12]))
    last = calendar.monthrange(2001, month)[1]
    day_of_month = draw(st.integers(1, last) | st.sampled_from([1, last]))
    near = st.integers(-3, 3) | st.integers(-60, 60) | st.integers(-366, 366)
    offsets = draw(st.lists(near, min_size=1, max_size=6))
    return anchored(month, day_of_month, offsets, draw(starts))


every_rule = (
    weekly_rules() | monthly_rules() | monthly_weekday_rules() | single_rules() | anchored_rules()
)


@settings(max_examples=500)
@given(rule=every_rule, steps=st.lists(st.integers(-40, 800), min_size=1, max_size=12))
def test_a_rule_agrees_with_the_calendar_in_both_directions(rule: Rule, steps: list[int]) -> None:
    first, last = rule.start.toordinal() - 60, rule.start.toordinal() + 820
    expected = ordinals(rule, first, last)
    days = parse_days(rule.text)

    ahead: list[int] = []
    day = days.next_day(first)
    while day is not None and day <= last:
        ahead.append(day)
        day = days.next_day(day + 1)
    assert ahead == expected

    back: list[int] = []
    day = days.previous_day(last)
    while day is not None and day >= first:
        back.append(day)
        day = days.previous_day(day - 1)
    assert back[::-1] == expected

    for asked in (rule.start.toordinal() + step for step in steps):
        later = expected[bisect_left(expected, asked) :]
        earlier = expected[: bisect_right(expected, asked)]
        found, before = days.next_day(asked), days.previous_day(asked)
        assert found == later[0] if later else found is None or found > last
        assert before == earlier[-1] if earlier else before is None or before < first


@pytest.mark.parametrize(
    ("month", "day", "offsets"),
    [
        (12, 31, [0, 1, 2]),
        (1, 1, [-1, 0]),
        (1, 1, [-366, -365, -14]),
        (12, 31, [365, 366]),
        (3, 1, [-2, -1, 0]),
        (2, 28, [0, 1, 2]),
        (10, 10, [-14, -7, -1, 0, 1]),
    ],
)
def test_days_around_a_date_agree_with_the_calendar_over_leap_years_and_year_ends(
    month: int, day: int, offsets: list[int]
) -> None:
    rule = anchored(month, day, offsets, date(2027, 1, 1))
    first, last = date(2023, 1, 1).toordinal(), date(2033, 12, 31).toordinal()
    days, expected = parse_days(rule.text), ordinals(rule, first, last)
    for asked in range(first, expected[-1] + 1):
        assert days.next_day(asked) == expected[bisect_left(expected, asked)]
    for asked in range(expected[0], last + 1):
        assert days.previous_day(asked) == expected[bisect_right(expected, asked) - 1]


def dates_of(text: str, first: date, count: int) -> list[str]:
    """The next dates of a rule."""
    days, found = parse_days(text), list[str]()
    day: int | None = first.toordinal()
    while len(found) < count and day is not None and (day := days.next_day(day)) is not None:
        found.append(date.fromordinal(day).isoformat())
        day += 1
    return found


def test_the_day_before_1_march_is_the_29th_in_leap_years() -> None:
    found = dates_of(around(3, 1, [-1]), date(2027, 1, 1), 3)
    assert found == ["2027-02-28", "2028-02-29", "2029-02-28"]


def test_a_monthly_31st_skips_short_months_or_clamps_as_chosen() -> None:
    start = date(2028, 1, 31)
    skips = dates_of(monthly_on(start, 31, None, is_clamped=False), start, 3)
    clamps = dates_of(monthly_on(start, 31, None, is_clamped=True), start, 4)
    assert skips == ["2028-01-31", "2028-03-31", "2028-05-31"]
    assert clamps == ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]


def test_a_month_whose_clamped_day_is_before_the_start_has_none() -> None:
    start = date(2027, 1, 31)
    assert dates_of(monthly_on(start, 30, None, is_clamped=True), start, 1) == ["2027-02-28"]


def test_every_second_week_counts_from_the_week_of_the_start() -> None:
    sunday = date(2027, 1, 3)  # the last day of its week: its Monday is past
    found = dates_of(every_weeks(sunday, [0, 6], 2, None), sunday, 3)
    assert found == ["2027-01-03", "2027-01-11", "2027-01-17"]


def test_an_end_is_included_and_after_it_there_is_none() -> None:
    start, until = date(2027, 1, 29), date(2027, 3, 26)
    text = monthly_weekday(start, 4, -1, until)
    assert dates_of(text, start, 9) == ["2027-01-29", "2027-02-26", "2027-03-26"]
    assert parse_days(text).next_day(until.toordinal() + 1) is None
    assert parse_days(text).previous_day(until.toordinal() + 900) == until.toordinal()


@pytest.mark.parametrize(
    "build",
    [
        lambda: every_weeks(date(2027, 1, 1), [], 1, None),
        lambda: every_weeks(date(2027, 1, 1), [7], 1, None),
        lambda: every_weeks(date(2027, 1, 1), [-1], 1, None),
        lambda: every_weeks(date(2027, 1, 1), [0], 0, None),
        lambda: every_weeks(date(2027, 1, 1), [0], 53, None),
        lambda: monthly_on(date(2027, 1, 1), 0, None, is_clamped=True),
        lambda: monthly_on(date(2027, 1, 1), 32, None, is_clamped=False),
        lambda: monthly_weekday(date(2027, 1, 1), 0, 5, None),
        lambda: monthly_weekday(date(2027, 1, 1), 7, 1, None),
        lambda: around(2, 29, [0]),
        lambda: around(4, 31, [0]),
        lambda: around(13, 1, [0]),
        lambda: around(10, 10, []),
        lambda: around(10, 10, [367]),
    ],
)
def test_what_no_calendar_has_is_refused(build: Callable[[], str]) -> None:
    with pytest.raises(ValueError, match=r"Choose|Weekdays|every year|no rule|at most"):
        build()


def read_or_refuse(text: str) -> None:
    """A text is a rule that answers for every date, or a ValueError that quotes it."""
    try:
        days = parse_days(text)
    except ValueError:
        return
    for asked in (date(1970, 1, 1), date(2027, 10, 10), date(2040, 2, 29)):
        found, before = days.next_day(asked.toordinal()), days.previous_day(asked.toordinal())
        assert found is None or found >= asked.toordinal()
        assert before is None or before <= asked.toordinal()


GOOD = [
    around(10, 10, [-14, -7, -1, 0, 1]),
    once(date(2027, 1, 31)),
    every_weeks(date(2027, 1, 1), [0, 4], 2, date(2028, 1, 1)),
    monthly_on(date(2027, 1, 1), 31, date(2028, 1, 1), is_clamped=True),
    monthly_weekday(date(2027, 1, 1), 4, -1, None),
]
PIECES = [
    *"-,;:=0129\n T٣",
    "UNTIL=",
    "BYDAY=",
    "BYMONTHDAY=",
    "99",
    "FREQ=",
    "SECONDLY",
    "OFFSETS",
]


@settings(max_examples=200)
@given(st.text(max_size=60) | st.from_regex(r"ANCHOR:[0-9,;=OFSET -]{0,30}"))
def test_any_text_is_a_rule_or_a_value_error(text: str) -> None:
    read_or_refuse(text)


@settings(max_examples=400)
@given(st.sampled_from(GOOD), st.integers(0, 90), st.integers(0, 9), st.sampled_from(PIECES))
def test_a_rule_with_a_slip_in_it_is_another_rule_or_a_value_error(
    text: str, place: int, length: int, piece: str
) -> None:
    read_or_refuse(text[:place] + piece + text[place + length :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RRULE:FREQ=DAILY",  # from whenever it is read
        "DTSTART:20270101",
        "DTSTART:20271301\nRRULE:FREQ=DAILY;COUNT=1",
        "DTSTART:20270101\nRRULE:FREQ=SECONDLY",
        "DTSTART:20270101\nRRULE:FREQ=DAILY;INTERVAL=0",  # never ends
        "DTSTART:20270101\nRRULE:FREQ=DAILY;BYMONTHDAY=32",
        "DTSTART:20270101T103000\nRRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO",
        "DTSTART;TZID=Europe/Berlin:20270101\nRRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO",
        "DTSTART:20270101\nRRULE:FREQ=DAILY;COUNT=1\nEXDATE:20270101",
        "ANCHOR:",
        "ANCHOR:10-10",
        "ANCHOR:10-10;OFFSETS=",
        "ANCHOR:02-29;OFFSETS=0",
        "ANCHOR:10-10;OFFSETS=" + "9" * 5_000,
    ],
)
def test_a_text_that_is_no_rule_of_ours_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no rule|every year"):
        parse_days(text)
    with pytest.raises(ValueError, match=r"is no rule|every year"):
        Recurrence(600, "UTC", days=text)


@settings(max_examples=300)
@given(
    rule=every_rule,
    minute=st.integers(0, 1_439) | st.sampled_from([0, 30, 90, 150, 1_410]),
    zone=st.sampled_from(RESTLESS) | st.sampled_from(ZONES),
    after=st.integers(instant("2024-01-01T00:00Z"), instant("2029-06-01T00:00Z")),
    days=st.integers(0, 400),
)
@example(  # at 23:30, the clocks go to 00:30 of the next day
    rule=Rule(once(date(2027, 3, 27)), date(2027, 3, 27), date(2027, 3, 27).__eq__),
    minute=1_410,
    zone="America/Nuuk",
    after=instant("2027-03-01T00:00Z"),
    days=60,
)
def test_runs_fall_on_the_dates_of_the_rule_and_follow_the_clock_changes(
    rule: Rule, minute: int, zone: str, after: int, days: int
) -> None:
    recurrence, eras = Recurrence(minute, zone, days=rule.text), eras_of(zone)
    last = after + days * DAY
    near = datetime.fromtimestamp(after, UTC).toordinal() - 3
    expected = [
        run
        for day in ordinals(rule, near, near + days + 6)
        if after < (run := run_on(eras, date.fromordinal(day), minute)).at <= last
    ]
    assert runs_between(recurrence, after + 1, last, 999) == expected
    assert chain(recurrence, after, last) == expected


def run_on(eras: tuple[Era, ...], day: date, minute: int) -> Run:
    """The run for a local date as the rule of the clock changes says it."""
    return Run(day.isoformat(), expected_at(eras, day, minute))


def chain(recurrence: Recurrence, after: int, last: int) -> list[Run]:
    """The runs up to an instant, as a clock that only asks for the next sees them."""
    found: list[Run] = []
    run = next_run(recurrence, after)
    while run is not None and run.at <= last:
        found.append(run)
        run = next_run(recurrence, run.at)
    return found


def test_a_rule_with_an_end_gives_each_date_its_run_at_every_clock_change() -> None:
    for eras, zone in zones_by_eras().items():
        for before, after in pairwise(eras):
            on = datetime.fromtimestamp(after.start + before.offset, UTC).date()
            days = [on + timedelta(days=step) for step in range(-2, 3)]
            text = every_weeks(days[0], range(7), 1, days[-1])
            edges = {(after.start + era.offset) // 60 % 1_440 for era in (before, after)}
            for minute in {0, 1_439, *edges, *((edge - 1) % 1_440 for edge in edges)}:
                recurrence = Recurrence(minute, zone, days=text)
                expected = [run_on(eras, day, minute) for day in days]
                assert chain(recurrence, after.start - 9 * DAY, after.start + 9 * DAY) == expected
                assert runs_between(recurrence, expected[0].at, expected[-1].at, 9) == expected
                for moment in range(after.start - HOUR, after.start + 2 * HOUR, HOUR // 4):
                    passed = [run for run in expected if run.at <= moment]
                    ahead = next((run for run in expected if run.at > moment), None)
                    assert next_run(recurrence, moment) == ahead
                    assert runs_between(recurrence, expected[0].at, moment, 9) == passed


@pytest.mark.parametrize(
    ("zone", "on", "minute", "shown"),
    [
        ("Europe/Berlin", date(2027, 3, 28), 150, "2027-03-28 03:30"),
        ("America/Santiago", date(2026, 9, 6), 30, "2026-09-06 01:30"),
        ("Australia/Lord_Howe", date(2026, 10, 4), 135, "2026-10-04 02:45"),
        ("America/Nuuk", date(2027, 3, 27), 1_410, "2027-03-28 00:30"),
    ],
)
def test_a_time_that_is_skipped_on_a_rules_date_is_as_much_later(
    zone: str, on: date, minute: int, shown: str
) -> None:
    run = next_run(Recurrence(minute, zone, days=once(on)), 0)
    assert run is not None
    assert (run.slot, wall_time(zone, run.at)) == (on.isoformat(), shown)


def test_a_rules_date_that_the_zone_never_had_has_no_run() -> None:
    recurrence = Recurrence(600, "Pacific/Apia", days=around(12, 30, [0]))
    run = next_run(recurrence, instant("2011-01-01T00:00Z"))
    assert run is not None
    assert run.slot == "2012-12-30"


def test_a_rules_run_is_not_forgotten_when_the_clocks_go_back_over_midnight() -> None:
    recurrence = Recurrence(0, "America/St_Johns", days=once(date(2010, 11, 7)))
    last = instant("2010-11-07T02:40Z")  # 00:01 became 23:01, so it is the 6th again
    (run,) = runs_between(recurrence, last - 2 * DAY, last, 9)
    assert run == Run("2010-11-07", instant("2010-11-07T02:30Z"))
    assert next_run(recurrence, last) is None


@pytest.mark.parametrize(
    "text",
    [
        once(date(2027, 1, 29)),
        every_weeks(date(2027, 1, 1), [4], 1, date(2027, 1, 29)),
        monthly_weekday(date(2026, 1, 1), 4, -1, date(2027, 1, 29)),
        monthly_on(date(2026, 1, 1), 29, date(2027, 2, 27), is_clamped=False),
    ],
)
def test_a_rule_that_has_ended_has_no_next_run_and_keeps_its_last(text: str) -> None:
    recurrence, last = Recurrence(600, "UTC", days=text), instant("2027-01-29T10:00Z")
    assert next_run(recurrence, last - 1) == Run("2027-01-29", last)
    assert next_run(recurrence, last) is None
    assert runs_between(recurrence, last, last + 900 * DAY, 9) == [Run("2027-01-29", last)]


def test_a_rule_whose_end_is_before_its_start_never_runs() -> None:
    text = every_weeks(date(2027, 5, 1), range(7), 1, date(2027, 4, 30))
    recurrence = Recurrence(600, "UTC", days=text)
    assert next_run(recurrence, 0) is None
    assert runs_between(recurrence, 0, instant("2040-01-01T00:00Z"), 9) == []


def test_a_rule_is_kept_in_the_words_of_the_standard() -> None:
    assert all(re.match(r"DTSTART:\d{8}\nRRULE:FREQ=[A-Z]+", text) for text in GOOD[1:])
