"""Guides and notices: what is wrong is named, all at once, and the real ones are right."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.content.guides import TOPICS, Guide, load_guides
from bot.content.notices import load_notices
from bot.errors import ContentError
from bot.resources.rules import (
    COMMUNITY_PREFIX,
)
from cogs.resources import cards
from cogs.resources.self_check import QUESTIONS
from cogs.support import FOR_HELPERS, GUIDES
from tests.conftest import ROOT

LIBRARY = load_guides(ROOT / "data")
ASKED = [f"way number {number} to ask for it" for number in range(8)]
GOOD = f"""+++
topic = "body"
title = "A title"
summary = "What this guide gives, in a sentence of some length."
asked = {ASKED}
related = ["other"]
checked_on = 2026-11-22

[[sources]]
publisher = "A clinic"
title = "Sleeping well"
url = "https://example.org/sleep"
seen_on = 2026-11-22
+++
{"Some sentences of the guide. " * 30}
"""
OTHER = (
    GOOD.replace('["other"]', '["good"]').replace("way", "other").replace("A title", "Another one")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with two good guides."""
    (tmp_path / "guides").mkdir()
    write(tmp_path, GOOD)
    write(tmp_path, OTHER, "other")
    return tmp_path


def write(folder: Path, text: str | bytes, name: str = "good") -> None:
    path = folder / "guides" / f"{name}.md"
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def faults_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ContentError) as caught:
        load_guides(folder)
    return caught.value.faults


def test_a_good_guide_is_read_as_it_stands(folder: Path) -> None:
    good, other = load_guides(folder).by_id.values()
    assert (good.id, good.topic, good.title, other.id) == ("good", "body", "A title", "other")
    assert good.body.startswith("Some sentences")
    assert good.asked == tuple(ASKED)
    assert good.checked_on == date(2026, 11, 22)
    assert (good.help_first, good.content_note, good.reading_minutes) == (False, "", 1)


def test_a_guide_with_the_line_ends_of_windows_is_read_all_the_same(folder: Path) -> None:
    write(folder, GOOD.replace("\n", "\r\n"))
    assert load_guides(folder).by_id["good"].title == "A title"


def test_a_fence_in_the_text_ends_nothing(folder: Path) -> None:
    write(folder, GOOD + "+++\nThe end.\n")
    assert load_guides(folder).by_id["good"].body.endswith("+++\nThe end.")


def test_the_guides_of_a_topic_come_by_title(folder: Path) -> None:
    library = load_guides(folder)
    assert [guide.id for guide in library.on_topic("body")] == ["good", "other"]
    assert library.on_topic("tools") == library.on_topic("nothing-like-that") == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("+++\ntopic", "topic", r"good\.md: TOML between two lines of \+\+\+ must come first"),
        ("+++\ntopic", "Hello\n+++\ntopic", r"good\.md: TOML between two lines of \+\+\+ must"),
        ("topic =", "topic :", r"good\.md: TOML between two lines of \+\+\+ must come first \("),
        ("topic =", 'id = "other"\ntopic =', r"good\.md: id: comes from the file itself"),
        ("topic =", 'body = "x"\ntopic =', r"good\.md: body: comes from the file itself"),
        ('"body"', '"bodies"', r"good\.md: topic: 'bodies' is not one of crisis, "),
        ('"A title"', '"A"', r"good\.md, good: title: "),
        ('"A title"', '"' + "long " * 20 + '"', r"good\.md, good: title: "),
        ('"A title"', '"ANOTHER one"', r"good\.md: title: another guide has the same"),
        ('title = "A title"\n', "", r"good\.md, good: title: "),
        ("What this guide gives, in a sentence of some length.", "Short.", r".*: summary: "),
        ("some length", "some length " * 20, r".*, good: summary: "),
        ("Some sentences of the guide. ", "", r".*, good: body: "),
        ("Some sentences", "Some sentences " * 20, r".*, good: body: "),
        (str(ASKED), str(ASKED[1:]), r".*, good: asked: "),
        (str(ASKED), str([*ASKED, "x" * 201]), r".*, good: asked\.8: "),
        (str(ASKED), str([*ASKED, " "]), r".*, good: asked\.8: "),
        (str(ASKED), str([*ASKED, ASKED[0].upper()]), r"good\.md: asked: '.*' stands there more"),
        (str(ASKED), str([*ASKED, ASKED[0].replace("way", "OTHER")]), r"good\.md: asked: '.*' st"),
        ('["other"]', "[]", r".*, good: related: "),
        ('["other"]', '["good"]', r"good\.md: related: there is no other guide 'good'"),
        ('["other"]', '["gone"]', r"good\.md: related: there is no other guide 'gone'"),
        ('["other"]', '["other", "other"]', r"good\.md: related: 'other' stands there more"),
        ('["other"]', str(["other"] * 6), r".*, good: related: "),
        ("checked_on = 2026-11-22", "", r".*, good: checked_on: "),
        ("checked_on", 'content_note = "' + "x" * 161 + '"\nchecked_on', r".*: content_note: "),
        ("checked_on", 'help_first = "perhaps"\nchecked_on', r".*, good: help_first: "),
        ("checked_on", "mood = 3\nchecked_on", r".*, good: mood: "),
        ("https://", "ftp://", r".*, good: sources\.0\.url: "),
        ("seen_on = 2026-11-22", "", r".*, good: sources\.0\.seen_on: "),
        ("[[sources]]", "[[source]]", r".*, good: sources: "),
    ],
)
def test_a_fault_in_a_guide_is_named_with_file_and_field(
    folder: Path, old: str, new: str, words: str
) -> None:
    assert old in GOOD
    write(folder, GOOD.replace(old, new))
    faults = faults_of(folder)
    assert any(re.match(words, fault) for fault in faults), faults


def test_a_guide_that_is_not_text_is_named(folder: Path) -> None:
    write(folder, b"+++\n\xff\n+++\n")
    (fault,) = faults_of(folder)
    assert fault.startswith("good.md: TOML between two lines")


def test_an_id_is_made_of_small_letters(folder: Path) -> None:
    write(folder, OTHER.replace("other", "one more").replace("Another", "Third"), "Not_an_id")
    assert any(re.match(r"Not_an_id\.md, Not_an_id: id: ", fault) for fault in faults_of(folder))


def test_an_id_that_belongs_to_communities_is_refused(folder: Path) -> None:
    write(folder, OTHER.replace("other ", "third ").replace("Another", "Third"), "community-5")
    assert faults_of(folder) == (
        "community-5.md: ids with 'community-' in front belong to communities' own resources.",
    )


def test_a_broken_guide_is_not_also_missed_by_those_that_lead_to_it(folder: Path) -> None:
    write(folder, "nothing")
    (fault,) = faults_of(folder)
    assert fault.startswith("good.md: ")


def test_every_fault_of_every_guide_is_told_at_once(folder: Path) -> None:
    write(folder, GOOD.replace("A title", "A").replace('"body"', "5"))
    write(folder, OTHER.replace('"body"', '"bodies"').replace('["good"]', '["gone"]'), "other")
    assert Counter(fault[:5] for fault in faults_of(folder)) == {"good.": 2, "other": 2}


def test_a_folder_without_guides_says_where_they_come_from(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path)
    assert "no .md file is there. Restore it from the repository" in fault


def test_at_least_eighty_guides_ship_and_every_topic_has_some() -> None:
    assert len(LIBRARY.by_id) >= 80
    assert {guide.topic for guide in LIBRARY.by_id.values()} == set(TOPICS)
    assert min(len(LIBRARY.on_topic(topic)) for topic in TOPICS) >= 3


@pytest.mark.parametrize("guide", LIBRARY.by_id.values(), ids=lambda guide: guide.id)
def test_every_source_was_seen_by_the_day_of_the_check(guide: Guide) -> None:
    for source in guide.sources:
        assert source.url.scheme in {"https", "http"}
        assert source.url.host
        assert "." in source.url.host
        assert guide.checked_on.year >= 2026
        assert source.seen_on <= guide.checked_on


def test_guides_about_suicide_and_self_harm_show_help_first() -> None:
    heavy = re.compile(r"suicid|self-harm|self harm", re.IGNORECASE)
    plain = [
        guide.id
        for guide in LIBRARY.by_id.values()
        if heavy.search(f"{guide.id} {guide.title}") and not guide.help_first
    ]
    assert plain == []


def test_the_guides_that_other_cards_lead_to_are_there() -> None:
    wanted = {*GUIDES, FOR_HELPERS, cards.SELF_CHECK, "helping-a-friend"}
    wanted |= {item for question in QUESTIONS for item in question.guides}
    assert wanted <= LIBRARY.by_id.keys()


def test_ids_of_communities_and_guides_never_meet() -> None:
    assert not any(item.startswith(COMMUNITY_PREFIX) for item in LIBRARY.by_id)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[es]\nsearch = 'x'\n", "notices.toml: es.help: "),
        ("[es]\nsearch = 5\nhelp = 'x'\n", "notices.toml: es.search: "),
        ("es = 'x'\n", "notices.toml: es: "),
        ("[es\n", "notices.toml: not readable as TOML"),
    ],
)
def test_a_fault_in_a_notice_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "notices.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_notices(tmp_path)
    assert any(fault.startswith(words) for fault in caught.value.faults)
