"""A partner's report: grouped so that no heading tells of anybody, and safe in a spreadsheet."""

import csv
import io
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.claims.report import ELSEWHERE, Report, arrange
from bot.claims.report_files import (
    HIDDEN,
    TOO_FEW,
    list_rows,
    neutralise,
    render_picture,
    render_table,
    write_csv,
)
from bot.claims.suppression import LEAST, Shown, suppress

MONDAY = date(2027, 3, 1)
WEEKS = st.integers(0, 30).map(lambda number: MONDAY + timedelta(weeks=number))
COUNTRIES = st.sampled_from(["DE", "FR", "IN", "MC", "", "fr", "=1+1", "Atlantis"])
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "=HYPERLINK('x')"]


def make_report(counts: dict[tuple[date, str], int], title: str = "Six months") -> Report:
    weeks, countries, table = arrange(counts)
    return Report(title, "Example Calm", weeks, countries, suppress(table))


@given(counts=st.dictionaries(st.tuples(WEEKS, COUNTRIES), st.integers(1, 30)))
def test_every_sum_is_ten_or_more_and_nobody_is_lost(
    counts: dict[tuple[date, str], int],
) -> None:
    weeks, countries, table = arrange(counts)
    total = sum(counts.values())
    assert sum(map(sum, table)) == (total if total >= LEAST else 0)
    assert all(sum(row) >= LEAST for row in table)
    assert all(sum(column) >= LEAST for column in zip(*table, strict=True))
    assert (len(table), len(set(weeks))) == (len(weeks), len(weeks))
    assert set(countries) <= {"DE", "FR", "IN", "MC", ELSEWHERE}


def test_a_country_of_few_is_not_named() -> None:
    counts = {(MONDAY, "DE"): 40, (MONDAY, "MC"): 1, (MONDAY, "FR"): 12, (MONDAY, ""): 3}
    _, countries, table = arrange(counts)
    assert countries == ("DE", ELSEWHERE)
    assert table == [[40, 16]]


def test_weeks_of_few_stand_together() -> None:
    later = [MONDAY + timedelta(weeks=number) for number in range(4)]
    counts = dict.fromkeys([(week, "DE") for week in later], 6) | {(later[0], "DE"): 20}
    weeks, _, table = arrange(counts)
    assert weeks == ("2027-W09", "2027-W10 to 2027-W12")
    assert table == [[20], [18]]


def test_weeks_around_new_year_have_the_year_of_iso_8601() -> None:
    assert arrange({(date(2026, 12, 28), "DE"): 10})[0] == ("2026-W53",)


def test_while_fewer_than_ten_have_claimed_nothing_is_shown() -> None:
    report = make_report({(MONDAY, "DE"): 9})
    assert report.shown == Shown((), (), (), None)
    assert render_table(report) == TOO_FEW
    assert list_rows(report) == []
    assert "9" not in render_picture(report).partition("<desc")[2].partition("</desc>")[0]


def test_the_table_has_sums_and_says_what_is_hidden() -> None:
    week = MONDAY + timedelta(weeks=1)
    counts = {(MONDAY, "DE"): 50, (MONDAY, "FR"): 5, (week, "DE"): 1060, (week, "FR"): 7}
    told = render_table(make_report(counts))
    assert told.splitlines()[:4] == [
        "week          DE      FR    all",
        "2027-W09  hidden  hidden     55",
        "2027-W10  hidden  hidden  1,067",
        "all        1,110      12  1,122",
    ]
    assert "below 10 are hidden" in told


@pytest.mark.parametrize("cell", FORMULAS)
def test_attack_20_a_cell_that_a_spreadsheet_would_run_is_neutralised(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(write_csv([[cell, "DE"]]), newline=""))
    assert row == ["'" + cell, "DE"]


@given(cell=st.text(st.characters(exclude_categories=["Cs"])))
def test_attack_20_no_cell_begins_like_a_formula_and_others_stay_as_they_are(cell: str) -> None:
    safe = neutralise(cell)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))
    assert safe in {cell, "'" + cell}


def test_attack_20_a_formula_for_a_country_never_reaches_the_report() -> None:
    report = make_report({(MONDAY, "=1+1"): 40, (MONDAY, "DE"): 40})
    assert "=1+1" not in render_table(report) + write_csv(list_rows(report))


def test_the_picture_is_well_formed_whatever_the_title_and_tells_all_in_words() -> None:
    counts = {(MONDAY, "DE"): 50, (MONDAY + timedelta(weeks=1), "DE"): 25}
    picture = ET.fromstring(render_picture(make_report(counts, 'A <b>&</b> "title"')))  # noqa: S314
    space = "{http://www.w3.org/2000/svg}"
    described = picture.find(f"{space}desc")
    assert described is not None
    assert described.text == "2027-W09: 50, 2027-W10: 25. All: 75."
    widths = [bar.get("width") for bar in picture.iter(f"{space}rect")][1:]
    assert widths == ["420", "210"]
    assert HIDDEN not in "".join(picture.itertext()).partition("Counts below")[0]
