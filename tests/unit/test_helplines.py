"""The help lines that ship: all that must be there, and nothing that must not."""

import csv
import re
import tomllib
from datetime import date
from itertools import pairwise

import pytest

from bot.safety.directory import load_directory
from bot.safety.emergency import NOT_COUNTRIES
from bot.safety.helplines import HELPLINES_FILE, SOURCES_FILE, find_faults, load_help_lines
from tests.conftest import ROOT
from tests.unit.helplines import DATA, TODAY


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """The rows that ship, as a spreadsheet shows them."""
    with (DATA / HELPLINES_FILE).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def digits(text: str) -> str:
    """A number without what makes it readable."""
    return re.sub(r"\D", "", text)


def test_what_ships_has_no_fault() -> None:
    assert find_faults(DATA) == []


def test_no_row_that_ships_is_lost_on_loading(rows: list[dict[str, str]]) -> None:
    assert len(load_help_lines(DATA)) == len(rows) >= 90
    assert len({row["iso2"] for row in rows}) >= 80


def test_every_row_has_two_independent_sources_and_one_of_2026(
    rows: list[dict[str, str]],
) -> None:
    for row in rows:
        sources = row["agreeing_sources"].split()
        publishers = {re.sub(r"\d+$", "", source) for source in sources}
        assert len(publishers) >= 2, row
        assert len(publishers) == int(row["n_independent"]), row
        assert any(source.endswith("26") for source in sources), row
        assert date(2026, 1, 1) <= date.fromisoformat(row["date"]) <= TODAY, row


@pytest.mark.parametrize(
    ("iso2", "number"),
    [
        ("US", "988"),
        ("CA", "988"),
        ("GB", "116 123"),
        ("IE", "116 123"),
        ("IN", "14416"),
        ("AU", "13 11 14"),
        ("NZ", "1737"),
        ("BR", "188"),
        ("JP", "0120-279-338"),
        ("FR", "3114"),
        ("ES", "024"),
        ("DE", "0800 111 0 111"),
        ("DE", "0800 111 0 222"),
        ("DE", "116 123"),
        ("KR", "109"),
        ("TW", "1925"),
        ("HK", "2389 2222"),
        ("SG", "1767"),
        ("ZA", "0800 567 567"),
    ],
)
def test_the_lines_that_must_be_there_are_there_as_published(iso2: str, number: str) -> None:
    found = load_help_lines(DATA).by_iso2[iso2]

    assert number in [phone for line in found for phone in line.phones]


DEAD = [
    ("US", "1-800-273-8255"),
    ("CA", "1-833-456-4566"),
    ("CA", "45645"),
    ("GB", "08457 90 90 90"),
    ("IE", "1850 60 90 90"),
    ("IN", "1800-599-0019"),
    ("KR", "1393"),
    ("KR", "129"),
    ("KR", "1577-0199"),
]


@pytest.mark.parametrize(("iso2", "number"), DEAD)
def test_the_numbers_that_no_longer_answer_are_absent(
    rows: list[dict[str, str]], iso2: str, number: str
) -> None:
    there = [f"{row['phone']};{row['sms']}" for row in rows if row["iso2"] == iso2]
    assert digits(number) not in {digits(one) for text in there for one in text.split(";")}
    assert number not in (DATA / HELPLINES_FILE).read_text(encoding="utf-8").split(",")


@pytest.mark.parametrize(
    "address",
    ["suicidepreventionlifeline.org", "talksuicide.ca", "iasp.info/resources/Crisis_Centres"],
)
def test_the_websites_that_are_gone_are_absent(address: str) -> None:
    text = (DATA / HELPLINES_FILE).read_text(encoding="utf-8")

    assert address.casefold() not in text.casefold()


def test_no_number_has_a_country_prefix(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert "+" not in row["phone"] + row["sms"], row
        assert not row["phone"].startswith("00"), row
    assert "44116123" not in digits("".join(row["phone"] for row in rows if row["iso2"] == "GB"))


def test_withdrawn_codes_are_not_there(rows: list[dict[str, str]]) -> None:
    assert not NOT_COUNTRIES & {row["iso2"] for row in rows}


@pytest.mark.parametrize(
    ("iso2", "numbers"),
    [
        ("IT", {"02 2327 2327", "02 99777"}),
        ("MX", {"800 911 2000", "55 5259 8121"}),
        ("BD", {"09612 119911"}),
        ("PT", {"1411", "213 544 545"}),
        ("RU", {"8-800-2000-122"}),
        ("UA", set()),
        ("AR", set()),
        ("OM", set()),
        ("PK", set()),
    ],
)
def test_where_the_lists_contradict_each_other_what_was_decided_ships(
    iso2: str, numbers: set[str]
) -> None:
    found = load_help_lines(DATA).by_iso2.get(iso2, ())

    assert {phone for line in found for phone in line.phones} == numbers


def test_lines_that_are_narrower_than_their_name_say_what_they_are() -> None:
    lines = load_help_lines(DATA).by_iso2

    assert "family" in lines["TR"][0].name
    assert lines["KZ"][0].is_for_children
    assert lines["BA"][0].is_for_children
    assert "Bogotá" in lines["CO"][0].name
    assert "24/7" not in lines["EE"][0].name + lines["EE"][0].hours


def test_a_name_holds_no_hours_and_no_cut_sentence(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert not re.search(r"open|24/7|#:~:text|hotline is", row["name"].casefold()), row
        assert "#:~:" not in row["website"], row


def test_no_number_is_the_emergency_number_of_its_own_country() -> None:
    directory = load_directory(DATA)
    for iso2, lines in directory.lines.by_iso2.items():
        country = directory.countries.by_iso2[iso2]
        services = (country.general, country.police, country.ambulance, country.fire)
        emergency = {number for text in services for number in text.split("/")}
        assert not emergency & {phone for line in lines for phone in line.phones}, iso2


def test_pairs_stand_together_and_count_as_one_place() -> None:
    lines = load_help_lines(DATA)

    assert [len(place) for place in lines.places("BE")] == [2, 1]
    assert [line.languages for line in lines.places("GB")[0]] == [("en",), ("cy",)]
    assert [line.is_for_children for line in lines.places("KR")[0]] == [False, True]


def test_every_source_backs_a_row(rows: list[dict[str, str]]) -> None:
    used = {source for row in rows for source in row["agreeing_sources"].split()}
    document = tomllib.loads((DATA / SOURCES_FILE).read_text(encoding="utf-8"))

    assert {source["id"] for source in document["source"]} == used


def test_who_made_the_lists_is_said() -> None:
    licence = (DATA / "HELPLINES-LICENSE.md").read_text(encoding="utf-8")

    for words in ("Wikipedia contributors", "creativecommons.org/licenses/by-sa/4.0", "CC0"):
        assert words in licence


def test_the_documents_count_what_ships(rows: list[dict[str, str]]) -> None:
    text = (ROOT / "docs" / "help-lines.md").read_text(encoding="utf-8")

    assert f"{len(rows)} lines for {len({row['iso2'] for row in rows})} countries" in text


def test_names_are_ordered_by_sources_then_by_hours(rows: list[dict[str, str]]) -> None:
    for one, next_one in pairwise(rows):
        if one["iso2"] == next_one["iso2"] and not (one["flag"] or next_one["flag"]):
            assert int(one["n_independent"]) >= int(next_one["n_independent"])
