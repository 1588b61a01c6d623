"""Words broken into lines: as large as they may be, smaller if they must, cut only at the end.

Lines break after spaces and hyphens, and between letters of scripts that are written without
spaces. They are made about equally long, so that no word is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.pictures.fonts import UNITS
from bot.pictures.shaping import Line, Paragraph

CUT = "…"
STEP = 0.95
"""From a size to the next smaller one."""

LONGEST = 400
"""So many characters fit nowhere: what follows isn't looked at."""

FEWER = 0.72
"""Words get so much smaller, if it saves a line."""

LEADING = 1.28
"""From line to line, in sizes, where letters are no taller than that."""

ABOVE, BELOW = 0.74, 0.22
"""What a line takes at least, in sizes, so that distances don't depend on its letters."""

CLEAR = 0.10
"""What is left free between the ink of two lines, in sizes."""

_SPACELESS = frozenset({"Hani", "Hira", "Kana", "Bopo"})
_NOT_FIRST = frozenset(
    "、。，．・：；？！）」』】》〉〕｝］〗…‥ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々ゝゞヽヾ!?,.:;)]}%’”»"  # noqa: RUF001 (signs of many scripts)
)
_NOT_LAST = frozenset("#@（「『【《〈〔｛［〖([{‘“«")  # noqa: RUF001 (as above)
_AFTER = frozenset("-‐–—/|・")  # noqa: RUF001 (as above)


@dataclass(frozen=True, slots=True)
class Style:
    """How words are set: sizes in pixels, and how many lines they may take."""

    weight: int
    size: float
    least: float
    lines: int


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size, in pixels from the block's top."""

    lines: tuple[Line, ...]
    baselines: tuple[float, ...]
    size: float
    height: float
    whole: bool
    """Nothing was cut, and no word divided."""

    @property
    def scale(self) -> float:
        """Pixels to a unit of the font."""
        return self.size / UNITS


def set_words(words: str, style: Style, width: float, language: str) -> Block:
    """The words as large as the style allows, no line longer than the width (in pixels)."""
    return set_paragraph(read_words(words, style, language), style, width)


def read_words(words: str, style: Style, language: str) -> Paragraph:
    """The words as they are drawn in a style of this weight, of any size."""
    return Paragraph(words[:LONGEST], style.weight, language)


def set_paragraph(paragraph: Paragraph, style: Style, width: float) -> Block:
    """Set what was read, as ``set_words`` does."""
    for lines in range(1, style.lines + 1):
        least = style.least if lines == style.lines else max(style.least, style.size * FEWER)
        size = style.size
        while size >= least:
            room = width / size * UNITS
            ends = _wrap(paragraph, room, whole=True)
            if ends is not None and len(ends) <= lines:
                return _make_block(paragraph, _balance(paragraph, room, ends), size, whole=True)
            size = size * STEP if size == least else max(least, size * STEP)
    room = width / style.least * UNITS
    ends = _wrap(paragraph, room, whole=False) or []
    if len(ends) > style.lines:
        paragraph, ends = _cut(paragraph, ends[: style.lines], room)
    return _make_block(paragraph, ends, style.least, whole=False)


def _make_block(paragraph: Paragraph, ends: Sequence[int], size: float, *, whole: bool) -> Block:
    starts = [0, *ends[:-1]]
    lines = [paragraph.make_line(start, end) for start, end in zip(starts, ends, strict=False)]
    scale = size / UNITS
    baselines: list[float] = []
    below = 0.0
    for line in lines:
        above = max(line.above * scale, size * ABOVE)
        if baselines:
            apart = max(size * LEADING, below + above + size * CLEAR)
            baselines.append(baselines[-1] + apart)
        else:
            baselines.append(above)
        below = max(line.below * scale, size * BELOW)
    height = baselines[-1] + below if baselines else 0.0
    return Block(tuple(lines), tuple(baselines), size, height, whole)


def _wrap(paragraph: Paragraph, room: float, *, whole: bool) -> list[int] | None:
    """Where lines end. None if a word is longer than a line and has to stay whole."""
    letters, advances = paragraph.letters, paragraph.advances
    ends: list[int] = []
    start = 0
    while start < len(letters):
        used, best, place = 0.0, 0, start
        while place < len(letters):
            if letters[place].text.isspace():
                best = place + 1
            elif used + advances[place] > room:
                break
            used += advances[place]
            place += 1
            if place == len(letters) or _may_break(paragraph, place):
                best = place
        if best <= start:
            if whole:
                return None
            best = max(place, start + 1)
        ends.append(best)
        start = best
    return ends


def _may_break(paragraph: Paragraph, place: int) -> bool:
    """Whether a line may end before this letter."""
    before, after = paragraph.letters[place - 1], paragraph.letters[place]
    if after.text.isspace() or after.text in _NOT_FIRST or before.text in _NOT_LAST:
        return False
    return (
        before.text.isspace()
        or before.text in _AFTER
        or after.own in _SPACELESS
        or before.own in _SPACELESS
    )


def _balance(paragraph: Paragraph, room: float, ends: list[int]) -> list[int]:
    """The same number of lines in the least width."""
    low, high, best = 0.0, room, ends
    for _ in range(9):
        middle = (low + high) / 2
        tried = _wrap(paragraph, middle, whole=True)
        if tried is None or len(tried) > len(ends):
            low = middle
        else:
            high, best = middle, tried
    return best


def _cut(paragraph: Paragraph, ends: list[int], room: float) -> tuple[Paragraph, list[int]]:
    """As many whole letters as there's room for on these lines, and an ellipsis."""
    start, end = ([0, *ends])[-2:]
    left = room - sum(paragraph.replace_words(CUT).advances)
    left -= sum(paragraph.advances[start:end])
    while True:
        while end > start and left < 0:
            end -= 1
            left += paragraph.advances[end]
        kept = "".join(letter.text for letter in paragraph.letters[:end]).rstrip()
        shorter = paragraph.replace_words(kept + CUT)
        wrapped = _wrap(shorter, room, whole=False) or []
        if len(wrapped) <= len(ends) or end == start:
            return shorter, wrapped[: len(ends)]
        left = -1.0
