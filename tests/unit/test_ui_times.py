"""Times and weekdays as people read and type them."""

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.clock import HOUR, MINUTE
from bot.delivery.plans import Plan, Repeat
from bot.delivery.times import next_run
from bot.errors import RefusalError
from bot.i18n import Texts
from cogs.ui.fields import read_date
from cogs.ui.times import in_zone, parse_time, show_days, show_time, stamp, suggest_time

T = Texts()
minutes_of_day = st.integers(0, 1439)


@pytest.mark.parametrize(
    ("text", "minute_of_day"),
    [
        ("9", 540),
        ("09", 540),
        ("9:30", 570),
        ("09:30", 570),
        ("21.30", 1290),
        ("21h30", 1290),
        ("9 pm", 1260),
        ("9pm", 1260),
        ("9:30am", 570),
        ("9:30 P.M.", 1290),
        ("12 am", 0),
        ("12:01am", 1),
        ("12 pm", 720),
        ("0", 0),
        ("00:00", 0),
        ("23:59", 1439),
        ("  7:05  ", 425),
    ],
)
def test_a_time_is_read_as_people_type_it(text: str, minute_of_day: int) -> None:
    assert parse_time(text, T) == minute_of_day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "noon",
        "24:00",
        "9:60",
        "25",
        "13 pm",
        "0 am",
        "9:5",
        "9:300",
        "-9",
        "9:30:00",
        "9 30 xm",
    ],
)
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RefusalError, match="09:30 or 9:30 pm"):
        parse_time(text, T)


@given(minutes_of_day)
def test_a_time_that_was_shown_can_be_typed_again(minute_of_day: int) -> None:
    assert parse_time(show_time(minute_of_day), T) == minute_of_day


@given(minutes_of_day)
def test_a_time_on_a_twelve_hour_clock_is_read_as_the_same_time(minute_of_day: int) -> None:
    hour, minute = divmod(minute_of_day, 60)
    half = "am" if hour < 12 else "pm"

    assert parse_time(f"{hour % 12 or 12}:{minute:02} {half}", T) == minute_of_day


@given(st.from_regex(r"[0-9]{1,2}([:.h][0-9]{2})?( ?[ap]m)?", fullmatch=True))
def test_whatever_is_read_is_a_minute_of_a_day(text: str) -> None:
    with contextlib.suppress(RefusalError):
        assert 0 <= parse_time(text, T) < 1440


@given(st.text(alphabet="@*`<># ", min_size=1, max_size=200))
def test_a_refusal_stays_short_whatever_was_typed(text: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_time(text, T)

    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    ("weekdays", "words"),
    [
        (range(7), "every day"),
        ([4, 3, 2, 1, 0], "Monday to Friday"),
        ([6], "Sunday"),
        ([5, 0], "Monday, Saturday"),
    ],
)
def test_weekdays_are_shown_in_words_and_in_order(weekdays: list[int], words: str) -> None:
    assert show_days(list(weekdays), T) == words


def test_an_instant_is_shown_as_the_wall_clock_of_a_zone_has_it() -> None:
    at = 1_805_025_600

    assert in_zone(at, "UTC") == "Sun 14 Mar 2027, 12:00"
    assert in_zone(at, "Asia/Kolkata") == "Sun 14 Mar 2027, 17:30"
    assert in_zone(at, "Pacific/Kiritimati") == "Mon 15 Mar 2027, 02:00"


def test_both_sides_of_a_clock_change_show_their_own_wall_clock() -> None:
    change = 1_806_195_600

    assert in_zone(change - 1, "Europe/Berlin") == "Sun 28 Mar 2027, 01:59"
    assert in_zone(change, "Europe/Berlin") == "Sun 28 Mar 2027, 03:00"


def test_a_stamp_lets_discord_show_the_readers_own_time() -> None:
    assert stamp(1_805_025_600) == "<t:1805025600:F>"
    assert stamp(1_805_025_600, "R") == "<t:1805025600:R>"


@given(
    st.integers(1_700_000_000, 2_500_000_000),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
@example(1_824_942_600, "Europe/Berlin")
def test_a_suggested_time_is_a_full_hour_that_is_ahead_when_it_is_typed(
    now: int, zone: str
) -> None:
    there = suggest_time(now, zone)
    plan = Plan(Repeat.ONCE, zone, there.hour * 60, there.date())

    run = next_run(plan.recur(), now)

    assert there.minute == there.second == 0
    assert run is not None
    assert 30 * MINUTE <= run.at - now < 30 * MINUTE + 2 * HOUR


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2027-02-31", "no day “2027-02-31”: February 2027 has 28 days"),
        (" 2028-02-30 ", "no day “2028-02-30”: February 2028 has 29 days"),
        ("2027-04-00", "April 2027 has 30 days"),
        ("2027-13-01", "the months are 01 to 12"),
        ("0000-01-01", "can't read “0000-01-01” as a date. Write it like 2027-03-28"),
        ("31 February", "can't read “31 February” as a date. Write it like 2027-03-28"),
    ],
)
def test_a_day_that_does_not_exist_is_refused_for_that_and_not_for_its_format(
    text: str, reason: str
) -> None:
    with pytest.raises(RefusalError, match=reason):
        read_date(text, T)
