"""Finding a time zone by the names that people know."""

import json
import os
import subprocess
import sys
import tomllib
import zoneinfo
from datetime import datetime
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.zone_names import load_zone_names
from bot.zones import UnknownZone, find_zones, resolve_zone

ROOT = Path(__file__).parents[2]
CURATED = tomllib.loads((ROOT / "data" / "zones.toml").read_text("utf-8"))
TZDATA = Path(str(resources.files("tzdata"))) / "zoneinfo"
WINTER = int(datetime.fromisoformat("2027-01-15T12:00Z").timestamp())
SUMMER = int(datetime.fromisoformat("2027-07-15T12:00Z").timestamp())
OFFERED = list(load_zone_names().titles)


def names_for(text: str) -> list[str]:
    return [choice.name for choice in find_zones(text, WINTER)]


def label_of(name: str, now: int = WINTER) -> str:
    return find_zones(name, now)[0].label


def run_python(program: str, **environment: str) -> str:
    """Return what a program prints in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("argentina", "America/Argentina/Buenos_Aires"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "UTC"),
        ("GMT", "UTC"),
        ("zulu", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Kolkata", "Asia/Kolkata"),
        ("calcutta", "Asia/Kolkata"),
        ("india", "Asia/Kolkata"),
        ("Mumbai", "Asia/Kolkata"),
        ("New York", "America/New_York"),
        ("são paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("SAO PAULO", "America/Sao_Paulo"),
        ("kiev", "Europe/Kyiv"),
        ("kyiv", "Europe/Kyiv"),
        ("PST", "America/Los_Angeles"),
        ("pacific time", "America/Los_Angeles"),
        ("CET", "Europe/Berlin"),
        ("JST", "Asia/Tokyo"),
        ("london", "Europe/London"),
        ("  london ", "Europe/London"),
        ("uk", "Europe/London"),
        ("bogota", "America/Bogota"),
        ("Bogotá", "America/Bogota"),
        ("usa", "America/New_York"),
        ("us", "America/New_York"),
        ("canada", "America/Toronto"),
        ("brazil", "America/Sao_Paulo"),
        ("australia", "Australia/Sydney"),
        ("russia", "Europe/Moscow"),
        ("spain", "Europe/Madrid"),
        ("portugal", "Europe/Lisbon"),
        ("mexico", "America/Mexico_City"),
        ("hawaii", "Pacific/Honolulu"),
        ("München", "Europe/Berlin"),
        ("turkey", "Europe/Istanbul"),
        ("st johns", "America/St_Johns"),
        ("Cote d'Ivoire", "Africa/Abidjan"),
        ("trinidad and tobago", "America/Port_of_Spain"),
        ("antigua and", "America/Antigua"),
        ("paris france", "Europe/Paris"),
        ("france paris", "Europe/Paris"),
        ("fr", "Europe/Paris"),
        ("lond", "Europe/London"),
        ("europe/ber", "Europe/Berlin"),
        ("queensland", "Australia/Brisbane"),
    ],
)
def test_a_name_that_people_use_finds_its_zone_first(text: str, name: str) -> None:
    assert names_for(text)[0] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("berln", "Europe/Berlin"),
        ("new yrok", "America/New_York"),
        ("san fransico", "America/Los_Angeles"),
        ("tokio", "Asia/Tokyo"),
        ("lodnon", "Europe/London"),
        ("eastren time", "America/New_York"),
        ("scoresbisund", "America/Scoresbysund"),
        ("Europe/Berln", "Europe/Berlin"),
        ("buenos ares", "America/Argentina/Buenos_Aires"),
    ],
)
def test_a_small_typo_still_finds_the_zone_first(text: str, name: str) -> None:
    assert names_for(text)[0] == name


def test_est_means_new_york_and_then_panama() -> None:
    assert names_for("EST")[:2] == ["America/New_York", "America/Panama"]


def test_gmt_offers_london_too() -> None:
    assert "Europe/London" in names_for("gmt")[:3]


def test_a_country_code_is_found_only_as_a_whole() -> None:
    assert find_zones("f", WINTER)[0].label.startswith("F")


def test_georgia_is_a_country_and_a_state() -> None:
    assert set(names_for("georgia")[:2]) == {"America/New_York", "Asia/Tbilisi"}


@pytest.mark.parametrize("text", ["UTC-3", "gmt-03:00", "-3", "utc -0300", "UTC\u22123"])
def test_an_offset_finds_the_zones_that_have_it(text: str) -> None:
    choices = find_zones(text, WINTER)
    assert "America/Sao_Paulo" in [choice.name for choice in choices]
    assert all(choice.label.endswith("(UTC-03:00)") for choice in choices)


def test_an_offset_follows_summer_time() -> None:
    assert find_zones("UTC+1", SUMMER)[0].name == "Europe/London"


def test_an_offset_that_nobody_keeps_finds_nothing() -> None:
    assert find_zones("UTC+99", WINTER) == []


@pytest.mark.parametrize("text", ["zzzzqq", "🙂", "?!", "x" * 5_000])
def test_a_text_that_is_near_to_nothing_finds_nothing(text: str) -> None:
    assert find_zones(text, WINTER) == []


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("America/Argentina/Buenos_Aires", "Buenos Aires, Argentina (UTC-03:00)"),
        ("America/St_Johns", "St. John\u2019s, Canada (UTC-03:30)"),
        ("Asia/Kathmandu", "Kathmandu, Nepal (UTC+05:45)"),
        ("Asia/Singapore", "Singapore (UTC+08:00)"),
        ("Europe/Kyiv", "Kyiv, Ukraine (UTC+02:00)"),
        ("UTC", "UTC, Coordinated Universal Time (UTC+00:00)"),
    ],
)
def test_a_label_says_city_country_and_offset(name: str, label: str) -> None:
    assert label_of(name) == label


def test_a_label_has_the_offset_of_the_moment() -> None:
    labels = [label_of("Europe/London", moment) for moment in (WINTER, SUMMER)]
    place = "London, United Kingdom"
    assert labels == [f"{place} (UTC+00:00)", f"{place} (UTC+01:00)"]


def test_a_label_that_is_typed_back_finds_its_zone() -> None:
    missed = [name for name in OFFERED if names_for(label_of(name))[:1] != [name]]
    assert missed == []


def test_every_label_is_different_and_fits_discords_100_characters() -> None:
    labels = [label_of(name) for name in OFFERED]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 100


def test_an_empty_text_offers_25_zones_around_the_world_from_west_to_east() -> None:
    offsets = [choice.label.partition("(UTC")[2] for choice in find_zones("  ", WINTER)]
    hours = [int(offset[:3]) for offset in offsets]
    assert len(hours) == 25
    assert hours == sorted(hours)
    assert len(set(hours)) >= 18
    assert {"-10", "-05", "+00", "+05", "+13"} <= {offset[:3] for offset in offsets}


@pytest.mark.parametrize("text", ["", "america", "UTC+1", "a"])
def test_no_more_zones_than_the_limit_are_offered(text: str) -> None:
    assert len(find_zones(text, WINTER, limit=4)) == 4


def test_every_offered_zone_is_found_first_by_its_own_name() -> None:
    assert [name for name in OFFERED if names_for(name)[0] != name] == []


def test_every_offered_zone_can_be_loaded_and_resolves_to_itself() -> None:
    assert [resolve_zone(zoneinfo.ZoneInfo(name).key) for name in OFFERED] == OFFERED


def test_every_zone_of_the_tz_database_that_is_a_place_is_offered() -> None:
    lines = (TZDATA / "zone1970.tab").read_text("utf-8").splitlines()
    places = {line.split("\t")[2] for line in lines if not line.startswith("#")}
    assert places <= set(OFFERED)


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_only_offered_zones_are_found_each_once(text: str) -> None:
    names = names_for(text)
    assert len(names) == len(set(names)) <= 25
    assert set(names) <= set(OFFERED)


def test_every_curated_name_is_of_a_zone_that_is_offered() -> None:
    groups = (CURATED["world"], CURATED["well_known"], CURATED["places"])
    curated = {name for group in groups for name in group}
    curated |= {name for names in CURATED["abbreviations"].values() for name in names}
    assert curated - set(OFFERED) == set()


def test_every_curated_abbreviation_finds_its_zones_in_its_order() -> None:
    wrong = [
        text
        for text, names in CURATED["abbreviations"].items()
        if names_for(text)[: len(names)] != names
    ]
    assert wrong == []


def test_every_curated_place_finds_its_zone_among_the_first_four() -> None:
    wrong = [
        text
        for name, texts in CURATED["places"].items()
        for text in texts
        if name not in names_for(text)[:4]
    ]
    assert wrong == []


@pytest.mark.parametrize("text", ["utc", "Utc", " UTC "])
def test_utc_resolves_in_whatever_case(text: str) -> None:
    assert resolve_zone(text) == "UTC"


def test_a_name_in_another_case_resolves_to_the_name_as_it_is_written() -> None:
    assert resolve_zone("america/argentina/buenos_aires") == "America/Argentina/Buenos_Aires"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("US/Eastern", "America/New_York"),
        ("Pacific/Truk", "Pacific/Chuuk"),
        ("EST", "America/New_York"),
        ("GMT", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Europe/Berln", "Europe/Berlin"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
    ],
)
def test_a_renamed_or_unknown_zone_is_refused_with_the_nearest_first(
    text: str, nearest: str
) -> None:
    with pytest.raises(UnknownZone) as refusal:
        resolve_zone(text)
    assert refusal.value.text == text
    assert refusal.value.nearest[0] == nearest


def test_every_old_name_of_the_tz_database_is_refused_with_a_present_one() -> None:
    lines = (TZDATA / "tzdata.zi").read_text("utf-8").splitlines()
    links = {line.split()[2] for line in lines if line.startswith("L ")}
    old_names = links - set(OFFERED)
    assert len(old_names) > 100
    for old_name in old_names:
        with pytest.raises(UnknownZone) as refusal:
            resolve_zone(old_name)
        offset_like = old_name.removeprefix("Etc/")[3:4] in "+-"
        assert offset_like or set(refusal.value.nearest) & set(OFFERED), old_name


@pytest.mark.parametrize("text", ["", "zzzzqq", "GMT+2", "Etc/GMT+5", "x" * 5_000])
def test_a_text_that_is_near_to_nothing_is_refused_with_what_to_try(text: str) -> None:
    with pytest.raises(UnknownZone, match=r"Try a large city nearby\.$") as refusal:
        resolve_zone(text)
    assert refusal.value.nearest == ()


SEARCHES = ["", "est", "calcutta", "Pacific/Truk", "berln", "st johns", "us", "UTC+5:30"]
SEARCH = f"""
import json
from bot.zones import find_zones
print(json.dumps([[c.name for c in find_zones(text, {WINTER})] for text in {SEARCHES}]))
"""
WITHOUT_PACKAGE = "import sys; sys.modules['tzdata'] = None"


def test_the_tzdata_package_alone_is_enough() -> None:
    found = json.loads(run_python(SEARCH, PYTHONTZPATH=""))
    assert found == [names_for(text) for text in SEARCHES]


def test_the_files_of_the_system_alone_are_enough() -> None:
    found = json.loads(run_python(WITHOUT_PACKAGE + SEARCH, PYTHONTZPATH=str(TZDATA)))
    assert found == [names_for(text) for text in SEARCHES]


def test_a_machine_without_a_tz_database_is_told_what_to_install() -> None:
    program = f"""{WITHOUT_PACKAGE}
from bot.errors import ContentError
from bot.zones import find_zones
try:
    find_zones("london", 0)
except ContentError as error:
    print(error)
"""
    assert "Install the tzdata package." in run_python(program, PYTHONTZPATH="")


def test_importing_the_search_reads_no_data() -> None:
    program = """
import sys
opened = []
def note(event, arguments):
    if event == "open":
        opened.append(str(arguments[0]))
sys.addaudithook(note)
import bot.zones
print([path for path in opened if path.endswith((".tab", ".zi", ".toml", ".dat"))])
"""
    assert run_python(program).strip() == "[]"
