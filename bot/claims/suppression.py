"""Counts that may be shown outside: none below 10, and none that sums would give away. Pure.

Hiding small cells is not enough: a row's sum less its shown cells is the hidden one. So further
cells are hidden until every small one could be anything from 0 to 9, as far as anybody can tell
from the whole published table.

The table with its sums is a network: rows, columns and the two margins are places, and each cell
is the flow between two of them (the whole flows from the sums to the rows, on to the columns, and
back). Another table agrees with what is published exactly if it differs by a flow around circles
of hidden cells. For each small cell the cheapest such circles are looked for, hidden cells being
free and others costing their value, and what they run through is hidden, too. This is the
shortest-path heuristic for cell suppression in two-way tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

LEAST = 10
"""The smallest count that is shown."""

Grid: TypeAlias = NDArray[np.int64]
Cell: TypeAlias = tuple[int, int]
_FAR = np.int64(2**60)
_MARGIN = 2**40
"""What hiding a sum costs: more than any number of inner cells."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as it may be shown; None is a hidden cell. Sums are those of the true counts."""

    cells: tuple[tuple[int | None, ...], ...]
    row_sums: tuple[int | None, ...]
    column_sums: tuple[int | None, ...]
    total: int | None


def suppress(counts: Sequence[Sequence[int]]) -> Shown:
    """Hide what is below 10, and what protects it. A table without cells has nothing to show."""
    if not counts or not counts[0]:
        return Shown((), (), (), None)
    network = _Network(counts)
    network.protect()
    rows, columns = len(counts), len(counts[0])
    grid = [
        [network.shown(row, column) for column in range(columns + 1)] for row in range(rows + 1)
    ]
    return Shown(
        cells=tuple(tuple(line[:-1]) for line in grid[:-1]),
        row_sums=tuple(line[-1] for line in grid[:-1]),
        column_sums=tuple(grid[-1][:-1]),
        total=grid[-1][-1],
    )


class _Network:
    """The table as flows: ``_flow[a, b]`` is the cell that runs from place a to place b."""

    def __init__(self, counts: Sequence[Sequence[int]]) -> None:
        inner = np.array(counts, dtype=np.int64)
        self._rows, self._columns = inner.shape
        size = self._rows + self._columns + 2
        self._flow: Grid = np.zeros((size, size), dtype=np.int64)
        self._cost: Grid = np.full((size, size), _FAR)
        self._is_hidden = np.zeros((size, size), dtype=np.bool_)
        whole = np.pad(inner, ((0, 1), (0, 1)))
        whole[-1, :-1], whole[:-1, -1], whole[-1, -1] = inner.sum(0), inner.sum(1), inner.sum()
        for row in range(self._rows + 1):
            for column in range(self._columns + 1):
                arc = self._arc(row, column)
                is_sum = row == self._rows or column == self._columns
                self._flow[arc] = whole[row, column]
                self._cost[arc] = whole[row, column] + (_MARGIN if is_sum else 1)
                self._is_hidden[arc] = whole[row, column] < LEAST

    def shown(self, row: int, column: int) -> int | None:
        """A cell's count, or None; the last row and column are the sums."""
        arc = self._arc(row, column)
        return None if self._is_hidden[arc] else int(self._flow[arc])

    def protect(self) -> None:
        """Hide as many cells as are needed, and show again what that gives away anyhow."""
        small = [arc for arc in self._arcs() if self._is_hidden[arc]]
        for arc in small:
            value = int(self._flow[arc])
            self._push(arc[1], arc[0], LEAST - 1 - value, arc)  # it could be as much as 9
            self._push(arc[0], arc[1], value, arc)  # and as little as 0
        for arc in set(self._arcs()) - set(small):
            if self._is_hidden[arc] and not self._can_differ(arc):
                self._is_hidden[arc] = False

    def _push(self, start: int, end: int, amount: int, around: Cell) -> None:
        """Send an amount from one place to another without the cell that it is to replace."""
        flow = self._flow.copy()
        while amount > 0:
            path = _find_path(self._lengths(flow, around), start, end)
            room = amount
            for step in path:
                if not self._is_cell(step):  # against a cell's own direction it can only fall
                    room = min(room, int(flow[step[::-1]]))
            for a, b in path:
                if self._is_cell((a, b)):
                    flow[a, b] += room
                    self._is_hidden[a, b] = True
                else:
                    flow[b, a] -= room
                    self._is_hidden[b, a] = True
            amount -= room

    def _can_differ(self, arc: Cell) -> bool:
        """Whether a hidden cell could be another number, as far as the published ones tell."""
        lengths = self._lengths(self._flow, arc)
        lengths[lengths > 0] = _FAR
        return any(
            _find_path(lengths, start, end) for start, end in ((arc[1], arc[0]), (arc[0], arc[1]))
        )

    def _lengths(self, flow: Grid, around: Cell) -> Grid:
        """What it costs to raise each cell by one, and, the other way, to lower it."""
        costs = np.where(self._is_hidden, 0, self._cost)
        lengths = np.minimum(costs, np.where(flow.T > 0, costs.T, _FAR))
        lengths[around] = lengths[around[::-1]] = _FAR
        return lengths

    def _arc(self, row: int, column: int) -> Cell:
        """Where a cell flows: row to column; a row's sum into it; a column's sum out of it."""
        last_row, first_column = self._rows, self._rows + 1
        last_column = first_column + self._columns
        if row == last_row and column == self._columns:
            return last_row, last_column
        if column == self._columns:
            return last_column, row
        if row == last_row:
            return first_column + column, last_row
        return row, first_column + column

    def _arcs(self) -> list[Cell]:
        return [
            self._arc(row, column)
            for row in range(self._rows + 1)
            for column in range(self._columns + 1)
        ]

    def _is_cell(self, step: Cell) -> bool:
        return bool(self._cost[step] < _FAR)


def _find_path(lengths: Grid, start: int, end: int) -> list[Cell]:
    """The steps of a shortest path (Bellman and Ford); empty when there is none."""
    places = np.arange(len(lengths))
    distance: Grid = np.full(len(lengths), _FAR)
    distance[start] = 0
    before: Grid = np.full(len(lengths), -1, dtype=np.int64)
    while True:
        through = distance[:, None] + lengths
        nearest = through.argmin(axis=0)
        found = through[nearest, places]
        is_better = found < distance
        if not is_better.any():
            break
        distance[is_better], before[is_better] = found[is_better], nearest[is_better]
    path: list[Cell] = []
    place = end
    while place != start:
        if before[place] < 0:
            return []
        path.append((int(before[place]), place))
        place = int(before[place])
    return path[::-1]
