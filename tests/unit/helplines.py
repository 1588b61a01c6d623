"""What the tests of the help lines share."""

from datetime import date
from pathlib import Path
from typing import Any

from bot.safety.helpline_rows import COLUMNS, HelpLine
from bot.safety.helplines import HELPLINES_FILE, SOURCES_FILE
from tests.conftest import ROOT

DATA = ROOT / "data"
TODAY = date(2026, 11, 22)
LATER = date(2027, 6, 1)
"""A day on which every source that ships is older than 180 days."""

HEADER = ",".join(COLUMNS)
GOOD = "NO,Norway,Someone,116 123,,,,24/7,no,a list,2026-10-07,ONE26 TWO20,2,"
SOURCES = '[[source]]\nid = "ONE26"\n[[source]]\nid = "TWO20"\n[[source]]\nid = "TWO26"\n'


def write(folder: Path, *rows: str) -> Path:
    """A content folder with these rows."""
    (folder / HELPLINES_FILE).write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    (folder / SOURCES_FILE).write_text(SOURCES, encoding="utf-8")
    return folder


def make_line(number: int, **others: Any) -> HelpLine:
    """The ``number``-th line of Norway."""
    values: dict[str, Any] = {
        "iso2": "NO", "country": "Norway", "name": f"Line {number}", "phones": (f"116 {number}",),
        "text": "", "chat_url": "", "website": "", "hours": "", "languages": (),
        "sources": ("ONE26", "TWO20"), "latest_on": TODAY,
    }  # fmt: skip
    return HelpLine(**(values | others))
