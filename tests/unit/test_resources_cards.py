"""Cards of guides and resources: they fit, name their sources, and show help where it is due."""

import re
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from discord import ui

from bot.content.guides import TOPICS, Guide, load_guides
from bot.content.notices import load_notices
from bot.i18n import Texts
from bot.links import LINK_LENGTH
from bot.resources.rules import (
    ASKED_LINE,
    BODY_LENGTH,
    MOST_ASKED,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    CommunityResource,
    clean,
    find_faults,
)
from cogs.resources import ask_cards, cards, own_cards
from cogs.resources.words import Shown
from tests.conftest import ROOT
from tests.flows.reading import parts

TOKEN = "0" * 8
T = Texts()
LIBRARY = load_guides(ROOT / "data")
WIDE = clean(
    CommunityResource(
        title="[*_" * 26 + "*]",
        summary="*" * SUMMARY_LENGTH,
        body="_" * BODY_LENGTH,
        link="https://" + "a" * 63 + ".org/" + "a" * (LINK_LENGTH - 76),
        asked=tuple(f"{number:02}" + "*" * (ASKED_LINE - 2) for number in range(MOST_ASKED)),
        row_id=10**18 - 1,
        changed_at=2**40,
    )
)


def components(view: Any) -> Iterator[dict[str, Any]]:
    """Every component of a card, at any depth."""
    return parts(view.to_components())


def texts_of(view: ui.LayoutView) -> list[str]:
    """The paragraphs of a card, from above."""
    return [part["content"] for part in components(view) if "content" in part]


def ensure_it_fits(view: ui.LayoutView) -> None:
    """Discord's limits for one message."""
    found = list(components(view))
    custom_ids = [part["custom_id"] for part in found if "custom_id" in part]
    labels = [part["label"] for part in found if "label" in part]
    labels += [option["label"] for part in found for option in part.get("options", ())]
    assert len(found) <= 40
    assert sum(map(len, texts_of(view))) <= 4000
    assert all(texts_of(view))
    assert all(1 <= len(custom_id) <= 100 for custom_id in custom_ids)
    assert len(set(custom_ids)) == len(custom_ids)
    assert all(1 <= len(label) <= 80 for label in labels)
    assert all(part["options"] for part in found if part["type"] == 3)
    assert all(len(part["components"]) <= 5 for part in found if part["type"] == 1)
    assert all(len(part.get("url", "")) <= 512 for part in found)


def related(guide: Guide) -> list[Guide]:
    """The guides that its card leads to."""
    return [LIBRARY.by_id[item] for item in guide.related]


@pytest.mark.parametrize("guide", LIBRARY.by_id.values(), ids=lambda guide: guide.id)
def test_a_guides_cards_stay_within_discords_limits(guide: Guide) -> None:
    longest: Sequence[Shown] = (WIDE, LIBRARY.by_id["looking-after-yourself-as-a-helper"])
    others = [item for item in longest if item.id != guide.id]
    ensure_it_fits(cards.render_document(guide, related(guide), T))
    ensure_it_fits(cards.render_document(guide, related(guide), T, TOKEN, "9"))
    ensure_it_fits(ask_cards.render_answer(guide, others, TOKEN, T))
    ensure_it_fits(ask_cards.render_unsure([guide, *others], TOKEN, T))
    ensure_it_fits(ask_cards.render_not_understood(TOKEN, T))
    ensure_it_fits(cards.render_found("What fits best", [guide, *others], T))
    ensure_it_fits(cards.render_sources(guide, T))


@pytest.mark.parametrize("guide", LIBRARY.by_id.values(), ids=lambda guide: guide.id)
def test_a_guides_card_names_its_source_the_day_and_that_no_clinician_reviewed_it(
    guide: Guide,
) -> None:
    day = f"{guide.checked_on.day} {guide.checked_on:%b %Y}"
    last = texts_of(cards.render_document(guide, related(guide), T))[-1]
    assert last.endswith(f"Checked against its sources on {day}, not reviewed by a clinician")
    assert f"](<{guide.sources[0].url}>)" in last
    listed = "\n".join(texts_of(cards.render_sources(guide, T)))
    for source in guide.sources:
        assert f"(<{source.url}>)" in listed


@pytest.mark.parametrize(
    "guide",
    [guide for guide in LIBRARY.by_id.values() if guide.help_first],
    ids=lambda guide: guide.id,
)
def test_a_guide_on_a_heavy_subject_shows_help_above_its_text(guide: Guide) -> None:
    for view in (
        cards.render_document(guide, related(guide), T),
        ask_cards.render_answer(guide, [], TOKEN, T),
    ):
        found = list(components(view))
        places = {
            str(part.get("content") or part.get("custom_id")): place
            for place, part in enumerate(found)
        }
        title = next(place for text, place in places.items() if text.startswith("## "))
        assert places["help-now:country"] < title < places[guide.body]


def test_the_pages_of_every_topic_stay_within_discords_limits() -> None:
    for topic in TOPICS:
        guides = LIBRARY.on_topic(topic)
        for start in range(0, len(guides), 10):
            ensure_it_fits(cards.render_list(TOPICS[topic], guides[start : start + 10], T))
    longest = sorted(LIBRARY.by_id.values(), key=lambda guide: len(guide.summary + guide.title))
    ensure_it_fits(cards.render_list("What fits best", longest[-10:], T))
    counts = cards.topic_counts(dict.fromkeys(TOPICS, 999), T)
    ensure_it_fits(cards.render_topics(counts, 300, T))


def test_a_resource_made_of_marks_still_fits_every_card() -> None:
    assert find_faults(WIDE) == []
    assert len(WIDE.title) == TITLE_LENGTH
    many = [WIDE] * 10
    ensure_it_fits(cards.render_document(WIDE, [], T, TOKEN, "9"))
    guides = list(LIBRARY.by_id.values())[:2]
    ensure_it_fits(ask_cards.render_answer(WIDE, guides, TOKEN, T))
    ensure_it_fits(ask_cards.render_unsure([WIDE, *guides], TOKEN, T))
    ensure_it_fits(own_cards.render_preview(TOKEN, WIDE, T))
    text = texts_of(cards.render_list("x", many, T))
    text += texts_of(own_cards.render_list(many, 0, T))
    assert sum(map(len, text)) <= 2 * 4000


def test_a_preview_fits_with_as_much_advice_as_there_can_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    advice = [SimpleNamespace(found="*" * 40, instead="other words " * 9)] * 50
    monkeypatch.setattr(own_cards, "advise", lambda _words: advice)
    view = own_cards.render_preview(TOKEN, WIDE, T)
    ensure_it_fits(view)
    assert any("Safe messaging suggests" in text for text in texts_of(view))


def test_ordinary_text_of_full_length_is_shown_whole() -> None:
    body = ("Meet us at the **old** fountain (every Sunday). " * 60)[:BODY_LENGTH].strip()
    shown = CommunityResource("A walk", "s" * SUMMARY_LENGTH, body)
    text = "\n".join(texts_of(cards.render_document(shown, [], T)))
    assert text.count("fountain") == body.count("fountain")
    assert "…" not in text


def test_a_communitys_words_have_no_effect_and_are_marked_as_theirs() -> None:
    shown = CommunityResource(
        "# [Click](https://elsewhere.example)",
        "@everyone **loud**",
        "-# <@1> [a](https://elsewhere.example)\n## and `code` for everyone",
        "https://example.org/elsewhere",
        row_id=1,
        changed_at=1_805_025_600,
    )
    view = cards.render_document(shown, [], T)
    text = "\n".join(texts_of(view))
    assert "Added by this community" in text
    assert "Written by this community's moderators, not checked by me or by a clinician" in text
    assert "<t:1805025600:D>" in text
    assert "](" not in text.replace("\\]", "")
    assert re.findall(r"^(?:-?#+|>) \S*", text, re.MULTILINE) == [
        "## \\#",
        "-# Added",
        "-# Written",
    ]
    (opens,) = [part for part in components(view) if part.get("url")]
    assert (opens["label"], opens["url"]) == ("Open example.org", "https://example.org/elsewhere")


@pytest.mark.parametrize("language", load_notices(ROOT / "data").by_language)
def test_what_is_said_in_another_language_fits_its_card_and_leads_to_help(language: str) -> None:
    words = load_notices(ROOT / "data").search_in_english(language)
    view = ask_cards.render_other_language(words, TOKEN, T)
    ensure_it_fits(view)
    assert texts_of(view)[: len(words)] == list(words)
    assert "help" in words[1].casefold() or "/help-now" in words[1]


def test_a_language_without_a_notice_still_leads_to_help() -> None:
    assert load_notices(ROOT / "data").search_in_english("xx") == ()
    view = ask_cards.render_other_language((), None, T)
    assert any(part.get("custom_id") == "help-now:country" for part in components(view))
