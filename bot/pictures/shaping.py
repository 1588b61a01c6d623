"""From words to the glyphs that are drawn: fonts by letter, directions, and HarfBuzz.

A letter that no font has is written in its plain form if it has one (a bold script C as a C), and
left out otherwise: no box stands for it. Positions are in font units (``fonts.UNITS`` to a letter's
size).
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import regex
import uharfbuzz as hb

from bot.pictures.directions import find_levels, reorder
from bot.pictures.fonts import choose_face, find_font, find_script

MOST_MARKS = 3
"""So many marks may stand on a letter; more of them are a joke that covers the lines around."""

_HIDDEN = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]+")
_MARKS = regex.compile(rf"(\p{{Mn}}{{{MOST_MARKS}}})\p{{Mn}}+")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn form, from the beginning of its line and from the line on which letters stand."""

    font: hb.Font
    number: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """Glyphs from left to right, and the room that they take: width, and ink above and below."""

    glyphs: tuple[Glyph, ...]
    width: int
    above: int
    below: int


@dataclass(frozen=True, slots=True)
class _Letter:
    """What people see as one letter: a grapheme, with its font."""

    text: str
    start: int
    level: int
    own: str
    """Its script, or nothing if many scripts share it; then it is shaped as the letter before."""
    script: str
    font: hb.Font


class Paragraph:
    """Words with a font and a direction for each letter, of which lines are made."""

    def __init__(self, words: str, weight: int, language: str) -> None:
        self._how = weight, language
        face = choose_face(words, language)
        drawable = "".join(_keep_drawable(words, weight, face))
        self.text = " ".join(drawable.split())
        levels = find_levels(self.text)
        self.letters: list[_Letter] = []
        script = ""
        for found in regex.finditer(r"\X", self.text):
            own = find_script(found.group())
            script = own or script
            font = find_font(found.group(), script, weight, face)
            if font is not None:
                level = levels[found.start()]
                letter = _Letter(found.group(), found.start(), level, own, script, font)
                self.letters.append(letter)

    def replace_words(self, words: str) -> "Paragraph":
        """Other words in the same style."""
        return Paragraph(words, *self._how)

    @cached_property
    def advances(self) -> list[int]:
        """The width of each letter in its place."""
        starts = {letter.start: place for place, letter in enumerate(self.letters)}
        widths = [0] * len(self.letters)
        place = 0
        for run in _divide(self.letters):
            for info, position in _shape(run, self.text):
                place = starts.get(info.cluster, place)
                widths[place] += position.x_advance if info.codepoint else 0
        return widths

    def make_line(self, first: int, end: int) -> Line:
        """A line of these letters, without spaces at its ends."""
        letters = self.letters[first:end]
        while letters and letters[-1].text.isspace():
            letters.pop()
        while letters and letters[0].text.isspace():
            letters.pop(0)
        runs = list(_divide(letters))
        glyphs: list[Glyph] = []
        x = above = below = 0
        for place in reorder([run[0].level for run in runs]):
            run = runs[place]
            for info, position in _shape(run, self.text):
                if not info.codepoint:
                    continue
                glyph = Glyph(run[0].font, info.codepoint, x + position.x_offset, position.y_offset)
                glyphs.append(glyph)
                x += position.x_advance
                extents = glyph.font.get_glyph_extents(glyph.number)
                if extents is not None:
                    top = glyph.y + extents.y_bearing
                    above, below = max(above, top), max(below, -top - extents.height)
        return Line(tuple(glyphs), x, above, below)


def _keep_drawable(words: str, weight: int, face: int) -> Iterator[str]:
    """The words without what can't be drawn."""
    words = _MARKS.sub(r"\1", unicodedata.normalize("NFC", _HIDDEN.sub(" ", words)))
    for grapheme in regex.findall(r"\X", words):
        for form in (grapheme, unicodedata.normalize("NFKC", grapheme)):
            if find_font(form, find_script(form), weight, face) is not None:
                yield form
                break


def _divide(letters: list[_Letter]) -> Iterator[list[_Letter]]:
    """Letters that can be shaped together."""
    for _, run in groupby(letters, lambda letter: (letter.level, letter.script, id(letter.font))):
        yield list(run)


def _shape(run: list[_Letter], text: str) -> list[tuple[hb.GlyphInfo, hb.GlyphPosition]]:
    """The glyphs of a run from left to right, whichever way it is read."""
    buffer = hb.Buffer()
    start, end = run[0].start, run[-1].start + len(run[-1].text)
    buffer.add_str(text, start, end - start)
    buffer.direction = "rtl" if run[0].level % 2 else "ltr"
    if run[0].script:
        buffer.script = run[0].script
    buffer.guess_segment_properties()
    hb.shape(run[0].font, buffer)
    return list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
