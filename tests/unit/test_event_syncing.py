"""What has to be done to bring an event and Discord's own in step: the whole table."""

from dataclasses import replace
from typing import Any

import pytest

from bot.clock import HOUR, MINUTE
from bot.events.mirrors import Remote, Status
from bot.events.rules import NOTE, OVERRUN, Event, Outline, Place, State
from bot.events.steps import Step, decide, take_over
from tests.unit.test_event_rules import WHOLE

BEGINS = 1_805_220_000
ENDS = BEGINS + HOUR
PLANNED = replace(WHOLE, state=State.PLANNED, starts_at=BEGINS, discord_event_id=7, line_up=())
SHOWN = PLANNED.outline()
IN_STEP = replace(PLANNED, synced=SHOWN, pushed=SHOWN)
LIVE = replace(IN_STEP, state=State.LIVE)
OVER = replace(IN_STEP, state=State.OVER, finished_at=ENDS)
CANCELLED = replace(IN_STEP, state=State.CANCELLED, finished_at=BEGINS)
ALONE: dict[str, Any] = {"synced": None, "pushed": None, "discord_event_id": None}
BEFORE, SECOND_LAST = BEGINS - 1, ENDS - 1
AFTER, LONG_AFTER = ENDS, ENDS + OVERRUN


@pytest.mark.parametrize(
    ("event", "now", "step"),
    [
        (PLANNED, BEFORE, Step.CREATE),
        (PLANNED, BEGINS, Step.BEGIN),
        (PLANNED, AFTER, Step.FINISH),
        (LIVE, SECOND_LAST, Step.NOTHING),
        (LIVE, LONG_AFTER - 1, Step.NOTHING),
        (LIVE, LONG_AFTER, Step.FINISH),
        (OVER, AFTER, Step.NOTHING),
        (CANCELLED, BEFORE, Step.NOTHING),
    ],
)
def test_where_discord_knows_of_nothing(event: Event, now: int, step: Step) -> None:
    alone = replace(event, **ALONE)
    assert decide(alone, None, now) is step
    tried = replace(alone, was_tried=True)
    is_free = step in {Step.CREATE, Step.NOTHING}
    assert decide(tried, None, now) is (Step.SEARCH if is_free else step)


@pytest.mark.parametrize(
    ("event", "status", "now", "step"),
    [
        (IN_STEP, Status.SCHEDULED, BEFORE, Step.NOTHING),
        (IN_STEP, Status.SCHEDULED, BEGINS, Step.BEGIN),
        (IN_STEP, Status.SCHEDULED, AFTER, Step.FINISH),
        (IN_STEP, Status.ACTIVE, BEFORE - HOUR, Step.BEGIN),
        (IN_STEP, Status.ACTIVE, LONG_AFTER, Step.BEGIN),
        (IN_STEP, Status.OVER, BEFORE, Step.FINISH),
        (IN_STEP, Status.GONE, BEFORE, Step.CANCEL),
        (LIVE, Status.SCHEDULED, BEFORE, Step.START),
        (LIVE, Status.ACTIVE, SECOND_LAST, Step.NOTHING),
        (LIVE, Status.ACTIVE, LONG_AFTER - 1, Step.NOTHING),
        (LIVE, Status.ACTIVE, LONG_AFTER, Step.FINISH),
        (LIVE, Status.OVER, BEFORE, Step.FINISH),
        (LIVE, Status.GONE, BEFORE, Step.FINISH),
        (OVER, Status.SCHEDULED, AFTER, Step.END),
        (OVER, Status.ACTIVE, AFTER, Step.END),
        (OVER, Status.OVER, AFTER, Step.LET_GO),
        (CANCELLED, Status.SCHEDULED, BEFORE, Step.END),
        (CANCELLED, Status.ACTIVE, BEFORE, Step.END),
        (CANCELLED, Status.GONE, BEFORE, Step.LET_GO),
    ],
)
def test_where_discord_shows_the_same(event: Event, status: Status, now: int, step: Step) -> None:
    outline = None if status is Status.GONE else SHOWN
    assert decide(event, Remote(7, status, outline), now) is step


@pytest.mark.parametrize("event", [OVER, CANCELLED])
@pytest.mark.parametrize("status", [Status.OVER, Status.GONE])
def test_what_was_let_go_is_asked_for_no_more(event: Event, status: Status) -> None:
    assert decide(replace(event, synced=None), Remote(7, status), AFTER) is Step.NOTHING


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.ACTIVE])
@pytest.mark.parametrize("event", [IN_STEP, LIVE])
@pytest.mark.parametrize("now", [BEFORE, BEGINS, LONG_AFTER])
def test_what_was_changed_there_comes_before_everything_else(
    event: Event, status: Status, now: int
) -> None:
    there = replace(SHOWN, title="Breathe")
    assert decide(event, Remote(7, status, there), now) is Step.TAKE_OVER
    here = replace(event, title="Rest")
    assert decide(here, Remote(7, status, there), now) is Step.TAKE_OVER


@pytest.mark.parametrize(
    ("event", "status", "now", "step"),
    [
        (IN_STEP, Status.SCHEDULED, BEFORE, Step.PUSH),
        (IN_STEP, Status.SCHEDULED, BEGINS, Step.BEGIN),
        (IN_STEP, Status.ACTIVE, BEFORE, Step.BEGIN),
        (LIVE, Status.SCHEDULED, BEGINS, Step.START),
        (LIVE, Status.ACTIVE, BEGINS, Step.PUSH),
        (LIVE, Status.ACTIVE, LONG_AFTER, Step.FINISH),
        (OVER, Status.ACTIVE, BEGINS, Step.END),
    ],
)
def test_what_was_changed_here_waits_for_nothing_but_the_clock(
    event: Event, status: Status, now: int, step: Step
) -> None:
    assert decide(replace(event, title="Rest"), Remote(7, status, SHOWN), now) is step


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        ({"title": "Breathe"}, {"title": "Breathe"}),
        ({"body": f"Come.\n\n{NOTE}"}, {"body": "Come."}),
        (
            {"starts_at": BEGINS + HOUR, "ends_at": ENDS + HOUR},
            {"starts_at": BEGINS + HOUR, "minutes": 60},
        ),
        ({"starts_at": BEGINS + HOUR}, {"starts_at": BEGINS + HOUR, "minutes": 1}),
        ({"ends_at": ENDS + 30 * MINUTE}, {"minutes": 90}),
        ({"place": Place.VOICE, "channel_id": 8}, {"place": Place.VOICE, "place_channel_id": 8}),
        (
            {"place": Place.LINK, "channel_id": None, "link": "https://example.org/x"},
            {"place": Place.LINK, "place_channel_id": None, "link": "https://example.org/x"},
        ),
    ],
)
def test_each_thing_alone_is_taken_over_and_nothing_else(
    seen: dict[str, Any], kept: dict[str, Any]
) -> None:
    there = replace(SHOWN, **seen)
    after = take_over(IN_STEP, there, 5)
    plan = after.plan
    assert after == replace(
        IN_STEP, **kept, plan=plan, synced=there, pushed=after.outline(), changed_at=5
    )
    assert (plan == IN_STEP.plan) == ("starts_at" not in seen)
    assert decide(after, Remote(7, Status.SCHEDULED, there), BEFORE) is Step.NOTHING


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("Come.", "Come."),
        ("", ""),
        (f"Come.\n\n{NOTE}\nBring tea.", "Come.\n\nBring tea."),
        (f"{NOTE} {NOTE}", ""),
        ("x" * 1000, "x" * 900),
    ],
)
def test_the_note_that_was_taken_out_or_hidden_is_shown_again(body: str, kept: str) -> None:
    there = replace(SHOWN, body=body)
    after = take_over(IN_STEP, there, 5)
    assert after.body == kept
    assert decide(after, Remote(7, Status.SCHEDULED, there), BEFORE) is Step.PUSH


def test_what_was_changed_here_meanwhile_stays_and_is_shown_there() -> None:
    here = replace(IN_STEP, starts_at=BEGINS + HOUR, minutes=90)
    there = replace(SHOWN, title="Breathe")
    after = take_over(here, there, 5)
    assert (after.title, after.starts_at, after.minutes) == ("Breathe", BEGINS + HOUR, 90)
    assert decide(after, Remote(7, Status.SCHEDULED, there), BEFORE) is Step.PUSH


def test_an_end_that_was_taken_out_there_changes_nothing() -> None:
    """The mirror then says that it lasts as long as ours."""
    there: Outline = SHOWN
    assert take_over(IN_STEP, there, 5) == replace(IN_STEP, changed_at=5)
