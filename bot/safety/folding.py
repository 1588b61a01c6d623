"""Folds a text as people type it into plain words, so that one phrase finds all its spellings.

What comes out are words between single spaces, and behind a word at most these marks: ``.`` ends
a sentence, ``,`` is a pause and ``"`` a quotation mark, opening or closing. The texts and the
phrases that are looked for in them both go through here, so the spelling need not please anybody.
"""

import re
import unicodedata
from collections.abc import Collection

END, PAUSE, QUOTE = ".", ",", '"'
LAUGH = "😂"
"""What all laughing faces and skulls become; every other emoji becomes a space."""

_APOSTROPHES = "‘’‛ʼʹ´′＇"  # noqa: RUF001 (what keyboards send for an apostrophe)
_QUOTATION_MARKS = "“”„‟«»〝〞＂"  # noqa: RUF001 (as above)
_BEFORE = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_QUOTATION_MARKS, QUOTE)
    | dict.fromkeys("🤣😹💀☠", LAUGH)
)
_LOOKALIKES = str.maketrans("авеікмнорстухѕјαικορτυν", "abeikmhopctyxsjaikoptuv")
"""Cyrillic and Greek letters that pass for Latin ones."""

_UNSEEN = re.compile(
    "[\u0300-\u036f\u093c\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f]"
)
"""Accents that were parted from their letters, and characters of no width."""

_MARKUP = re.compile(r"https?://\S+|<a?:\w+:\d+>|<[@#/][^<>]{0,60}>|(?<!\w)@\w+")
_APOSTROPHE = re.compile(r"(?<=\w)['`](?=\w)")
_SINGLE_QUOTED = re.compile(r"(?<!\w)'([^'\n]{1,300})'(?!\w)")
_DIGIT_IN_WORD = re.compile(r"[a-z][013457@$]|[013457@$][a-z]")
_LEET = re.compile(r"[a-z0-9@$]+")
_AMOUNT = re.compile(
    r"\d+(?:st|nd|rd|th|am|pm|h|hrs?|m|mins?|s|d|w|y|yo|yrs?|k|x|mg|ml|g|kg|cm|km)"
)
_LEET_L = re.compile(r"11|(?<=[aei])1")
_LEET_LETTERS = str.maketrans("013457@$", "oieastas")
_APART = re.compile(
    r"(?<![^\W_])[a-z](?:[./_*\-][a-z])+(?![^\W_])|(?<![^\W_])[a-z](?: {1,2}[a-z]){2,}(?![^\W_])"
)
_NOT_LETTERS = re.compile(r"[^a-z]+")
_STARRED = re.compile(
    r"(?<![^\W_])[a-z]+(?:[*#_.!|\-]{1,8}[a-z]+)+(?![^\W_])|(?<![\w*#])[a-z]+[*#]{2,8}(?!\w)"
)
_MARK_IN_WORD = re.compile(r"[a-z][*#_.!|/\-]+[a-z]|[a-z][*#]{2}| [a-z] {1,2}[a-z](?![a-z])")
"""What any of the three below begins with; few texts have it."""

_DOT_IN_WORD = re.compile(r"(?<=[a-z])\.(?=[a-z])")
_STARS = re.compile(r"([*#_.!|\-]+)")
_REPEATED = re.compile(r"(?<=([^\W\d_]))\1+")
"""What stands behind a letter and is the same letter."""

_TOKEN = re.compile(
    rf"(?:[^\W_]+|[\u0900-\u0963\u0966-\u097f]+)+|[{QUOTE}{LAUGH}&]|\.\.+|[.!?\u0964]+|\n\s*\n"
    r"|[,:;()\[\]{}\n–—]|(?<=\s)-+(?=\s)"  # noqa: RUF001 (dashes are pauses)
)
_BLANK_LINE = re.compile(r"\n\s*\n")
_DECIMAL = re.compile(r"[.,:](?<=\d.)(?=\d)")
_PAUSES = frozenset(",:;()[]{}\n–—-")  # noqa: RUF001
_MARKS = _PAUSES | frozenset(".!?\u0964")
_LOOSE = "[a-z]{0,8}"
_LONG_APART = 5
"""Single letters in a row that are surely one word."""


def fold(text: str, hidden_words: Collection[str] = ()) -> str:
    """A text as folded words and marks. Accepts anything, raises nothing, keeps nothing.

    Without difference are: case, accents, apostrophes, repeated letters, characters of no width,
    digits for letters inside words and letters that stand apart. ``hidden_words`` are those
    that are recognised behind stars and inside rows of single letters.
    """
    text = _plain_letters(text)
    if "<" in text or "@" in text or "://" in text:
        text = _MARKUP.sub(" ", text)
    if "'" in text or "`" in text:
        text = _SINGLE_QUOTED.sub(r'"\1"', _APOSTROPHE.sub("", text))
    if _DIGIT_IN_WORD.search(text):
        text = _LEET.sub(_read_leet, text)
    text = _DECIMAL.sub(" ", text)
    if _MARK_IN_WORD.search(text):
        text = _APART.sub(lambda found: _join(found[0], hidden_words), text)
        text = _STARRED.sub(lambda found: _unhide(found[0], hidden_words), text)
        text = _DOT_IN_WORD.sub(PAUSE, text)
    return "".join(_tokens(_REPEATED.sub("", text))).lstrip()


def _plain_letters(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.translate(_BEFORE))
    return _UNSEEN.sub("", text.casefold().translate(_LOOKALIKES))


def _read_leet(found: re.Match[str]) -> str:
    word = found[0]
    if word.isalpha() or word.isdigit() or _AMOUNT.fullmatch(word):
        return word
    word = _LEET_L.sub(lambda one: "l" * len(one[0]), word)
    return word.translate(_LEET_LETTERS)


def _join(letters: str, hidden_words: Collection[str]) -> str:
    joined = _NOT_LETTERS.sub("", letters)
    if joined in hidden_words:
        return joined
    if "*" in letters:
        return _unhide(letters, hidden_words)
    if " " not in letters:
        return joined
    if joined[1:] in hidden_words:  # "i d i e"
        return f"{joined[0]} {joined[1:]}"
    return joined if len(joined) >= _LONG_APART else letters


def _unhide(starred: str, hidden_words: Collection[str]) -> str:
    """The hidden word that fits: a star for each letter, some stars, or marks between letters."""
    pieces = _STARS.split(starred)
    parts, marks = pieces[::2], pieces[1::2]
    exact = [f"[a-z]{{{len(mark)}}}" for mark in marks]
    loose = [_LOOSE if set(mark) <= set("*#") else "" for mark in marks]
    shapes = [exact, loose] if parts[-1] else [exact]
    for shape in shapes:
        wanted = re.compile("".join(map("".join, zip(parts, [*shape, ""], strict=True))))
        for word in hidden_words:
            if wanted.fullmatch(word):
                return word
    return starred


def _tokens(text: str) -> list[str]:
    tokens = [END]
    for token in _TOKEN.findall(text):
        if token == QUOTE:
            tokens.append(token)
        elif token[0] not in _MARKS:
            tokens.append(f" {token}")
        elif token.startswith("..") or (token[0] in _PAUSES and not _BLANK_LINE.match(token)):
            if tokens[-1] not in (END, PAUSE):
                tokens.append(PAUSE)
        elif tokens[-1] == PAUSE:
            tokens[-1] = END
        elif tokens[-1] != END:
            tokens.append(END)
    return tokens[1:]
