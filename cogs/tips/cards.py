"""What a tip looks like."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.content.sources import Source
from bot.content.tips import TOPICS, Tip
from bot.delivery.ports import Post
from bot.i18n import Texts
from bot.tips.announcer import TipPost
from bot.tips.rules import short_id
from cogs.tips.words import is_own, title_of
from cogs.ui.cards import button, card, line, row
from cogs.ui.plain import plain
from cogs.ui.sources import cite

PRIMARY = discord.ButtonStyle.primary


def render_post(post: Post, t: Texts) -> ui.LayoutView:
    """A schedule's post in a channel. Its key stands in its buttons' ids."""
    body: TipPost = post.body
    view = card(*tip_parts(body.tip, t), _public_buttons(body.tip, post.key, t))
    if post.role_id:
        view.add_item(ui.TextDisplay(f"<@&{post.role_id}>"))
    return view


def render_tip(
    tip: Tip, topic: str, seen: Sequence[str], t: Texts, *, note: str = ""
) -> ui.LayoutView:
    """The private card of ``/tip``. ``seen`` are short ids of the tips shown before."""
    return card(
        *tip_parts(tip, t),
        row(
            button(t("Another"), "tip:another", topic, "".join(seen), style=PRIMARY),
            button(t("Share here"), "tip:share", tip.id, topic),
            button(t("Save"), "tip:save", tip.id),
        ),
        row(
            button(t("Helpful"), "tip:helpful", tip.id),
            button(t("Not for me"), "tip:unhelpful", tip.id),
        ),
        f"-# {note}" if note else None,
    )


def render_shared(tip: Tip, t: Texts) -> ui.LayoutView:
    """A tip that a member shares in a channel; nobody is named."""
    return card(*tip_parts(tip, t), _public_buttons(tip, "shared", t))


def render_done_sharing(tip: Tip, topic: str, words: str, t: Texts) -> ui.LayoutView:
    """What the private card becomes once its tip was shared: it can't be shared twice."""
    return card(
        "## " + t("Shared"),
        words,
        row(
            button(t("Another tip"), "tip:another", topic, short_id(tip.id)),
            button(t("Save"), "tip:save", tip.id),
        ),
    )


def tip_parts(tip: Tip, t: Texts) -> tuple[str | ui.Item[ui.LayoutView], ...]:
    """Title, body, the thing to try, and what the tip rests on."""
    minutes = t("1 minute") if tip.minutes == 1 else t("{minutes} minutes", minutes=tip.minutes)
    body, try_this = tip.body, tip.try_this
    if is_own(tip):
        body, try_this = plain(body), plain(try_this)
    return (
        f"## {title_of(tip)}\n{body}",
        f"**{t('Try this')}** · {minutes}\n{try_this}",
        line(),
        f"-# {basis_line(tip, t)}",
    )


def basis_line(tip: Tip, t: Texts) -> str:
    """What the tip rests on, and that no clinician reviewed it."""
    topics = ", ".join(t(TOPICS[topic]) for topic in tip.topics if topic in TOPICS)
    if is_own(tip):
        return t(
            "{topics} · Written by this community's moderators, not reviewed by a clinician",
            topics=topics,
        )
    if not isinstance(tip.basis, Source):
        return t("{topics} · Common practice, not reviewed by a clinician", topics=topics)
    return cite(tip.basis, topics, t)


def render_saved(tips: Sequence[Tip], page: int, t: Texts, undo: str = "") -> ui.LayoutView:
    """One saved tip at a time, with pages. ``undo`` is the tip that was just removed."""
    tip = tips[page]
    return card(
        f"-# {t('Saved tip {number} of {total}', number=page + 1, total=len(tips))}",
        *tip_parts(tip, t),
        row(
            button(t("Back"), "tip:open", page - 1, "page", disabled=page == 0),
            button(t("Next"), "tip:open", page + 1, "page", disabled=page + 1 >= len(tips)),
            button(t("Remove"), "tip:unsave", tip.id, "list", page),
            _undo(undo, t),
        ),
        "-# " + t("Removed. Undo brings it back.") if undo else None,
    )


def render_empty_saved(t: Texts, undo: str = "") -> ui.LayoutView:
    """Nothing is saved yet, and how to change that."""
    return card(
        "## " + t("No saved tips yet"),
        t("Press Save on any tip and it waits for you here. Only you can see your list."),
        row(button(t("Show me a tip"), "tip:another", style=PRIMARY), _undo(undo, t)),
    )


def _public_buttons(tip: Tip, key: str, t: Texts) -> ui.ActionRow[ui.LayoutView] | None:
    return row(
        button(t("Save"), "tip:save", tip.id, key),
        button(t("Helpful"), "tip:helpful", tip.id, key),
        button(t("Not for me"), "tip:unhelpful", tip.id, key),
    )


def _undo(tip_id: str, t: Texts) -> ui.Button[ui.LayoutView] | None:
    return button(t("Undo"), "tip:open", 0, "undo", tip_id) if tip_id else None
