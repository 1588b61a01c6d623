"""The fonts that pictures are written with: where they are, and which of them has a letter.

All are Noto (SIL Open Font License 1.1), as two packages bring them, which hold fonts and nothing
else. ``manimgx-fonts`` (3.5 MB) has Latin, Greek and Cyrillic, twenty more scripts, symbols, and
emoji in one colour; ``manimgx-fonts-cjk`` (20 MB) has Chinese, Japanese and Korean. They are found
as files. A package that isn't there leaves its letters out of the picture.

Files are mapped into memory, not read: a letter costs what it needs. Fonts are opened once for each
weight and never changed afterwards, so threads can share them.
"""

from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from threading import Lock

import regex
import uharfbuzz as hb

PACKAGES = ("manimgx-fonts", "manimgx-fonts-cjk")
UNITS = 4096
"""Positions and widths are counted in so many parts of a letter's size."""

_SCRIPTS = {
    "Latn": "Latin",
    "Grek": "Greek",
    "Cyrl": "Cyrillic",
    "Arab": "Arabic",
    "Hebr": "Hebrew",
    "Deva": "Devanagari",
    "Thai": "Thai",
    "Hani": "Han",
    "Hira": "Hiragana",
    "Kana": "Katakana",
    "Hang": "Hangul",
    "Bopo": "Bopomofo",
    "Armn": "Armenian",
    "Beng": "Bengali",
    "Ethi": "Ethiopic",
    "Geor": "Georgian",
    "Gujr": "Gujarati",
    "Guru": "Gurmukhi",
    "Knda": "Kannada",
    "Khmr": "Khmer",
    "Laoo": "Lao",
    "Mlym": "Malayalam",
    "Mymr": "Myanmar",
    "Orya": "Oriya",
    "Sinh": "Sinhala",
    "Taml": "Tamil",
    "Telu": "Telugu",
}
"""Scripts as fonts and as Unicode name them."""

_CJK = frozenset({"Hani", "Hira", "Kana", "Hang", "Bopo"})
_MAIN = frozenset({"Latn", "Grek", "Cyrl"})
_SCRIPT = regex.compile("|".join(rf"(?P<{tag}>\p{{{name}}})" for tag, name in _SCRIPTS.items()))
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\ufe0f|\u20e3")
_UNSEEN = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_KANA, _HANGUL = regex.compile(r"[\p{Hiragana}\p{Katakana}]"), regex.compile(r"\p{Hangul}")

_OPENING = Lock()
"""Two threads must not open the same font twice: letters join within one font only."""

_CJK_FILE = "NotoSansCJK-VF.otf.ttc"
_FACES = {"ja": 0, "ko": 1, "zh": 2, "zh-tw": 3, "zh-hant": 3, "zh-hk": 4, "zh-mo": 4}
"""The parts of the file for Chinese, Japanese and Korean, by language."""


def find_missing_packages() -> tuple[str, ...]:
    """The packages of fonts that aren't installed. Their letters are left out of pictures."""
    return tuple(name for name in PACKAGES if not _list_files(name))


def find_script(grapheme: str) -> str:
    """The script of a letter (ISO 15924), or nothing for what many scripts share."""
    found = _SCRIPT.search(grapheme)
    return found.lastgroup or "" if found else ""


def choose_face(text: str, language: str) -> int:
    """Which form of Chinese characters a text wants: its other letters say it, or its language."""
    if _KANA.search(text):
        return _FACES["ja"]
    if _HANGUL.search(text):
        return _FACES["ko"]
    tag = language.replace("_", "-").lower()
    return _FACES.get(tag, _FACES.get("-".join(tag.split("-")[:2]), _FACES.get(tag[:2], 2)))


def find_font(grapheme: str, script: str, weight: int, face: int) -> hb.Font | None:
    """The first font that has all of a letter, or nothing."""
    needed = [ord(letter) for letter in _UNSEEN.sub("", grapheme)]
    for name in _list_candidates(grapheme, script):
        with _OPENING:
            font = _open(name, weight, face if name == _CJK_FILE else 0)
        if font is not None and all(font.get_nominal_glyph(number) for number in needed):
            return font
    return None


def _list_candidates(grapheme: str, script: str) -> list[str]:
    names = ["NotoSans[wght].ttf", _CJK_FILE, "NotoSansSymbols[wght].ttf"]
    if script in _CJK:
        names[:2] = reversed(names[:2])
    elif script and script not in _MAIN:
        names.insert(0, f"NotoSans{_SCRIPTS[script]}[wght].ttf")
    emoji = _EMOJI.search(grapheme) and not grapheme.endswith("\ufe0e")
    names.insert(0 if emoji else len(names), "NotoEmoji[wght].ttf")
    return names


@cache
def _open(name: str, weight: int, face: int) -> hb.Font | None:
    path = next((files[name] for files in map(_list_files, PACKAGES) if name in files), None)
    if path is None:
        return None
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path)), face))
    font.scale = (UNITS, UNITS)
    font.set_variations({"wght": weight})
    return font


@cache
def _list_files(package: str) -> dict[str, Path]:
    try:
        files = distribution(package).files or ()
    except PackageNotFoundError:
        return {}
    found = {
        file.name: Path(str(file.locate())) for file in files if file.suffix in {".ttf", ".ttc"}
    }
    return {name: path for name, path in found.items() if path.is_file()}
