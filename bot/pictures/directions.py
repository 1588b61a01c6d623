"""Which way each letter runs: the Unicode Bidirectional Algorithm (UAX #9) for words of one line.

Marks that turn directions around (embeddings, overrides, isolates) count as nothing: they turn the
words beside a name as well. A hashtag's sign goes with its word, which the standard leaves to
whoever writes (HL3). Everything else of the algorithm is here, with brackets (N0).
"""

from collections.abc import Sequence
from itertools import chain, groupby
from unicodedata import bidirectional, category, mirrored, normalize

_REMOVED = frozenset({"BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_NEWER = "ON"
"""For signs that Python doesn't know yet and a font does: new emoji."""

_SIDE = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
"""What numbers count as for what stands beside them."""

_PAIRS = {
    code: next(closing for closing in range(code + 1, code + 3) if category(chr(closing)) == "Pe")
    for code in chain(
        range(0x28, 0x7C), range(0x2045, 0x2E5C), range(0x3008, 0x301B), range(0xFE59, 0xFF63)
    )
    if category(chr(code)) == "Ps" and mirrored(chr(code))
}
"""Brackets, by number: the closing one comes next, or after one other sign."""

_CLOSED_BY = {chr(opening): chr(closing) for opening, closing in _PAIRS.items()}
_CLOSING = frozenset(_CLOSED_BY.values())
_MOST_OPEN = 63


def find_base(text: str) -> int:
    """The direction of a text: 0 from left to right, 1 from right to left (P2, P3)."""
    strong = next((kind for kind in map(bidirectional, text) if kind in {"L", "R", "AL"}), "L")
    return int(strong != "L")


def find_levels(text: str) -> list[int]:
    """A level for each character: even ones run from left to right, odd ones from right to left."""
    base = find_base(text)
    kept = [place for place, letter in enumerate(text) if bidirectional(letter) not in _REMOVED]
    letters = [text[place] for place in kept]
    given = [bidirectional(letter) or _NEWER for letter in letters]
    for place in range(len(given) - 1):
        if letters[place] == "#" and given[place + 1] in {"L", "R", "AL"}:
            given[place] = given[place + 1]
    kinds = _resolve_weak(given, base)
    for place in _resolve_brackets(letters, kinds, base):
        end = place + 1
        while end < len(kinds) and given[end] == "NSM":
            kinds[end] = kinds[place]
            end += 1
    _resolve_neutrals(kinds, base)
    levels: list[int | None] = [None] * len(text)
    for place, kind in zip(kept, kinds, strict=True):
        rises = kind != "L" if base % 2 == 0 else kind != "R"
        levels[place] = base + (2 if base % 2 == 0 and kind in {"AN", "EN"} else int(rises))
    filled: list[int] = []
    for level in levels:
        filled.append(level if level is not None else (filled[-1] if filled else base))
    return filled


def reorder(levels: Sequence[int]) -> list[int]:
    """The places in the order in which they are seen, from left to right (L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        turned: list[int] = []
        for high, places in groupby(order, lambda place: levels[place] >= level):  # noqa: B023 (used at once)
            run = list(places)
            turned += reversed(run) if high else run
        order = turned
    return order


def _resolve_weak(given: Sequence[str], base: int) -> list[str]:
    """Marks and numbers (W1 to W7)."""
    kinds = list(given)
    start = "R" if base else "L"
    before, strong = start, start
    for place, kind in enumerate(given):
        now = before if kind == "NSM" else kind
        if now in {"L", "R", "AL"}:
            strong = now
        if now == "EN" and strong == "AL":
            now = "AN"
        kinds[place] = before = now
    kinds = _join_numbers(kinds)
    strong = start
    for place, kind in enumerate(kinds):
        if kind in {"L", "R"}:
            strong = kind
        elif kind in {"ES", "ET", "CS"}:
            kinds[place] = "ON"
        elif kind == "EN" and strong == "L":
            kinds[place] = "L"
    return kinds


def _join_numbers(kinds: list[str]) -> list[str]:
    """Signs within and beside numbers belong to them (W3 to W5)."""
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for place in range(1, len(kinds) - 1):
        left, kind, right = kinds[place - 1 : place + 2]
        if left == right and (
            (kind in {"ES", "CS"} and left == "EN") or (kind, left) == ("CS", "AN")
        ):
            kinds[place] = left
    place = 0
    for kind, run in groupby(list(kinds)):
        end = place + len(list(run))
        if kind == "ET" and "EN" in {*kinds[place - 1 : place], *kinds[end : end + 1]}:
            kinds[place:end] = ["EN"] * (end - place)
        place = end
    return kinds


def _resolve_brackets(letters: list[str], kinds: list[str], base: int) -> list[int]:
    """Both brackets of a pair go the way of what they hold (N0). Returns where they are."""
    along = "R" if base else "L"
    turned: list[int] = []
    for opens, closes in _pair(letters, kinds):
        inside = {_SIDE[kind] for kind in kinds[opens + 1 : closes] if kind in _SIDE}
        if not inside:
            continue
        if along in inside:
            way = along
        else:
            earlier = next(
                (_SIDE[kind] for kind in reversed(kinds[:opens]) if kind in _SIDE), along
            )
            way = earlier if earlier in inside else along
        kinds[opens] = kinds[closes] = way
        turned += opens, closes
    return turned


def _pair(letters: list[str], kinds: list[str]) -> list[tuple[int, int]]:
    """Brackets that belong together, in the order in which they open (BD16)."""
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for place, letter in enumerate(letters):
        if kinds[place] != "ON":
            continue
        plain = normalize("NFC", letter)
        if plain in _CLOSED_BY:
            if len(waiting) == _MOST_OPEN:
                return []
            waiting.append((_CLOSED_BY[plain], place))
        elif plain in _CLOSING:
            found = next(
                (n for n in range(len(waiting) - 1, -1, -1) if waiting[n][0] == plain), None
            )
            if found is not None:
                pairs.append((waiting[found][1], place))
                del waiting[found:]
    return sorted(pairs)


def _resolve_neutrals(kinds: list[str], base: int) -> None:
    """What has no direction goes with both its sides, or else with the text (N1, N2)."""
    along = "R" if base else "L"
    place = 0
    for neutral, run in groupby(list(kinds), lambda kind: kind in _NEUTRAL):
        end = place + len(list(run))
        if neutral:
            left = _SIDE[kinds[place - 1]] if place else along
            right = _SIDE[kinds[end]] if end < len(kinds) else along
            kinds[place:end] = [left if left == right else along] * (end - place)
        place = end
