"""Where words stand in a picture of each size, and how large. All lengths are in pixels.

A phone shows a picture about 360 points wide: the smallest letters here come out at 11 points.
"""

from dataclasses import dataclass, replace

from bot.pictures.scenes import Scene, Size
from bot.pictures.wrapping import Block, Style, read_words, set_paragraph, set_words

SHRINK = 0.9
"""Everything gets smaller by this until it fits between top and bottom."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a picture of one size."""

    side: int
    """Free at the left and right."""
    top: int
    bottom: int
    """Where words in the sky begin and end."""
    horizon: int
    """The top of the highest hill."""
    crest: int
    """The hill in front reaches higher than this everywhere."""
    tags: int
    """The middle of the hashtags, on the hill."""
    tags_height: int
    sun: tuple[int, int, int]
    """Its middle and its radius."""
    scale: float
    """Of letters, against those of the square."""


FRAMES = {
    Size.SQUARE: Frame(96, 84, 690, 760, 908, 993, 96, (770, 812, 106), 1.0),
    Size.STORY: Frame(96, 270, 1100, 1190, 1440, 1535, 150, (764, 1284, 152), 1.14),
    Size.LANDSCAPE: Frame(96, 40, 428, 476, 572, 622, 64, (880, 510, 74), 0.86),
}

COMMUNITY = Style(560, 46, 36, 3)
TITLE = Style(640, 66, 46, 3)
HEADLINE = Style(700, 136, 64, 2)
LINE = Style(480, 44, 36, 3)
TAGS = Style(540, 36, 33, 2)
GAPS = (44.0, 40.0, 40.0)
"""Above title, headline and line, in the square's pixels."""


_HEADLINE = 2
_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Placed:
    """Words in their place; ``accented`` ones have more of the community's colour."""

    block: Block
    top: float
    accented: bool = False
    on_hill: bool = False


def place_words(scene: Scene, size: Size) -> list[Placed]:
    """All the words of a picture, each inside its frame and clear of the others."""
    frame = FRAMES[size]
    width = size.width - 2 * frame.side
    placed = _place_in_sky(scene, size, width)
    tags = scene.hashtags.split()
    while tags:
        block = set_words(" ".join(tags), _scale(TAGS, size, 1.0), width, scene.language)
        if len(tags) == 1 or (block.whole and block.height <= frame.tags_height):
            placed.append(Placed(block, frame.tags - block.height / 2, on_hill=True))
            break
        tags.pop()
    return placed


def _place_in_sky(scene: Scene, size: Size, width: int) -> list[Placed]:
    frame = FRAMES[size]
    words = (scene.community, scene.title, scene.headline, scene.line)
    styles = [COMMUNITY, TITLE, HEADLINE, LINE]
    paragraphs = [
        read_words(text, style, scene.language) for text, style in zip(words, styles, strict=True)
    ]
    room = frame.bottom - frame.top
    factor = 1.0
    while True:
        blocks = [
            set_paragraph(paragraph, _scale(style, size, factor), width)
            for paragraph, style in zip(paragraphs, styles, strict=True)
        ]
        gaps = _find_gaps(blocks, frame.scale * factor)
        height = sum(block.height for block in blocks) + sum(gaps)
        if height <= room or (factor < _LEAST and all(style.lines == 1 for style in styles)):
            break
        if factor >= _LEAST:
            factor *= SHRINK
        else:
            longest = max(range(len(styles)), key=lambda place: styles[place].lines)
            styles[longest] = replace(styles[longest], lines=styles[longest].lines - 1)
    y = frame.top + max(0.0, room - height) * 0.5
    placed = []
    for place, (block, gap) in enumerate(zip(blocks, gaps, strict=True)):
        y += gap
        placed.append(Placed(block, y, accented=place == _HEADLINE))
        y += block.height
    return placed


def _find_gaps(blocks: list[Block], scale: float) -> list[float]:
    """The room above each block: none above the first that has words."""
    gaps = []
    begun = False
    for block, gap in zip(blocks, (0.0, *GAPS), strict=True):
        gaps.append(gap * scale if begun and block.lines else 0.0)
        begun = begun or bool(block.lines)
    return gaps


def _scale(style: Style, size: Size, factor: float) -> Style:
    """Larger or smaller, but never below what a phone shows readably."""
    least = style.least * size.width / Size.SQUARE.width
    return replace(style, size=max(least, style.size * FRAMES[size].scale * factor), least=least)
