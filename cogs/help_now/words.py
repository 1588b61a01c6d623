"""Days, languages and the small print, in the reader's language."""

from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from bot.i18n import Texts


def small_print(t: Texts) -> str:
    """What stands under every card."""
    return "-# " + t(
        "I am a bot, not a counsellor, and nobody watches this. "
        "Only you can see it; nothing is stored."
    )


def day_words(day: date, t: Texts) -> str:
    """A day such as ``7 October 2026``."""
    return format_date(day, "d MMMM y", locale=_locale(t))


def language_words(codes: tuple[str, ...], t: Texts) -> str:
    """Languages by their codes, such as ``German, French``; what is no code stays as it is."""
    names = _locale(t).languages
    return ", ".join(str(names.get(code, code)) for code in codes)


def _locale(t: Texts) -> Locale:
    try:
        return Locale.parse(t.language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
