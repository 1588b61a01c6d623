"""What is posted and sent for events: when, where, and until when it is wanted."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import DAY, HOUR, MINUTE
from bot.delivery.times import next_run
from bot.events.posts import (
    KINDS,
    LETTERS,
    PERSONAL,
    POSTS,
    SIGNALS,
    SOON_LETTERS,
    SOON_POSTS,
    Order,
    Part,
    in_channel,
    is_wanted,
    late_limit,
    next_minute,
    remind,
    signal,
    tell_change,
    to_schedule,
)
from bot.events.rules import Event, State, turn_ends_at
from tests.unit.test_event_rules import NOW, WHOLE

STARTS = st.integers(NOW // MINUTE, NOW // MINUTE + 1_000_000).map(lambda minute: minute * MINUTE)
EVENTS = st.builds(
    lambda starts_at, thread_id, state: replace(
        WHOLE,
        starts_at=starts_at,
        thread_id=thread_id,
        state=state,
        finished_at=NOW if state in {State.OVER, State.CANCELLED} else None,
    ),
    STARTS,
    st.none() | st.just(77),
    st.sampled_from(State),
)


@given(EVENTS, st.integers(-3 * DAY, 3 * DAY))
def test_reminders_come_a_day_and_15_minutes_before_and_never_too_late(
    event: Event, ahead: int
) -> None:
    starts_at = event.starts_at or 0
    now = starts_at - ahead
    expected = {
        (part, starts_at - before)
        for part, before in ((Part.DAY, 24 * HOUR), (Part.SOON, 15 * MINUTE))
        if ahead > before and event.state is State.PLANNED
    }
    orders = list(remind(event, now))

    assert {(order.part, order.at) for order in orders} == expected
    letters = {LETTERS, SOON_LETTERS}
    assert [order.kind in letters for order in orders if order.channel_id == 0] == [True] * len(
        expected
    )
    in_thread = [order for order in orders if order.channel_id]
    assert len(in_thread) == (len(expected) if event.thread_id else 0)
    assert all(order.channel_id == 77 and order.kind not in letters for order in in_thread)
    assert all((order.part is Part.SOON) == ("soon" in order.kind) for order in orders)


@given(EVENTS, st.integers(0, 59 * MINUTE), st.integers(0, 59 * MINUTE), st.booleans())
def test_a_signal_comes_with_the_first_full_minute_of_the_last_two_and_a_half(
    event: Event, begun: int, passed: int, is_asked: bool
) -> None:
    turn_at = (event.starts_at or 0) + begun
    event = replace(event, turn=0, turn_at=turn_at, signal_id=5 if is_asked else None)
    now = turn_at + passed
    order = signal(event, now)
    ends_at = turn_ends_at(event) or 0
    due_at = ends_at // MINUTE * MINUTE - (2 if ends_at % MINUTE <= 30 else 1) * MINUTE
    if event.state is not State.LIVE or not is_asked or now >= due_at:
        assert order is None
        return
    assert order == Order(Part.SIGNAL, SIGNALS, due_at)
    assert 90 < ends_at - order.at <= 150
    assert order.at % MINUTE == 0


@given(EVENTS, st.sampled_from(Part), st.sampled_from(KINDS), STARTS)
def test_an_order_is_due_at_its_instant_and_never_again(
    event: Event, part: Part, kind: str, at: int
) -> None:
    schedule = to_schedule(event, Order(part, kind, at, 7), before={"title": "x"})
    run = next_run(schedule.recurrence, at - 1)
    assert run is not None
    assert run.at == at
    assert next_run(schedule.recurrence, at) is None
    assert schedule.options["before"] == {"title": "x"}
    assert (schedule.role_id is None) or part is Part.CARD


@given(EVENTS, EVENTS, st.sampled_from(Part))
def test_a_reminder_is_wanted_for_the_beginning_that_it_was_made_for(
    then: Event, now: Event, part: Part
) -> None:
    schedule = to_schedule(then, Order(part, POSTS, 0, 7))
    wanted = {
        Part.DAY: now.state is State.PLANNED and now.starts_at == then.starts_at,
        Part.SOON: now.state is State.PLANNED and now.starts_at == then.starts_at,
        Part.SIGNAL: now.state is State.LIVE,
        Part.CARD: now.state in {State.PLANNED, State.LIVE},
        Part.CHANGED: now.state is not State.OVER,
    }.get(part, True)
    assert is_wanted(now, schedule) is wanted
    assert not is_wanted(None, schedule)


def test_a_signal_is_wanted_for_its_own_turn_alone() -> None:
    live = replace(WHOLE, starts_at=NOW, state=State.LIVE, turn=0, turn_at=NOW)
    schedule = to_schedule(live, Order(Part.SIGNAL, SIGNALS, NOW), turn_at=NOW)
    assert is_wanted(live, schedule)
    assert not is_wanted(replace(live, turn=1, turn_at=NOW + 1), schedule)


@given(st.integers(NOW, NOW + DAY))
def test_what_is_said_at_once_is_said_with_the_next_minute(now: int) -> None:
    event = replace(WHOLE, starts_at=NOW, thread_id=77)
    at = next_minute(now)
    assert now < at <= now + MINUTE
    assert at % MINUTE == 0
    assert list(tell_change(event, now)) == [
        Order(Part.CHANGED, LETTERS, at),
        Order(Part.CHANGED, POSTS, at, 77),
    ]
    assert list(in_channel(event, Part.CARD, now)) == [Order(Part.CARD, POSTS, at, 5)]
    assert list(in_channel(replace(event, channel_id=None), Part.CARD, now)) == []


@pytest.mark.parametrize(
    ("kind", "late"),
    [
        (POSTS, 3 * HOUR),
        (LETTERS, 3 * HOUR),
        (SOON_POSTS, 10 * MINUTE),
        (SOON_LETTERS, 10 * MINUTE),
        (SIGNALS, MINUTE),
    ],
)
def test_each_kind_has_its_lateness(kind: str, late: int) -> None:
    assert late_limit(kind) == late
    assert (kind in PERSONAL) == (kind not in {POSTS, SOON_POSTS})
