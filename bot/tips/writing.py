"""What a community's own tip may look like. Pure: texts in, texts and faults out."""

from enum import StrEnum

from bot.words import count_visible

TITLE_LENGTH = 80
BODY_LENGTH = 600
TRY_LENGTH = 300
LEAST_TITLE = 3
LEAST_BODY = 20
LEAST_TRY = 3
MOST_MINUTES = 60


class Fault(StrEnum):
    """What keeps a tip from being kept."""

    TITLE = "title"
    BODY = "body"
    TRY = "try"
    MINUTES = "minutes"


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
        if count_visible(text) < least
    ]
    if read_minutes(minutes) is None:
        faults.append(Fault.MINUTES)
    return faults
