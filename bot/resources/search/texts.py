"""Turns what people type into plain words, whatever they type."""

import re
import unicodedata

MOST_CHARACTERS = 1000
"""Of a question; what stands after them is not looked at."""
MOST_WORDS = 120
LONGEST_WORD = 24

_APOSTROPHES = str.maketrans(dict.fromkeys("‘’‛ʼ´`", "'"))  # noqa: RUF001 (as keyboards send them)
_LINK = re.compile(r"https?://\S+|<a?:\w+:\d+>|<[@#/][^<>]{0,60}>")
_INNER_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_ONE_LETTER = re.compile(r"\b([a-z])\1{2,}\b")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_WORD = re.compile(r"[a-z]+|[0-9]+")


def plain(text: str) -> str:
    """A text in small letters without links, mentions, accents and inner apostrophes."""
    if "<" in text or "://" in text:
        text = _LINK.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
        text = "".join(character for character in text if not unicodedata.combining(character))
    text = text.casefold()
    return _INNER_APOSTROPHE.sub("", text) if "'" in text else text


def fold(text: str) -> str:
    """A question as its words alone, so that what was typed a little differently is the same."""
    return " ".join(words_of(text))


def words_of(text: str, *, whole: bool = False) -> list[str]:
    """The words and numbers of a text, in order; long rows of one letter become two of it.

    Of a question only the beginning is looked at, unless the ``whole`` is asked for.
    """
    if not whole:
        text = text[:MOST_CHARACTERS]
    text = plain(text)
    if _LONG_RUN.search(text):
        text = _LONG_RUN.sub(r"\1\1", _ONE_LETTER.sub(" ", text))
    found = [word for word in _WORD.findall(text) if len(word) <= LONGEST_WORD]
    return found if whole else found[:MOST_WORDS]
