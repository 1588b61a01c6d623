"""A picture of a day as a PNG: the same bytes for the same scene.

Whoever imports this loads Pillow and HarfBuzz: import it where the picture is asked for, and call
it in a thread. Several threads may draw at once.
"""

import io

import uharfbuzz as hb
from PIL import Image

from bot.pictures.colours import Colour, make_palette
from bot.pictures.landscapes import draw_landscape
from bot.pictures.layouts import place_words
from bot.pictures.scenes import Scene, Size
from bot.pictures.shaping import Line

SMOOTH = 3
"""Letters are drawn so many times larger: where two touch, their edges would show otherwise."""


def render(scene: Scene, size: Size) -> bytes:
    """The picture, less than 300 KB.

    It has its own background and reads the same in Discord's light and dark. Words that don't fit
    get smaller, then they are cut at a whole letter. What no font has is left out. Nothing in it
    replaces words: give ``scene.words`` as alt text.
    """
    palette = make_palette(scene.accent)
    image = draw_landscape(palette, size)
    for placed in place_words(scene, size):
        ink = palette.accent_ink if placed.accented else palette.ink
        if placed.on_hill:
            ink = palette.near_ink
        block = placed.block
        for line, baseline in zip(block.lines, block.baselines, strict=True):
            left = (size.width - line.width * block.scale) / 2
            _draw_line(image, line, (left, placed.top + baseline), block.scale, ink)
    file = io.BytesIO()
    image.save(file, "PNG")  # with fewer colours, the sky would have stripes
    return file.getvalue()


def _draw_line(
    image: Image.Image, line: Line, start: tuple[float, float], scale: float, ink: Colour
) -> None:
    """Draw glyphs along a line that begins at ``start``, in pixels from the upper left."""
    drawing = hb.RasterDraw()
    large = scale * SMOOTH
    for glyph in line.glyphs:
        x, y = start[0] * SMOOTH + glyph.x * large, glyph.y * large - start[1] * SMOOTH
        drawing.transform = (large, 0, 0, large, x, y)
        drawing.draw_glyph(glyph.font, glyph.number)
    drawn = drawing.render()
    if drawn is None or not drawn.extents.width or not drawn.extents.height:
        return
    box = drawn.extents
    left, top = box.x_origin, -box.y_origin - box.height
    mask = Image.frombytes("L", (box.width, box.height), drawn.buffer, "raw", "L", box.stride, -1)
    even = Image.new("L", (left % SMOOTH + box.width + SMOOTH, top % SMOOTH + box.height + SMOOTH))
    even.paste(mask, (left % SMOOTH, top % SMOOTH))
    image.paste(ink, (left // SMOOTH, top // SMOOTH), even.reduce(SMOOTH))
