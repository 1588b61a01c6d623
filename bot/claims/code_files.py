"""Files of codes: what a partner sends, read strictly. No message ever has a code in it.

One code in each line, or a table whose first line names a column ``code``.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from bot.content.programs import CODE_LENGTH
from bot.errors import RefusalError

MOST_BYTES = 10 * 1024 * 1024
LINE_LENGTH = 20 * CODE_LENGTH
HEADER = "code"
_DIGIT = re.compile(r"\d")
_BREAK = re.compile(r"\r\n|\n|\r")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, repr=False)
class CodeLine:
    """A code as it stands in a line, trimmed; None for a line that isn't one code."""

    number: int
    code: str | None


def read_codes(content: bytes, *, suspects_heading: bool = False) -> list[CodeLine]:
    """The codes of a file with their lines' numbers; blank lines are dropped.

    Raises :class:`RefusalError`, with the line's number, for what makes a whole file doubtful:
    another encoding than UTF-8, NUL, a cell over several lines, more than 10 MB, no line at all.
    If it ``suspects_heading``, also a file without a column ``code`` whose first line alone has no
    digit: a heading of another name would be given out as a code.
    """
    lines = [
        (number, line)
        for number, line in enumerate(_BREAK.split(_decode(content)), start=1)
        if line.strip()
    ]
    delimiter = _find_delimiter(lines[0][1]) if lines else ","
    rows = [(number, _read_cells(number, line, delimiter)) for number, line in lines]
    rows = [(number, cells) for number, cells in rows if any(cells)]
    column = _find_column(rows[0][1]) if rows else None
    if column is not None:
        del rows[0]
    if not rows:
        _refuse("there is no code in it")
    codes = [CodeLine(number, _pick(cells, column)) for number, cells in rows]
    if suspects_heading and column is None and _begins_with_heading(codes):
        _refuse(
            f"line {codes[0].number} alone has no digit, so it may be a heading. If it is one, "
            f"call it {HEADER}; if it is a code, put a line above it that says {HEADER}"
        )
    return codes


def _decode(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        _refuse(f"it has more than {MOST_BYTES // 1024 // 1024} MB; split it")
    if content.startswith(_UTF_16):
        _refuse("line 1 is UTF-16; save it as CSV in UTF-8")
    if (at := content.find(b"\0")) >= 0:
        _refuse(f"line {_line_of(content, at)} has a NUL byte; save it as CSV in UTF-8")
    try:
        return content.decode("utf-8-sig", errors="strict")
    except UnicodeDecodeError as error:
        _refuse(f"line {_line_of(content, error.start)} is not UTF-8; save it as CSV in UTF-8")


def _read_cells(number: int, line: str, delimiter: str) -> list[str]:
    if len(line) > LINE_LENGTH:  # no code, and more than the csv module takes in one cell
        return [line]
    try:
        (cells,) = csv.reader([line], delimiter=delimiter, strict=True)
    except csv.Error:  # a quote that nothing closes, or something behind a closed one
        _refuse(f"line {number} has a cell over several lines, or an unclosed quotation mark")
    return [cell.strip() for cell in cells]


def _find_delimiter(line: str) -> str:
    return next((mark for mark in ",;\t" if mark in line), ",")


def _find_column(cells: Sequence[str]) -> int | None:
    names = [cell.casefold() for cell in cells]
    return names.index(HEADER) if HEADER in names else None


def _begins_with_heading(codes: Sequence[CodeLine]) -> bool:
    """Whether the first line alone has no digit. A line that isn't one code is told instead."""
    first, *others = (line.code for line in codes)
    if first is None or not others or _DIGIT.search(first):
        return False
    return all(code is not None and _DIGIT.search(code) for code in others)


def _pick(cells: Sequence[str], column: int | None) -> str | None:
    if column is None:  # without a heading, the one cell that is filled
        filled = [cell for cell in cells if cell]
        code = filled[0] if len(filled) == 1 else None
    else:
        code = cells[column] if column < len(cells) else None
    return code if code and len(code) <= CODE_LENGTH else None


def _line_of(content: bytes, at: int) -> int:
    return len(_BREAK.findall(content[:at].decode("latin-1"))) + 1


def _refuse(why: str) -> NoReturn:
    message = f"The file was not taken, and nothing was changed: {why}."
    raise RefusalError(message)
