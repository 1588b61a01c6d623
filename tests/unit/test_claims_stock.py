"""How low a pool is: pure figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.claims.stock import Stock, find_crossed, find_threshold


@pytest.mark.parametrize(
    ("left", "full", "threshold"),
    [
        (20_000, 20_000, None),
        (2_001, 20_000, None),
        (2_000, 20_000, 10),
        (201, 20_000, 10),
        (200, 20_000, 1),
        (1, 20_000, 1),
        (0, 20_000, 0),
        (2, 15, None),
        (1, 15, 10),
        (0, 15, 0),
        (0, 0, 0),
        (1, 1, None),
    ],
)
def test_the_lowest_threshold_that_was_reached_counts(
    left: int, full: int, threshold: int | None
) -> None:
    assert find_threshold(left, full) == threshold


@given(full=st.integers(1, 2000))
def test_a_pool_that_runs_dry_is_told_about_at_most_three_times_and_ends_with_nought(
    full: int,
) -> None:
    told: list[int] = []
    for left in range(full, -1, -1):
        crossed = find_crossed(told[-1] if told else None, left, full)
        told += [] if crossed is None else [crossed]
    assert told == sorted(set(told), reverse=True)
    assert told[-1] == 0


@pytest.mark.parametrize(
    ("stock", "left", "full"),
    [
        (Stock("p", free=200, cap=200), 200, 200),
        (Stock("p", free=200, spent=50, cap=100, allocated=50), 50, 100),
        (Stock("p", free=30, spent=50, cap=100, allocated=50), 30, 80),
        (Stock("p", free=30, spent=50, cap=100, allocated=50, offered=30), 0, 80),
        (Stock("p", free=9, cap=100, offered=10), 0, 9),
        (Stock("p", free=0, spent=50, void=3, cap=40, allocated=40), 0, 40),
        (Stock("p"), 0, 0),
    ],
)
def test_cap_and_offers_count_as_much_as_codes(stock: Stock, left: int, full: int) -> None:
    assert (stock.left, stock.full) == (left, full)
