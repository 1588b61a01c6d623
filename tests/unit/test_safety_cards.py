"""The words on the cards that people read when it is hard: kind, honest, and with a way to help."""

import re
from typing import Any

import pytest

from bot.i18n import Texts
from bot.safety.messaging import find_faults
from cogs.safety import cards, check_in_cards
from tests.flows.reading import parts

T = Texts()
TOKEN = "0123abcd"
FOR_PEOPLE = {
    "about oneself": cards.render_help_first("self", TOKEN, T, offers_check_in=False),
    "with check-in": cards.render_help_first("self", TOKEN, T, offers_check_in=True),
    "about somebody else": cards.render_help_first("other", TOKEN, T, offers_check_in=True),
    "deleted": cards.render_deleted(T),
    "sent": cards.render_sent(T),
    "gone": cards.render_gone(T),
    "asked": check_in_cards.render_asked(T),
    "asked before": check_in_cards.render_asked_before(T),
    "answered": check_in_cards.render_answered(T),
    "nobody yet": check_in_cards.render_nobody_yet(T),
}
FOR_MODERATORS = {
    "request": check_in_cards.render_request(2**62, 2**62, T),
    "taken": check_in_cards.render_taken(2**62, 2**62 + 1, T),
}
ALL = FOR_PEOPLE | FOR_MODERATORS

for_people = pytest.mark.parametrize("view", FOR_PEOPLE.values(), ids=FOR_PEOPLE.keys())
for_moderators = pytest.mark.parametrize("view", FOR_MODERATORS.values(), ids=FOR_MODERATORS.keys())
for_all = pytest.mark.parametrize("view", ALL.values(), ids=ALL.keys())

DIAGNOSES = (
    r"diagnos|disorder|depress|anxiet|symptom|patient|severe|mental|illness|risk|score|detect"
)
PROMISES = r"confidential|secret|anonymous|guarantee|promise|rescue|will help|will be|you are safe"
PUSHING = r"\byou (must|should|need to|ought to)\b|immediately|!"
METHODS = r"\b(pills?|knife|gun|rope|bridge|overdos\w+|cut(ting)?|jump\w*|method|note)\b"
UNSAFE = r"commit|successful|failed|epidemic|attention|selfish"


def components(view: Any) -> list[dict[str, Any]]:
    """Every component of a card."""
    return list(parts(view.to_components()))


def words(view: Any) -> str:
    """Everything that can be read on a card, its buttons too."""
    found = [part.get("content") or part.get("label") or "" for part in components(view)]
    return "\n".join(text for text in found if text)


@for_all
def test_a_card_fits_into_a_message(view: Any) -> None:
    assert len(components(view)) <= 40
    assert sum(len(part.get("content", "")) for part in components(view)) <= 4000


@for_all
@pytest.mark.parametrize("unwanted", [DIAGNOSES, PROMISES, PUSHING, METHODS, UNSAFE])
def test_a_card_has_no_word_that_labels_promises_pushes_or_harms(view: Any, unwanted: str) -> None:
    assert re.findall(unwanted, words(view), re.IGNORECASE) == []


@for_all
def test_a_card_keeps_to_safe_messaging(view: Any) -> None:
    assert list(find_faults([("card", words(view))])) == []


@for_people
def test_every_card_for_a_person_leads_to_help_lines_without_guessing_a_country(view: Any) -> None:
    buttons = [part for part in components(view) if part.get("type") == 2]

    assert "help-now:country" in [part.get("custom_id") for part in buttons]
    assert "https://findahelpline.com/" in [
        str(part.get("url")).rstrip("/") + "/" for part in buttons
    ]
    assert not re.search(r"\d{3}", words(view))


@pytest.mark.parametrize("about", ["self", "other"])
def test_help_stands_above_the_choice_and_danger_above_the_buttons(about: Any) -> None:
    shown = words(cards.render_help_first(about, TOKEN, T, offers_check_in=True))

    order = ["emergency number", "Show help lines", "has gone nowhere yet", "Send it as it is"]
    places = [shown.index(text) for text in order]
    assert places == sorted(places)


def test_the_card_says_that_it_is_a_bot_what_it_keeps_and_that_it_may_be_wrong() -> None:
    shown = words(FOR_PEOPLE["about oneself"])

    assert "I am a bot, not a counsellor, and nobody watches this" in shown
    assert "15 minutes at most" in shown
    assert "I may have read it wrongly" in shown


def test_only_whoever_writes_about_themself_is_offered_a_moderator() -> None:
    offered = {name for name, view in FOR_PEOPLE.items() if "Ask a moderator" in words(view)}

    assert offered == {"with check-in"}


@for_moderators
def test_moderators_read_nothing_of_a_text_and_what_to_do(view: Any) -> None:
    shown = words(view)

    assert not re.search(r"wrote|written|crisis|suicid|worri|text", shown, re.IGNORECASE)
    assert "Write to them privately and kindly" in shown
    assert "/help-now" in shown


def test_nobody_is_told_that_a_moderator_will_come() -> None:
    for name in ("asked", "answered", "nobody yet"):
        assert not re.search(r"they will|will come|will write|soon", words(FOR_PEOPLE[name]))
