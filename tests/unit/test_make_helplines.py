"""The script that makes the list of help lines: it corrects, chooses and refuses."""

import re

import pytest

from bot.safety.helpline_rows import COLUMNS
from tests.conftest import ROOT
from tools.make_helplines import make


def candidate(**values: str) -> dict[str, str]:
    """A row of a list of candidates."""
    return dict.fromkeys(COLUMNS, "") | {
        "iso2": "AT", "name": "A", "phone": "142", "date": "2026-06-01",
        "agreeing_sources": "V26 W21 W26",
    } | values  # fmt: skip


def made(*candidates: dict[str, str]) -> list[dict[str, str]]:
    """What the script makes of these, with what the countries in dispute need."""
    decided = [("BD", "09612 119911"), ("IT", "02 2327 2327"), ("IT", "02 99777"), ("PT", "1411"),
               ("MX", "800 911 2000"), ("MX", "55 5259 8121"), ("PT", "213 544 545")]  # fmt: skip
    needed = [candidate(iso2=iso2, phone=phone) for iso2, phone in decided]
    disputed = {"BD", "IT", "MX", "PT", "GB", "KR", "RU"}
    return [row for row in make([*needed, *candidates]) if row["iso2"] not in disputed]


def test_the_script_takes_the_latest_day_and_counts_copies_once() -> None:
    (row,) = made(candidate())

    assert row["country"] == "Austria"
    assert (row["date"], row["n_independent"]) == ("2026-10-07", "2")


def test_the_script_mends_withdrawn_codes_and_prefixes() -> None:
    rows = made(candidate(iso2="RH", phone="+9114416"))

    assert [(row["iso2"], row["phone"]) for row in rows] == [("ZW", "14416")]


def test_the_script_leaves_out_what_too_few_list() -> None:
    assert (
        made(candidate(agreeing_sources="W21 W26"), candidate(agreeing_sources="FAH23 W21")) == []
    )


@pytest.mark.parametrize("phone", ["+43142", "1-833-456-4566"])
def test_the_script_refuses_prefixes_and_dead_numbers(phone: str) -> None:
    with pytest.raises(ValueError, match="CA"):
        made(candidate(iso2="CA", phone=phone))


def test_the_script_refuses_another_number_where_the_lists_contradict() -> None:
    with pytest.raises(ValueError, match="AR ships"):
        made(candidate(iso2="AR", phone="135"))


def test_the_script_names_no_path_of_a_machine() -> None:
    for path in (ROOT / "tools").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(?:work|home|tmp|Users|root)/", text)
