"""Live events: what they lack, line-ups as they are typed, and where moved ones stand."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import DAY, HOUR, MINUTE
from bot.delivery.plans import Plan, Repeat
from bot.events.rules import (
    BODY_LENGTH,
    MOST_MINUTES,
    MOST_SLOTS,
    NAME_LENGTH,
    NOTE,
    REMOTE_BODY_LENGTH,
    TITLE_LENGTH,
    Event,
    Fault,
    Place,
    Slot,
    State,
    clean,
    day_of,
    find_faults,
    find_start,
    follow,
    move,
    read_line_up,
    turn_ends_at,
    write_line_up,
)
from tests.unit.test_announcement_rules import PLANS

ZONES = ("UTC", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Pacific/Chatham")
NOW = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())
INSTANTS = st.integers(NOW, NOW + 3 * 365 * DAY)
WHOLE = Event(
    event_id=1,
    guild_id=2,
    author_id=3,
    title="Take A Moment",
    body="A quiet hour.",
    place=Place.STAGE,
    place_channel_id=4,
    channel_id=5,
    plan=Plan(Repeat.ONCE, "UTC", 18 * 60, date(2027, 3, 16)),
    minutes=60,
    line_up=(Slot("Ana", 20), Slot("Bo", 40)),
)


def test_one_that_lacks_nothing_has_no_fault() -> None:
    assert find_faults(WHOLE, NOW) == []


def test_a_new_draft_is_told_everything_that_it_lacks_at_once() -> None:
    lacking = [Fault.TITLE, Fault.BODY, Fault.PLACE, Fault.WHEN, Fault.CHANNEL]
    assert find_faults(Event(1, 2, 3), NOW) == lacking


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"title": "\u2060 ab \u2060"}, [Fault.TITLE]),
        ({"body": "\u3164" * 10}, [Fault.BODY]),
        ({"place": Place.VOICE, "place_channel_id": None}, [Fault.PLACE]),
        ({"place": Place.LINK, "link": None}, [Fault.LINK]),
        ({"place": Place.LINK, "link": "http://example.org"}, [Fault.LINK]),
        ({"place": Place.LINK, "link": "https://example.org"}, []),
        ({"minutes": 59}, [Fault.LINE_UP]),
        ({"plan": Plan(Repeat.ONCE, "UTC", 0, date(2027, 1, 1))}, [Fault.PAST]),
        ({"plan": Plan(Repeat.ONCE, "UTC", 1, date(2027, 1, 1))}, []),
        ({"plan": Plan(Repeat.ONCE, "Etc/GMT-14", 839, date(2027, 1, 1))}, [Fault.PAST]),
    ],
)
def test_each_fault_is_found(changes: dict[str, object], faults: list[Fault]) -> None:
    event = clean(replace(WHOLE, **changes))  # type: ignore[arg-type]
    assert find_faults(event, NOW) == faults


@given(st.text(max_size=2000), st.text(max_size=2000))
def test_words_are_cut_to_what_discord_takes_with_the_note_on_therapy(
    title: str, body: str
) -> None:
    event = clean(replace(WHOLE, title=title, body=body))
    shown = event.outline()
    assert len(event.title) <= TITLE_LENGTH
    assert len(event.body) <= BODY_LENGTH
    assert shown.body == f"{event.body}\n\n{NOTE}".strip()
    assert len(shown.body) <= REMOTE_BODY_LENGTH
    assert clean(event) == event


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=NAME_LENGTH)
SLOTS = st.builds(
    Slot,
    NAMES.map(lambda name: clean(replace(WHOLE, title=name)).title).filter(bool),
    st.integers(1, MOST_MINUTES),
)


@given(st.lists(SLOTS, max_size=MOST_SLOTS).map(tuple))
def test_a_line_up_is_read_as_it_is_written(slots: tuple[Slot, ...]) -> None:
    assert read_line_up(write_line_up(slots)) == slots


@pytest.mark.parametrize(
    ("line", "slot"),
    [
        ("Ana, 20", Slot("Ana", 20)),
        ("  Ana:20 min ", Slot("Ana", 20)),
        ("Ana - 20 minutes", Slot("Ana", 20)),
        ("Ana \u2013 20m", Slot("Ana", 20)),
        ("Bo, Cy and Di, 5 min.", Slot("Bo, Cy and Di", 5)),
        ("Studio 54, 15", Slot("Studio 54", 15)),
        ("DJ 3-2, 15", Slot("DJ 3-2", 15)),
    ],
)
def test_a_line_is_read_as_people_type_it(line: str, slot: Slot) -> None:
    assert read_line_up(f"\n{line}\r\n\n") == (slot,)


@pytest.mark.parametrize(
    "line", ["Ana", "Ana, 0", "Ana, 721", "Ana, -5x", ", 20", "\u3164, 20", "Ana 20", "Ana, 1000"]
)
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=line[:4].strip()):
        read_line_up(f"Bo, 10\n{line}")


def test_a_line_up_too_long_is_refused_with_its_first_line_too_many() -> None:
    lines = [f"Guest {number}, 5" for number in range(MOST_SLOTS + 1)]
    with pytest.raises(ValueError, match=lines[-1]):
        read_line_up("\n".join(lines))


@given(INSTANTS, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_a_single_one_that_moved_has_a_plan_for_its_new_instant(
    starts_at: int, zone: str, community: str
) -> None:
    event = replace(WHOLE, plan=replace(WHOLE.plan, zone=zone))  # type: ignore[type-var]
    moved = move(event, starts_at, community)
    assert moved.starts_at == starts_at // MINUTE * MINUTE
    assert moved.plan is not None
    assert find_start(moved.plan, moved.starts_at - 1) == moved.starts_at
    assert moved.plan.repeat is Repeat.ONCE
    assert moved.plan.zone in {zone, "UTC"}
    assert day_of(moved, moved.plan.zone) == moved.plan.start


def test_one_moved_into_the_second_of_two_hours_is_there() -> None:
    second = int(datetime(2027, 10, 31, 1, 30, tzinfo=UTC).timestamp())  # 02:30 again in Berlin
    event = replace(WHOLE, plan=replace(WHOLE.plan, zone="Europe/Berlin"))  # type: ignore[type-var]
    moved = move(event, second, "UTC")
    assert moved.plan is not None
    assert find_start(moved.plan, second - 1) == second
    assert find_faults(moved, second - 1) == []


@given(PLANS, INSTANTS, st.integers(-6 * DAY, 6 * DAY), st.integers(-DAY, DAY))
def test_a_day_of_a_series_that_moved_is_not_planned_a_second_time(
    plan: Plan, since: int, by: int, again: int
) -> None:
    first = find_start(plan, since)
    if first is None or plan.repeat is Repeat.ONCE:
        return
    event = replace(WHOLE, plan=plan, starts_at=first, state=State.PLANNED)
    second = find_start(plan, first)
    third = None if second is None else find_start(plan, second)
    moved = move(event, first + by, "UTC")
    twice = move(moved, first + by + again, "UTC")

    for one in (moved, twice):
        following = follow(one, since)
        if (one.starts_at or 0) >= (second or 0) > 0:
            assert following is None or (following.starts_at or 0) > second  # type: ignore[operator]
        elif second is None:
            assert following is None
        elif one is moved or find_start(moved.plan, (moved.starts_at or 0) - 1) != moved.starts_at:  # type: ignore[arg-type]
            assert following is not None
            assert following.starts_at == second
            after_it = follow(following, since)
            assert third == (after_it and after_it.starts_at)


@given(PLANS, INSTANTS)
def test_one_that_follows_comes_as_planned_and_knows_nothing_of_the_last_one(
    plan: Plan, now: int
) -> None:
    event = replace(
        WHOLE,
        plan=plan,
        starts_at=now - HOUR,
        state=State.OVER,
        discord_event_id=9,
        synced=WHOLE.outline(),
        pushed=WHOLE.outline(),
        thread_id=8,
        turn=1,
        signal_id=7,
        recap="It was good.",
        attendance=5,
        finished_at=now,
    )
    following = follow(event, now)
    expected = find_start(plan, now)
    if plan.repeat is Repeat.ONCE or expected is None:
        assert following is None
        return
    kept = replace(WHOLE, event_id=0, plan=plan, starts_at=expected, changed_at=now)
    assert following == replace(kept, state=State.PLANNED)


def test_a_turn_ends_after_its_minutes() -> None:
    live = replace(WHOLE, state=State.LIVE, turn=1, turn_at=NOW)
    assert turn_ends_at(live) == NOW + 40 * MINUTE
    assert turn_ends_at(replace(live, turn=2)) is None
    assert turn_ends_at(replace(live, turn=None)) is None
    assert turn_ends_at(replace(live, turn_at=None)) is None
