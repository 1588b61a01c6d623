"""Announcements: words that can be kept, files that are pictures, and plans in order."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.announcements.rules import BODY_LENGTH, Fault, Words, clean, find_faults, find_format
from bot.clock import MINUTE
from bot.delivery.plans import Plan, Repeat, next_minute, read_plan, write_plan
from bot.delivery.times import next_run
from bot.i18n import Texts
from cogs.ui.plan_forms import FIELDS, plan_values
from cogs.ui.plan_forms import read_plan as read_form

START = date(2027, 3, 15)
PLANS = st.builds(
    Plan,
    repeat=st.sampled_from(Repeat),
    zone=st.sampled_from(("UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati")),
    minute_of_day=st.integers(0, 1439),
    start=st.dates(date(2027, 1, 1), date(2030, 12, 31)),
    until=st.none() | st.dates(date(2031, 1, 1), date(2040, 12, 31)),
    weekdays=st.lists(st.integers(0, 6), min_size=1, unique=True).map(sorted).map(tuple),
    weeks=st.integers(1, 52),
    day=st.integers(1, 31),
    is_clamped=st.booleans(),
    weekday=st.integers(0, 6),
    number=st.sampled_from((1, 2, 3, 4, -1)),
)
NOW = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp())


def expected(plan: Plan, day: date) -> bool:
    """Whether a plan posts on a date: looked at day by day, knowing nothing of rules."""
    if day < plan.start or (plan.until and day > plan.until):
        return False
    tomorrow = day + timedelta(days=1)
    is_last_day = tomorrow.month != day.month
    if plan.repeat is Repeat.ONCE:
        return day == plan.start
    if plan.repeat is Repeat.WEEKS:
        monday = plan.start - timedelta(days=plan.start.weekday())
        weeks = (day - monday).days // 7
        return day.weekday() in plan.weekdays and weeks % plan.weeks == 0
    if plan.repeat is Repeat.DATE:
        return day.day == plan.day or (plan.is_clamped and is_last_day and day.day < plan.day)
    is_last = (day + timedelta(days=7)).month != day.month
    is_right = is_last if plan.number == -1 else (day.day - 1) // 7 + 1 == plan.number
    return day.weekday() == plan.weekday and is_right


@given(PLANS)
def test_a_plan_posts_on_the_dates_that_looking_day_by_day_finds(plan: Plan) -> None:
    recurrence = plan.recur()
    found: list[str] = []
    at = NOW
    while len(found) < 4 and (run := next_run(recurrence, at)) is not None:
        found.append(run.slot)
        at = run.at
    end = date.fromisoformat(found[-1]) if len(found) == 4 else plan.until or plan.start
    days = (date(2027, 1, 1) + timedelta(days=number) for number in range(20_000))
    wanted = []
    for day in days:
        if day > end:
            break
        if expected(plan, day):
            wanted.append(f"{day}")
    assert found == wanted


@given(PLANS)
def test_a_plan_comes_out_of_its_text_as_it_went_in(plan: Plan) -> None:
    assert read_plan(write_plan(plan)) == plan


@given(PLANS)
def test_the_form_of_a_plan_gives_the_same_days_when_it_is_sent_as_it_opened(plan: Plan) -> None:
    values = plan_values(plan, plan.repeat, plan.zone, 0)
    typed = {name: values.get(name) for name in FIELDS[plan.repeat]}

    again = read_form(typed, plan.repeat, plan.zone, plan.start, Texts())

    assert again.recur() == plan.recur()


@given(st.integers(0, 4 * 10**9), st.sampled_from(["UTC", "America/New_York", "Europe/Berlin"]))
@example(1_824_942_600 + 3_600, "Europe/Berlin")
def test_now_is_the_next_full_minute(now: int, zone: str) -> None:
    run = next_run(next_minute(now, zone).recur(), now)

    assert run is not None
    assert 0 < run.at - now <= MINUTE
    assert run.at % MINUTE == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"until": date(2027, 3, 14)}, "before the first"),
        ({"start": date(2100, 1, 1)}, "before the year 2100"),
        ({"until": date(9999, 1, 1)}, "before the year 2100"),
        ({"weekdays": ()}, "at least one weekday"),
        ({"weeks": 53}, "1 to 52"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_a_sentence(
    changes: dict[str, object], reason: str
) -> None:
    values: dict[str, object] = {
        "repeat": Repeat.WEEKS,
        "zone": "UTC",
        "minute_of_day": 0,
        "start": START,
        "weekdays": (0,),
    }
    with pytest.raises(ValueError, match=reason):
        Plan(**values | changes).recur()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"\x89PNG\r\n\x1a\nrest", "png"),
        (b"\xff\xd8\xff\xe0rest", "jpg"),
        (b"GIF87arest", "gif"),
        (b"GIF89arest", "gif"),
        (b"RIFF\n\n\n\nWEBPrest", "webp"),
        (b"RIFF\x00\x00\x00\x00WAVErest", None),
        (b" \x89PNG\r\n\x1a\n", None),
        (b"<svg/>", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(content: bytes, ending: str | None) -> None:
    assert find_format(content) == ending


def test_every_fault_is_named_at_once() -> None:
    words = clean(Words("\u200b", " . ", "http://example.org", "-"))

    assert find_faults(words) == [Fault.TITLE, Fault.BODY, Fault.LINK, Fault.ALT]


def test_markdown_and_paragraphs_stay_and_nothing_is_longer_than_allowed() -> None:
    words = clean(Words("A *title*", "- one\n- **two**\n\n\n\n> three", " https://example.org/ä "))

    assert words == Words("A *title*", "- one\n- **two**\n\n> three", "https://example.org/%C3%A4")
    assert len(clean(Words("x", "y" * 9000)).body) == BODY_LENGTH
