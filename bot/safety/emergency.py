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
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

NUMBERS_FILE = "emergency_numbers.csv"
SOURCES_FILE = "emergency_sources.toml"
SERVICES = ("general", "police", "ambulance", "fire")
NUMBER = re.compile(r"[0-9*#]{2,11}(/[0-9*#]{2,11})*")
CODE = re.compile(r"[A-Z]{2}")
NOT_COUNTRIES = frozenset({"NH", "RH", "YD"})
"""Codes that ISO withdrew; they stand for VU, ZW and YE in old lists."""
FEWEST_SOURCES = 2
"""A number that only one source lists is not shown."""

FIND_A_HELPLINE = "https://findahelpline.com"
TEXT_LENGTH = 60
TYPO_SCORE = 0.75


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
        """Countries whose name or code begins with a text, then those that contain it.

        An empty text gives the first countries of the alphabet; one that fits none gives
        those that are spelled much like it.
        """
        wanted = fold(text[:TEXT_LENGTH])
        if not text.strip():
            return sorted(self.by_iso2.values(), key=lambda country: fold(country.name))[:limit]
        if not wanted:
            return []
        exact = [self.by_iso2[wanted.upper()]] if wanted.upper() in self.by_iso2 else []
        named = [country for key, country in self._keys if key == wanted]
        begins = [country for key, country in self._keys if key.startswith(wanted)]
        words = [country for key, country in self._keys if f" {wanted}" in key]
        contains = [country for key, country in self._keys if wanted in key]
        found = [*exact, *named, *begins, *words, *contains] or self._alike(wanted, limit)
        return list(dict.fromkeys(found))[:limit]

    def _alike(self, wanted: str, limit: int) -> list[Country]:
        by_key = dict(self._keys)
        alike = get_close_matches(wanted, by_key, n=limit, cutoff=TYPO_SCORE)
        return [by_key[key] for key in alike]


def load_numbers(folder: Path) -> EmergencyNumbers:
    """Every row that can be read; an empty collection when the file is gone. Never raises."""
    try:
        text = (folder / NUMBERS_FILE).read_bytes().decode("utf-8", errors="replace")
        return _numbers_in(text)
    except (OSError, csv.Error):
        return EmergencyNumbers([])


@lru_cache(maxsize=2)
def _numbers_in(text: str) -> EmergencyNumbers:
    """Several cogs ask for the same file; reading it folds hundreds of names."""
    return EmergencyNumbers(
        country for iso2, country in _read(text) if country is not None and _is_code(iso2)
    )


def find_faults(folder: Path) -> list[str]:
    """Everything that is wrong with the files, each fault with its row."""
    try:
        known = set(_source_ids(folder))
        rows = list(_read((folder / NUMBERS_FILE).read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, csv.Error, tomllib.TOMLDecodeError, KeyError) as error:
        return [f"{NUMBERS_FILE}: not readable ({error})."]
    faults = [f"{NUMBERS_FILE}, {where}: {why}" for where, why in _faults(rows, known)]
    if not rows:
        faults.append(f"{NUMBERS_FILE}: no row is there.")
    seen: set[str] = set()
    for iso2, _ in rows:
        if iso2 in seen:
            faults.append(f"{NUMBERS_FILE}, {iso2}: the country stands there twice.")
        seen.add(iso2)
    return faults


def fold(text: str) -> str:
    """A text without case, accents and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        char if char.isalnum() else " " for char in decomposed if not unicodedata.combining(char)
    )
    return " ".join("".join(kept).split())


def _read(text: str) -> Iterator[tuple[str, Country | None]]:
    """Each line by itself: a quotation mark too many must not swallow the rows below it."""
    lines = text.removeprefix("\ufeff").splitlines()
    header = next(csv.reader(lines[:1]), [])
    for line in lines[1:]:
        try:
            values = next(csv.reader([line]), [])
        except csv.Error:
            values = []
        row = dict(zip(header, values, strict=False))
        iso2 = (row.get("iso2") or "").strip()
        yield iso2, _to_country(iso2, row)


def _to_country(iso2: str, row: Mapping[str, str]) -> Country | None:
    wanted = ("country", "native_names", "sources", "checked_on", *SERVICES)
    values = {name: row.get(name, "").strip() for name in wanted}
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


def _faults(
    rows: Iterable[tuple[str, Country | None]], known: set[str]
) -> Iterator[tuple[str, str]]:
    for iso2, country in rows:
        if not _is_code(iso2):
            yield iso2 or "(no code)", "not an ISO code in use."
        if country is None:
            yield iso2, "a number, the name or the date is missing or malformed."
        elif set(country.sources) - known:
            yield iso2, "names a source that emergency_sources.toml does not have."
        elif len(set(country.sources)) < FEWEST_SOURCES:
            yield iso2, "names fewer than two sources."


def _is_code(iso2: str) -> bool:
    return CODE.fullmatch(iso2) is not None and iso2 not in NOT_COUNTRIES


def _source_ids(folder: Path) -> list[str]:
    with (folder / SOURCES_FILE).open("rb") as stream:
        return [source["id"] for source in tomllib.load(stream)["source"]]
