"""A program's report for its partner: how many claimed, by week and country, and nobody's id.

Weeks and countries with fewer than 10 are put together with others first, so that not even their
being in the list tells of anybody; then :mod:`bot.claims.suppression` hides what is left.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.claims import program_store
from bot.claims.programs import fetch_definition
from bot.claims.suppression import LEAST, Shown, suppress
from bot.clock import to_datetime
from bot.storage import Database

ELSEWHERE = "elsewhere or not said"
_COUNTRY = re.compile(r"[A-Z]{2}")
Counts = Mapping[tuple[date, str], int]
"""How many claimed in the week that begins on a Monday (UTC), from a country."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a partner may see. ``shown.total`` is None while fewer than 10 have claimed."""

    title: str
    partner: str
    weeks: tuple[str, ...]
    countries: tuple[str, ...]
    shown: Shown


async def make_report(database: Database, program_id: str) -> Report:
    """Count a program's claims that got a code. Raises :class:`bot.errors.RefusalError`."""
    program = await fetch_definition(database, program_id)
    counts: Counter[tuple[date, str]] = Counter()
    for row in await database.fetch_all(program_store.SELECT_CLAIMED, program_id=program_id):
        day = to_datetime(row["claimed_at"]).date()
        counts[day - timedelta(days=day.weekday()), row["country"] or ""] += 1
    weeks, countries, table = arrange(counts)
    return Report(program.title, program.partner, weeks, countries, suppress(table))


def arrange(counts: Counts) -> tuple[tuple[str, ...], tuple[str, ...], list[list[int]]]:
    """Rows of weeks and columns of countries in which every sum is 10 or more.

    Empty while fewer than 10 have claimed. A country is what the member declared; whatever isn't
    the code of one counts as not said.
    """
    if sum(counts.values()) < LEAST:
        return (), (), []
    columns = _group_countries(counts)
    rows = _group_weeks(counts)
    names = sorted(set(columns.values()), key=lambda name: (name == ELSEWHERE, name))
    labels = list(dict.fromkeys(rows[week] for week in sorted(rows)))
    table = [[0] * len(names) for _ in labels]
    for (week, country), count in counts.items():
        table[labels.index(rows[week])][names.index(columns[country])] += count
    return tuple(labels), tuple(names), table


def _group_countries(counts: Counts) -> dict[str, str]:
    sums: Counter[str] = Counter()
    for (_, country), count in counts.items():
        sums[country] += count
    named = sorted((count, name) for name, count in sums.items() if _COUNTRY.fullmatch(name))
    rest = sums.total() - sum(count for count, _ in named)
    while named and (named[0][0] < LEAST or 0 < rest < LEAST):
        rest += named.pop(0)[0]
    kept = {name for _, name in named}
    return {name: name if name in kept else ELSEWHERE for name in sums}


def _group_weeks(counts: Counts) -> dict[date, str]:
    """Each week with the name of its row: itself, or the weeks that it stands together with."""
    sums: Counter[date] = Counter()
    for (week, _), count in counts.items():
        sums[week] += count
    groups: list[list[date]] = [[]]
    for week in sorted(sums):
        if sum(sums[other] for other in groups[-1]) >= LEAST:
            groups.append([])
        groups[-1].append(week)
    if len(groups) > 1 and sum(sums[week] for week in groups[-1]) < LEAST:
        last = groups.pop()
        groups[-1] += last
    return {week: _name_weeks(group) for group in groups for week in group}


def _name_weeks(group: list[date]) -> str:
    first, last = f"{group[0]:%G-W%V}", f"{group[-1]:%G-W%V}"
    return first if first == last else f"{first} to {last}"
