"""Myths and facts: what follows from a press, who needs help named, and cards that always fit."""

from random import Random
from typing import Any

import pytest

from bot.content.myths import ID_LENGTH, TOPICS, Myth, MythLibrary, load_myths
from bot.delivery.ports import Post
from bot.i18n import Texts
from bot.myths.rules import HELP_TOPICS, explain_empty, is_right, names_help
from bot.myths.service import Myths
from bot.rotation import short_id
from cogs.myths.cards import SEEN, render_answer, render_post, render_statement
from tests.conftest import ROOT
from tests.flows.reading import parts

T = Texts()
LIBRARY = load_myths(ROOT / "data")
ALL = list(LIBRARY.by_id.values())


def parts_of(view: Any) -> list[dict[str, Any]]:
    """Every component of a card."""
    return list(parts(view.to_components()))


def text_of(view: Any) -> str:
    """All text of a card."""
    return "\n".join(str(part["content"]) for part in parts_of(view) if "content" in part)


def ids_of(view: Any) -> list[str]:
    """The custom ids of a card's controls."""
    return [str(part["custom_id"]) for part in parts_of(view) if "custom_id" in part]


def some(answer: str) -> Myth:
    return next(myth for myth in ALL if myth.answer == answer)


@pytest.mark.parametrize(("answer", "verdict"), [("myth", "a myth"), ("fact", "a fact")])
@pytest.mark.parametrize("said", ["myth", "fact"])
def test_an_answer_says_how_it_is_and_never_that_somebody_was_wrong(
    answer: str, verdict: str, said: str
) -> None:
    myth = some(answer)
    text = text_of(render_answer(myth, said, "", (), T, guide=None))

    assert ("Yes, that's right" in text) is is_right(myth, said)
    assert ("Many people think so" in text) is not is_right(myth, said)
    assert f"It's {verdict}." in text
    assert myth.explanation in text
    assert "wrong" not in text.replace(myth.explanation, "").casefold()


def test_every_answer_has_its_source_with_the_day_and_that_no_clinician_reviewed_it() -> None:
    for myth in ALL:
        text = text_of(render_answer(myth, "myth", "", (), T, guide=None))
        assert str(myth.source.url) in text
        assert f"seen {myth.source.seen_on.day} {myth.source.seen_on:%b %Y}" in text
        assert "Gathered from its source, not reviewed by a clinician" in text


def test_the_subject_comes_near_by_topic_or_by_word() -> None:
    calm = some("myth").model_copy(update={"topic": "sleep", "explanation": "Sleep well."})

    assert set(TOPICS) >= HELP_TOPICS
    assert not names_help(calm)
    assert names_help(calm.model_copy(update={"topic": "suicide"}))
    assert names_help(calm.model_copy(update={"explanation": "If you think of suicide, ask."}))


@pytest.mark.parametrize("topic", ["sleep", "suicide"])
def test_help_is_named_on_every_card_wherever_the_subject_comes_near(topic: str) -> None:
    myth = next(myth for myth in ALL if myth.topic == topic)
    post = Post(1, 2, "myths", "k" * 25, myth)
    for view in (
        render_statement(myth, "", (), T),
        render_post(post, T),
        render_answer(myth, "fact", "", (), T, guide=None),
    ):
        assert ("help-now:country" in ids_of(view)) is names_help(myth)


def test_the_longest_card_fits_with_as_many_seen_as_are_remembered() -> None:
    longest = ALL[0].model_copy(update={"id": "a" * ID_LENGTH, "topic": max(TOPICS, key=len)})
    seen = [short_id(str(number)) for number in range(SEEN + 5)]

    view = render_statement(longest, longest.topic, seen, T)

    ids = ids_of(view)
    assert max(map(len, ids)) <= 100
    assert ids[0].endswith("".join(seen[-SEEN:]))
    answer = render_answer(longest, "myth", longest.topic, seen[:SEEN], T, guide="g" * 60)
    assert len(text_of(answer)) <= 4000


def test_a_post_carries_its_key_and_pings_only_the_role_that_was_chosen() -> None:
    quiet = render_post(Post(1, 2, "myths", "the-key", ALL[0]), T)
    loud = render_post(Post(1, 2, "myths", "the-key", ALL[0], role_id=77), T)

    assert [custom_id.endswith(":the-key") for custom_id in ids_of(quiet)][:2] == [True, True]
    assert "<@" not in text_of(quiet)
    assert "<@&77>" in text_of(loud)


def test_another_one_is_none_of_those_just_seen_until_all_were_seen() -> None:
    myths = Myths(LIBRARY, Random(3))
    seen: list[str] = []
    for _ in LIBRARY.ids_on(["sleep"]):
        draw = myths.pick("sleep", seen)
        assert draw is not None
        assert draw.myth.topic == "sleep"
        assert not draw.starts_over
        assert short_id(draw.myth.id) not in seen
        seen.append(short_id(draw.myth.id))

    again = myths.pick("sleep", seen)

    assert again is not None
    assert again.starts_over
    assert short_id(again.myth.id) != seen[-1]


def test_nothing_is_drawn_where_nothing_is_on_the_topic() -> None:
    assert Myths(MythLibrary({}), Random(1)).pick("sleep") is None


def test_an_id_that_is_not_there_finds_nothing() -> None:
    assert Myths(LIBRARY, Random(1)).find("gone") is None


def test_an_empty_choice_names_the_topics_and_the_way_out() -> None:
    words = explain_empty(["sleep", "online"])

    assert "(Sleep, Online life)" in words
    assert "/myths schedule" in words
    assert "in the library" in explain_empty([])
