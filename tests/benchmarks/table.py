"""What a benchmark has to say, and how it is printed."""

import os
import platform
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median

HEADINGS = ("What", "Ours", "Floor", "Ratio", "Bar", "")
WIDTHS = (57, 13, 13, 6, 21, 7)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside its floor. ``bar`` is None where nothing is promised.

    ``ratio`` is the median of the rounds' ratios, where there are rounds: a round's neighbour had
    the same machine. Else it is that of the two figures.
    """

    name: str
    ours: float
    floor: float
    unit: str
    bar: str | None = None
    is_met: bool | None = None
    ratio: float | None = None

    def cells(self) -> tuple[str, ...]:
        """What stands in the columns."""
        ratio = self.ratio or (self.ours / self.floor if self.floor else None)
        times = "-" if ratio is None else f"{ratio:.2f}"
        verdict = {None: "", True: "met", False: "NOT met"}[self.is_met]
        figures = (_figure(self.ours, self.unit), _figure(self.floor, self.unit))
        return (self.name, *figures, times, self.bar or "-", verdict)


def at_least(
    name: str, ours: Sequence[float], floor: Sequence[float], unit: str, bar: float
) -> Line:
    """Rounds where more is better: ours must reach a share of the floor."""
    ratio = _ratio(ours, floor)
    figures = (median(ours), median(floor))
    return Line(name, *figures, unit, f">= {bar} x floor", ratio >= bar, ratio)


def at_most(
    name: str, ours: Sequence[float], floor: Sequence[float], unit: str, bar: float, more: float = 0
) -> Line:
    """Rounds where less is better: ours may be a multiple of the floor, and a bit more."""
    figures = (median(ours), median(floor))
    text = f"<= {bar} x floor" + (f" + {more:g} {unit}" if more else "")
    over = median(mine - bar * least - more for mine, least in zip(ours, floor, strict=True))
    return Line(name, *figures, unit, text, over <= 0, _ratio(ours, floor))


def beside(name: str, ours: Sequence[float], floor: Sequence[float], unit: str) -> Line:
    """Rounds without a bar, to explain the ones that have it."""
    return Line(name, median(ours), median(floor), unit, ratio=_ratio(ours, floor))


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which a share (0 to 1) of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def heading() -> str:
    """The table's first line, for a terminal."""
    return _row(HEADINGS)


def plain(line: Line) -> str:
    """A line of the table, for a terminal."""
    return _row(line.cells())


def machine() -> str:
    """What the figures depend on, without names or paths."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, discord.py {version('discord.py')}, "
        f"aiohttp {version('aiohttp')}"
    )


def markdown(lines: Sequence[Line], notes: Sequence[str], command: str) -> str:
    """The page ``docs/benchmarks.md``."""
    rule = ("---", "---:", "---:", "---:", "---", "---")
    rows = [HEADINGS, rule, *(line.cells() for line in lines)]
    table = "\n".join(f"| {' | '.join(map(str.strip, row))} |" for row in rows)
    points = "\n".join(f"- {note}" for note in notes)
    return (
        "# Benchmarks\n\n"
        f"Written by `{command}` on {machine()}.\n\n"
        "Absolute figures move with the machine and with what else runs on it. The ratio is what "
        "counts: ours and its floor are measured alternately in one run, and it is the median of "
        "the rounds' ratios.\n\n"
        f"{table}\n\n## How it is measured\n\n{points}\n"
    )


def say(text: str) -> None:
    """Progress, on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _ratio(ours: Sequence[float], floor: Sequence[float]) -> float:
    return median(mine / least for mine, least in zip(ours, floor, strict=True))


def _figure(value: float, unit: str) -> str:
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def _row(cells: Sequence[str]) -> str:
    name, *rest = zip(cells, WIDTHS, strict=True)
    right = {1, 2, 3}
    parts = [f"{name[0]:<{name[1]}}"]
    for place, (cell, width) in enumerate(rest, start=1):
        parts.append(f"{cell:>{width}}" if place in right else f"{cell:<{width}}")
    return "  ".join(parts).rstrip()
