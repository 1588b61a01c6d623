"""Turns without repeats: the shuffle bag, and another one for a private card."""

from collections import Counter
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.rotation import Bag, draw, draw_pinned, pick_another, short_id, split_short_ids

ITEMS = [f"item-{number}" for number in range(12)]
some_items = st.lists(st.sampled_from(ITEMS), unique=True, min_size=1)
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


@given(some_items, seeds)
def test_every_round_has_each_item_exactly_once(eligible: list[str], seed: int) -> None:
    chance = dice(seed)
    bag = Bag()

    for _ in range(3):
        drawn, bag = draw_many(bag, eligible, chance, len(eligible))
        assert sorted(drawn) == sorted(eligible)


@given(st.lists(st.sampled_from(ITEMS), unique=True, min_size=2), seeds)
def test_nothing_follows_itself_even_at_the_seam(eligible: list[str], seed: int) -> None:
    drawn, _ = draw_many(Bag(), eligible, dice(seed), 4 * len(eligible))

    assert all(one != two for one, two in pairwise(drawn))


@given(st.lists(some_items, min_size=2, max_size=30), seeds)
def test_an_item_comes_again_only_when_every_item_that_fits_was_drawn_in_its_round(
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


@given(st.lists(some_items, min_size=1, max_size=30), seeds)
def test_a_bag_never_notes_an_item_twice_and_ends_with_the_latest(
    contents: list[list[str]], seed: int
) -> None:
    chance, bag = dice(seed), Bag()
    for eligible in contents:
        result = draw(bag, eligible, chance)
        assert result is not None
        bag = result[1]
        assert max(Counter(bag.used).values()) == 1
        assert bag.used[-1] == bag.last == result[0]


def test_an_item_that_is_muted_and_shown_again_does_not_come_twice_in_a_round() -> None:
    bag = Bag(used=("item-1", "item-2"), last="item-2")
    result = draw(bag, ["item-2", "item-3", "item-4"], dice(1))
    assert result is not None

    following, _ = draw_many(result[1], ["item-1", "item-2", "item-3", "item-4"], dice(1), 1)

    assert following[0] in {"item-3", "item-4"}


def test_a_new_item_joins_the_running_round() -> None:
    _, bag = draw_many(Bag(), ITEMS[:3], dice(5), 3)

    result = draw(bag, ITEMS[:4], dice(5))

    assert result is not None
    assert result[0] == "item-3"


def test_a_round_of_some_topics_leaves_the_round_of_the_others_alone() -> None:
    bag = Bag(used=("item-1", "item-2", "item-9"), last="item-2")

    result = draw(bag, ["item-1", "item-2"], dice(3))

    assert result == ("item-1", Bag(("item-9", "item-1"), "item-1"))


def test_a_single_item_comes_every_time() -> None:
    drawn, _ = draw_many(Bag(), ["item-1"], dice(1), 3)

    assert drawn == ["item-1"] * 3


def test_nothing_is_drawn_where_nothing_fits() -> None:
    assert draw(Bag(used=("item-1",), last="item-1"), [], dice(1)) is None


@given(some_items, seeds)
def test_a_pinned_item_counts_as_drawn(eligible: list[str], seed: int) -> None:
    pinned = eligible[0]
    bag = draw_pinned(Bag(), pinned)

    drawn, _ = draw_many(bag, eligible, dice(seed), len(eligible))

    assert pinned not in drawn[: len(eligible) - 1]


def test_an_item_that_is_pinned_again_is_noted_once() -> None:
    assert draw_pinned(Bag(("item-1", "item-2"), "item-2"), "item-1") == Bag(
        ("item-2", "item-1"), "item-1"
    )


@given(st.lists(st.sampled_from(ITEMS), unique=True, min_size=2), seeds)
def test_another_shows_every_item_before_one_comes_again(eligible: list[str], seed: int) -> None:
    chance, seen = dice(seed), list[str]()
    for _ in eligible:
        picked = pick_another(eligible, seen, chance)
        assert picked is not None
        assert not picked.starts_over
        seen.append(short_id(picked.item_id))

    again = pick_another(eligible, seen, chance)

    assert len(set(seen)) == len(eligible)
    assert again is not None
    assert again.starts_over
    assert short_id(again.item_id) != seen[-1]


def test_another_shows_the_only_item_again_rather_than_none() -> None:
    picked = pick_another(["item-1"], [short_id("item-1")], dice(1))

    assert picked is not None
    assert picked.item_id == "item-1"
    assert picked.starts_over


def test_another_has_nothing_to_show_where_nothing_fits() -> None:
    assert pick_another([], ["abc"], dice(1)) is None


@given(st.lists(st.text()))
def test_short_ids_can_be_written_one_after_the_other_in_a_buttons_id(item_ids: list[str]) -> None:
    short = [short_id(item_id) for item_id in item_ids]

    assert split_short_ids("".join(short)) == tuple(short)
    assert ":" not in "".join(short)
    assert all(len(one) == 2 for one in short)
