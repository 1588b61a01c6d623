"""What claims say by themselves: when a reminder is due, the words, and what an error means."""

import re
from typing import Any
from unittest.mock import Mock

import aiohttp
import discord
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.claims.chores import Outcome
from bot.claims.notices import Notice
from bot.claims.reminders import Reminder, ReminderKind, find_due
from bot.claims.waitlist import Offer
from bot.clock import DAY, HOUR
from bot.content.programs import Program
from bot.i18n import Texts
from cogs.claims.chores import judge
from cogs.claims.messages import render_notice, render_offer, render_reminder
from tests.conftest import NOON
from tests.flows.reading import parts
from tests.store.pools import PROGRAM, make_program

T = Texts()
WIDEST_ID = 2**63 - 1
NONCE_LENGTH = 25
"""Discord's own limit."""


def make(**changes: object) -> Program:
    """An invented program with a title that must have no effect."""
    values = {"title": "Six months of *Example* Calm", "renews_by_itself": True}
    return make_program(**values | changes)


def words(view: Any) -> str:
    """Everything that can be read on a card."""
    return "\n".join(part["content"] for part in parts(view.to_components()) if "content" in part)


def buttons(view: Any) -> list[dict[str, Any]]:
    """Everything that can be pressed on a card."""
    return [part for part in parts(view.to_components()) if "custom_id" in part or "url" in part]


def make_notice(threshold: int, left: int) -> Notice:
    """A notice of a pool of two hundred codes."""
    return Notice(PROGRAM, threshold, left, 200)


ALL = {
    "offer": render_offer(make(), "Example Creators", NOON + 72 * HOUR, T),
    "reminder": render_reminder(make(), "Example Creators", NOON + 7 * DAY, T),
    "low": render_notice(make_notice(10, 20), make(), T),
    "empty": render_notice(make_notice(0, 0), make(), T),
}
for_all = pytest.mark.parametrize("view", ALL.values(), ids=ALL.keys())


@pytest.mark.parametrize(
    ("left", "kind"),
    [
        (30 * DAY + 1, None),
        (30 * DAY, ReminderKind.MONTH),
        (30 * DAY - 1, ReminderKind.MONTH),
        (7 * DAY + 1, ReminderKind.MONTH),
        (7 * DAY, ReminderKind.WEEK),
        (1, ReminderKind.WEEK),
        (0, None),
        (-1, None),
    ],
)
def test_a_reminder_is_due_from_its_day_on_until_the_next_one_is_or_access_ends(
    left: int, kind: ReminderKind | None
) -> None:
    assert find_due(NOON + left, NOON) is kind


@given(
    ends_at=st.integers(0, 2**40),
    times=st.lists(st.integers(0, 200 * DAY), max_size=30),
)
@example(ends_at=NOON, times=[0, 7 * DAY, 30 * DAY])
def test_whenever_the_bot_is_awake_each_kind_is_due_in_one_stretch_and_the_month_comes_first(
    ends_at: int, times: list[int]
) -> None:
    seen = [find_due(ends_at, ends_at - left) for left in sorted(times, reverse=True)]

    stretches = [kind for kind, before in zip(seen, [None, *seen], strict=False) if kind != before]
    assert [kind for kind in stretches if kind is not None] == sorted(
        {kind for kind in seen if kind is not None}, key=list(ReminderKind).index
    )


@given(ends_at=st.integers(0, 2**40), left=st.integers(-(400 * DAY), 400 * DAY))
def test_no_reminder_is_due_too_early_or_after_the_end(ends_at: int, left: int) -> None:
    kind = find_due(ends_at, ends_at - left)

    if kind is None:
        assert left <= 0 or left > 30 * DAY
    else:
        assert 0 < left <= int(kind) * DAY
        assert kind is ReminderKind.WEEK or left > 7 * DAY


def test_nonces_are_short_enough_for_discord_and_tell_messages_apart() -> None:
    nonces = [Reminder(WIDEST_ID, PROGRAM, 1, 2, kind, NOON).nonce for kind in ReminderKind]
    nonces.append(Offer(WIDEST_ID, 1, 2, wants_dm=True).nonce)

    assert len(set(nonces)) == len(nonces)
    assert max(map(len, nonces)) <= NONCE_LENGTH


@for_all
def test_a_message_that_comes_by_itself_has_nothing_to_press_and_fits(view: Any) -> None:
    assert buttons(view) == []
    assert len(words(view)) <= 4000


def test_an_offer_says_what_until_when_and_what_to_do() -> None:
    text = words(ALL["offer"])

    assert "Six months of \\*Example\\* Calm" in text
    assert f"<t:{NOON + 72 * HOUR}:F>" in text
    assert "run /claim in **Example Creators**" in text


def test_a_reminder_says_when_that_it_is_an_estimate_and_how_to_stop_it() -> None:
    text = words(ALL["reminder"])

    assert f"<t:{NOON + 7 * DAY}:D>" in text
    assert "by my estimate" in text
    assert "Check auto-renewal" in text
    assert "Don't remind me" in text


def test_a_program_that_does_not_renew_needs_no_word_about_renewal() -> None:
    view = render_reminder(make(renews_by_itself=False), "Example Creators", NOON, T)

    assert "renewal" not in words(view)


def test_a_community_that_is_not_seen_is_described() -> None:
    view = render_offer(make(), None, NOON, T)

    assert "the community where you claimed" in words(view)


def test_a_communitys_name_has_no_effect_in_a_message() -> None:
    view = render_offer(make(), "[free codes](https://example.org) @everyone", NOON, T)

    assert "](" not in words(view).replace("\\]", "")
    assert not re.search(r"@everyone", words(view))


def test_a_notice_says_how_much_is_left() -> None:
    assert "20 of 200 codes are left, that is 10 % or less." in words(ALL["low"])
    assert "No code is left" in words(ALL["empty"])
    assert "waitlist" in words(ALL["empty"])


def refused(status: int, code: int) -> discord.HTTPException:
    """An answer of Discord's."""
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.HTTPException if status < 500 else discord.DiscordServerError)
    return kind(Mock(status=status, reason="no"), {"code": code, "message": "no"})


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (refused(403, 50007), Outcome.REFUSED),
        (refused(400, 50035), Outcome.REFUSED),
        (refused(404, 10013), Outcome.REFUSED),
        (refused(403, 0), Outcome.UNSENT),
        (refused(403, 40003), Outcome.UNSENT),
        (refused(401, 0), Outcome.UNSENT),
        (refused(429, 0), Outcome.UNSENT),
        (discord.RateLimited(60), Outcome.UNSENT),
        (refused(500, 0), Outcome.UNKNOWN),
        (refused(503, 0), Outcome.UNKNOWN),
        (aiohttp.ServerDisconnectedError(), Outcome.UNKNOWN),
        (TimeoutError(), Outcome.UNKNOWN),
        (RuntimeError("Session is closed"), Outcome.UNKNOWN),
    ],
)
def test_only_an_answer_about_the_person_counts_as_a_closed_door(
    error: Exception, outcome: Outcome
) -> None:
    assert judge(error) is outcome
