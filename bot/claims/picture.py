"""A community's numbers as a picture: bars by week, and the counts beside them (PNG).

It has its own background, so it reads the same in Discord's light and dark. Every word and every
way to write a number or a day comes from the caller. Everything in it stands in the message's text
as well. Whoever imports this module loads Pillow: import it where the picture is asked for.
"""

import io
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from bot.claims.statistics import Stats, Week

WIDTH, HEIGHT = 900, 500
SCALE = 2
"""Everything is drawn at twice the size and then halved, so that edges are smooth."""

COLOURS = 64
GROUND, PANEL, RULE = "#eaf1ee", "#f7faf8", "#ccdad4"
INK, MUTED, BAR = "#1f3a36", "#4f6b65", "#4d8c7d"
SUN, GLOW = "#f0cf95", "#f0e6cf"

MARGIN = 28
RIGHT, TOP, BOTTOM = 556, 164, 410
"""The chart: its right edge, where its highest line is, and its axis."""

PANEL_LEFT, PANEL_TOP, PANEL_BOTTOM = 584, 96, 472
TITLE, SUBTITLE, HERO, NUMBER, NAME, SMALL = 32, 21, 48, 22, 20, 19
"""Sizes of letters; Discord shows the picture at about two thirds of its size."""

LEAST = 15
"""A line that is too long gets smaller down to this, and then it is cut."""

OF_COMMUNITY = 5
"""The lines of counts before those of the whole program."""

TICKS = 4
BAR_MOST, BAR_LEAST = 64, 1.5

_DRAWN = frozenset(
    "\u00a9\u00ab\u00b0\u00b1\u00b7\u00bb\u2018\u2019\u201c\u201d\u2026"
) | frozenset(map(chr, range(32, 127)))
"""What the font has."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The picture's words in the reader's language, and how numbers and days are written."""

    by_week: str
    """What the bars are, such as "Codes given out by week"."""
    week: str
    """What stands along the axis, such as "Week from Monday (UTC)"."""
    claimed: str
    pending: str
    waitlisted: str
    offered: str
    refused: str
    revoked: str
    left: str
    """What is left for all communities, such as "left in the pool"."""
    share: str
    """What this community may still have of it, such as "left of our share"."""
    empty: str
    """What is said before the first code, in a few friendly words."""
    number: Callable[[int], str] = "{:,}".format
    day: Callable[[date], str] = "{:%m-%d}".format


def render(stats: Stats, title: str, *, labels: Labels) -> bytes:
    """The picture: 900 by 500 pixels, less than 60 KB. It takes a moment: keep it off the loop."""
    sheet = _Sheet()
    sheet.write(title, MARGIN, 44, TITLE, INK, most=WIDTH - 2 * MARGIN)
    sheet.write(labels.by_week, MARGIN, 82, SUBTITLE, MUTED, most=RIGHT - MARGIN)
    if stats.claimed:
        _draw_weeks(sheet, stats.weeks, labels)
    else:
        _draw_empty(sheet, labels.empty)
    _draw_numbers(sheet, stats, labels)
    return sheet.save()


class _Sheet:
    """Draws in the picture's own pixels, whatever the scale."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), GROUND)
        self._draw = ImageDraw.Draw(self._image)

    def write(  # noqa: PLR0913 (words, where, and how)
        self,
        words: str,
        x: float,
        y: float,
        size: int,
        colour: str,
        *,
        anchor: str = "lm",
        most: float = WIDTH,
    ) -> None:
        """One line, on both sides of ``y``, at most so long."""
        words = _drawable(words)
        size = self.fit([(words, most)], size)
        if self.width(words, size) > most:
            while words and self.width(words + "…", size) > most:
                words = words[:-1].rstrip()
            words += "…"
        self._draw.text((x * SCALE, y * SCALE), words, colour, _font(size * SCALE), anchor)

    def fit(self, lines: Sequence[tuple[str, float]], size: int) -> int:
        """The size at which each of these lines is no longer than it may be."""
        while size > LEAST and any(self.width(words, size) > most for words, most in lines):
            size -= 1
        return size

    @staticmethod
    def width(words: str, size: int) -> float:
        """How long a line is."""
        return _font(size * SCALE).getlength(_drawable(words)) / SCALE

    def line(self, x0: float, y: float, x1: float, colour: str) -> None:
        """A thin level line."""
        self._draw.rectangle(_scale(x0, y - 0.5, x1, y + 0.5), colour)

    def bar(self, x: float, y: float, width: float) -> None:
        """A bar that stands on the axis, with round shoulders."""
        y = min(y, BOTTOM - 2)
        radius = min(8, width / 3, BOTTOM - y) * SCALE
        box = _scale(x - width / 2, y, x + width / 2, BOTTOM)
        self._draw.rounded_rectangle(box, radius, BAR, corners=(True, True, False, False))

    def panel(self) -> None:
        """What the counts stand on."""
        box = _scale(PANEL_LEFT, PANEL_TOP, WIDTH - MARGIN, PANEL_BOTTOM)
        self._draw.rounded_rectangle(box, 14 * SCALE, PANEL)

    def rise(self, x: float, y: float, radius: float, colour: str) -> None:
        """The upper half of a circle."""
        box = _scale(x - radius, y - radius, x + radius, y + radius)
        self._draw.pieslice(box, 180, 360, colour)

    def save(self) -> bytes:
        """The finished picture."""
        small = self._image.reduce(SCALE).quantize(COLOURS, dither=Image.Dither.NONE)
        file = io.BytesIO()
        small.save(file, "PNG", optimize=True)
        return file.getvalue()


def _draw_weeks(sheet: _Sheet, weeks: Sequence[Week], labels: Labels) -> None:
    highest = max(week.given for week in weeks)
    tick = _find_tick(highest)
    top = max(TICKS, -(-highest // tick) * tick)
    height = (BOTTOM - TOP) / top
    ticks = [(value, labels.number(value)) for value in range(0, top + 1, tick)]
    left = MARGIN + 14 + max(sheet.width(words, SMALL) for _, words in ticks)
    for value, words in ticks:
        y = BOTTOM - height * value
        sheet.line(left, y, RIGHT, RULE if value else MUTED)
        sheet.write(words, left - 14, y, SMALL, MUTED, anchor="rm")
    step = (RIGHT - left) / len(weeks)
    places = [left + step * (place + 0.5) for place in range(len(weeks))]
    numbers = [labels.number(week.given) for week in weeks]
    if max(sheet.width(words, NAME) for words in numbers) + 6 > step:  # then only the highest
        best = [week.given for week in weeks].index(highest)
        numbers = [words if place == best else "" for place, words in enumerate(numbers)]
    for week, x, words in zip(weeks, places, numbers, strict=True):
        if week.given:
            y = BOTTOM - height * week.given
            sheet.bar(x, y, max(BAR_LEAST, min(BAR_MOST, step * 0.66)))
            half = sheet.width(words, NAME) / 2
            x = max(left + half, min(x, RIGHT - half))  # noqa: PLW2901 (inside the chart)
            sheet.write(words, x, y - 15, NAME, INK, anchor="mm")
    days = [labels.day(week.monday) for week in weeks]
    apart = max(sheet.width(day, SMALL) for day in days) + 16
    every = max(1, -int(-apart // step))
    for x, day in list(zip(places, days, strict=True))[::every]:
        sheet.write(day, x, BOTTOM + 20, SMALL, MUTED, anchor="mm")
    middle = (left + RIGHT) / 2
    sheet.write(labels.week, middle, BOTTOM + 52, SMALL, MUTED, anchor="mm", most=RIGHT - left)


def _draw_empty(sheet: _Sheet, words: str) -> None:
    """A sun that rises."""
    middle, horizon = (MARGIN + RIGHT) / 2, 318
    sheet.rise(middle, horizon, 116, GLOW)
    sheet.rise(middle, horizon, 76, SUN)
    sheet.line(MARGIN + 60, horizon, RIGHT - 60, MUTED)
    sheet.write(words, middle, horizon + 44, NUMBER, INK, anchor="mm", most=RIGHT - MARGIN)


def _draw_numbers(sheet: _Sheet, stats: Stats, labels: Labels) -> None:
    sheet.panel()
    left, right = PANEL_LEFT + 22, WIDTH - MARGIN - 22
    claimed = labels.number(stats.claimed)
    sheet.write(claimed, left, PANEL_TOP + 44, HERO, INK, most=right - left)
    sheet.write(labels.claimed, left, PANEL_TOP + 86, NAME, MUTED, most=right - left)
    lines = _list_numbers(stats, labels)
    rooms = [(name, right - left - sheet.width(number, NUMBER) - 14) for name, number in lines]
    size = sheet.fit(rooms, NAME)
    top = PANEL_TOP + 112
    apart = (PANEL_BOTTOM - 12 - top) / len(lines)
    for place, ((name, number), (_, room)) in enumerate(zip(lines, rooms, strict=True)):
        y = top + apart * (place + 0.5)
        if place in {0, OF_COMMUNITY}:
            sheet.line(left, y - apart / 2, right, RULE)
        sheet.write(number, right, y, NUMBER, INK, anchor="rm")
        sheet.write(name, left, y, size, MUTED, most=room)


def _list_numbers(stats: Stats, labels: Labels) -> list[tuple[str, str]]:
    """Names and numbers: the community's own first, then what it has to do with others."""
    counts = [
        (labels.pending, stats.pending),
        (labels.waitlisted, stats.waitlisted),
        (labels.offered, stats.offered),
        (labels.refused, stats.refused),
        (labels.revoked, stats.revoked),
        (labels.left, stats.left),
    ]
    lines = [(name, labels.number(count)) for name, count in counts]
    if stats.share_cap is not None:
        room = stats.share_cap - stats.claimed - stats.offered
        lines.append((labels.share, labels.number(max(0, room))))
    return lines


def _scale(*edges: float) -> tuple[float, float, float, float]:
    """A box in the drawing's own pixels, whose last ones Pillow draws as well."""
    x0, y0, x1, y1 = (edge * SCALE for edge in edges)
    return x0, y0, x1 - 1, y1 - 1


def _find_tick(highest: int) -> int:
    """A round distance of lines that needs at most four of them."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= TICKS * factor * size:
                return factor * size
        size *= 10


def _drawable(words: str) -> str:
    """What the font has of it: accents go, and a letter of another script is a question mark."""
    shown = []
    for letter in " ".join(words.split()):
        plain = letter if letter in _DRAWN else unicodedata.normalize("NFKD", letter)
        shown += [part if part in _DRAWN else "?" for part in plain if not _is_accent(part)]
    return "".join(shown)


def _is_accent(letter: str) -> bool:
    return unicodedata.combining(letter) > 0


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=size)
    if not isinstance(font, ImageFont.FreeTypeFont):  # pragma: no cover - a Pillow of one's own
        message = "This Pillow was built without FreeType, so it can't write."
        raise TypeError(message)
    return font
