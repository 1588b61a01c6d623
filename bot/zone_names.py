"""Every name under which a time zone can be found, gathered from the tz database and CLDR.

The zones are those of ``zone.tab``, and UTC. Names come from there, from the links in
``tzdata.zi``, from CLDR's English (Babel) and from ``data/zones.toml``. The tables are read from
the ``tzdata`` package where it is installed, as ``zoneinfo`` can load each of its zones even
beside an older system; else from the system's folders.
"""

import re
import tomllib
import unicodedata
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple, cast

from babel import Locale
from babel.core import get_global

from bot.errors import ContentError

_CURATED = Path(__file__).resolve().parent.parent / "data" / "zones.toml"
_UTC_ALIASES: tuple[str, ...] = ("Etc/UTC", "Etc/GMT")


class Kind(IntEnum):
    """What a phrase is; of two that fit equally well, the lower comes first."""

    ABBREVIATION = 0
    CODE = 1
    CITY = 2
    PLACE = 3
    COUNTRY = 4
    NAME = 5
    OLD_NAME = 6
    REGION = 7


class Phrase(NamedTuple):
    """A normalised text, what it is, its place among equals (0 first) and the zone it means."""

    text: str
    kind: Kind
    place: int
    name: str


@dataclass(frozen=True, slots=True)
class ZoneNames:
    """The index: titles by IANA name with the best known first, a set around the world, phrases."""

    titles: dict[str, str]
    world: tuple[str, ...]
    phrases: tuple[Phrase, ...]


class _Zone(NamedTuple):
    """A zone, where it is, and the part of the country that it covers (can be empty)."""

    name: str
    city: str
    country: str
    code: str
    region: str

    @property
    def title(self) -> str:
        """The city and country, or just the country where it says both."""
        says_both = self.country.startswith(self.city)
        return self.country if says_both else f"{self.city}, {self.country}"


_UTC = _Zone("UTC", "UTC", "Coordinated Universal Time", "", "")


def normalise(text: str) -> str:
    """Return a text in lower case, without accents and apostrophes, words apart by one space."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    kept = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'\u2019")
    return re.sub(r"[\W_]+", " ", kept).strip()


@cache
def load_zone_names() -> ZoneNames:
    """Return the index, built at the first call. Raises :class:`ContentError`."""
    try:
        curated = tomllib.loads(_CURATED.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ContentError([f"{_CURATED.name}: not readable as TOML ({error})."]) from error
    rows = _read_rows("zone.tab")
    if not rows:
        message = "There is no time zone database here. Install the tzdata package."
        raise ContentError([message])
    olds = _find_old_names({name for name, _, _ in rows})
    zones = {zone.name: zone for zone in [_UTC, *_describe(rows, olds)]}
    # An older tz database than the curated names may lack some of them.
    world = tuple(name for name in curated["world"] if name in zones)
    main = [name for name, _, _ in _read_rows("zone1970.tab")]
    known = [*curated["well_known"], *world, *main, *zones]
    names = dict.fromkeys(name for name in known if name in zones)
    ranks = {name: rank for rank, name in enumerate(names)}

    phrases = {
        Phrase(normalise(text), kind, ranks[zone.name], zone.name)
        for zone in zones.values()
        for kind, text in _name(zone)
    }
    for old, name in olds.items():
        for text in (old, _last_part(old)):
            phrases.add(Phrase(normalise(text), Kind.OLD_NAME, ranks[name], name))
    for name, texts in curated["places"].items():
        if name in zones:
            phrases |= {Phrase(normalise(t), Kind.PLACE, ranks[name], name) for t in texts}
    for text, meant in curated["abbreviations"].items():
        for place, name in enumerate(meant):
            if name in zones:
                phrases.add(Phrase(normalise(text), Kind.ABBREVIATION, place, name))
    titles = {name: zones[name].title for name in ranks}
    return ZoneNames(titles, world, tuple(sorted(p for p in phrases if p.text)))


def _name(zone: _Zone) -> Iterator[tuple[Kind, str]]:
    """Yield what a zone is called, and what kind of name that is."""
    yield Kind.NAME, zone.name
    yield Kind.NAME, zone.title
    yield Kind.CITY, zone.city
    yield Kind.CITY, _last_part(zone.name)
    yield Kind.COUNTRY, zone.country
    yield Kind.CODE, zone.code
    for part in re.split(r"[;,()]", zone.region):
        yield Kind.REGION, part


def _describe(rows: list[tuple[str, str, str]], olds: dict[str, str]) -> Iterator[_Zone]:
    """Yield the zones with CLDR's English names; a city without one is called as its zone is."""
    english = Locale("en")
    entries = cast("dict[str, dict[str, str]]", english.time_zones)
    countries = cast("dict[str, str]", english.territories)
    # CLDR keeps some cities under old names.
    cities = {olds.get(each, each): entry.get("city") for each, entry in entries.items()}
    for name, code, region in rows:
        city = cities.get(name) or _last_part(name)
        yield _Zone(name, city, countries.get(code, code), code, region)


def _find_old_names(present: set[str]) -> dict[str, str]:
    """Return the present names by old name.

    CLDR is asked first: it keeps countries apart that the tz database has merged.
    """
    aliases: dict[str, Any] = dict(get_global("zone_aliases"))
    lines = [line.split() for line in _read_table("tzdata.zi").splitlines()]
    links = {line[2]: line[1] for line in lines if line[:1] == ["L"]}
    olds: dict[str, str] = dict.fromkeys(_UTC_ALIASES, "UTC")
    for old in (links.keys() | aliases.keys()) - present - {"UTC"}:
        for target in (aliases.get(old, ""), links.get(old, "")):
            name = "UTC" if target in _UTC_ALIASES else target
            if name in present or name == "UTC":
                olds[old] = name
                break
    return olds


def _read_rows(table: str) -> list[tuple[str, str, str]]:
    """Return the name, country codes and covered part of every zone in a ``.tab`` table."""
    lines = [line for line in _read_table(table).splitlines() if line[:1] not in ("", "#")]
    cells = [[*line.split("\t"), ""] for line in lines]
    return [(row[2], row[0], row[3]) for row in cells]


def _read_table(name: str) -> str:
    """Return a file of the tz database; an empty text where there is none."""
    try:
        return (resources.files("tzdata") / "zoneinfo" / name).read_text("utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        paths = [Path(folder, name) for folder in zoneinfo.TZPATH]
        return next((path.read_text("utf-8") for path in paths if path.is_file()), "")


def _last_part(name: str) -> str:
    return name.rsplit("/", 1)[-1].replace("_", " ")
