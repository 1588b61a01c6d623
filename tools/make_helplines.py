"""Make ``data/helplines.csv`` from a list of candidates.

Run from the repository's root, with the candidates' path::

    python -m tools.make_helplines CANDIDATES.csv [--into data/helplines.csv]

A row ships if at least two independent sources list its number and one of them is from 2026
(``bot.safety.helpline_rows`` has the rule). What was decided about single rows stands in
``tools/helpline_corrections.py``; the countries' names come from ``data/emergency_numbers.csv``.
The file is written anew: what an operator changed in it by hand must be in the tables, too.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.safety.emergency import load_numbers
from bot.safety.helpline_rows import COLUMNS, count_independent, is_dead, ships
from bot.safety.helplines import HELPLINES_FILE
from tools.helpline_corrections import (
    ADDED,
    CHILDREN,
    CONFIRMED,
    CONFLICTS,
    CORRECTED,
    COUNTRY_CODES,
    DATES,
    LEFT_OUT,
    PAIRS,
    WITHOUT_PREFIX,
    Key,
    Row,
)

DATA = Path(__file__).parent.parent / "data"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, correct, choose and write; the counts go to standard error."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tools.make_helplines")
    parser.add_argument("candidates", type=Path)
    parser.add_argument("--into", type=Path, default=DATA / HELPLINES_FILE)
    options = parser.parse_args(arguments)
    with options.candidates.open(encoding="utf-8", newline="") as stream:
        rows = make(csv.DictReader(stream))
    with options.into.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    countries = len({row["iso2"] for row in rows})
    sys.stderr.write(f"{len(rows)} lines in {countries} countries: {options.into}\n")


def make(candidates: Iterable[Row]) -> list[Row]:
    """The rows that ship, in the order in which they are shown.

    Raises :class:`ValueError` when a dead number is left, a number keeps its prefix, or a country
    in which the candidates contradict each other ships something else than was decided.
    """
    kept = [row for row in _whole(candidates) if ships(row["agreeing_sources"].split())]
    by_iso2: dict[str, list[Row]] = {}
    for row in kept:
        _refuse(row)
        by_iso2.setdefault(row["iso2"], []).append(row)
    for iso2, (why, decided) in CONFLICTS.items():
        shipped = {_key(row)[1] for row in by_iso2.get(iso2, [])}
        if shipped != decided:
            message = f"{iso2} ships {sorted(shipped)}, decided was {sorted(decided)} ({why})"
            raise ValueError(message)
    return [row for iso2 in sorted(by_iso2) for row in _in_order(by_iso2[iso2])]


def _whole(candidates: Iterable[Row]) -> Iterator[Row]:
    names = {iso2: one.name for iso2, one in load_numbers(DATA).by_iso2.items()}
    seen: set[Key] = set()
    for found in (*candidates, *ADDED):
        row = {column: found.get(column, "").strip() for column in COLUMNS}
        row["iso2"] = COUNTRY_CODES.get(row["iso2"], row["iso2"])
        for column in ("phone", "sms"):
            row[column] = WITHOUT_PREFIX.get(row[column], row[column])
        key = _key(row)
        if key in LEFT_OUT or key in seen:
            continue
        seen.add(key)
        row |= CORRECTED.get(key, {})
        row["country"] = names.get(row["iso2"], row["country"])
        _say_who_agrees(row, CONFIRMED.get(key, ()))
        row["flag"] = " ".join(_flags(key))
        yield row


def _say_who_agrees(row: Row, others: Iterable[str]) -> None:
    sources = list(dict.fromkeys([*row["agreeing_sources"].split(), *others]))
    days = [row["date"], *(DATES[source] for source in sources if source in DATES)]
    row["agreeing_sources"] = " ".join(sources)
    row["n_independent"] = str(count_independent(sources))
    row["date"] = max(days)


def _flags(key: Key) -> Iterator[str]:
    if key in CHILDREN:
        yield "children"
    for name, members in PAIRS.items():
        if key in members:
            yield f"pair:{name}"


def _refuse(row: Row) -> None:
    if is_dead(row["iso2"], row["phone"], row["sms"], row["website"], row["chat_url"]):
        message = f"{row['iso2']} {row['phone']}: this number or address is dead"
        raise ValueError(message)
    if "+" in row["phone"] + row["sms"]:
        message = f"{row['iso2']} {row['phone']}: add it to WITHOUT_PREFIX, as it is published"
        raise ValueError(message)


def _in_order(rows: list[Row]) -> list[Row]:
    """More sources first, then those that are always open; a pair stays together."""
    ranked = sorted(rows, key=lambda row: (-int(row["n_independent"]), row["hours"] != "24/7"))
    ordered: list[Row] = []
    for row in ranked:
        pair = [flag for flag in row["flag"].split() if flag.startswith("pair:")]
        partners = [other for other in ranked if pair and pair[0] in other["flag"].split()]
        for one in (row, *partners):
            if one not in ordered:
                ordered.append(one)
    return ordered


def _key(row: Row) -> Key:
    return row["iso2"], row["phone"] or row["sms"]


if __name__ == "__main__":
    main()
