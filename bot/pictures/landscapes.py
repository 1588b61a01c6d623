"""What stands behind the words: a sky, a sun that rises, and hills in the community's colour."""

from math import cos, pi

from PIL import Image, ImageDraw, ImageFilter

from bot.pictures.colours import GLOW, SUN, Palette, mix
from bot.pictures.layouts import FRAMES
from bot.pictures.scenes import Size

SMOOTH = 3
"""Edges are drawn so many times larger and then made small."""

COARSE = 6
"""The glow has no edges: it is drawn so many times smaller."""


def draw_landscape(palette: Palette, size: Size) -> Image.Image:
    """The picture without its words."""
    image = _draw_sky(palette, size)
    image.paste(GLOW, mask=_draw_glow(size))
    image.paste(SUN, mask=_draw_sun(size))
    colours = (palette.far, palette.middle, palette.near)
    for mask, colour in zip(_draw_hills(size), colours, strict=True):
        image.paste(colour, (0, size.height - mask.height), mask)
    return image


def _draw_sky(palette: Palette, size: Size) -> Image.Image:
    column = Image.new("RGB", (1, size.height))
    for y in range(size.height):
        column.putpixel((0, y), mix(palette.sky, palette.horizon, y / size.height))
    return column.resize(size.value)


def _draw_glow(size: Size) -> Image.Image:
    """Light around the sun, weaker with every ring."""
    x, y, radius = FRAMES[size].sun
    small = Image.new("L", (size.width // COARSE, size.height // COARSE))
    draw = ImageDraw.Draw(small)
    for reach, strength in ((3.4, 70), (2.5, 120), (1.7, 190)):
        _draw_disc(draw, x / COARSE, y / COARSE, radius * reach / COARSE, strength)
    blurred = small.filter(ImageFilter.GaussianBlur(radius * 0.32 / COARSE))
    return blurred.resize(size.value, Image.Resampling.BICUBIC)


def _draw_sun(size: Size) -> Image.Image:
    x, y, radius = FRAMES[size].sun
    large = Image.new("L", (2 * radius * SMOOTH, 2 * radius * SMOOTH))
    _draw_disc(
        ImageDraw.Draw(large), radius * SMOOTH, radius * SMOOTH, radius * SMOOTH - SMOOTH, 255
    )
    mask = Image.new("L", size.value)
    mask.paste(large.reduce(SMOOTH), (x - radius, y - radius))
    return mask


def _draw_hills(size: Size) -> tuple[Image.Image, ...]:
    """Three outlines, from far to near. The sun stands in the gap of the first."""
    frame = FRAMES[size]
    deep = frame.crest - frame.horizon
    return (
        _draw_hill(size, frame.horizon, deep * 0.80, peak=0.20, waves=0.95),
        _draw_hill(size, frame.horizon + deep * 0.36, deep * 0.52, peak=0.90, waves=0.85),
        _draw_hill(size, frame.crest - deep * 0.30, deep * 0.30, peak=0.16, waves=0.62),
    )


def _draw_hill(size: Size, top: float, swing: float, *, peak: float, waves: float) -> Image.Image:
    """A wave from ``top`` down by ``swing``, highest at a share of the width."""
    width, height = size.width * SMOOTH, (size.height - int(top)) * SMOOTH
    large = Image.new("L", (width, height))
    line = [
        (x, swing * SMOOTH * (1 - cos(2 * pi * waves * (x / width - peak))) / 2)
        for x in range(0, width + SMOOTH, SMOOTH)
    ]
    ImageDraw.Draw(large).polygon([*line, (width, height), (0, height)], fill=255)
    return large.reduce(SMOOTH)


def _draw_disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, strength: int) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=strength)
