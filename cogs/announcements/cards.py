"""What announcements look like: the post, and the panel around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.announcements.rules import Fault, find_faults
from bot.delivery.plans import Repeat
from bot.safety.messaging import advise
from cogs.announcements.words import (
    facts_of,
    follow_up_of,
    last_of,
    list_runs,
    say_approval,
    state_of,
)
from cogs.ui.cards import CALM, WARN, Part, button, card, cut, link, refusal, row, select
from cogs.ui.plain import plain
from cogs.ui.plans import REPEATS
from cogs.ui.routes import custom_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.announcements.rules import Announcement, AnnouncementPost, Words
    from bot.announcements.service import Look
    from bot.delivery.ports import Post
    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
DANGER = discord.ButtonStyle.danger
ADVICE_LENGTH = 500
SLOTS_SHOWN = 3
RUNS_SHOWN_IN = {"draft", "active", "waiting", "held"}
TEST = "test"
"""The key of a post that only a moderator sees."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a panel needs to know of the community, and of the channel that was chosen."""

    needs_approval: bool = False
    can_crosspost: bool = False


def render_post(post: Post, t: Texts) -> ui.LayoutView:
    """An announcement in a channel. Its key stands in its button's id."""
    body: AnnouncementPost = post.body
    picture = (body.files[0].name, body.files[0].alt) if body.files else None
    view = card(*post_parts(body, picture, post.key, t))
    if post.role_id:
        view.add_item(ui.TextDisplay(f"<@&{post.role_id}>"))
    return view


def post_parts(
    words: Words | AnnouncementPost, picture: tuple[str, str] | None, key: str, t: Texts
) -> tuple[Part, ...]:
    """Title and text with the moderators' own Markdown, the picture, the link, and help."""
    gallery: ui.MediaGallery[Any] | None = None
    if picture is not None:
        name, alt = picture
        gallery = ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{name}", description=alt))
    return (
        f"## {words.title}\n{words.body}" if words.title or words.body else None,
        gallery,
        row(
            link(t("Open the link"), words.link) if words.link else None,
            button(t("Where to find help"), "help-now:open", key),
        ),
    )


def preview(item: Announcement, t: Texts) -> ui.LayoutView:
    """The announcement exactly as it will look."""
    picture = (item.picture, item.words.alt or "") if item.picture else None
    view = card(*post_parts(item.words, picture, TEST, t))
    if item.role_id:
        view.add_item(ui.TextDisplay(f"<@&{item.role_id}>"))
    return view


def render_panel(look: Look, standing: Standing, t: Texts) -> ui.LayoutView:
    """The announcement exactly as it will look, and below it what can be done about it."""
    item = look.item
    view = preview(item, t)
    parts = (
        f"**{state_of(look, t)}**\n-# " + t("Above is how it will look. Only you can see it here."),
        t(
            "Discord refused the channel. Look at my permissions there, or choose another channel; "
            "then press Resume."
        )
        if look.state == "broken"
        else None,
        say_approval(look, t, needs_approval=standing.needs_approval),
        _facts(look, t),
        advice(item.words, t),
        row(_channel(look, t)),
        row(_role(look, t)),
        row(_when(look, t)),
        _main_buttons(look, standing, t),
        _other_buttons(look, standing, t),
    )
    items = [ui.TextDisplay(part) if isinstance(part, str) else part for part in parts if part]
    view.add_item(ui.Container(*items, accent_colour=WARN if _needs(look) else CALM))
    return view


def render_faults(token: str, words: Words, faults: Sequence[Fault], t: Texts) -> ui.LayoutView:
    """What keeps it from being kept, and the way back into the form."""
    sentences = {
        Fault.TITLE: t("The title needs at least 3 visible characters."),
        Fault.BODY: t("The text needs at least 3 visible characters."),
        Fault.ALT: t("The alt text needs at least 3 visible characters."),
        Fault.LINK: t(
            "The link must be the plain address of a public page and begin with https://, "
            "not “{text}”.",
            text=plain(cut(words.link or "", 60)),
        ),
    }
    lines = "\n".join(f"- {sentences[fault]}" for fault in faults)
    return refusal(
        "## " + t("Almost there") + f"\n{lines}\n" + t("Your text is kept: press Edit."),
        row(button(t("Edit"), "announce:again", token, style=PRIMARY)),
    )


def render_deleted(announcement_id: str, t: Texts) -> ui.LayoutView:
    """After it was deleted: the way back."""
    return card(
        t("Deleted. Nothing more of it is posted. You can undo that for 15 minutes."),
        row(
            button(t("Undo"), "announce:restore", announcement_id),
            button(t("All announcements"), "announce:list", 0),
        ),
    )


def _facts(look: Look, t: Texts) -> str:
    item = look.item
    facts = [
        *facts_of(item, t),
        t("Left out: {slots}", slots=", ".join(look.left_out[:SLOTS_SHOWN]))
        if look.left_out
        else None,
        last_of(look, t),
        follow_up_of(look, t),
    ]
    lines = "\n".join(f"- {fact}" for fact in facts if fact)
    runs = list_runs(look, t)
    if runs and look.state in RUNS_SHOWN_IN:
        lines += f"\n{runs}" if look.is_imminent else f"\n**{t('Next')}**\n{runs}"
    return lines


def advice(words: Words, t: Texts) -> str | None:
    """What safe messaging would change, if anything."""
    found = advise(f"{words.title}\n{words.body}\n{words.alt or ''}")
    if not found:
        return None
    lines = "\n".join(f"- “{plain(item.found)}”: {item.instead}" for item in found)
    return f"**{t('Safe messaging suggests:')}**\n{cut(lines, ADVICE_LENGTH)}\n" + t(
        "Press Edit to change it, or post it as it is: that is yours to decide."
    )


def _main_buttons(look: Look, standing: Standing, t: Texts) -> ui.ActionRow[Any] | None:
    item, number = look.item, look.item.announcement_id
    edit = button(t("Edit"), "announce:edit", number)
    silence = button(
        t("With a notification") if item.is_silent else t("Post silently"),
        "announce:silent",
        number,
    )
    copy = button(t("Duplicate"), "announce:copy", number)
    if look.state == "waiting" and standing.needs_approval:
        return row(*decisions(item, "panel", t), edit, silence, copy)
    if look.state in {"draft", "waiting", "held"}:
        plan = t("Ask for approval") if item.is_held and standing.needs_approval else t("Plan it")
        return row(
            button(plan, "announce:start", number, style=PRIMARY),
            None if item.schedule_id else button(t("Send now"), "announce:now", number),
            edit,
            silence,
            copy,
        )
    is_running = look.state in {"active", "done"}
    is_off = look.state != "active" or not look.runs
    slot = look.runs[0].slot if look.runs else ""
    step = button(t("Skip the next"), "announce:skip", number, slot, disabled=is_off)
    pause = (
        button(t("Pause"), "announce:pause", number, disabled=look.state == "done")
        if is_running
        else button(t("Resume"), "announce:resume", number)
    )
    return row(None if look.is_imminent else step, pause, edit, silence, copy)


def decisions(item: Announcement, place: str, t: Texts) -> tuple[ui.Button[Any], ui.Button[Any]]:
    """Approve, or send back: on the moderators' ``desk`` or on the ``panel``."""
    asked = (item.announcement_id, item.version, place)
    return (
        button(t("Approve"), "announce:approve", *asked, style=PRIMARY),
        button(t("Send back"), "announce:return", *asked),
    )


def _other_buttons(look: Look, standing: Standing, t: Texts) -> ui.ActionRow[Any] | None:
    number = look.item.announcement_id
    slot = look.left_out[0] if look.left_out else ""
    return row(
        button(t("Post {slot} after all", slot=slot), "announce:unskip", number, slot)
        if slot
        else None,
        button(t("Take the picture out"), "announce:no-picture", number)
        if look.item.picture
        else None,
        _crosspost(look.item, t) if standing.can_crosspost or look.item.is_crossposted else None,
        button(t("Delete"), "announce:delete", number, style=DANGER),
        button(t("All announcements"), "announce:list", 0),
    )


def _crosspost(item: Announcement, t: Texts) -> ui.Button[Any]:
    label = t("Also publish to following servers")
    if item.is_crossposted:
        label = t("Don't publish to following servers")
    return button(label, "announce:crosspost", item.announcement_id)


def _channel(look: Look, t: Texts) -> ui.ChannelSelect[Any]:
    chosen = look.item.channel_id
    return ui.ChannelSelect(
        custom_id=custom_id("announce:channel", look.item.announcement_id),
        placeholder=t("Channel or thread"),
        channel_types=[
            discord.ChannelType.text,
            discord.ChannelType.news,
            discord.ChannelType.public_thread,
        ],
        default_values=[discord.Object(chosen)] if chosen else [],
    )


def _role(look: Look, t: Texts) -> ui.RoleSelect[Any]:
    chosen = look.item.role_id
    return ui.RoleSelect(
        custom_id=custom_id("announce:role", look.item.announcement_id),
        placeholder=t("A role to ping (opt-in), or nobody"),
        min_values=0,
        default_values=[discord.Object(chosen)] if chosen else [],
    )


def _when(look: Look, t: Texts) -> ui.Select[Any]:
    return select(
        t("Choose when"),
        "announce:repeat",
        look.item.announcement_id,
        options=[(str(repeat), t(REPEATS[repeat])) for repeat in Repeat],
    )


def _needs(look: Look) -> bool:
    words = look.item.words
    return look.state in {"broken", "held"} or bool(find_faults(words)) or bool(advise(words.body))
