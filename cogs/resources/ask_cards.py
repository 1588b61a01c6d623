"""What ``/ask`` answers with, and what moderators read about what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cogs.resources.cards import (
    PRIMARY,
    document_parts,
    list_lines,
    needs_help_first,
    open_button,
    source_buttons,
)
from cogs.safety.cards import help_buttons
from cogs.ui.cards import CALM, CARE, button, card, line, row
from cogs.ui.plain import plain

if TYPE_CHECKING:
    from discord import ui

    from bot.content.small_talk import Reply
    from bot.i18n import Texts
    from cogs.resources.words import Shown

CLOSEST = 3


def render_answer(best: Shown, others: Sequence[Shown], token: str, t: Texts) -> ui.LayoutView:
    """The best answer, and two more a press away."""
    return card(
        *document_parts(best, t),
        row(*(open_button(other, token, 1) for other in others)),
        row(
            button(t("This didn't help"), "ask:more", token, 1),
            *source_buttons(best, t),
            button(t("Browse"), "resources:topics"),
        ),
        accent=CARE if needs_help_first(best) else CALM,
    )


def render_unsure(closest: Sequence[Shown], token: str, t: Texts) -> ui.LayoutView:
    """Nothing fits well enough: the closest ones that come near, and help."""
    count = len(closest)
    heading = t("**The closest three:**") if count == CLOSEST else t("**The closest I have:**")
    return card(
        "## " + t("I'm not sure I have that"),
        t("I only look things up in checked texts, and nothing there clearly fits."),
        heading,
        *list_lines(closest),
        row(*(open_button(other, token, count) for other in closest)),
        line(),
        t("If it can't wait, or you would rather talk to someone:"),
        help_buttons(t),
        row(
            button(t("None of these"), "ask:more", token, count),
            button(t("Browse"), "resources:topics"),
        ),
    )


def render_not_understood(token: str | None, t: Texts) -> ui.LayoutView:
    """Nothing comes near: no guide is offered, only the ways on.

    With a ``token``, moderators can be told what is missing.
    """
    return card(
        "## " + t("I didn't understand that"),
        t("I'm sorry. Please try it in other words, or look around in the topics."),
        line(),
        t("If it can't wait, or you would rather talk to someone:"),
        help_buttons(t),
        row(
            button(t("Browse"), "resources:topics"),
            button(t("Tell moderators what is missing"), "ask:missing", token) if token else None,
        ),
    )


def render_more(  # noqa: PLR0913 (what follows, and the ways on)
    following: Sequence[Shown],
    token: str,
    position: int,
    t: Texts,
    *,
    has_more: bool,
    offers_telling: bool,
) -> ui.LayoutView:
    """After "This didn't help": the next ones, browsing, and telling moderators."""
    return card(
        "## " + t("Sorry that it didn't help"),
        t("These came next:") if following else t("Nothing else in my library comes close."),
        *list_lines(following),
        row(*(open_button(other, token, position) for other in following)),
        row(
            button(t("None of these"), "ask:more", token, position) if has_more else None,
            button(t("Back"), "ask:first", token),
            button(t("Browse"), "resources:topics"),
            button(t("Show help lines"), "help-now:country"),
        ),
        row(button(t("Tell moderators what is missing"), "ask:missing", token))
        if offers_telling
        else None,
    )


def render_ways(text: str, t: Texts) -> ui.LayoutView:
    """A sentence, and the ways on from there."""
    return card(
        text,
        row(
            button(t("Browse"), "resources:topics"),
            button(t("Show help lines"), "help-now:country"),
        ),
    )


def render_reply(reply: Reply, t: Texts) -> ui.LayoutView:
    """The answer to words to the bot or about it."""
    if not reply.help_first:
        return render_ways(t(reply.answer), t)
    return card(
        t("If it can't wait, or you would rather talk to someone:"),
        help_buttons(t),
        line(),
        t(reply.answer),
        row(button(t("Browse"), "resources:topics")),
        accent=CARE,
    )


def render_missing(question: str, token: str, t: Texts) -> ui.LayoutView:
    """Exactly what the moderators would read, before it is sent."""
    return card(
        "## " + t("Tell moderators what is missing?"),
        t("This goes to the moderators' channel, without your name:"),
        _quote(question),
        row(
            button(t("Send it"), "ask:tell", token, style=PRIMARY),
            button(t("Don't send"), "ask:keep", token),
        ),
    )


def render_told(question: str, t: Texts) -> ui.LayoutView:
    """What moderators read. It names nobody."""
    return card(
        "## " + t("Someone looked for this and didn't find it"),
        _quote(question),
        t("You can add a resource of your community's own: /ask finds it then."),
        row(button(t("Add a resource"), "own-resource:add")),
        "-# "
        + t("Sent because a member pressed a button. Their name is not known to me any more."),
    )


def render_other_language(words: Sequence[str], token: str | None, t: Texts) -> ui.LayoutView:
    """A question that is not in English; ``words`` say so in its own language, if I have it."""
    return card(
        *words,
        help_buttons(t) if words else None,
        line() if words else None,
        "## " + t("I can only search in English so far"),
        t("Please ask again in English if you can, or browse the topics."),
        None if words else help_buttons(t),
        row(
            button(t("Search all the same"), "ask:first", token) if token else None,
            button(t("Browse"), "resources:topics"),
        ),
        accent=CARE,
    )


def _quote(text: str) -> str:
    return "\n".join(f"> {part}" for part in plain(text).splitlines() or [""])
