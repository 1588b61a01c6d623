"""Decisions about campaigns: the words of a year, the dates of the steps, and when days end."""

import zoneinfo
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.campaigns import rules
from bot.clock import DAY, HOUR
from bot.content.campaigns import PLACES, Campaign
from bot.delivery.ports import Schedule
from bot.delivery.times import next_run, runs_between
from tests.unit.test_days import RESTLESS
from tests.unit.test_times import eras_of, instant

SOURCE = {
    "publisher": "A clinic",
    "title": "A day of quiet",
    "url": "https://example.org/quiet",
    "seen_on": "2026-11-22",
}
BODY = "Nobody has to do anything today. "
"""What makes a body long enough."""
ZONES = sorted(zoneinfo.available_timezones() - {"localtime"})
YEARS = range(2024, 2041)
EVERY_PLACE = "|".join(f"{{{place}}}" for place in sorted(PLACES))
ANCHORS = [(10, 10), (9, 10), (5, 1), (1, 1), (12, 31), (2, 28), (3, 1)]
OFFSETS = range(-60, 61)


def text(title: str, body: str = "") -> dict[str, str]:
    """A text as it stands in a file."""
    return {"title": title, "body": body or BODY * 2}


def step(offset: int = 0, *texts: dict[str, str]) -> dict[str, Any]:
    """A step as it stands in a file."""
    own = [text(f"Text {number} of {offset}") for number in range(3)]
    return {"offset": offset, "name": f"Step {offset}", "texts": list(texts) or own}


def campaign(
    *steps: dict[str, Any], month: int = 10, day: int = 10, themes: Sequence[int] = ()
) -> Campaign:
    """A campaign with steps, and themes for some years."""
    return Campaign.model_validate(
        {
            "id": "quiet-day",
            "title": "Quiet Day",
            "about": BODY * 2,
            "month": month,
            "day": day,
            "has_themes": bool(themes),
            "themes": [
                {"year": year, "text": f"Quiet in {year}", "source": SOURCE} for year in themes
            ],
            "hashtags": ["#QuietDay"],
            "how_to_take_part": ["Be quiet.", "Or not."],
            "pack": {
                "captions": ["Quiet one", "Quiet two", "Quiet three"],
                "alt_text": "A plain card.",
                "sharing_safely": ["Slowly.", "In parts.", "Or never."],
            },
            "steps": list(steps) or [step()],
            "sources": [SOURCE],
        }
    )


def composed(
    one: Campaign, year: int, offset: int = 0, options: dict[str, Any] | None = None
) -> rules.CampaignPost:
    """The post of a step that is there."""
    post = rules.compose(one, year, offset, options)
    assert post is not None
    return post


@given(
    plain=st.integers(2, 9),
    themed=st.integers(0, 6),
    order=st.randoms(use_true_random=False),
    years=st.sets(st.sampled_from(YEARS)),
)
def test_no_two_years_in_a_row_have_the_same_text_with_and_without_themes(
    plain: int, themed: int, order: Random, years: set[int]
) -> None:
    texts = [text(f"Plain {number}") for number in range(max(plain, 3 - themed))]
    texts += [text(f"Themed {number}: {{theme}}") for number in range(themed)]
    order.shuffle(texts)
    (only,) = campaign(step(0, *texts), themes=sorted(years)).steps
    found = [rules.text_of(only, year, has_theme=year in years) for year in YEARS]
    assert all(one.title != following.title for one, following in pairwise(found))
    assert {year for one, year in zip(found, YEARS, strict=True) if one.needs_theme} <= years


@pytest.mark.parametrize("count", [3, 4, 5, 8])
def test_texts_without_themes_take_turns_until_each_was_used(count: int) -> None:
    (only,) = campaign(step(0, *[text(f"Number {number}") for number in range(count)])).steps
    titles = {rules.text_of(only, year, has_theme=False).title for year in YEARS[:count]}
    assert len(titles) == count


@pytest.mark.parametrize("count", [2, 3, 4])
def test_in_years_with_a_theme_the_texts_that_say_it_take_turns(count: int) -> None:
    texts = [text(f"Plain {n}") for n in range(3)] + [text(f"{{theme}} {n}") for n in range(count)]
    (only,) = campaign(step(0, *texts)).steps
    found = [rules.text_of(only, year, has_theme=True) for year in YEARS[:count]]
    assert len({one.title for one in found}) == count
    assert all(one.needs_theme for one in found)


def test_a_single_text_on_the_theme_is_used_in_every_second_year() -> None:
    texts = [text("Plain 0"), text("Plain 1"), text("{theme}")]
    (only,) = campaign(step(0, *texts)).steps
    found = [rules.text_of(only, year, has_theme=True).needs_theme for year in range(2026, 2030)]
    assert found == [True, False, True, False]


def test_every_place_is_filled_with_what_it_stands_for() -> None:
    texts = [text("{days} days"), text("On {date}"), *[text("{theme}", BODY + EVERY_PLACE)] * 2]
    one = campaign(step(-14, *texts), themes=[2026])
    assert [composed(one, year, -14).title for year in range(2026, 2029)] == [
        "Quiet in 2026",
        "On 10 October",
        "14 days",
    ]
    filled = "Quiet Day|this community|10 October|14|Quiet in 2026|2026"
    assert composed(one, 2026, -14).body == BODY + filled


def test_a_community_at_the_beginning_of_a_sentence_has_a_capital() -> None:
    body = BODY + "Hello. {community} is here, in {community}."
    post = composed(campaign(step(0, *[text("{community}, hello", body)] * 3)), 2027)
    assert post.title == "This community, hello"
    assert post.body.endswith("Hello. This community is here, in this community.")


def test_a_moderators_words_stand_as_they_were_written_in_their_year_and_step_alone() -> None:
    one = campaign(step(-7), step(0))
    words = {"2027:0": {"title": "Our {year}", "body": "In our own {community} way."}}
    options = {"campaign": one.id, "words": words}
    post = composed(one, 2027, 0, options)
    assert (post.title, post.body) == ("Our {year}", "In our own {community} way.")
    assert post.is_edited
    for year, offset in ((2026, 0), (2028, 0), (2027, -7)):
        assert composed(one, year, offset, options) == composed(one, year, offset)
        assert not composed(one, year, offset, options).is_edited


def test_a_step_that_is_not_there_any_more_has_no_post_even_if_words_were_written() -> None:
    words = {"2027:3": {"title": "Ours", "body": "Ours too."}}
    assert rules.compose(campaign(), 2027, 3, {"words": words}) is None


@pytest.mark.parametrize(("month", "day"), ANCHORS)
def test_each_offset_of_each_year_is_the_step_of_its_date(month: int, day: int) -> None:
    for offsets in (OFFSETS[n : n + 12] for n in range(0, len(OFFSETS), 12)):
        one = campaign(*(step(offset) for offset in offsets), month=month, day=day)
        for year, known in product(YEARS, one.steps):
            on = date(year, month, day) + timedelta(days=known.offset)
            assert one.step_on(on) == (known, year)
            assert composed(one, year, known.offset).local_date == on


@given(
    anchor=st.sampled_from(ANCHORS),
    offsets=st.sets(st.integers(-60, 60), min_size=1, max_size=6),
    chosen=st.sets(st.integers(-60, 60), max_size=3),
)
def test_a_campaign_runs_on_the_dates_of_its_chosen_steps_and_on_no_other(
    anchor: tuple[int, int], offsets: set[int], chosen: set[int]
) -> None:
    month, day = anchor
    steps = [step(offset) for offset in sorted(offsets | chosen)]
    one = campaign(*steps, month=month, day=day)
    wanted = rules.offsets_of(one, chosen or None)
    recurrence = rules.recur(one, "UTC", 600, wanted)
    first = date(2027, 12, 1)  # a leap year follows
    span = rules.ends_of_day("UTC", noon(first)) - 86_399, noon(first + timedelta(days=500))
    expected = [
        on.isoformat()
        for on in (first + timedelta(days=n) for n in range(501))
        if (found := one.step_on(on)) is not None and found[0].offset in wanted
    ]
    assert [run.slot for run in runs_between(recurrence, *span, 999)] == expected


def noon(on: date) -> int:
    """Noon of a date in UTC."""
    return int(datetime(on.year, on.month, on.day, 12, tzinfo=UTC).timestamp())


def test_a_community_has_the_steps_that_it_chose_as_far_as_they_are_there_still() -> None:
    one = campaign(step(-7), step(0), step(1))
    assert rules.offsets_of(one) == [-7, 0, 1]
    assert rules.offsets_of(one, [1, 5, -7]) == [-7, 1]
    schedule = scheduled(one, [1, 0, 9])
    assert rules.steps_of(schedule, one) == [0, 1]
    assert rules.campaign_id_of(schedule) == "quiet-day"


def scheduled(one: Campaign, steps: list[int]) -> Schedule:
    """A schedule of a campaign."""
    return Schedule(
        schedule_id=1,
        guild_id=1,
        kind=rules.KIND,
        channel_id=10,
        recurrence=rules.recur(one, "UTC", 600, steps),
        role_id=None,
        is_silent=False,
        options={"campaign": one.id, "steps": steps},
        state="active",
        problem=None,
        next_run_at=None,
    )


def test_a_campaign_without_a_step_cannot_run() -> None:
    with pytest.raises(ValueError, match="at least one step"):
        rules.recur(campaign(), "UTC", 600, [])


@given(
    st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True),
    st.integers(1970, 9999),
    st.integers(-366, 366),
)
def test_the_name_of_a_post_says_campaign_year_and_offset(
    campaign_id: str, year: int, offset: int
) -> None:
    name = rules.name_post(campaign_id, year, offset)
    assert rules.read_post(name) == (campaign_id, year, offset)


def local_date(zone: str, at: int) -> date:
    """The date that a zone's calendars show at an instant."""
    return datetime.fromtimestamp(at, zoneinfo.ZoneInfo(zone)).date()


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, int]:
    """A zone and an instant from 2024 to 2030, often within a day or two of a clock change."""
    zone = draw(st.sampled_from(RESTLESS) | st.sampled_from(ZONES))
    changes = [era.start for era in eras_of(zone)[1:-1]]
    is_near: bool = draw(st.booleans())
    anywhen = st.integers(instant("2024-01-01T00:00Z"), instant("2030-12-01T00:00Z"))
    if changes and is_near:
        return zone, draw(st.sampled_from(changes)) + draw(st.integers(-2 * DAY, 2 * DAY))
    return zone, draw(anywhen)


@settings(max_examples=400)
@given(moments())
def test_a_local_day_ends_with_the_last_second_that_shows_its_date(moment: tuple[str, int]) -> None:
    zone, due_at = moment
    end = rules.ends_of_day(zone, due_at)
    assert due_at <= end < due_at + 26 * HOUR
    assert local_date(zone, end) == local_date(zone, due_at)
    assert local_date(zone, end + 1) == local_date(zone, due_at) + timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "due", "end"),
    [
        ("UTC", "2027-10-10T10:00Z", "2027-10-10T23:59:59Z"),
        ("Pacific/Kiritimati", "2027-10-09T20:00Z", "2027-10-10T09:59:59Z"),
        ("Etc/GMT+12", "2027-10-10T22:00Z", "2027-10-11T11:59:59Z"),
        ("America/Santiago", "2026-09-05T14:00Z", "2026-09-06T03:59:59Z"),  # no midnight follows
        ("America/Nuuk", "2026-10-25T00:30Z", "2026-10-25T01:59:59Z"),  # 23:00 comes twice
        ("Pacific/Apia", "2011-12-29T20:00Z", "2011-12-30T09:59:59Z"),  # no 30 December follows
    ],
)
def test_a_day_ends_where_the_clocks_of_its_zone_say(zone: str, due: str, end: str) -> None:
    assert rules.ends_of_day(zone, instant(due)) == instant(end)


@settings(max_examples=300)
@given(moment=moments(), shift=st.integers(-2, 2) | st.integers(-200, 200))
def test_the_coming_day_is_today_or_the_next_from_its_first_second_to_its_last(
    moment: tuple[str, int], shift: int
) -> None:
    zone, now = moment
    near = local_date(zone, now) + timedelta(days=shift)
    if (near.month, near.day) == (2, 29):
        near += timedelta(days=1)
    one = campaign(month=near.month, day=near.day)
    coming = rules.coming_day(one, zone, datetime.fromtimestamp(now, UTC))

    today = local_date(zone, now)
    following = (today + timedelta(days=ahead) for ahead in range(367))
    assert coming.day == next(
        on for on in following if (on.month, on.day) == (near.month, near.day)
    )
    assert coming.is_today == (coming.day == today)
    assert coming.is_today == (coming.begins_at <= now <= coming.ends_at)
    assert local_date(zone, coming.begins_at - 1) < coming.day
    assert local_date(zone, coming.begins_at) == coming.day == local_date(zone, coming.ends_at)
    assert local_date(zone, coming.ends_at + 1) > coming.day


def test_the_day_after_the_day_the_next_one_is_next_years() -> None:
    coming = rules.coming_day(
        campaign(), "Pacific/Kiritimati", datetime(2027, 10, 10, 12, tzinfo=UTC)
    )
    assert (coming.day, coming.is_today) == (date(2028, 10, 10), False)


def test_where_the_clocks_change_a_step_is_posted_once_on_its_own_date() -> None:
    one = campaign(step(-1), step(0), step(1), month=10, day=25)  # Berlin, 2026
    recurrence = rules.recur(one, "Europe/Berlin", 150, [-1, 0, 1])
    first = next_run(recurrence, instant("2026-10-01T00:00Z"))
    assert first is not None
    runs = runs_between(recurrence, first.at, first.at + 9 * DAY, 9)
    assert [run.slot for run in runs] == ["2026-10-24", "2026-10-25", "2026-10-26"]
    assert [later.at - run.at for run, later in pairwise(runs)] == [24 * HOUR, 25 * HOUR]
