"""Why a file of resources can't be read, in plain words: what, in which line, and what next."""

import re
from codecs import BOM_UTF8

from bot.i18n import Texts

_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate")


def explain_encoding(error: UnicodeDecodeError, t: Texts) -> str:
    """What is said of a file with a byte that isn't UTF-8."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return t(
        "Line {line} holds characters that I can't read. Save the file as UTF-8 in your text "
        "editor: under “Save as” there is often a choice named Encoding.",
        line=line,
    )


def explain_dots(line: int, t: Texts) -> str:
    """What is said of a key with many parts."""
    return t(
        "In line {line} there are many dots outside of a text: often a missing quotation mark.",
        line=line,
    )


def explain_syntax(text: str, error: ValueError | RecursionError, t: Texts) -> str:
    """What is said of a text that isn't TOML."""
    if text.lstrip().startswith(("{", "[{")):
        return t("This looks like a JSON file, and I read TOML.") + " " + show_how(t)
    said = str(error)
    found = _LINE.search(said)
    line = int(found[1]) if found else text.rstrip().count("\n") + 1
    if said.startswith(_TWICE):
        return t("In line {line} something is named that stands above it already.", line=line)
    if found or "(at end of document)" in said:
        return t(
            "In line {line} something is not closed or not allowed: often a missing quotation "
            "mark.",
            line=line,
        )
    return t(
        "The file has a number that is too long, or brackets in too many brackets. "
        "Every field is a text in quotation marks."
    )


def explain_empty(content: bytes, t: Texts) -> str:
    """What is said of a file without resources."""
    nothing = t("The file has no resource: each one begins with a line [[resource]], without #.")
    if not content.removeprefix(BOM_UTF8).strip():
        nothing = t("The file is empty.")
    return f"{nothing} {show_how(t)}"


def show_how(t: Texts) -> str:
    """Where a file can be seen that is right."""
    return t("/resources export gives a file that shows how one begins.")
