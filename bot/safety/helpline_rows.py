"""One row of ``data/helplines.csv``: how it is read, and what it takes to be shown."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.safety.emergency import CODE, NOT_COUNTRIES

COLUMNS = (
    "iso2", "country", "name", "phone", "sms", "chat_url", "website", "hours", "languages",
    "source", "date", "agreeing_sources", "n_independent", "flag",
)  # fmt: skip
FEWEST_SOURCES = 2
RECENT_YEAR = 26
"""A line ships if two independent sources list it, one of them from this year (20..) or later."""

DEAD_NUMBERS: Mapping[str, frozenset[str]] = {
    "US": frozenset({"18002738255", "8002738255"}),
    "CA": frozenset({"18334564566", "45645"}),
    "GB": frozenset({"08457909090"}),
    "IE": frozenset({"1850609090"}),
    "IN": frozenset({"18005990019"}),
    "KR": frozenset({"1393", "129", "15770199"}),
}
"""Numbers that no longer answer, by country, digits only. Never let one back in."""
DEAD_ADDRESSES = (
    "suicidepreventionlifeline.org",
    "talksuicide.ca",
    "iasp.info/resources/crisis_centres",
)

STALE_DAYS = 180
NUMBER = r"[0-9*#(][0-9 ()*#-]{0,18}[0-9#]"
PHONE = re.compile(rf"{NUMBER}(?: \((?:ext|option) [0-9]\)| option [0-9])?")
"""As it is published; never with a country prefix, which a short code does not have."""
TEXT = re.compile(rf"(?:(?P<word>[A-Z]{{2,12}}) to |(?P<app>WhatsApp) )?(?P<number>{NUMBER})")
NAME_LENGTH = 120
ADDRESS = re.compile(r"https?://[^\s<>()`|]{4,250}")
HOURS = re.compile(
    r"24/7|every day, hours vary|(?:[A-Z][a-z]{2}-[A-Z][a-z]{2} )?\d\d:\d\d-\d\d:\d\d"
)
LANGUAGES = re.compile(r"[a-z]{2,3}(?:;[a-z]{2,3})*|[0-9]+ languages")
FLAG = re.compile(r"children|pair:[a-z-]+")


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line; a field that nobody could say is empty. Nobody has called a number.

    ``latest_on`` is the day of the latest source. Lines of one country with the same ``pair`` are
    shown together. ``hours`` are the country's own.
    """

    iso2: str
    country: str
    name: str
    phones: tuple[str, ...]
    text: str
    chat_url: str
    website: str
    hours: str
    languages: tuple[str, ...]
    sources: tuple[str, ...]
    latest_on: date
    is_for_children: bool = False
    pair: str = ""

    @property
    def source_count(self) -> int:
        """How many independent sources list the number."""
        return count_independent(self.sources)

    @property
    def may_be_shown(self) -> bool:
        """Whether enough sources list it and nothing in it is known to be dead."""
        addresses = (self.chat_url, self.website)
        return ships(self.sources) and not is_dead(self.iso2, *self.phones, self.text, *addresses)

    def is_stale(self, today: date) -> bool:
        """Whether its latest source is older than 180 days."""
        return (today - self.latest_on).days > STALE_DAYS


def read_rows(text: str) -> Iterator[dict[str, str]]:
    """Each line by itself: a quotation mark too many must not swallow the rows below it."""
    lines = text.removeprefix("\ufeff").splitlines()
    header = _cells(lines[0]) if lines else []
    for line in lines[1:]:
        yield {name: cell.strip() for name, cell in zip(header, _cells(line), strict=False)}


def to_line(row: Mapping[str, str]) -> HelpLine | None:
    """The line of a row, or None for a row in which something is missing or malformed."""
    values = {name: row.get(name, "") for name in COLUMNS}
    flags = values["flag"].split()
    phones = tuple(filter(None, (one.strip() for one in values["phone"].split(";"))))
    try:
        latest_on = date.fromisoformat(values["date"])
    except ValueError:
        return None
    fits = (
        is_code(values["iso2"])
        and bool(values["country"] and values["name"] and (phones or values["sms"]))
        and len(values["name"]) <= NAME_LENGTH
        and all(map(PHONE.fullmatch, phones))
        and _is_empty_or(TEXT, values["sms"])
        and all(_is_empty_or(ADDRESS, values[name]) for name in ("chat_url", "website"))
        and _is_empty_or(HOURS, values["hours"])
        and _is_empty_or(LANGUAGES, values["languages"])
        and all(map(FLAG.fullmatch, flags))
    )
    if not fits:
        return None
    return HelpLine(
        iso2=values["iso2"],
        country=values["country"],
        name=values["name"],
        phones=phones,
        text=values["sms"],
        chat_url=values["chat_url"],
        website=values["website"],
        hours=values["hours"],
        languages=tuple(filter(None, values["languages"].split(";"))),
        sources=tuple(values["agreeing_sources"].split()),
        latest_on=latest_on,
        is_for_children="children" in flags,
        pair=next((flag.removeprefix("pair:") for flag in flags if flag != "children"), ""),
    )


def is_code(iso2: str) -> bool:
    """Whether a text looks like an ISO code that is in use."""
    return CODE.fullmatch(iso2) is not None and iso2 not in NOT_COUNTRIES


def count_independent(sources: Iterable[str]) -> int:
    """How many publishers: ``W21`` and ``W26`` are two copies of one list, and count once."""
    return len({source.rstrip("0123456789") for source in sources})


def ships(sources: Iterable[str]) -> bool:
    """Whether enough independent sources list a line, one of them a recent one."""
    listed = list(sources)
    recent = any(source[-2:].isdigit() and int(source[-2:]) >= RECENT_YEAR for source in listed)
    return recent and count_independent(listed) >= FEWEST_SOURCES


def is_dead(iso2: str, *texts: str) -> bool:
    """Whether one of the numbers or addresses of a line no longer answers."""
    parts = [part for text in texts for part in text.split(";")]
    numbers = {"".join(filter(str.isdigit, part)) for part in parts}
    in_words = " ".join(texts).casefold()
    return bool(numbers & DEAD_NUMBERS.get(iso2, frozenset())) or any(
        address in in_words for address in DEAD_ADDRESSES
    )


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _is_empty_or(pattern: re.Pattern[str], text: str) -> bool:
    return not text or pattern.fullmatch(text) is not None
