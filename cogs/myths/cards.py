"""What a statement looks like, and the answer that only the person who pressed sees."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.content.myths import TOPICS, Myth
from bot.delivery.ports import Post
from bot.i18n import Texts
from bot.myths.rules import is_right, names_help
from bot.rotation import short_id
from cogs.safety.cards import help_buttons
from cogs.ui.cards import CALM, CARE, Part, button, card, line, row
from cogs.ui.sources import cite

PRIMARY = discord.ButtonStyle.primary

SEEN = 18
"""So many that were shown before find room in the buttons under a statement."""

ON_TOPIC = "t"
"""Stands in the buttons when a topic was asked for: the statement's own."""


def render_statement(
    myth: Myth, topic: str, seen: Sequence[str], t: Texts, *, note: str = ""
) -> ui.LayoutView:
    """The private card of ``/myth``. ``seen`` are short ids of those shown before this one."""
    arguments = (ON_TOPIC if topic else "", "".join(seen[-SEEN:]))
    return card(
        *_statement(myth, t),
        row(
            button(t("Myth"), "myth:guess", myth.id, "myth", *arguments, style=PRIMARY),
            button(t("Fact"), "myth:guess", myth.id, "fact", *arguments, style=PRIMARY),
        ),
        *_help(myth, t),
        f"-# {note}" if note else None,
        accent=_accent(myth),
    )


def render_post(post: Post, t: Texts) -> ui.LayoutView:
    """A schedule's post in a channel. Its key stands in its buttons' ids; no result ever does."""
    myth: Myth = post.body
    view = card(*post_parts(myth, post.key, t), accent=_accent(myth))
    if post.role_id:
        view.add_item(ui.TextDisplay(f"<@&{post.role_id}>"))
    return view


def post_parts(myth: Myth, key: str, t: Texts) -> tuple[Part, ...]:
    """The statement with two buttons for everyone, and where help is if the subject is near."""
    return (
        *_statement(myth, t),
        row(
            button(t("Myth"), "myth:answer", myth.id, "myth", key, style=PRIMARY),
            button(t("Fact"), "myth:answer", myth.id, "fact", key, style=PRIMARY),
        ),
        *_help(myth, t),
        "-# " + t("Press what you think. Only you see the answer, and nothing is counted."),
    )


def render_answer(  # noqa: PLR0913 (what the card shows)
    myth: Myth, said: str, topic: str, seen: Sequence[str], t: Texts, *, guide: str | None
) -> ui.LayoutView:
    """Whether it holds, why, and who says so; ``guide`` is the id of one that may be shown."""
    first = t("Yes, that's right") if is_right(myth, said) else t("Many people think so")
    verdict = t("It's a myth.") if myth.answer == "myth" else t("It's a fact.")
    shown = "".join([*seen, short_id(myth.id)])
    return card(
        f"## {first}",
        f"> {myth.statement}",
        f"**{verdict}** {myth.explanation}",
        *_help(myth, t),
        line(),
        f"-# {cite(myth.source, t(TOPICS[myth.topic]), t)}",
        row(
            button(t("Another one"), "myth:another", topic, shown),
            button(t("Read the guide"), "resources:show", guide) if guide else None,
        ),
        accent=_accent(myth),
    )


def _statement(myth: Myth, t: Texts) -> tuple[str, ...]:
    return (f"-# {t('Myth or fact?')} · {t(TOPICS[myth.topic])}\n## {myth.statement}",)


def _help(myth: Myth, t: Texts) -> tuple[Part, ...]:
    if not names_help(myth):
        return ()
    return (
        t("If this is close to you or to someone you know, you can talk to someone now:"),
        help_buttons(t),
    )


def _accent(myth: Myth) -> int:
    return CARE if names_help(myth) else CALM
