"""Emergency numbers by country, from ``data/emergency_numbers.csv`` alone.

A fault in one row loses that row, never the others: help must answer. ``bot check`` and the
tests are strict about the same file through :func:`find_faults`.
"""

import csv
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

NUMBERS_FILE = "emergency_numbers.csv"
SOURCES_FILE = "emergency_sources.toml"
SERVICES = ("general", "police", "ambulance", "fire")
NUMBER = re.compile(r"[0-9*#]{2,11}(/[0-9*#]{2,11})*")
NOT_COUNTRIES = frozenset({"NH", "RH", "YD"})
"""Codes that ISO withdrew; they stand for VU, ZW and YE in old lists."""

FIND_A_HELPLINE = "https://findahelpline.com"


@dataclass(frozen=True, slots=True)
class Country:
    """A country's emergency numbers; an empty text where none is known.

    Alternatives are separated by a slash. ``checked_on`` is when the row was last compared
    with its sources; nobody has called a number.
    """

    iso2: str
    name: str
    other_names: tuple[str, ...]
    general: str
    police: str
    ambulance: str
    fire: str
    sources: tuple[str, ...]
    checked_on: date


class EmergencyNumbers:
    """Finds countries by English or native name or ISO code."""

    def __init__(self, countries: Iterable[Country]) -> None:
        self.by_iso2 = {country.iso2: country for country in countries}
        self._keys = [
            (fold(key), country)
            for country in self.by_iso2.values()
            for key in (country.name, *country.other_names)
        ]

    def find(self, text: str) -> Country | None:
        """The country that a text names exactly, whatever its case and accents."""
        by_code = self.by_iso2.get(text.strip().upper())
        wanted = fold(text)
        return by_code or next((country for key, country in self._keys if key == wanted), None)

    def search(self, text: str, limit: int = 25) -> list[Country]:
        """Countries whose name or code begins with a text, then those that contain it."""
        wanted = fold(text)
        if not wanted:
            return sorted(self.by_iso2.values(), key=lambda country: fold(country.name))[:limit]
        exact = [self.by_iso2[wanted.upper()]] if wanted.upper() in self.by_iso2 else []
        begins = [country for key, country in self._keys if key.startswith(wanted)]
        words = [country for key, country in self._keys if f" {wanted}" in key]
        contains = [country for key, country in self._keys if wanted in key]
        return list(dict.fromkeys([*exact, *begins, *words, *contains]))[:limit]


def load_numbers(folder: Path) -> EmergencyNumbers:
    """Every row that can be read; an empty collection when the file is gone. Never raises."""
    try:
        return EmergencyNumbers(country for _, country in _read(folder) if country is not None)
    except (OSError, UnicodeDecodeError, csv.Error):
        return EmergencyNumbers([])


def find_faults(folder: Path) -> list[str]:
    """Everything that is wrong with the files, each fault with its row."""
    try:
        known = set(_source_ids(folder))
        rows = list(_read(folder))
    except (OSError, UnicodeDecodeError, csv.Error, tomllib.TOMLDecodeError, KeyError) as error:
        return [f"{NUMBERS_FILE}: not readable ({error})."]
    faults = [f"{NUMBERS_FILE}, {where}: {why}" for where, why in _faults(rows, known)]
    seen: set[str] = set()
    for iso2, _ in rows:
        if iso2 in seen:
            faults.append(f"{NUMBERS_FILE}, {iso2}: the country stands there twice.")
        seen.add(iso2)
    return faults


def fold(text: str) -> str:
    """A text without case, accents and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (" " if not char.isalnum() else char for char in decomposed if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def _read(folder: Path) -> Iterator[tuple[str, Country | None]]:
    with (folder / NUMBERS_FILE).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            iso2 = (row.get("iso2") or "").strip()
            yield iso2, _to_country(iso2, row)


def _to_country(iso2: str, row: Mapping[str, str | None]) -> Country | None:
    values = {name: (row.get(name) or "").strip() for name in ("country", "native_names", "sources", "checked_on", *SERVICES)}
    numbers = {name: values[name] for name in SERVICES if values[name]}
    try:
        checked_on = date.fromisoformat(values["checked_on"])
    except ValueError:
        return None
    if not numbers or not all(map(NUMBER.fullmatch, numbers.values())) or not values["country"]:
        return None
    return Country(
        iso2=iso2,
        name=values["country"],
        other_names=tuple(filter(None, values["native_names"].split("|"))),
        sources=tuple(values["sources"].split()),
        checked_on=checked_on,
        **{name: values[name] for name in SERVICES},
    )


def _faults(rows: Iterable[tuple[str, Country | None]], known: set[str]) -> Iterator[tuple[str, str]]:
    for iso2, country in rows:
        if not re.fullmatch(r"[A-Z]{2}", iso2) or iso2 in NOT_COUNTRIES:
            yield iso2 or "(no code)", "not an ISO code in use."
        if country is None:
            yield iso2, "a number, the name or the date is missing or malformed."
        elif not country.sources or set(country.sources) - known:
            yield iso2, "names no source, or one that emergency_sources.toml does not have."


def _source_ids(folder: Path) -> list[str]:
    with (folder / SOURCES_FILE).open("rb") as stream:
        return [source["id"] for source in tomllib.load(stream)["source"]]
