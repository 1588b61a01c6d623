"""People's own words made safe to keep: visible text, in lines and paragraphs."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\u2800\u3164\ufeff\uffa0"
    "\ud800-\udfff]"
)
"""Blank letters, zero-width spaces, and marks that turn the direction of whole lines around.

Joiners stay: emoji and several scripts need them.
"""


def clean_line(text: str, length: int) -> str:
    """One line of visible text, cut to a length."""
    return " ".join(_visible(text).split())[:length].rstrip()


def clean_text(text: str, length: int) -> str:
    """Paragraphs of visible text with at most one empty line between them, cut to a length."""
    lines = [" ".join(line.split()) for line in _visible(text).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:length].rstrip()


def count_visible(text: str) -> int:
    """How many letters, digits, punctuation marks and symbols a text has."""
    return sum(unicodedata.category(character)[0] in "LNPS" for character in text)


def _visible(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    return "".join(
        " " if unicodedata.category(character) == "Cc" and character != "\n" else character
        for character in text.replace("\r\n", "\n").replace("\r", "\n")
    )
