"""Every country that ``/help-now`` knows by name: its emergency numbers, its help lines, or none.

Only bundled files are read, and nothing here ever raises for what is in them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from bot.safety.emergency import Country, EmergencyNumbers, load_numbers
from bot.safety.helplines import HelpLines, load_help_lines
from bot.safety.regions import REGIONS, in_region

NAMES = {
    "BI": "Burundi",
    "BQ": "Caribbean Netherlands|Bonaire|Sint Eustatius|Saba",
    "CD": "Congo - Kinshasa|DR Congo|Democratic Republic of the Congo|RDC",
    "CG": "Congo - Brazzaville|Republic of the Congo",
    "CW": "Curaçao|Kòrsou",
    "EH": "Western Sahara|الصحراء الغربية",
    "ER": "Eritrea|ኤርትራ",
    "GA": "Gabon",
    "GN": "Guinea|Guinée",
    "GQ": "Equatorial Guinea|Guinea Ecuatorial",
    "KP": "North Korea|조선민주주의인민공화국",
    "LA": "Laos|ລາວ",
    "LS": "Lesotho",
    "NF": "Norfolk Island",
    "NU": "Niue",
    "PN": "Pitcairn Islands",
    "SS": "South Sudan",
    "TK": "Tokelau",
    "WF": "Wallis & Futuna|Wallis et Futuna|Wallis and Futuna",
    "WS": "Samoa|Sāmoa",
    "YE": "Yemen|اليمن",
    "ZM": "Zambia",
}
"""Countries for which no list passed the rule; they are named all the same, and told so."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Countries by name, and their help lines. A country without numbers has empty ones."""

    countries: EmergencyNumbers
    lines: HelpLines

    def in_region(self, region: str) -> list[Country]:
        """The countries of a region by the alphabet."""
        return in_region(self.countries.by_iso2.values(), region)

    def regions(self) -> dict[str, str]:
        """The names of the regions that have a country, by key."""
        return {key: name for key, name in REGIONS.items() if self.in_region(key)}


def load_directory(folder: Path) -> Directory:
    """What can be read of both files. Never raises."""
    return _combine(load_numbers(folder), load_help_lines(folder))


@lru_cache(maxsize=2)
def _combine(numbers: EmergencyNumbers, lines: HelpLines) -> Directory:
    known = set(numbers.by_iso2)
    others = [country for country in _nameless(lines) if country.iso2 not in known]
    return Directory(EmergencyNumbers([*numbers.by_iso2.values(), *others]), lines)


def _nameless(lines: HelpLines) -> Iterator[Country]:
    """Countries that the emergency numbers do not name."""
    names = dict(NAMES) | {
        iso2: found[0].country for iso2, found in lines.by_iso2.items() if iso2 not in NAMES
    }
    for iso2, text in names.items():
        name, *others = text.split("|")
        yield Country(iso2, name, tuple(others), "", "", "", "", (), date.min)
