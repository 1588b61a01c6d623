"""Colours that people choose: a few calm ones by name, or their own as they type it."""

import re

from bot.pictures.scenes import HOUSE_ACCENT

CALM_COLOURS = {
    "#4d8c7d": "Quiet green",
    "#3f7cac": "Clear blue",
    "#6c6fb5": "Evening violet",
    "#a85d7c": "Old rose",
    "#c2703d": "Warm clay",
    "#c99a2e": "Soft gold",
    "#5f7d4e": "Moss",
    "#5b6b7a": "Slate",
}
"""Names by colour; the first one is the house's."""

_TYPED = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.ASCII | re.IGNORECASE)
_SHORT = 3


def read_colour(text: str) -> str | None:
    """A colour that was typed, such as ``#3F7CAC`` or ``37c``, as ``#rrggbb``; None for none."""
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == _SHORT else digits)


def to_accent(colour: str | None) -> int:
    """A colour (``#rrggbb``) as a number; the house's for None."""
    return HOUSE_ACCENT if colour is None else int(colour.removeprefix("#"), 16)
