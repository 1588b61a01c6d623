"""What moderators are told when no tip fits, and which ids are communities' own."""

import pytest

from bot.tips.rules import explain_empty
from bot.tips.store import row_id_of


def test_an_empty_choice_names_the_topics_as_people_know_them() -> None:
    words = explain_empty(["sleep", "before-live"], 0)

    assert "(Sleep, Before a live stream)" in words
    assert "muted" not in words
    assert "/tips add" in words


@pytest.mark.parametrize(("muted", "words"), [(1, "the only one"), (17, "all 17")])
def test_an_empty_choice_says_how_many_are_muted(muted: int, words: str) -> None:
    assert words in explain_empty(["sleep"], muted)


@pytest.mark.parametrize(
    ("tip_id", "row_id"),
    [
        ("community-7", 7),
        ("community-", None),
        ("community-²", None),
        ("community-٣", None),
        ("community--1", None),
        ("community-" + "9" * 30, None),
        ("sleep-early", None),
        ("7", None),
    ],
)
def test_only_a_plain_number_names_a_community_tip(tip_id: str, row_id: int | None) -> None:
    assert row_id_of(tip_id) == row_id
