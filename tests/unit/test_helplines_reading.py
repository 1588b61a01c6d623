"""Reading help lines: a fault in one row loses that row alone, and age is told."""

import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.check import check
from bot.clock import MovableClock
from bot.commandline import main
from bot.safety.directory import load_directory
from bot.safety.helpline_rows import STALE_DAYS
from bot.safety.helplines import (
    HELPLINES_FILE,
    HelpLines,
    find_faults,
    find_warnings,
    load_help_lines,
)
from tests.conftest import NOON
from tests.unit.helplines import DATA, GOOD, HEADER, LATER, TODAY, make_line, write


@pytest.mark.parametrize(
    "bad",
    [
        "XX",
        'AT,"Austria,A,142,,,,,,l,2026-10-07,ONE26 TWO20,2,',
        "AT,Austria,A,+43142,,,,,,l,2026-10-07,ONE26 TWO20,2,",
        "AT,Austria,A,142,,,,,,l,yesterday,ONE26 TWO20,2,",
        "AT,Austria,A,,,,,,,l,2026-10-07,ONE26 TWO20,2,",
        "AT,Austria,,142,,,,,,l,2026-10-07,ONE26 TWO20,2,",
        "AT,,A,142,,,,,,l,2026-10-07,ONE26 TWO20,2,",
        "A1,Austria,A,142,,,,,,l,2026-10-07,ONE26 TWO20,2,",
        "NH,New Hebrides,A,142,,,,,,l,2026-10-07,ONE26 TWO20,2,",
        "AT,Austria,A,142,,javascript:x,,,,l,2026-10-07,ONE26 TWO20,2,",
        "AT,Austria,A,142,,,,at night,,l,2026-10-07,ONE26 TWO20,2,",
        "AT,Austria,A,142,,,,,German,l,2026-10-07,ONE26 TWO20,2,",
        "AT,Austria,A,142`,,,,,,l,2026-10-07,ONE26 TWO20,2,",
        f"AT,Austria,{'A' * 121},142,,,,,,l,2026-10-07,ONE26 TWO20,2,",
        "AT,Austria,A,142,,,,,,l,2026-10-07,ONE26 TWO20,2,children?",
        "AT,Austria,A,142,,,,,,l,2026-10-07,ONE26,1,",
        "AT,Austria,A,142,,,,,,l,2026-10-07,TWO20 TWO26,1,",
        "AT,Austria,A,142,,,,,,l,2020-10-07,ONE21 TWO20,2,",
        "CA,Canada,A,1-833-456-4566,,,,,,l,2026-10-07,ONE26 TWO20,2,",
        "US,USA,A,988,,,https://www.suicidepreventionlifeline.org/,,,l,2026-10-07,ONE26 TWO20,2,",
        "",
    ],
)
def test_a_bad_row_is_a_fault_and_loses_no_other_row(tmp_path: Path, bad: str) -> None:
    folder = write(tmp_path, bad, GOOD)

    assert list(load_help_lines(folder).by_iso2) == ["NO"]
    assert find_faults(folder) != []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (GOOD.replace("ONE26", "TWO26").replace(",2,", ",1,"), "needs two independent sources"),
        (GOOD.replace("ONE26", "OTHER26"), "helplines_sources.toml does not have"),
        (GOOD.replace(",2,", ",3,"), "n_independent does not fit"),
        (GOOD.replace("116 123", "+47116123"), "malformed"),
        (GOOD + "pair:alone", "the pair alone has one line only"),
        (GOOD.replace("NO,Norway", "KR,South Korea").replace("116 123", "1393"), "no longer"),
    ],
)
def test_a_fault_is_told_with_its_row(tmp_path: Path, row: str, fault: str) -> None:
    (found,) = find_faults(write(tmp_path, row))

    assert row[:2] in found
    assert fault in found


def test_a_number_that_stands_there_twice_is_a_fault(tmp_path: Path) -> None:
    assert "116 123 stands there twice" in find_faults(write(tmp_path, GOOD, GOOD))[0]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00garbage", b"\x00" * 64, HEADER.encode()])
def test_an_unusable_file_loads_as_nothing_and_is_a_fault(tmp_path: Path, content: bytes) -> None:
    write(tmp_path)
    (tmp_path / HELPLINES_FILE).write_bytes(content)

    assert load_help_lines(tmp_path).by_iso2 == {}
    assert find_faults(tmp_path) != []


def test_bytes_that_are_no_text_lose_no_other_row(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with (tmp_path / HELPLINES_FILE).open("ab") as stream:
        stream.write(b"AT,\xffsterreich,A,1\xff42,,,,,,l,2026-10-07,ONE26 TWO20,2,\n")

    assert list(load_help_lines(tmp_path).by_iso2) == ["NO"]


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    write(tmp_path)
    text = "\r\n".join(["\ufeff" + HEADER, GOOD, ""])
    (tmp_path / HELPLINES_FILE).write_bytes(text.encode())

    assert list(load_help_lines(tmp_path).by_iso2) == ["NO"]
    assert find_faults(tmp_path) == []


def test_a_folder_that_is_gone_loads_as_nothing(tmp_path: Path) -> None:
    assert load_help_lines(tmp_path / "nowhere").by_iso2 == {}
    assert find_faults(tmp_path / "nowhere") != []


def test_without_emergency_numbers_the_lines_are_still_found_by_country(tmp_path: Path) -> None:
    found = load_directory(write(tmp_path, GOOD)).countries.find("norway")

    assert found is not None
    assert found.general == ""


def test_a_line_is_stale_after_180_days_and_not_before() -> None:
    line = make_line(1)

    assert not line.is_stale(TODAY + timedelta(days=STALE_DAYS))
    assert line.is_stale(TODAY + timedelta(days=STALE_DAYS + 1))


def test_stale_lines_are_counted_from_the_day_that_is_given() -> None:
    lines = load_help_lines(DATA)

    assert lines.stale(date(2026, 10, 8)) != lines.stale(LATER)
    assert len(lines.stale(LATER)) == len(lines)


def test_every_stale_line_is_a_warning_with_its_day(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)

    assert find_warnings(folder, TODAY) == []
    (warning,) = find_warnings(folder, LATER)
    assert "NO Someone" in warning
    assert "2026-10-07" in warning


@pytest.fixture
def old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to start in, whose help lines are all of the first day of 2026."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(DATA, tmp_path / "data")
    path = tmp_path / "data" / HELPLINES_FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r",2026-\d\d-\d\d,", ",2026-01-01,", text), encoding="utf-8")
    return tmp_path


def test_check_counts_lines_and_countries_and_warns_by_the_clock_it_is_given(
    old_content: Path,
) -> None:
    early = check(MovableClock(1_767_268_800))  # 2026-01-01 12:00 UTC
    late = check(MovableClock(NOON))

    assert early.counts["help lines"] >= 90
    assert early.counts["countries with help lines"] >= 80
    assert early.warnings == []
    assert len(late.warnings) == late.counts["help lines"]
    assert not [fault for fault in late.faults if "helplines" in fault]


def test_check_reports_a_broken_row_as_a_fault(old_content: Path) -> None:
    with (old_content / "data" / HELPLINES_FILE).open("a", encoding="utf-8") as stream:
        stream.write("AT,Austria,A,+43142,,,,,,l,2026-10-07,V26 W26,2,\n")

    assert [fault for fault in check().faults if HELPLINES_FILE in fault] != []


def test_warnings_are_printed_and_are_no_fault(old_content: Path) -> None:
    in_words = CliRunner().invoke(main, ["check"])
    as_json = json.loads(CliRunner().invoke(main, ["check", "--json"]).stdout)

    assert "warning: helplines.csv" in in_words.stderr
    assert as_json["warnings"] != []
    assert not [fault for fault in as_json["faults"] if HELPLINES_FILE in fault]
    assert (in_words.exit_code == 0) is as_json["ok"]


def test_a_child_line_is_among_the_first_places() -> None:
    lines = HelpLines([*map(make_line, range(10, 16)), make_line(20, is_for_children=True)])

    names = [place[0].name for place in lines.first_places("NO", 3)]

    assert names == ["Line 10", "Line 11", "Line 20"]


def test_a_country_without_lines_has_no_places() -> None:
    assert HelpLines([]).places("NO") == []
    assert HelpLines([]).first_places("NO", 3) == []


def test_a_pair_counts_once_wherever_its_lines_stand() -> None:
    lines = HelpLines([make_line(10, pair="a"), make_line(11), make_line(12, pair="a")])

    assert [len(place) for place in lines.places("NO")] == [2, 1]
