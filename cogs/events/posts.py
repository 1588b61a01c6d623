"""What is posted about events, and sent to those who asked. Pure: values in, cards out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.events.posts import Part
from bot.events.rules import Event, Place, State, turn_ends_at
from bot.links import is_link
from cogs.events.words import (
    count_of,
    facts_of,
    line_up_of,
    note_of,
    when_of,
    where_of,
)
from cogs.safety.cards import help_buttons
from cogs.ui.cards import CALM, CARE, button, card, link, row
from cogs.ui.cards import Part as CardPart
from cogs.ui.plain import plain
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.delivery.ports import Post
    from bot.events.announcer import EventPost
    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
GUIDES = {
    "calming-your-breath": "Calm your breath",
    "grounding": "Come back to here and now",
}
"""Guides on the closing card, and the words on their buttons."""


def make_renderer(client: discord.Client) -> Callable[[Post, Texts], ui.LayoutView]:
    """What renders posts and letters; a letter says which community it is from."""

    def render(post: Post, t: Texts) -> ui.LayoutView:
        guild = client.get_guild(post.guild_id)
        return render_post(post, t, None if guild is None else guild.name)

    return render


def render_post(post: Post, t: Texts, community: str | None = None) -> ui.LayoutView:
    """A post or a letter. Its key stands in a button's id."""
    body: EventPost = post.body
    view = {
        Part.CARD: _card,
        Part.DAY: _reminder,
        Part.SOON: _reminder,
        Part.CHANGED: _changed,
        Part.SIGNAL: _signal,
        Part.CLOSING: _closing,
        Part.RECAP: _recap,
    }[body.part](post, body, t)
    if post.recipient_id is not None:
        view.add_item(ui.TextDisplay(_from(body.part, community, t)))
    pings = [f"<@{user_id}>" for user_id in body.mentions]
    if post.role_id:
        pings.append(f"<@&{post.role_id}>")
    if pings:
        view.add_item(ui.TextDisplay(" ".join(pings)))
    return view


def render_card(event: Event, coming: int, key: str, t: Texts) -> ui.LayoutView:
    """The event's card, as everybody sees it in its channel."""
    return card(*card_parts(event, coming, key, t))


def card_parts(event: Event, coming: int, key: str, t: Texts) -> tuple[CardPart, ...]:
    """Title, text, when and where, line-up, the note, and the ways to answer."""
    ahead = event.state in {State.DRAFT, State.PLANNED, State.LIVE}
    heading = f"## {plain(event.title)}" if event.title else None
    if event.state is State.CANCELLED:
        heading = "## " + t("Cancelled: {title}", title=plain(event.title))
    return (
        heading,
        _standing(event, t),
        event.body or None,
        facts_of(event, t),
        line_up_of(event, t),
        _invite(event, coming, t) if ahead else None,
        note_of(t),
        row(
            button(t("I'm coming"), "event:come", event.guild_id, event.event_id, style=PRIMARY)
            if ahead
            else None,
            way_in(event, t) if ahead else None,
            button(t("Where to find help"), "help-now:open", key),
        ),
    )


def _standing(event: Event, t: Texts) -> str | None:
    return {
        State.LIVE: f"**{t('On now. Come in.')}**",
        State.OVER: t("It is over. Thank you for being there."),
        State.CANCELLED: t("It does not take place."),
    }.get(event.state)


def _invite(event: Event, coming: int, t: Texts) -> str:
    return count_of(event, coming, t) if coming else t("Be the first to say that you are coming.")


def _card(post: Post, body: EventPost, t: Texts) -> ui.LayoutView:
    return render_card(body.event, body.coming, post.key, t)


def _reminder(post: Post, body: EventPost, t: Texts) -> ui.LayoutView:
    event = body.event
    name = plain(event.title)
    heading = (
        t("Soon: {title}", title=name)
        if body.part is Part.SOON
        else t("Tomorrow: {title}", title=name)
    )
    return card(
        f"## {heading}",
        facts_of(event, t, has_host=post.recipient_id is None),
        note_of(t),
        row(way_in(event, t), *_answers(post, event, t)),
    )


def _changed(post: Post, body: EventPost, t: Texts) -> ui.LayoutView:
    event, before = body.event, body.before or {}
    if event.state is State.CANCELLED:
        return card(
            "## " + t("Cancelled: {title}", title=plain(event.title)),
            t(
                "It was to begin {when}. There is nothing more to do, and no more reminders.",
                when=stamp(before.get("starts_at") or event.starts_at or 0),
            ),
            row(button(t("What else is coming"), "event:list", event.guild_id, 0, post.key)),
        )
    lines = []
    if before.get("title") != event.title:
        lines.append(
            t(
                "It is called “{new}” now; it was “{old}”.",
                new=plain(event.title),
                old=plain(before.get("title") or ""),
            )
        )
    if before.get("starts_at") != event.starts_at:
        old = stamp(before.get("starts_at") or 0)
        lines.append(t("It moved: {new}. It was {old}.", new=when_of(event, t), old=old))
    if _place(before) != _place(_told(event)):
        lines.append(t("It takes place here now: {where}.", where=where_of(event, t)))
    return card(
        "## " + t("Changed: {title}", title=plain(event.title)),
        "\n".join(lines) or t("It is back to what it was. Nothing is different."),
        row(way_in(event, t), *_answers(post, event, t)),
    )


def _signal(post: Post, body: EventPost, t: Texts) -> ui.LayoutView:
    event = body.event
    turn = event.turn or 0
    names = [plain(slot.who) for slot in event.line_up]
    now = names[turn] if turn < len(names) else ""
    words = t("About two minutes left for {who}, until {end}.", who=now, end=_end(event))
    following = (
        t("Next: {who}.", who=names[turn + 1])
        if turn + 1 < len(names)
        else t("It is the last turn.")
    )
    return card(
        "## " + t("Two minutes: {title}", title=plain(event.title)),
        f"{words}\n{following}",
        row(button(t("Host's panel"), "event:host", event.guild_id, event.event_id, post.key)),
    )


def _closing(post: Post, body: EventPost, t: Texts) -> ui.LayoutView:
    event = body.event
    return card(
        "## " + t("Thank you for being here"),
        t(
            "“{title}” is over. Take a moment before you go on with your day: a glass of water, "
            "a few slow breaths, or a look out of the window.",
            title=plain(event.title),
        ),
        t("If something stays with you, you don't have to carry it alone."),
        help_buttons(t),
        row(
            button(t("Where to find help"), "help-now:open", post.key),
            *(button(t(label), "resources:show", guide) for guide, label in GUIDES.items()),
        ),
        note_of(t),
        accent=CARE,
    )


def _recap(post: Post, body: EventPost, t: Texts) -> ui.LayoutView:
    return render_recap(body.event, post.key, t)


def render_recap(event: Event, key: str, t: Texts) -> ui.LayoutView:
    """What the host wrote afterwards, as everybody sees it in the event's channel."""
    people = (
        t("{people} people were there.", people=event.attendance)
        if event.attendance is not None and event.attendance > 1
        else None
    )
    return card(
        "## " + t("Looking back: {title}", title=plain(event.title)),
        event.recap,
        people,
        note_of(t),
        row(button(t("Where to find help"), "help-now:open", key)),
        accent=CALM,
    )


def _from(part: Part, community: str | None, t: Texts) -> str:
    """Which community a letter is from, and why somebody gets it."""
    why = {
        Part.CHANGED: t("You asked to be told when it changes."),
        Part.SIGNAL: t("You asked for a signal."),
    }.get(part, t("You asked to be reminded."))
    origin = "" if community is None else t("From {community}. ", community=plain(community))
    return f"-# {origin}{why}"


def _answers(post: Post, event: Event, t: Texts) -> tuple[ui.Button[Any], ...]:
    own = (
        (button(t("My answer"), "event:answer", event.guild_id, event.event_id),)
        if post.recipient_id is not None
        else ()
    )
    return (*own, button(t("Where to find help"), "help-now:open", post.key))


def way_in(event: Event, t: Texts) -> ui.Button[Any] | None:
    """The button that leads to where it takes place."""
    if event.place is Place.LINK:
        return link(t("Open the link"), event.link or "") if is_link(event.link or "") else None
    if event.place_channel_id is None:
        return None
    place = f"https://discord.com/channels/{event.guild_id}/{event.place_channel_id}"
    return link(t("Go there"), place)


def _end(event: Event) -> str:
    ends_at = turn_ends_at(event)
    return "" if ends_at is None else stamp(ends_at, "t")


def _told(event: Event) -> dict[str, Any]:
    return {
        "place": event.place and event.place.value,
        "place_channel_id": event.place_channel_id,
        "link": event.link,
    }


def _place(told: dict[str, Any]) -> tuple[Any, ...]:
    return told.get("place"), told.get("place_channel_id"), told.get("link")
