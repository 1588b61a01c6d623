"""What a community's own tip may look like. Pure: texts in, texts and faults out."""

import re
import unicodedata
from enum import StrEnum

TITLE_LENGTH = 80
BODY_LENGTH = 600
TRY_LENGTH = 300
LEAST_TITLE = 3
LEAST_BODY = 20
LEAST_TRY = 3
MOST_MINUTES = 60

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\u2800\u3164\ufeff\uffa0"
    "\ud800-\udfff]"
)
"""Blank letters, zero-width spaces, and marks that turn the direction of whole lines around.

Joiners stay: emoji and several scripts need them.
"""


class Fault(StrEnum):
    """What keeps a tip from being kept."""

    TITLE = "title"
    BODY = "body"
    TRY = "try"
    MINUTES = "minutes"


def clean_line(text: str, length: int) -> str:
    """One line of visible text, cut to a length."""
    return " ".join(_visible(text).split())[:length].rstrip()


def clean_text(text: str, length: int) -> str:
    """Paragraphs of visible text with at most one empty line between them, cut to a length."""
    lines = [" ".join(line.split()) for line in _visible(text).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:length].rstrip()


def read_minutes(text: str) -> int | None:
    """A whole number of minutes from 1 to 60; None for anything else."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    minutes = int(text[:4])
    return minutes if 1 <= minutes <= MOST_MINUTES else None


def find_faults(title: str, body: str, try_this: str, minutes: str) -> list[Fault]:
    """Everything that is wrong with a cleaned tip, at once."""
    faults = [
        fault
        for fault, text, least in (
            (Fault.TITLE, title, LEAST_TITLE),
            (Fault.BODY, body, LEAST_BODY),
            (Fault.TRY, try_this, LEAST_TRY),
        )
        if _count_visible(text) < least
    ]
    if read_minutes(minutes) is None:
        faults.append(Fault.MINUTES)
    return faults


def _visible(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    return "".join(
        " " if unicodedata.category(character) == "Cc" and character != "\n" else character
        for character in text.replace("\r\n", "\n").replace("\r", "\n")
    )


def _count_visible(text: str) -> int:
    return sum(unicodedata.category(character)[0] in "LNPS" for character in text)
