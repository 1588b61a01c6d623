"""One help line in words: a number stands in a line of its own, as it is published."""

from collections.abc import Iterator
from datetime import date

from bot.i18n import Texts
from bot.safety.helpline_rows import STALE_DAYS, TEXT, HelpLine
from cogs.help_now.words import day_words, language_words
from cogs.ui.plain import plain


def describe(one: HelpLine, today: date, t: Texts) -> Iterator[str]:
    """A line's name, then how to reach it, then who lists it; what nobody knows is left out."""
    yield f"### {plain(one.name)}"
    if one.is_for_children:
        yield "**" + t("For children and young people") + "**"
    yield from (f"{t('Call:')} `{phone}`" for phone in one.phones)
    if one.text:
        yield _text(one.text, t)
    if one.chat_url and one.chat_url != one.website:
        yield f"{t('Chat:')} {one.chat_url}"
    known = [_hours(one.hours, t), language_words(one.languages, t)]
    if any(known):
        yield " · ".join(filter(None, known))
    if one.website:
        words = t("Chat and website:") if one.website == one.chat_url else t("Website:")
        yield f"{words} {one.website}"
    yield "-# " + _listed(one, today, t)


def _listed(one: HelpLine, today: date, t: Texts) -> str:
    count, day = one.source_count, day_words(one.latest_on, t)
    listed = t("Listed by {count} sources, latest {day}.", count=count, day=day)
    if not one.is_stale(today):
        return listed
    old = t("That is more than {days} days ago, so it may have changed.", days=STALE_DAYS)
    return f"{listed} {old}"


def _text(text: str, t: Texts) -> str:
    match = TEXT.fullmatch(text)
    if match is None:  # pragma: no cover - such a row is not loaded
        return text
    if match["app"]:
        return f"WhatsApp: `{match['number']}`"
    if match["word"]:
        return t(
            "Text {word} to {number}", word=f"`{match['word']}`", number=f"`{match['number']}`"
        )
    return f"{t('Text:')} `{match['number']}`"


def _hours(hours: str, t: Texts) -> str:
    if hours == "24/7":
        return t("Open day and night")
    if hours == "every day, hours vary":
        return t("Open every day, hours vary")
    return t("Open {hours}", hours=hours) if hours else ""
