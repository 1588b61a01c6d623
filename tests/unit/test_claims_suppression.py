"""Suppression: what is hidden stays hidden, whatever sums stand beside it."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.claims.suppression import LEAST, Shown, suppress

COUNT = st.one_of(st.integers(0, 12), st.integers(0, 60), st.just(0))


def tables(most: int = 5) -> st.SearchStrategy[list[list[int]]]:
    """Tables of counts, small ones and empty ones among them."""
    shape = st.tuples(st.integers(1, most), st.integers(1, most))
    return shape.flatmap(
        lambda size: st.lists(
            st.lists(COUNT, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
        )
    )


def whole(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    """A table with its sums as a last row and column."""
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def published(shown: Shown) -> list[list[int | None]]:
    """What a reader sees, in the same shape."""
    rows = [[*row, total] for row, total in zip(shown.cells, shown.row_sums, strict=True)]
    return [*rows, [*shown.column_sums, shown.total]]


def computable(seen: list[list[int | None]]) -> set[tuple[int, int]]:
    """The hidden cells that follow from the sums: by elimination, with exact fractions."""
    hidden = [(i, j) for i, row in enumerate(seen) for j, cell in enumerate(row) if cell is None]
    place = {cell: number for number, cell in enumerate(hidden)}
    rows, columns = len(seen), len(seen[0])
    lines = [[(i, j) for j in range(columns)] for i in range(rows)]
    lines += [[(i, j) for i in range(rows)] for j in range(columns)]
    matrix: list[list[Fraction]] = []
    for line in lines:  # all but the last add up to the last
        equation = [Fraction(0)] * len(hidden)
        for cell in line:
            if cell in place:
                equation[place[cell]] = Fraction(-1 if cell == line[-1] else 1)
        matrix.append(equation)
    pivots = eliminate(matrix)
    return {hidden[pivot] for row, pivot in pivots if sum(value != 0 for value in matrix[row]) == 1}


def eliminate(matrix: list[list[Fraction]]) -> list[tuple[int, int]]:
    """Bring it to reduced rows; each pivot's row and column."""
    pivots: list[tuple[int, int]] = []
    for column in range(len(matrix[0])):
        top = len(pivots)
        row = next((r for r in range(top, len(matrix)) if matrix[r][column]), None)
        if row is None:
            continue
        matrix[top], matrix[row] = matrix[row], matrix[top]
        matrix[top] = [value / matrix[top][column] for value in matrix[top]]
        for other in range(len(matrix)):
            if other != top and matrix[other][column]:
                factor = matrix[other][column]
                matrix[other] = [
                    a - factor * b for a, b in zip(matrix[other], matrix[top], strict=True)
                ]
        pivots.append((top, column))
    return pivots


def agreeing(seen: list[list[int | None]]) -> Iterator[list[list[int]]]:
    """Every table of 2 by 2 or 2 by 3 whole numbers that agrees with what was published.

    The sums of its columns are published.
    """
    width = len(seen[0]) - 1
    choices = [
        range((total or 0) + 1) if cell is None else range(cell, cell + 1)
        for cell, total in zip(seen[0][:width], seen[2][:width], strict=True)
    ]
    for first in product(*choices):
        if seen[0][width] not in {None, sum(first)}:
            continue
        second = [
            None if total is None else total - one
            for one, total in zip(first, seen[2][:width], strict=True)
        ]
        if None in second or any((value or 0) < 0 for value in second):
            continue
        table = whole([list(first), [value or 0 for value in second]])
        if all(
            cell is None or cell == table[i][j]
            for i, row in enumerate(seen)
            for j, cell in enumerate(row)
        ):
            yield table


@given(counts=tables())
def test_no_count_below_ten_is_shown_and_no_count_is_changed(counts: list[list[int]]) -> None:
    for true, seen in zip(whole(counts), published(suppress(counts)), strict=True):
        for count, cell in zip(true, seen, strict=True):
            assert cell is None or cell == count >= LEAST


@settings(max_examples=300)
@given(counts=tables())
def test_no_hidden_cell_can_be_computed_from_sums(counts: list[list[int]]) -> None:
    assert computable(published(suppress(counts))) == set()


@settings(max_examples=60)
@example(counts=[[1, 10], [9, 2]])
@given(
    counts=st.integers(2, 3).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 25), min_size=width, max_size=width), min_size=2, max_size=2
        )
    )
)
def test_a_small_count_could_be_anything_from_nought_to_nine(counts: list[list[int]]) -> None:
    seen = published(suppress(counts))
    if None in seen[2]:  # with hidden sums there are endlessly many tables
        return
    tables_left = list(agreeing(seen))
    for i, j in product(range(2), range(len(counts[0]))):
        if counts[i][j] < LEAST:
            assert {0, LEAST - 1} <= {table[i][j] for table in tables_left}


def test_hiding_small_cells_alone_would_give_them_away() -> None:
    counts = [[50, 5], [60, 7]]
    naive: list[list[int | None]] = [[50, None, 55], [60, None, 67], [110, 12, 122]]
    assert computable(naive) == {(0, 1), (1, 1)}
    assert suppress(counts).cells == ((None, None), (None, None))


def test_sums_are_shown_as_long_as_they_give_nothing_away() -> None:
    shown = suppress([[50, 5, 20], [60, 7, 30], [70, 40, 50]])
    assert shown.row_sums == (75, 97, 160)
    assert shown.column_sums == (180, 52, 100)
    assert shown.total == 332


def test_a_table_of_large_counts_is_shown_whole() -> None:
    assert suppress([[10, 20], [30, 40]]) == Shown(((10, 20), (30, 40)), (30, 70), (40, 60), 100)


@pytest.mark.parametrize("counts", [[], [[]]])
def test_an_empty_table_shows_nothing(counts: list[list[int]]) -> None:
    assert suppress(counts) == Shown((), (), (), None)


def test_a_single_small_count_takes_its_sums_with_it() -> None:
    assert suppress([[4]]) == Shown(((None,),), (None,), (None,), None)
