"""The emergency numbers: what ships is in order, and a fault in one row loses that row alone."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from bot.safety.emergency import (
    NOT_COUNTRIES,
    NUMBERS_FILE,
    SERVICES,
    SOURCES_FILE,
    Country,
    EmergencyNumbers,
    find_faults,
    fold,
    load_numbers,
)
from tests.conftest import ROOT

DATA = ROOT / "data"
HEADER = "iso2,country,native_names,general,police,ambulance,fire,sources,checked_on"
GOOD = "NO,Norway,Norge|Noreg,,112,113,110,one two,2026-11-22"
SOURCES = '[[source]]\nid = "one"\n[[source]]\nid = "two"\n'


@pytest.fixture(scope="module")
def numbers() -> EmergencyNumbers:
    """What ships."""
    return load_numbers(DATA)


def write(folder: Path, *rows: str) -> Path:
    """A content folder with these rows."""
    (folder / NUMBERS_FILE).write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    (folder / SOURCES_FILE).write_text(SOURCES, encoding="utf-8")
    return folder


def shown(country: Country) -> tuple[str, ...]:
    """General, police, ambulance and fire."""
    return tuple(getattr(country, service) for service in SERVICES)


def test_what_ships_has_no_fault() -> None:
    assert find_faults(DATA) == []


def test_most_of_the_world_is_there(numbers: EmergencyNumbers) -> None:
    assert len(numbers.by_iso2) >= 200


def test_withdrawn_codes_are_not_there(numbers: EmergencyNumbers) -> None:
    assert not NOT_COUNTRIES & set(numbers.by_iso2)


@pytest.mark.parametrize(
    ("iso2", "wanted"),
    [
        ("US", ("911", "", "", "")),
        ("CA", ("911", "", "", "")),
        ("NL", ("112", "", "", "")),
        ("NO", ("", "112", "113", "110")),
        ("NZ", ("111", "", "", "")),
        ("JP", ("", "110", "119", "119")),
        ("KR", ("", "112", "119", "119")),
        ("BR", ("", "190", "192", "193")),
        ("CN", ("", "110", "120", "119")),
    ],
)
def test_known_countries_have_their_numbers(
    numbers: EmergencyNumbers, iso2: str, wanted: tuple[str, ...]
) -> None:
    assert shown(numbers.by_iso2[iso2]) == wanted


@pytest.mark.parametrize(
    ("iso2", "number"),
    [
        ("GB", "999"),
        ("GB", "112"),
        ("IE", "112"),
        ("IE", "999"),
        ("IN", "112"),
        ("AU", "000"),
        ("DE", "112"),
        ("FR", "112"),
        ("ES", "112"),
        ("HK", "999"),
        ("ZA", "112"),
        ("MX", "911"),
    ],
)
def test_known_general_numbers_are_shown_first(
    numbers: EmergencyNumbers, iso2: str, number: str
) -> None:
    assert number in numbers.by_iso2[iso2].general.split("/")


def test_113_is_norway_s_ambulance_and_not_a_dutch_number(numbers: EmergencyNumbers) -> None:
    assert numbers.by_iso2["NO"].ambulance == "113"
    assert "113" not in "".join(shown(numbers.by_iso2["NL"]))


def test_a_number_of_one_region_is_not_shown_for_saudi_arabia(numbers: EmergencyNumbers) -> None:
    assert "911" not in "/".join(shown(numbers.by_iso2["SA"])).split("/")


@pytest.mark.parametrize("iso2", ["BI", "SS", "WF", "ZM"])
def test_countries_whose_numbers_local_pages_contradict_are_left_out(
    numbers: EmergencyNumbers, iso2: str
) -> None:
    """Say why in emergency_sources.toml before one comes back."""
    assert iso2 not in numbers.by_iso2


def test_every_source_backs_a_row(numbers: EmergencyNumbers) -> None:
    used = {source for country in numbers.by_iso2.values() for source in country.sources}
    document = tomllib.loads((DATA / SOURCES_FILE).read_text(encoding="utf-8"))

    assert {source["id"] for source in document["source"]} == used


def test_no_number_carries_a_country_prefix(numbers: EmergencyNumbers) -> None:
    for country in numbers.by_iso2.values():
        for number in "/".join(filter(None, shown(country))).split("/"):
            assert not number.startswith("+")
            assert len(number) <= 5, country.iso2


def test_no_helpline_is_shown_as_an_emergency_number(numbers: EmergencyNumbers) -> None:
    helplines = {"988", "14416", "1737", "3114", "024", "1925", "1767"}
    for country in numbers.by_iso2.values():
        assert not helplines & set("/".join(shown(country)).split("/")), country.iso2


def test_every_country_names_two_sources_and_a_date_that_has_been(
    numbers: EmergencyNumbers,
) -> None:
    for country in numbers.by_iso2.values():
        assert len(set(country.sources)) >= 2, country.iso2
        assert date(2026, 1, 1) <= country.checked_on <= date(2027, 12, 31), country.iso2


def test_every_country_is_found_by_its_code_and_its_name(numbers: EmergencyNumbers) -> None:
    for iso2, country in numbers.by_iso2.items():
        assert numbers.find(iso2.lower()) is country
        assert numbers.find(country.name) is country
        assert numbers.search(country.name)[0] is country


def test_no_name_stands_for_two_countries(numbers: EmergencyNumbers) -> None:
    seen: dict[str, str] = {}
    for iso2, country in numbers.by_iso2.items():
        for key in {fold(name) for name in (country.name, *country.other_names)}:
            assert seen.setdefault(key, iso2) == iso2, f"{key}: {seen[key]} and {iso2}"


@pytest.mark.parametrize("text", ["", "   ", "!!!", "qqqqq", "\N{PILE OF POO}"])
def test_nothing_is_found_for_what_names_no_country(numbers: EmergencyNumbers, text: str) -> None:
    assert numbers.find(text) is None


@pytest.mark.parametrize(
    ("text", "iso2"),
    [
        ("NORWAY", "NO"),
        (" norge ", "NO"),
        ("cote d'ivoire", "CI"),
        ("Turkiye", "TR"),
        ("日本", "JP"),
    ],
)
def test_case_accents_and_spaces_do_not_matter(
    numbers: EmergencyNumbers, text: str, iso2: str
) -> None:
    found = numbers.find(text)

    assert found is not None
    assert found.iso2 == iso2


@pytest.mark.parametrize(
    "bad",
    [
        "XX",
        'AT,"Austria,,112,133,144,122,one two,2026-11-22',
        "AT,Austria,,+43112,,,,one two,2026-11-22",
        "AT,Austria,,112,,,,one two,yesterday",
        "AT,Austria,,,,,,one two,2026-11-22",
        "AT,,,112,,,,one two,2026-11-22",
        "A1,Austria,,112,,,,one two,2026-11-22",
        "NH,New Hebrides,,112,,,,one two,2026-11-22",
        "",
    ],
)
def test_a_bad_row_is_a_fault_and_loses_no_other_row(tmp_path: Path, bad: str) -> None:
    folder = write(tmp_path, bad, GOOD)

    assert list(load_numbers(folder).by_iso2) == ["NO"]
    assert find_faults(folder) != []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("AT,Austria,,112,,,,one,2026-11-22", "fewer than two sources"),
        ("AT,Austria,,112,,,,one three,2026-11-22", "emergency_sources.toml does not have"),
        ("AT,Austria,,112,,,,,2026-11-22", "fewer than two sources"),
    ],
)
def test_a_row_without_two_known_sources_is_a_fault(tmp_path: Path, row: str, fault: str) -> None:
    (found,) = find_faults(write(tmp_path, GOOD, row))

    assert "AT" in found
    assert fault in found


def test_a_country_that_stands_there_twice_is_a_fault(tmp_path: Path) -> None:
    assert "NO: the country stands there twice" in find_faults(write(tmp_path, GOOD, GOOD))[0]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00garbage", b"\x00" * 64, HEADER.encode()])
def test_an_unusable_file_loads_as_nothing_and_is_a_fault(tmp_path: Path, content: bytes) -> None:
    write(tmp_path)
    (tmp_path / NUMBERS_FILE).write_bytes(content)

    assert load_numbers(tmp_path).by_iso2 == {}
    assert find_faults(tmp_path) != []


def test_bytes_that_are_no_text_lose_their_row_or_name_but_no_other(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with (tmp_path / NUMBERS_FILE).open("ab") as stream:
        stream.write(b"AT,\xffsterreich,,112,,,,one two,2026-11-22\n")

    assert load_numbers(tmp_path).by_iso2["NO"].ambulance == "113"


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    write(tmp_path)
    text = "\r\n".join(["\ufeff" + HEADER, GOOD, ""])
    (tmp_path / NUMBERS_FILE).write_bytes(text.encode())

    assert list(load_numbers(tmp_path).by_iso2) == ["NO"]
    assert find_faults(tmp_path) == []


def test_a_folder_that_is_gone_loads_as_nothing(tmp_path: Path) -> None:
    assert load_numbers(tmp_path / "nowhere").by_iso2 == {}
    assert find_faults(tmp_path / "nowhere") != []


def test_sources_that_cannot_be_read_are_a_fault_but_no_loss(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)
    (folder / SOURCES_FILE).write_text("[[source", encoding="utf-8")

    assert list(load_numbers(folder).by_iso2) == ["NO"]
    assert find_faults(folder) != []
