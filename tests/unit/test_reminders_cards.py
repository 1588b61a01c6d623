"""Cards of reminders: within Discord's limits, with what is set, and help where it belongs."""

from dataclasses import replace
from typing import Any

import pytest

from bot.content.campaigns import load_campaigns
from bot.delivery.ports import Post
from bot.i18n import Texts
from bot.reminders.announcer import ReminderPost
from bot.reminders.rules import NOBODYS, Days, Reminder, Wish
from cogs.reminders import cards
from tests.conftest import NOON, ROOT
from tests.unit.test_help_now_cards import assert_fits, parts

T = Texts()
LIBRARY = load_campaigns(ROOT / "data").by_id
WMHD = LIBRARY["world-mental-health-day"]
WISH = Wish(WMHD.id, Days.BOTH, 540, "America/Argentina/Rio_Gallegos", True, "en")
REMINDER = Reminder(1, WISH, None, NOON)


def text_of(view: Any) -> str:
    """All words of a card."""
    return "\n".join(str(part["content"]) for part in parts(view) if "content" in part)


def letter(campaign_id: str, *, is_eve: bool = False, year: int = 2026) -> Any:
    """The message of a campaign."""
    campaign = LIBRARY[campaign_id]
    body = ReminderPost(campaign, campaign.day_in(year), is_eve, True, "en")
    return cards.render_post(Post(NOBODYS, 0, "reminder", "f" * 16, body), T)


@pytest.mark.parametrize("campaign_id", LIBRARY)
def test_every_message_fits_and_says_the_day_a_way_and_how_to_stop(campaign_id: str) -> None:
    for is_eve, word in ((True, "Tomorrow is"), (False, "Today is")):
        view = letter(campaign_id, is_eve=is_eve)
        assert_fits(view)
        assert f"{word} {LIBRARY[campaign_id].title}." in text_of(view)
        assert "One way to take part" in text_of(view)
        labels = [part["label"] for part in parts(view) if "label" in part]
        assert {"Where to find help", "Don't remind me again"} <= set(labels)


def test_where_the_subject_is_near_help_comes_first() -> None:
    view = letter("world-suicide-prevention-day")
    assert next(part["label"] for part in parts(view) if "label" in part) == "Show help lines"


def test_a_theme_is_named_where_it_is_known_and_invented_nowhere() -> None:
    theme = WMHD.theme_in(2026)
    assert theme is not None
    assert theme.text in text_of(letter(WMHD.id))
    assert "Theme" not in text_of(letter(WMHD.id, year=2031))


@pytest.mark.parametrize(
    ("reminder", "words"),
    [
        (REMINDER, "Next: Sun 14 Mar 2027, 09:00"),
        (replace(REMINDER, year=2027, wish=replace(WISH, is_yearly=False)), "once, in 2027"),
        (replace(REMINDER, year=2027, next_run_at=None), "I forget it tonight"),
        (replace(REMINDER, is_stuck=True, wish=replace(WISH, zone="Mars/Base")), "zone is gone"),
    ],
)
def test_the_card_says_what_is_set(reminder: Reminder, words: str) -> None:
    view = cards.render_set(WMHD, reminder, T, has_failed=True)
    assert_fits(view)
    assert words in text_of(view)
    assert "could not be delivered" in text_of(view)


def test_what_may_be_meant_fits() -> None:
    options = [(f"Zone/{number}", "A city, a country (UTC+00:00)" * 4) for number in range(30)]
    assert_fits(cards.render_zones(options, "f" * 8, WMHD, T))
    assert_fits(cards.render_fault("No. " * 50, "f" * 8, WMHD, T))
