"""What members see of events, each for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.events.posts import Part as Post
from bot.events.posts import remind
from bot.events.rsvps import Way
from bot.events.rules import AHEAD, Event, State
from cogs.events.posts import way_in
from cogs.events.words import count_of, facts_of, line_up_of, note_of, state_of
from cogs.ui.cards import Part, button, card, line, row
from cogs.ui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from discord import ui

    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
PAGE = 4
ALL = 0
"""In the place of an event's number: everything that is coming."""


def render_list(  # noqa: PLR0913, PLR0917 (what a page is made of)
    events: Sequence[Event],
    ways: Mapping[int, Way | None],
    page: int,
    pages: int,
    guild_id: int,
    user_id: int,
    t: Texts,
    *,
    has_feed: bool = False,
) -> ui.LayoutView:
    """A page of what is coming, the nearest first, with the reader's own answers."""
    if not events:
        return card(
            "## " + t("Live events"),
            t("Nothing is planned at the moment. As soon as there is, you will find it here."),
        )
    parts: list[Part] = ["## " + t("Live events")]
    for event in events:
        way = ways.get(event.event_id)
        is_on = f" · {state_of(event, t)}" if event.state is State.LIVE else ""
        parts += [
            f"### {plain(event.title)}{is_on}\n{facts_of(event, t)}",
            row(
                button(t("I'm coming"), "event:come", guild_id, event.event_id, style=PRIMARY)
                if way is None
                else button(t("You are coming"), "event:answer", guild_id, event.event_id),
                button(t("What it is about"), "event:answer", guild_id, event.event_id)
                if way is None
                else None,
                button(t("Host's panel"), "event:host", guild_id, event.event_id)
                if event.host_id == user_id
                else None,
            ),
        ]
    parts += [
        line(),
        row(
            button(t("Add all to my calendar"), "event:ics", guild_id, ALL),
            button(t("Subscribe"), "day:feed") if has_feed else None,
        ),
        note_of(t),
    ]
    if pages > 1:
        back = button(t("Back"), "event:list", guild_id, page - 1, disabled=page == 0)
        following = button(t("Next"), "event:list", guild_id, page + 1, disabled=page == pages - 1)
        parts.append(row(back, following))
    return card(*parts)


def render_answer(  # noqa: PLR0913, PLR0917 (what the card is made of)
    event: Event, way: Way | None, coming: int, now: int, community: str | None, t: Texts
) -> ui.LayoutView:
    """How somebody answered, and how they are reminded.

    ``community`` is its name where the card is shown in a direct message, and None inside it.
    """
    title = plain(event.title)
    origin = None if community is None else "-# " + t("In {community}", community=plain(community))
    if event.state not in AHEAD:
        return card(
            "## " + title,
            origin,
            t("It is over.") if event.state is State.OVER else t("It is cancelled."),
            row(button(t("What else is coming"), "event:list", event.guild_id, 0)),
        )
    if way is None:
        return _look(event, coming, origin, t)
    return card(
        "## " + t("You are coming: {title}", title=title),
        origin,
        facts_of(event, t, has_host=community is None),
        *_reminders(event, way, now, t),
        row(
            way_in(event, t),
            button(t("Add to my calendar"), "event:ics", event.guild_id, event.event_id),
            button(t("Not coming after all"), "event:leave", event.guild_id, event.event_id),
            button(t("All events"), "event:list", event.guild_id, 0),
        ),
        "-# "
        + t("Nobody sees who comes, only how many. A week after the event I forget your answer."),
    )


def render_left(event: Event, t: Texts) -> ui.LayoutView:
    """After somebody took their answer back."""
    return card(
        t("That's fine. Your answer to “{title}” is forgotten.", title=plain(event.title)),
        row(
            button(t("I'm coming after all"), "event:come", event.guild_id, event.event_id)
            if event.state in AHEAD
            else None,
            button(t("What else is coming"), "event:list", event.guild_id, 0),
        ),
    )


def _look(event: Event, coming: int, origin: str | None, t: Texts) -> ui.LayoutView:
    """The event for somebody who has not said that they come."""
    guild_id, number = event.guild_id, event.event_id
    return card(
        f"## {plain(event.title)}",
        origin,
        event.body or None,
        facts_of(event, t, has_host=origin is None),
        line_up_of(event, t),
        count_of(event, coming, t) if coming else None,
        row(
            button(t("I'm coming"), "event:come", guild_id, number, style=PRIMARY),
            way_in(event, t),
            button(t("Add to my calendar"), "event:ics", guild_id, number),
            button(t("All events"), "event:list", guild_id, 0),
        ),
        note_of(t),
    )


def _reminders(event: Event, way: Way, now: int, t: Texts) -> tuple[Part, ...]:
    """How they are reminded, of what is still ahead, and the other ways."""
    if event.state is State.LIVE:
        return (t("It is on now. See you there."),)
    names = {
        Way.DIRECT: t("By direct message"),
        Way.THREAD: t("In the thread"),
        Way.NONE: t("No reminder"),
    }
    offered = [one for one in Way if one is not Way.THREAD or event.thread_id is not None]
    return (
        f"**{t('Remind you?')}**\n{_tell_way(event, way, now, t)}",
        row(
            *(
                button(
                    names[one],
                    "event:way",
                    event.guild_id,
                    event.event_id,
                    one,
                    style=PRIMARY if one is way else discord.ButtonStyle.secondary,
                    disabled=one is way,
                )
                for one in offered
            )
        ),
    )


def _tell_way(event: Event, way: Way, now: int, t: Texts) -> str:
    if way is Way.NONE:
        return t("I don't remind you. Its card says so if it is moved or cancelled.")
    ahead = {order.part for order in remind(event, now)}
    if Post.DAY in ahead:
        when = t("I remind you a day and 15 minutes before, and tell you once when it changes.")
    elif Post.SOON in ahead:
        when = t("I remind you 15 minutes before, and tell you once when it changes.")
    else:
        when = t("It begins too soon for a reminder. I tell you once when it changes.")
    how = (
        t("I mention you in <#{thread}>, where others see your name.", thread=event.thread_id)
        if way is Way.THREAD
        else t(
            "I write to you directly. Your settings must allow direct messages from this community."
        )
    )
    return f"{when} {how}"
