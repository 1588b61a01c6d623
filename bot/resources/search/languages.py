"""Recognises a question that is not English; short or sloppy English never counts as foreign."""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ContentError
from bot.resources.search.texts import MOST_CHARACTERS, words_of
from bot.resources.search.vectors import AGAIN, FOLDER

FILE = "languages.toml"
LEAST, LEAST_ALONE = 1.5, 0.5
"""There must be more foreign words than this, and than this when no word could be English; and
more than there are English ones."""
MAYBE_ENGLISH = 0.5

_SCRIPTS = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "THAI": "th",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CJK": "zh",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am",
}
_TELLING = (
    ("CYRILLIC", frozenset("іїєґ"), "uk"),
    ("ARABIC", frozenset("پچژگ"), "fa"),
)
"""Letters that tell a language from the usual one of its script."""
_KANA = ("HIRAGANA", "KATAKANA")


@dataclass(frozen=True, slots=True)
class Languages:
    """Words and letters by language."""

    words: Mapping[str, tuple[str, ...]]
    """A word's languages."""
    letters: Mapping[str, tuple[str, ...]]

    def find(self, text: str, english: Container[str], known: Container[str]) -> str | None:
        """The language's code, or None for English and whatever cannot be told.

        ``english`` has words that are English for certain; ``known`` those that may be.
        """
        text = text[:MOST_CHARACTERS]
        script = find_script(text)
        if script is not None:
            return script
        found: Counter[str] = Counter()
        ours = 0.0
        for word in words_of(text):
            languages = self.words.get(word, ())
            if word in english:
                ours += not languages  # words of both sides tell nothing
            elif languages:
                found.update(languages)
            elif word in known:
                ours += MAYBE_ENGLISH
        found.update(self._told_by_letters(text))
        if not found:
            return None
        language, count = max(found.items(), key=lambda item: (item[1], item[0]))
        return language if count > max(ours, LEAST if ours else LEAST_ALONE) else None

    def _told_by_letters(self, text: str) -> set[str]:
        if text.isascii():
            return set()
        letters = set(unicodedata.normalize("NFC", text.casefold()))
        return {language for letter in letters for language in self.letters.get(letter, ())}


def find_script(text: str) -> str | None:
    """The language of a text that is mostly written in letters other than Latin ones."""
    if text.isascii():
        return None
    scripts = Counter(
        "LATIN" if letter.isascii() else unicodedata.name(letter, "?").split()[0]
        for letter in text
        if letter.isalpha()
    )
    if not scripts:
        return None
    script, count = scripts.most_common(1)[0]
    if script not in _SCRIPTS or count * 2 < scripts.total():
        return None
    letters = set(text.casefold())
    for of_script, telling, language in _TELLING:
        if script == of_script and letters & telling:
            return language
    if script == "CJK" and any(scripts[kana] for kana in _KANA):
        return "ja"
    return _SCRIPTS[script]


def load_languages(content_dir: Path) -> Languages:
    """Read the words. Raises :class:`ContentError`."""
    path = content_dir / FOLDER / FILE
    words: dict[str, list[str]] = {}
    letters: dict[str, list[str]] = {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        ours = set(document["english"]["words"].split())
        for language, line in document["words"].items():
            for word in set(line.split()) - ours:
                words.setdefault(word, []).append(language)
        for language, line in document["letters"].items():
            for letter in line:
                letters.setdefault(letter, []).append(language)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        message = f"{path}: not readable ({error}). {AGAIN}"
        raise ContentError([message]) from error
    return Languages(
        {word: tuple(found) for word, found in words.items()},
        {letter: tuple(found) for letter, found in letters.items()},
    )
