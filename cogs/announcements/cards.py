"""What announcements look like: the post, the panel around it, the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.announcements.rules import Fault, find_faults
from bot.delivery.plans import Repeat
from bot.safety.messaging import advise
from cogs.announcements.words import last_of, list_runs, state_of
from cogs.ui.cards import CALM, WARN, Part, button, card, cut, link, refusal, row, select
from cogs.ui.plain import plain
from cogs.ui.plans import REPEATS, describe
from cogs.ui.routes import custom_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.announcements.rules import AnnouncementPost, Words
    from bot.announcements.service import Look
    from bot.delivery.ports import Post
    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
DANGER = discord.ButtonStyle.danger
ADVICE_LENGTH = 500
TITLE_SHOWN = 60
SLOTS_SHOWN = 3
TEST = "test"
"""The key of a post that only a moderator sees."""


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


def render_panel(look: Look, t: Texts) -> ui.LayoutView:
    """The announcement exactly as it will look, and below it what can be done about it."""
    item = look.item
    picture = (item.picture, item.words.alt or "") if item.picture else None
    view = card(*post_parts(item.words, picture, TEST, t))
    if item.role_id:
        view.add_item(ui.TextDisplay(f"<@&{item.role_id}>"))
    parts = (
        f"**{state_of(look, t)}**\n-# " + t("Above is how it will look. Only you can see it here."),
        t(
            "Discord refused the channel. Look at my permissions there, or choose another channel; "
            "then press Resume."
        )
        if look.state == "broken"
        else None,
        _facts(look, t),
        _advice(item.words, t),
        row(_channel(look, t)),
        row(_role(look, t)),
        row(_when(look, t)),
        _main_buttons(look, t),
        _other_buttons(look, t),
    )
    items = [ui.TextDisplay(part) if isinstance(part, str) else part for part in parts if part]
    view.add_item(ui.Container(*items, accent_colour=WARN if _needs(look) else CALM))
    return view


def render_list(looks: Sequence[Look], page: int, pages: int, t: Texts) -> ui.LayoutView:
    """A page of a community's announcements, each with its next runs."""
    write = button(t("Write one"), "announce:write", style=PRIMARY)
    if not looks:
        words = t(
            "Nothing is planned and there is no draft. Write one; /announce takes a picture, too."
        )
        return card("## " + t("Announcements"), words, row(write))
    options = [
        (str(look.item.announcement_id), cut(_title(look, t), TITLE_SHOWN)) for look in looks
    ]
    turn = row(
        button(t("Back"), "announce:list", page - 1, disabled=page == 0),
        button(t("Next"), "announce:list", page + 1, disabled=page == pages - 1),
    )
    return card(
        "## " + t("Announcements"),
        *(_entry(look, t) for look in looks),
        row(select(t("Open one"), "announce:open", options=options)),
        turn if pages > 1 else None,
        row(write),
    )


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
        t("Where: <#{channel}>", channel=item.channel_id)
        if item.channel_id
        else t("Where: choose a channel"),
        t("When: {plan}", plan=describe(item.plan, t))
        if item.plan
        else t("When: choose below, or press Send now"),
        t("Pings: {role}", role=f"<@&{item.role_id}>" if item.role_id else t("nobody")),
        t("Silent: no notification sound") if item.is_silent else None,
        t("Left out: {slots}", slots=", ".join(look.left_out[:SLOTS_SHOWN]))
        if look.left_out
        else None,
        last_of(look, t),
    ]
    lines = "\n".join(f"- {fact}" for fact in facts if fact)
    runs = list_runs(look, t)
    if runs and look.state in {"draft", "active"}:
        lines += f"\n**{t('Next')}**\n{runs}"
    return lines


def _advice(words: Words, t: Texts) -> str | None:
    found = advise(f"{words.title}\n{words.body}\n{words.alt or ''}")
    if not found:
        return None
    lines = "\n".join(f"- “{plain(item.found)}”: {item.instead}" for item in found)
    return f"**{t('Safe messaging suggests:')}**\n{cut(lines, ADVICE_LENGTH)}\n" + t(
        "Press Edit to change it, or post it as it is: that is yours to decide."
    )


def _main_buttons(look: Look, t: Texts) -> ui.ActionRow[Any] | None:
    item, number = look.item, look.item.announcement_id
    edit = button(t("Edit"), "announce:edit", number)
    silence = button(
        t("With a notification") if item.is_silent else t("Post silently"),
        "announce:silent",
        number,
    )
    if look.state == "draft":
        return row(
            button(t("Plan it"), "announce:start", number, style=PRIMARY),
            button(t("Send now"), "announce:now", number),
            edit,
            silence,
            button(t("Duplicate"), "announce:copy", number),
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
    return row(step, pause, edit, silence, button(t("Duplicate"), "announce:copy", number))


def _other_buttons(look: Look, t: Texts) -> ui.ActionRow[Any] | None:
    number = look.item.announcement_id
    slot = look.left_out[0] if look.left_out else ""
    return row(
        button(t("Post {slot} after all", slot=slot), "announce:unskip", number, slot)
        if slot
        else None,
        button(t("Take the picture out"), "announce:no-picture", number)
        if look.item.picture
        else None,
        button(t("Delete"), "announce:delete", number, style=DANGER),
        button(t("All announcements"), "announce:list", 0),
    )


def _entry(look: Look, t: Texts) -> str:
    plan = look.item.plan
    lines = [f"**{plain(_title(look, t))}** · {state_of(look, t)}"]
    if plan is not None:
        lines.append(describe(plan, t))
    if look.state in {"draft", "active"}:
        lines.append(list_runs(look, t))
    else:
        lines.append(last_of(look, t) or "")
    return "\n".join(filter(None, lines))


def _title(look: Look, t: Texts) -> str:
    return cut(look.item.words.title, TITLE_SHOWN) or t("A picture without words yet")


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
    return look.state == "broken" or bool(find_faults(words)) or bool(advise(words.body))
