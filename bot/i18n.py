"""Words in the reader's language: gettext catalogues read with Babel.

The English sentence stands in the code and is the key. Personal replies use the member's
locale, public posts the community's. Catalogues are ``data/locales/LANG/breather.po``.
"""

from collections.abc import Mapping
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import PoFileError, read_po

from bot.errors import ContentError

ENGLISH = "en"


class Texts:
    """Sentences of one language; an untranslated one stays English."""

    def __init__(self, language: str = ENGLISH, sentences: Mapping[str, str] | None = None) -> None:
        self.language = language
        self._sentences = sentences or {}

    def __call__(self, sentence: str, /, **values: object) -> str:
        """The sentence with ``{name}`` filled in."""
        text = self._sentences.get(sentence) or sentence
        return text.format(**values) if values else text


class Languages:
    """Every language there is a catalogue for, and English."""

    def __init__(self, catalogues: Mapping[str, Texts] | None = None) -> None:
        self._texts = {ENGLISH: Texts()} | dict(catalogues or {})

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages' codes, English first."""
        return tuple(self._texts)

    def texts(self, locale: str | None) -> Texts:
        """The words for a locale such as ``pt-BR``: itself, else its language, else English."""
        code = (locale or ENGLISH).replace("_", "-")
        return self._texts.get(code) or self._texts.get(code.partition("-")[0]) or self._texts[ENGLISH]


def language_name(code: str) -> str:
    """A language's name in itself, with its English name: ``Deutsch (German)``."""
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return code
    own = (locale.get_display_name(code.replace("-", "_")) or code).capitalize()
    english = locale.get_display_name(ENGLISH) or code
    return own if own == english else f"{own} ({english})"


def load_languages(folder: Path) -> Languages:
    """Read ``folder/locales/*/breather.po``. Raises :class:`ContentError` with every fault."""
    catalogues: dict[str, Texts] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("locales/*/breather.po")):
        try:
            with path.open("rb") as stream:
                catalogue = read_po(stream, abort_invalid=True)
        except (OSError, UnicodeDecodeError, PoFileError) as error:
            faults.append(f"{path}: not readable as a catalogue ({error}).")
            continue
        code = path.parent.name
        catalogues[code] = Texts(
            code,
            {
                str(message.id): str(message.string)
                for message in catalogue
                if message.id and message.string and not message.fuzzy
            },
        )
    if faults:
        raise ContentError(faults)
    return Languages(catalogues)
