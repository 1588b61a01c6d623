"""The shuffle bag, the private card's choice, and what a community's own tip may look like."""

from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tips.rules import (
    Bag,
    draw,
    draw_pinned,
    explain_empty,
    pick_another,
    short_id,
    split_short_ids,
)
from bot.tips.store import row_id_of

TIPS = [f"tip-{number}" for number in range(12)]
some_tips = st.lists(st.sampled_from(TIPS), unique=True, min_size=1)
seeds = st.integers(0, 2**32)


def dice(seed: int) -> Random:
    """Chance that is the same in every run."""
    return Random(seed)


def draw_many(bag: Bag, eligible: list[str], chance: Random, count: int) -> tuple[list[str], Bag]:
    drawn = []
    for _ in range(count):
        result = draw(bag, eligible, chance)
        assert result is not None
        bag = result[1]
        drawn.append(result[0])
    return drawn, bag


@given(some_tips, seeds)
def test_every_round_has_each_tip_exactly_once(eligible: list[str], seed: int) -> None:
    chance = dice(seed)
    bag = Bag()

    for _ in range(3):
        drawn, bag = draw_many(bag, eligible, chance, len(eligible))
        assert sorted(drawn) == sorted(eligible)


@given(st.lists(st.sampled_from(TIPS), unique=True, min_size=2), seeds)
def test_no_tip_follows_itself_even_at_the_seam(eligible: list[str], seed: int) -> None:
    drawn, _ = draw_many(Bag(), eligible, dice(seed), 4 * len(eligible))

    assert all(one != two for one, two in pairwise(drawn))


@given(st.lists(some_tips, min_size=2, max_size=30), seeds)
def test_a_tip_comes_again_only_when_every_tip_that_fits_was_drawn_in_its_round(
    contents: list[list[str]], seed: int
) -> None:
    """Whatever is muted, unmuted, added, or chosen as topics from one day to the next."""
    chance, bag = dice(seed), Bag()
    for eligible in contents:
        result = draw(bag, eligible, chance)
        assert result is not None
        drawn, after = result
        assert drawn in eligible
        if drawn in bag.used:
            assert set(eligible) <= set(bag.used)
        if len(eligible) > 1:
            assert drawn != bag.last
        bag = after


@given(st.lists(some_tips, min_size=1, max_size=30), seeds)
def test_a_bag_never_notes_a_tip_twice_and_ends_with_the_latest(
    contents: list[list[str]], seed: int
) -> None:
    chance, bag = dice(seed), Bag()
    for eligible in contents:
        result = draw(bag, eligible, chance)
        assert result is not None
        bag = result[1]
        assert max(Counter(bag.used).values()) == 1
        assert bag.used[-1] == bag.last == result[0]


def test_a_tip_that_is_muted_and_shown_again_does_not_come_twice_in_a_round() -> None:
    bag = Bag(used=("tip-1", "tip-2"), last="tip-2")
    result = draw(bag, ["tip-2", "tip-3", "tip-4"], dice(1))
    assert result is not None

    following, _ = draw_many(result[1], ["tip-1", "tip-2", "tip-3", "tip-4"], dice(1), 1)

    assert following[0] in {"tip-3", "tip-4"}


def test_a_new_tip_joins_the_running_round() -> None:
    _, bag = draw_many(Bag(), TIPS[:3], dice(5), 3)

    result = draw(bag, TIPS[:4], dice(5))

    assert result is not None
    assert result[0] == "tip-3"


def test_a_round_of_some_topics_leaves_the_round_of_the_others_alone() -> None:
    bag = Bag(used=("tip-1", "tip-2", "tip-9"), last="tip-2")

    result = draw(bag, ["tip-1", "tip-2"], dice(3))

    assert result == ("tip-1", Bag(("tip-9", "tip-1"), "tip-1"))


def test_a_single_tip_comes_every_time() -> None:
    drawn, _ = draw_many(Bag(), ["tip-1"], dice(1), 3)

    assert drawn == ["tip-1"] * 3


def test_nothing_is_drawn_where_nothing_fits() -> None:
    assert draw(Bag(used=("tip-1",), last="tip-1"), [], dice(1)) is None


@given(some_tips, seeds)
def test_a_pinned_tip_counts_as_drawn(eligible: list[str], seed: int) -> None:
    pinned = eligible[0]
    bag = draw_pinned(Bag(), pinned)

    drawn, _ = draw_many(bag, eligible, dice(seed), len(eligible))

    assert pinned not in drawn[: len(eligible) - 1]


def test_a_tip_that_is_pinned_again_is_noted_once() -> None:
    assert draw_pinned(Bag(("tip-1", "tip-2"), "tip-2"), "tip-1") == Bag(
        ("tip-2", "tip-1"), "tip-1"
    )


@given(st.lists(st.sampled_from(TIPS), unique=True, min_size=2), seeds)
def test_another_shows_every_tip_before_one_comes_again(eligible: list[str], seed: int) -> None:
    chance, seen = dice(seed), list[str]()
    for _ in eligible:
        picked = pick_another(eligible, seen, chance)
        assert picked is not None
        assert not picked.starts_over
        seen.append(short_id(picked.tip_id))

    again = pick_another(eligible, seen, chance)

    assert len(set(seen)) == len(eligible)
    assert again is not None
    assert again.starts_over
    assert short_id(again.tip_id) != seen[-1]


def test_another_shows_the_only_tip_again_rather_than_none() -> None:
    picked = pick_another(["tip-1"], [short_id("tip-1")], dice(1))

    assert picked is not None
    assert picked.tip_id == "tip-1"
    assert picked.starts_over


def test_another_has_nothing_to_show_where_nothing_fits() -> None:
    assert pick_another([], ["abc"], dice(1)) is None


@given(st.lists(st.text()))
def test_short_ids_can_be_written_one_after_the_other_in_a_buttons_id(tip_ids: list[str]) -> None:
    short = [short_id(tip_id) for tip_id in tip_ids]

    assert split_short_ids("".join(short)) == tuple(short)
    assert ":" not in "".join(short)
    assert all(len(one) == 2 for one in short)


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
