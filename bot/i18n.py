"""Words in the reader's language: gettext catalogues read with Babel.

The English sentence stands in the code and is the key. Personal replies use the member's
locale, public posts the community's. Catalogues are ``data/locales/LANG/breather.po``.
"""

from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Message
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
        for key in (code, code.partition("-")[0]):
            if key in self._texts:
                return self._texts[key]
        return self._texts[ENGLISH]


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
        file = path.relative_to(folder)
        code = path.parent.name.replace("_", "-")
        try:
            Locale.parse(code, sep="-")
            with path.open("rb") as stream:
                catalogue = read_po(stream, abort_invalid=True)
        except UnknownLocaleError as error:
            faults.append(f"{file}: {error}. Name the folder and the language like pt-BR.")
            continue
        except (OSError, ValueError, LookupError, PoFileError) as error:
            faults.append(f"{file}: not readable as a catalogue ({error}).")
            continue
        sentences: dict[str, str] = {}
        for message in catalogue:
            if not message.id or not message.string or message.fuzzy:
                continue
            fault = _find_fault(message)
            if fault is None:
                sentences[str(message.id)] = str(message.string)
            else:
                faults.append(f"{file}, {message.id!r}: {fault}")
        catalogues[code] = Texts(code, sentences)
    if faults:
        raise ContentError(faults)
    return Languages(catalogues)


def placeholders(text: str) -> frozenset[str] | None:
    """The ``{name}`` parts of a sentence; None where its braces do not match."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    return frozenset(
        f"{{{name}{'!' + how if how else ''}{':' + form if form else ''}}}"
        for _, name, form, how in parts
        if name is not None
    )


def _find_fault(message: Message) -> str | None:
    if message.pluralizable or message.context:
        return "plural forms and contexts are not used; write one sentence."
    wanted, found = placeholders(str(message.id)), placeholders(str(message.string))
    if found == wanted:
        return None
    if found is None:
        return "the braces of the translation do not match."
    names = ", ".join(sorted(wanted or ())) or "no placeholder"
    return f"the translation must have {names}, and has {', '.join(sorted(found)) or 'none'}."
