"""What ``/help-now`` shows: within Discord's limits for every country, and nothing invented."""

from datetime import date
from typing import Any

import pytest

from bot.i18n import Texts
from bot.safety.directory import Directory, load_directory
from bot.safety.helplines import HelpLines
from bot.safety.regions import PAGE, REGION_OF, in_region, split
from cogs.help_now.cards import MOST_AT_FIRST, CountryCard
from cogs.help_now.choosing import render_countries, render_start
from tests.unit.helplines import DATA, LATER, TODAY, make_line


@pytest.fixture(scope="module")
def directory() -> Directory:
    """What ``/help-now`` knows."""
    return load_directory(DATA)


def parts(view: Any) -> list[dict[str, Any]]:
    """Every component of a card, at any depth."""
    found: list[dict[str, Any]] = []
    waiting = list(view.to_components())
    while waiting:
        part = waiting.pop(0)
        found.append(part)
        waiting[:0] = part.get("components", [])
    return found


def text_of(view: Any) -> str:
    """All words of a card."""
    return "\n".join(part["content"] for part in parts(view) if "content" in part)


def assert_fits(view: Any) -> None:
    """Discord's limits for a message of this kind."""
    found = parts(view)
    assert len(found) <= 40
    assert sum(len(part["content"]) for part in found if "content" in part) <= 4000
    ids = [part["custom_id"] for part in found if "custom_id" in part]
    assert len(set(ids)) == len(ids)
    assert all(len(name) <= 100 for name in ids)
    for part in found:
        assert len(part.get("label") or "") <= 80
        assert len(part.get("placeholder") or "") <= 150
        assert len(part.get("options", ())) <= 25
        assert part["type"] != 1 or 1 <= len(part["components"]) <= 5


def test_every_country_is_in_one_region(directory: Directory) -> None:
    for iso2 in directory.countries.by_iso2:
        assert iso2 in REGION_OF, iso2
    assert "elsewhere" not in directory.regions()
    assert len(directory.regions()) <= 9


def test_no_part_of_a_region_is_longer_than_a_select(directory: Directory) -> None:
    for region in directory.regions():
        countries = directory.in_region(region)
        cut = split(countries)
        assert all(0 < len(part) <= PAGE for part in cut)
        assert [one for part in cut for one in part] == countries
    assert split([]) == []


def test_a_country_that_no_region_has_is_not_lost(directory: Directory) -> None:
    country = directory.countries.by_iso2["NO"]
    (found,) = in_region(
        [type(country)("QQ", "Nowhere", (), "1", "", "", "", (), TODAY)], "elsewhere"
    )

    assert found.name == "Nowhere"


def test_the_unknown_region_has_no_country(directory: Directory) -> None:
    assert directory.in_region("atlantis") == []


@pytest.mark.parametrize("shows_all", [False, True])
@pytest.mark.parametrize("today", [TODAY, LATER])
def test_the_card_of_every_country_fits(directory: Directory, today: date, shows_all: bool) -> None:
    for country in directory.countries.by_iso2.values():
        card = CountryCard(country, directory.lines, today, Texts())
        assert_fits(card.render(shows_all=shows_all))


def test_the_choice_of_every_region_fits(directory: Directory) -> None:
    assert_fits(render_start(directory.regions(), Texts()))
    for region in (*directory.regions(), "atlantis"):
        assert_fits(render_countries(region, directory.in_region(region), Texts()))


def test_a_country_with_too_many_lines_still_fits(directory: Directory) -> None:
    lines = HelpLines(
        make_line(number, name=f"{number} " + "x" * 110, website="https://" + "x" * 240)
        for number in range(10, 60)
    )
    country = directory.countries.by_iso2["NO"]

    for shows_all in (False, True):
        assert_fits(CountryCard(country, lines, TODAY, Texts()).render(shows_all=shows_all))


def test_at_most_three_places_come_first_and_a_button_has_the_rest(directory: Directory) -> None:
    lines = HelpLines(map(make_line, range(10, 15)))
    card = CountryCard(directory.countries.by_iso2["NO"], lines, TODAY, Texts())

    first, whole = card.render(), card.render(shows_all=True)

    assert text_of(first).count("### Line") == MOST_AT_FIRST
    assert "help-now:all:NO" in [part.get("custom_id") for part in parts(first)]
    assert text_of(whole).count("### Line") == 5
    assert "help-now:all:NO" not in [part.get("custom_id") for part in parts(whole)]


def test_the_country_stands_above_every_number(directory: Directory) -> None:
    for iso2, country in directory.countries.by_iso2.items():
        text = text_of(CountryCard(country, directory.lines, TODAY, Texts()).render())
        assert text.startswith(f"## {country.name}: help now"), iso2


def test_a_number_has_a_line_of_its_own_as_it_is_published(directory: Directory) -> None:
    for iso2, lines in directory.lines.by_iso2.items():
        country = directory.countries.by_iso2[iso2]
        text = text_of(CountryCard(country, directory.lines, TODAY, Texts()).render())
        for phone in (phone for line in lines for phone in line.phones):
            assert f"Call: `{phone}`" in text.splitlines(), iso2


def test_an_old_source_is_told_on_the_card(directory: Directory) -> None:
    country = directory.countries.by_iso2["NO"]
    words = "more than 180 days ago, so it may have changed"

    fresh = text_of(CountryCard(country, directory.lines, TODAY, Texts()).render())
    old = text_of(CountryCard(country, directory.lines, LATER, Texts()).render())

    assert words not in fresh
    assert words in old


def test_a_field_that_nobody_knows_is_left_out(directory: Directory) -> None:
    card = CountryCard(
        directory.countries.by_iso2["NO"], HelpLines([make_line(10)]), TODAY, Texts()
    )
    body = text_of(card.render())

    for word in ("Open", "Website", "Chat", "Text:", "None"):
        assert word not in body


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("988", "Text: `988`"),
        ("HELP to 51444", "Text `HELP` to `51444`"),
        ("WhatsApp 9151 1767", "WhatsApp: `9151 1767`"),
    ],
)
def test_a_text_line_says_what_to_send_where(directory: Directory, text: str, shown: str) -> None:
    lines = HelpLines([make_line(10, text=text)])

    card = CountryCard(directory.countries.by_iso2["NO"], lines, TODAY, Texts())

    assert shown in text_of(card.render()).splitlines()


def test_languages_and_days_are_in_the_reader_s_language(directory: Directory) -> None:
    lines = HelpLines([make_line(10, languages=("de", "20 languages"))])
    country = directory.countries.by_iso2["NO"]

    german = text_of(CountryCard(country, lines, TODAY, Texts("de")).render())
    unknown = text_of(CountryCard(country, lines, TODAY, Texts("xx")).render())

    assert "Deutsch, 20 languages" in german
    assert "22. November 2026" in german or "22 November 2026" in german
    assert "German, 20 languages" in unknown
