"""Time zones by the names that people know: cities, countries, old names, abbreviations, offsets.

What is offered is a present IANA name or UTC. The offset in a label is the one that ``zoneinfo``
gives on this machine. Nothing is read before the first search.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from bot.zone_names import Kind, load_zone_names, normalise

_LABEL_LENGTH = 100
_TEXT_LENGTH = 100
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-\u2212])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_LABEL_OFFSET = re.compile(r"\(UTC[+-]\d\d:\d\d\)\s*$")
_NEAREST = 5
_TYPO_SCORE = 75.0
_TYPO_LENGTH = 4


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """A zone to choose: its IANA name, and a label of at most 100 characters."""

    name: str
    label: str


class UnknownZone(ValueError):  # noqa: N818 (its name is what it says to the caller)
    """A text that is not the present name of a zone; ``nearest`` may be meant, best first."""

    def __init__(self, text: str, nearest: tuple[str, ...]) -> None:
        """Keep the text as it was typed, and up to five present names."""
        hint = f"Did you mean {' or '.join(nearest)}?" if nearest else "Try a large city nearby."
        super().__init__(f"There is no time zone called {text[:_TEXT_LENGTH]!r}. {hint}")
        self.text = text
        self.nearest = nearest


def find_zones(text: str, now: int, limit: int = 25) -> list[ZoneChoice]:
    """Return the zones that a text may mean, best first; labels have the offset at ``now``.

    Understands a city, country, region, old or full name, the beginning of one, a small typo,
    an abbreviation, and an offset such as ``UTC-3``. An empty text gives well-known zones around
    the world, from west to east. ``now`` is in UTC epoch seconds.
    """
    names = list(load_zone_names().titles)
    asked = _OFFSET.fullmatch(text.strip())
    if not text.strip():
        names = sorted(load_zone_names().world[:limit], key=lambda name: _offset(name, now))
    elif asked:
        sign, hours, minutes = asked.groups("0")
        size = timedelta(hours=int(hours), minutes=int(minutes))
        offset = size if sign == "+" else -size
        names = [name for name in names if _offset(name, now) == offset]
    else:
        names = _search(text)
    return [ZoneChoice(name, _label(name, now)) for name in names[:limit]]


def resolve_zone(text: str) -> str:
    """Return the present IANA name, or ``UTC``, that a text is, in whatever case.

    UnknownZone for anything else: an old name, an abbreviation, a city, an offset, a typo.
    """
    name = _names_by_folded().get(text.strip().casefold())
    if name is None:
        raise UnknownZone(text, tuple(_search(text)[:_NEAREST]))
    return name


def _search(text: str) -> list[str]:
    """Return the names of the zones that a text may mean, best first."""
    query = normalise(_LABEL_OFFSET.sub("", text[:_TEXT_LENGTH]))
    if not query:
        return []
    found: list[tuple[int, int, int, str]] = []
    for phrase, kind, place, name in load_zone_names().phrases:
        if query not in phrase:
            continue
        if phrase == query:
            found.append((0, kind, place, name))
        elif kind <= Kind.CODE:  # these are found only as a whole
            continue
        elif phrase.startswith(query):
            found.append((1, kind, place, name))
        elif f" {query}" in phrase:
            found.append((2, kind, place, name))
    names = list(dict.fromkeys(name for *_, name in sorted(found)))
    return names or _search_words(query) or _search_typo(query)


def _search_words(query: str) -> list[str]:
    """Return the zones of which each word of the query begins a word: "paris france"."""
    starts = [f" {word}" for word in query.split()]
    return [name for name, words in _words().items() if all(start in words for start in starts)]


def _search_typo(query: str) -> list[str]:
    """Return the zones with a name spelled much like the query, the most alike first."""
    if len(query) < _TYPO_LENGTH or any(character.isdigit() for character in query):
        return []  # "gmt 5" is no typo of "gmt"
    phrases = load_zone_names().phrases
    texts = [phrase.text for phrase in phrases]
    alike = process.extract(query, texts, scorer=fuzz.ratio, limit=25, score_cutoff=_TYPO_SCORE)
    ranked = sorted((-score, *phrases[position][1:]) for _, score, position in alike)
    return list(dict.fromkeys(name for *_, name in ranked))


@cache
def _names_by_folded() -> dict[str, str]:
    return {name.casefold(): name for name in load_zone_names().titles}


@cache
def _words() -> dict[str, str]:
    """Return every word about a zone by its name, each after a space."""
    words = dict.fromkeys(load_zone_names().titles, "")
    for phrase in load_zone_names().phrases:
        words[phrase.name] += f" {phrase.text}"
    return words


def _label(name: str, now: int) -> str:
    """Return a label like ``Buenos Aires, Argentina (UTC-03:00)``."""
    minutes = round(_offset(name, now).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f" (UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02})"
    return load_zone_names().titles[name][: _LABEL_LENGTH - len(offset)] + offset


def _offset(name: str, now: int) -> timedelta:
    return datetime.fromtimestamp(now, _load_zone(name)).utcoffset() or timedelta()


@cache
def _load_zone(name: str) -> ZoneInfo:
    """Return a zone's rules, read from disk once (ZoneInfo itself keeps only eight)."""
    return ZoneInfo(name)
