"""Help lines by country, from ``data/helplines.csv`` alone.

A fault in one row loses that row, never the others: help must answer. ``bot check`` and the
tests are strict about the same file through :func:`find_faults`.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from bot.safety.helpline_rows import (
    COLUMNS,
    HelpLine,
    count_independent,
    is_dead,
    read_rows,
    ships,
    to_line,
)

HELPLINES_FILE = "helplines.csv"
SOURCES_FILE = "helplines_sources.toml"
Place: TypeAlias = tuple[HelpLine, ...]
"""What is shown together and counted as one: a line, or a pair (two languages, two ages)."""


class HelpLines:
    """The lines of each country, in the file's order."""

    def __init__(self, lines: Iterable[HelpLine]) -> None:
        self.by_iso2: dict[str, tuple[HelpLine, ...]] = {}
        for line in lines:
            self.by_iso2[line.iso2] = (*self.by_iso2.get(line.iso2, ()), line)

    def __len__(self) -> int:
        return sum(map(len, self.by_iso2.values()))

    def places(self, iso2: str) -> list[Place]:
        """A country's lines, pairs together."""
        groups: dict[object, Place] = {}
        for number, line in enumerate(self.by_iso2.get(iso2, ())):
            key = line.pair or number
            groups[key] = (*groups.get(key, ()), line)
        return list(groups.values())

    def first_places(self, iso2: str, most: int) -> list[Place]:
        """The first places of a country; one for children is among them if there is any."""
        places = self.places(iso2)
        first = places[:most]
        if most and not any(map(_is_for_children, first)):
            first[-1:] = next(([place] for place in places if _is_for_children(place)), first[-1:])
        return first

    def stale(self, today: date) -> list[HelpLine]:
        """The lines whose latest source is older than 180 days."""
        lines = (line for lines in self.by_iso2.values() for line in lines)
        return [line for line in lines if line.is_stale(today)]


def load_help_lines(folder: Path) -> HelpLines:
    """Every row that may be shown; an empty collection when the file is gone. Never raises."""
    try:
        text = (folder / HELPLINES_FILE).read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return HelpLines([])
    return _lines_in(text)


@lru_cache(maxsize=2)
def _lines_in(text: str) -> HelpLines:
    lines = (line for line in map(to_line, read_rows(text)) if line is not None)
    return HelpLines(line for line in lines if line.may_be_shown)


def find_faults(folder: Path) -> list[str]:
    """Everything that is wrong with the files, each fault with its row."""
    try:
        text = (folder / HELPLINES_FILE).read_text(encoding="utf-8")
        known = set(_source_ids(folder))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        return [f"{HELPLINES_FILE}: not readable ({error})."]
    rows = list(read_rows(text))
    faults = [f"{HELPLINES_FILE}: no row is there."] if not rows else []
    return faults + [f"{HELPLINES_FILE}, {where}: {why}" for where, why in _faults(rows, known)]


def find_warnings(folder: Path, today: date) -> list[str]:
    """One sentence for each line whose latest source is older than 180 days."""
    return [
        f"{HELPLINES_FILE}, {line.iso2} {line.name}: its latest source is of {line.latest_on}, "
        "more than 180 days ago. Compare it with a newer list (docs/help-lines.md)."
        for line in load_help_lines(folder).stale(today)
    ]


def _faults(rows: Iterable[Mapping[str, str]], known: set[str]) -> Iterator[tuple[str, str]]:
    lines: list[HelpLine] = []
    for row in rows:
        where = f"{row.get('iso2', '')} {row.get('name', '')}".strip() or "(an empty row)"
        line = to_line(row)
        if set(row) != set(COLUMNS) or line is None:
            yield where, "a column, the code, a name, a number or another field is malformed."
            continue
        lines.append(line)
        yield from ((where, why) for why in _faults_of_line(line, row, known))
    numbers = Counter((line.iso2, number) for line in lines for number in line.phones)
    yield from (
        (iso2, f"the number {number} stands there twice.")
        for (iso2, number), count in numbers.items()
        if count > 1
    )
    pairs = Counter((line.iso2, line.pair) for line in lines if line.pair)
    yield from (
        (iso2, f"the pair {pair} has one line only.")
        for (iso2, pair), count in pairs.items()
        if count == 1
    )


def _faults_of_line(line: HelpLine, row: Mapping[str, str], known: set[str]) -> Iterator[str]:
    if set(line.sources) - known:
        yield f"names a source that {SOURCES_FILE} does not have."
    if not ships(line.sources):
        yield "needs two independent sources, one of them from 2026 or later."
    if row["n_independent"] != str(count_independent(line.sources)):
        yield "n_independent does not fit agreeing_sources."
    if is_dead(line.iso2, *line.phones, line.text, line.chat_url, line.website):
        yield "this number or address no longer answers."


def _source_ids(folder: Path) -> list[str]:
    with (folder / SOURCES_FILE).open("rb") as stream:
        return [source["id"] for source in tomllib.load(stream)["source"]]


def _is_for_children(place: Place) -> bool:
    return any(line.is_for_children for line in place)
