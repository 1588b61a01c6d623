"""What guides, communities' own resources and lists of both look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord

from bot.content.guides import TOPICS, Guide
from bot.links import host_of
from cogs.resources.words import (
    Shown,
    basis_of,
    head_of,
    link_to,
    plain_within,
    summary_of,
    title_of,
)
from cogs.safety.cards import help_buttons
from cogs.ui.cards import CALM, CARE, Part, button, card, cut, line, link, row, select
from cogs.ui.plain import plain

if TYPE_CHECKING:
    from discord import ui

    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
LABEL_LENGTH = 80
BODY_LENGTH = 2300
"""Of a community's own text with its marks escaped; only text made of marks is longer."""
SELF_CHECK = "online-self-check"


def render_document(
    shown: Shown, related: Sequence[Shown], t: Texts, *trail: object
) -> ui.LayoutView:
    """A guide or a resource, opened from a list, a button or another card.

    ``trail`` leads back to an answer: the question's token, and how many answers were shown.
    """
    back: list[ui.Button[ui.LayoutView]] = []
    if trail:
        back += [
            button(t("Back"), "ask:first", trail[0]),
            button(t("This didn't help"), "ask:more", *trail, shown.id),
        ]
    topic = shown.topic if isinstance(shown, Guide) else None
    return card(
        *document_parts(shown, t),
        row(*(open_button(other, *trail) for other in related)),
        row(
            *back,
            *source_buttons(shown, t),
            button(t("More on this topic"), "resources:page", topic, 0) if topic else None,
            button(t("Browse"), "resources:topics"),
        ),
        accent=CARE if needs_help_first(shown) else CALM,
    )


def render_sources(guide: Guide, t: Texts) -> ui.LayoutView:
    """Every source of a guide, with the day on which it was seen."""
    lines = [
        "- " + t("{source}, seen {day}", source=link_to(source), day=_day(source.seen_on))
        for source in guide.sources
    ]
    return card(
        "## " + t("Sources of “{title}”", title=guide.title),
        "\n".join(lines),
        "-# "
        + t(
            "Checked against them on {day}. The text is in our own words; no clinician has "
            "reviewed it. Some pages were read in a stored copy.",
            day=_day(guide.checked_on),
        ),
    )


def render_topics(counts: Sequence[tuple[str, str]], own: int, t: Texts) -> ui.LayoutView:
    """Where browsing begins: the topics, with how many guides each has."""
    names = [name for _, name in counts]
    return card(
        "## " + t("What would you like to read about?"),
        "\n".join(f"- {name}" for name in names),
        row(select(t("Choose a topic"), "resources:topic", options=counts)),
        row(
            button(t("Added by this community ({count})", count=own), "resources:own", 0)
            if own
            else None,
            button(t("Show help lines"), "help-now:country"),
        ),
        "-# " + t("Or ask in your own words: /ask"),
    )


def render_found(title: str, shown: Sequence[Shown], t: Texts) -> ui.LayoutView:
    """What was found by words; help first where one of them has it first."""
    if not any(map(needs_help_first, shown)):
        return render_list(title, shown, t)
    return card(*_help_parts(t), *_list_parts(title, shown, t, None), accent=CARE)


def render_list(
    title: str, shown: Sequence[Shown], t: Texts, pages: ui.ActionRow[ui.LayoutView] | None = None
) -> ui.LayoutView:
    """A page of guides or resources."""
    return card(*_list_parts(title, shown, t, pages))


def _list_parts(
    title: str, shown: Sequence[Shown], t: Texts, pages: ui.ActionRow[ui.LayoutView] | None
) -> tuple[Part, ...]:
    options = [(item.id, item.title) for item in shown]
    return (
        f"## {title}",
        *list_lines(shown),
        row(select(t("Read one"), "resources:open", options=options)),
        pages,
        row(button(t("All topics"), "resources:topics")),
    )


def render_nothing(text: str, t: Texts) -> ui.LayoutView:
    """Nothing was found by words."""
    return card(
        t("I found nothing for “{text}”.", text=plain(cut(text, 60))),
        t("Try other words, ask a whole question with /ask, or browse the topics."),
        row(
            button(t("Browse"), "resources:topics", style=PRIMARY),
            button(t("Show help lines"), "help-now:country"),
        ),
    )


def document_parts(shown: Shown, t: Texts) -> tuple[Part, ...]:
    """Help first where the subject may need it; title, text, and what vouches for it."""
    body = shown.body if isinstance(shown, Guide) else plain_within(shown.body, BODY_LENGTH)
    begin = None
    if isinstance(shown, Guide) and shown.id == SELF_CHECK:
        begin = row(button(t("Begin the self-check"), "self-check:step", style=PRIMARY))
    address = None
    if not isinstance(shown, Guide) and shown.link:
        label = cut(t("Open {host}", host=host_of(shown.link) or ""), LABEL_LENGTH)
        address = row(link(label, shown.link))
    return (
        *(_help_parts(t) if needs_help_first(shown) else ()),
        f"## {title_of(shown)}\n-# {head_of(shown, t)}",
        body,
        begin,
        address,
        line(),
        f"-# {basis_of(shown, t)}",
    )


def _help_parts(t: Texts) -> tuple[Part, ...]:
    return (
        t("**In danger, or close to it? Talk to someone now.**"),
        help_buttons(t),
        line(),
    )


def needs_help_first(shown: Shown) -> bool:
    """Whether help stands above the text."""
    return isinstance(shown, Guide) and shown.help_first


def open_button(shown: Shown, *trail: object) -> ui.Button[ui.LayoutView]:
    """What opens a guide or a resource; see :func:`render_document` for ``trail``."""
    return button(cut(shown.title, LABEL_LENGTH), "resources:show", shown.id, *trail)


def source_buttons(shown: Shown, t: Texts) -> list[ui.Button[ui.LayoutView]]:
    """What shows the sources of a guide; a community's own resource has none."""
    if not isinstance(shown, Guide):
        return []
    return [button(t("Sources"), "resources:sources", shown.id)]


def list_lines(shown: Sequence[Shown]) -> list[str]:
    """Titles and summaries as one paragraph, if there are any."""
    return (
        ["\n".join(f"- **{title_of(item)}**: {summary_of(item)}" for item in shown)]
        if shown
        else []
    )


def _day(day: object) -> str:
    return f"{day:%d %b %Y}".lstrip("0")


def topic_counts(counts: dict[str, int], t: Texts) -> list[tuple[str, str]]:
    """Topics with how many guides each has, as a select shows them."""
    return [(topic, f"{t(TOPICS[topic])} ({count})") for topic, count in counts.items() if count]
