"""The colours of a picture, made from one that a community chose.

Any colour will do: hue and strength are the community's, lightness is the picture's, so that words
are readable on every part that they can stand on. Lightness is counted in OKLCH, in which equal
steps look equal (https://bottosson.github.io/posts/oklab); contrast as WCAG 2.2 does it.
"""

from dataclasses import dataclass
from math import atan2, cos, hypot, sin

Colour = tuple[int, int, int]

READABLE = 4.5
"""The contrast that WCAG 2.2 asks of words (1.4.3, AA)."""

SUN: Colour = (0xF6, 0xD7, 0x9C)
GLOW: Colour = (0xFB, 0xEA, 0xCB)

PLEASANT = 5.0
"""The contrast of words on the hill in front."""

_TURN = 0.68
"""A lightness below which words on the hill are light."""

_LIGHT, _DARK = (0.99, 0.008), (0.27, 0.035)
_GREY, _SLATE = 0.018, 4.2
"""Below this strength a colour has no hue. Grey hills look bleak: they become slate."""

_GOLD, _LIME = 1.64, 2.05
"""Yellow in between looks sickly when it is light or dark: it becomes golden."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Everything that a picture is painted with."""

    sky: Colour
    horizon: Colour
    far: Colour
    middle: Colour
    near: Colour
    ink: Colour
    """For words in the sky, also where it glows."""
    accent_ink: Colour
    """The same, with more of the community's colour in it."""
    near_ink: Colour
    """For words on the hill in front."""

    @property
    def grounds(self) -> tuple[Colour, ...]:
        """What words in the sky can stand on."""
        return self.sky, self.horizon, GLOW, SUN


def make_palette(accent: int) -> Palette:
    """The colours for an accent (0xRRGGBB)."""
    lightness, strength, hue = _to_oklch(((accent >> 16) & 255, (accent >> 8) & 255, accent & 255))
    if strength < _GREY:
        strength, hue = _GREY, _SLATE
    if _GOLD < hue < _LIME:
        hue = _GOLD
    body = min(max(lightness, 0.46), 0.90)
    strong = min(strength, 0.125 + max(0.0, body - 0.8) * 0.4)
    near, body = _choose_hill(body, strong, hue)
    soft = body + (0.955 - body) * 0.45
    softer = body + (0.955 - body) * 0.72
    sky = _to_rgb(0.972, strong * 0.09, hue)
    horizon = _to_rgb(0.952, strong * 0.22, hue)
    grounds = (sky, horizon, GLOW, SUN)
    tone, weak = _LIGHT if body < _TURN else _DARK
    return Palette(
        sky=sky,
        horizon=horizon,
        far=_to_rgb(softer, strong * 0.40, hue),
        middle=_to_rgb(soft, strong * 0.66, hue),
        near=near,
        ink=_darken(0.30, min(strength, 0.035), hue, grounds),
        accent_ink=_darken(0.46, min(strength, 0.11), hue, grounds),
        near_ink=_to_rgb(tone, min(strength, weak), hue),
    )


def contrast(one: Colour, other: Colour) -> float:
    """How well one is read on the other: 1 (not at all) to 21 (black on white)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Between two colours: 0 is the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _darken(lightness: float, strength: float, hue: float, grounds: tuple[Colour, ...]) -> Colour:
    """The lightest such ink, from this lightness down, that is readable on all of them."""
    while True:
        ink = _to_rgb(lightness, strength, hue)
        if min(contrast(ink, ground) for ground in grounds) >= READABLE:
            return ink
        lightness -= 0.01


def _choose_hill(lightness: float, strength: float, hue: float) -> tuple[Colour, float]:
    """The hill in front, and its lightness: near the accent, where light or dark words are read.

    In between, words of neither kind look well, so it gets a little darker or lighter.
    """
    step = -0.01 if lightness < _TURN else 0.01
    while True:
        ground = _to_rgb(lightness, strength, hue)
        ink = _to_rgb(*_LIGHT, hue) if step < 0 else _to_rgb(*_DARK, hue)
        if contrast(ink, ground) >= PLEASANT:
            return ground, lightness
        lightness += step


def _luminance(colour: Colour) -> float:
    red, green, blue = (_to_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 (sRGB)


def _from_linear(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055  # noqa: PLR2004 (sRGB)


def _to_oklch(colour: Colour) -> tuple[float, float, float]:
    """Lightness from 0 to 1, strength from 0 to about 0.32, hue in radians."""
    red, green, blue = (_to_linear(part / 255) for part in colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, hypot(a, b), atan2(b, a)


def _to_rgb(lightness: float, strength: float, hue: float) -> Colour:
    """The colour, weaker where no screen can show it so strong."""
    while True:
        parts = _to_parts(max(0.0, lightness), strength, hue)
        if strength < 0.001 or all(-0.0005 <= part <= 1.0005 for part in parts):  # noqa: PLR2004 (grey, rounding)
            break
        strength *= 0.95
    red, green, blue = (round(255 * _from_linear(min(1.0, max(0.0, part)))) for part in parts)
    return red, green, blue


def _to_parts(lightness: float, strength: float, hue: float) -> tuple[float, float, float]:
    a, b = strength * cos(hue), strength * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
