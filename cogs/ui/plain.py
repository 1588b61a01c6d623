"""People's own words on a card: shown as they were written, without taking effect."""

import re

KEPT = (
    r"(?P<kept>https?://(?:(?!@everyone|@here)[^\s<>()\[\]|\\`*])+"
    r"|<a?:\w{2,32}:[0-9]{15,21}>)"
)
"""Bare addresses and custom emoji: they show what they are and reach nobody."""

TAMED = re.compile(
    rf"{KEPT}"
    r"|(?P<mention>@(?=everyone|here|[!&]?[0-9]))"
    r"|(?P<start>^[ \t]*(?:#{1,3}|-#|>{1,3}|[-+])(?=\s))"
    r"|(?P<mark>[\\*_~|`\[\]<])",
    re.MULTILINE,
)
ZERO_WIDTH_SPACE = "\u200b"


def plain(text: str) -> str:
    """Text in which no Markdown, masked link or mention works; at most twice as long.

    discord.py's own escaping leaves the second of two masked links in a line alive.
    """
    return TAMED.sub(_tame, text)


def _tame(match: re.Match[str]) -> str:
    found = match[0]
    if match["kept"]:
        return found
    if match["mention"]:
        return found + ZERO_WIDTH_SPACE
    if match["start"]:
        indent = len(found) - len(found.lstrip(" \t"))
        return f"{found[:indent]}\\{found[indent:]}"
    return f"\\{found}"
