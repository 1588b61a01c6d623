"""A report as a table for a terminal, as CSV, and as a picture (SVG)."""

import csv
import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from bot.claims.report import Report
from bot.claims.suppression import LEAST

HIDDEN = "hidden"
LEGEND = (
    f"Counts below {LEAST} are hidden, and so are counts that would give a hidden one away. "
    "Weeks are of ISO 8601, in UTC. Countries are what members declared."
)
TOO_FEW = f"Fewer than {LEAST} have claimed so far, so there is nothing that may be shown."
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
BAR, GAP, LEFT, WIDTH, TOP = 22, 8, 190, 420, 64
"""Pixels of the picture: a bar and the gap under it, the space for names, the longest bar."""


def neutralise(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


def write_csv(rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV for spreadsheets."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutralise(cell) for cell in row] for row in rows)
    return text.getvalue()


def list_rows(report: Report) -> list[list[str]]:
    """The table with its headings and sums; empty when nothing may be shown."""
    shown = report.shown
    if shown.total is None and not shown.cells:
        return []
    rows = [["week", *report.countries, "all"]]
    for week, cells, row_sum in zip(report.weeks, shown.cells, shown.row_sums, strict=True):
        rows.append([week, *map(_word, cells), _word(row_sum)])
    rows.append(["all", *map(_word, shown.column_sums), _word(shown.total)])
    return rows


def render_table(report: Report) -> str:
    """The table in columns, with what its reader has to know."""
    rows = list_rows(report)
    if not rows:
        return TOO_FEW
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, "", LEGEND])


def render_picture(report: Report) -> str:
    """Bars by week as SVG; every bar has its number beside it, and the whole is told in words."""
    shown = report.shown
    most = max((count or 0 for count in shown.row_sums), default=0) or 1
    height = TOP + len(report.weeks) * (BAR + GAP) + 40
    told = ", ".join(
        f"{week}: {_word(count)}" for week, count in zip(report.weeks, shown.row_sums, strict=True)
    )
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 90}" '
            f'height="{height}" role="img" aria-labelledby="title desc" '
            'font-family="sans-serif" font-size="14">'
        ),
        f'<title id="title">{escape(report.title)}: claims by week</title>',
        f'<desc id="desc">{escape(told or TOO_FEW)}. All: {_word(shown.total)}.</desc>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="12" y="26" font-size="18" fill="#1a1a2e">{escape(report.title)}</text>',
        f'<text x="12" y="48" fill="#4a4a5e">Claims by week. All: {_word(shown.total)}</text>',
    ]
    for place, (week, count) in enumerate(zip(report.weeks, shown.row_sums, strict=True)):
        top = TOP + place * (BAR + GAP)
        width = round(WIDTH * (count or 0) / most)
        middle = top + BAR - 6
        lines += [
            f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">{escape(week)}</text>',
            f'<rect x="{LEFT}" y="{top}" width="{width}" height="{BAR}" fill="#3d6b9e"/>',
            f'<text x="{LEFT + width + 8}" y="{middle}" fill="#1a1a2e">{_word(count)}</text>',
        ]
    note = LEGEND.partition(". ")[0] if report.weeks else TOO_FEW.rstrip(".")
    lines += [
        f'<text x="12" y="{height - 14}" font-size="12" fill="#4a4a5e">{escape(note)}.</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _word(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"
