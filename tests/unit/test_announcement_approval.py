"""Approval in pure rules: who may, for which version, and what follows a post meanwhile."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.announcements import approval
from bot.announcements.approval import Hindrance, find_hindrance
from bot.announcements.rules import Announcement, Words
from bot.clock import DAY
from bot.delivery.rules import ScheduleState, Verdict, judge_follow_up

PEOPLE = st.integers(1, 4)
NOW = 1_800_000_000


@given(
    author=PEOPLE,
    acts=st.lists(st.tuples(st.sampled_from(("change", "ask", "back", "approve")), PEOPLE)),
)
def test_whatever_happens_what_is_approved_was_seen_by_somebody_else_as_it_is(
    author: int, acts: list[tuple[str, int]]
) -> None:
    item = Announcement(1, 1, author, Words("Title", "0"), schedule_id=7)
    card, on_card = -1, Words()
    for number, (act, person) in enumerate(acts, start=1):
        if act == "change":
            changed = replace(item, words=Words("Title", str(number)))
            item = approval.change(changed, NOW, needs_approval=True)
            assert item.is_held
        elif act == "ask":
            item = approval.ask(item, person, NOW, is_now=False)
            card, on_card = item.version, item.words
        elif act == "back":
            item = approval.send_back(item, "Why")
        elif find_hindrance(item, person, card) is None:
            assert person not in {author, item.asked_by}
            assert on_card == item.words
            item = approval.settle(item, person)
            assert (item.approved_by, item.is_held) == (person, False)
    if item.asked_at is None:
        assert find_hindrance(item, 99, item.version) is Hindrance.NOT_ASKED


def test_one_whose_asker_is_unknown_is_approved_by_nobody() -> None:
    item = Announcement(1, 1, None, Words("Title", "Text"), asked_at=NOW)

    assert find_hindrance(item, 5, 0) is Hindrance.UNKNOWN


@given(
    state=st.sampled_from(ScheduleState),
    is_wanted=st.booleans(),
    sent_at=st.integers(NOW - 2 * DAY, NOW),
)
def test_what_follows_a_post_is_done_within_a_day_while_its_schedule_runs(
    state: ScheduleState, sent_at: int, *, is_wanted: bool
) -> None:
    verdict = judge_follow_up(state.value, is_wanted=is_wanted, sent_at=sent_at, now=NOW)

    is_free = state in {ScheduleState.ACTIVE, ScheduleState.BROKEN}
    assert (verdict is Verdict.GO) == (is_wanted and is_free and NOW - sent_at <= DAY)
    assert (verdict is Verdict.OFF) == (not is_wanted)
