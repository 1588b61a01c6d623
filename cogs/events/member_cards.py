"""What members see of events, each for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.events.rsvps import Way
from bot.events.rules import AHEAD, Event
from cogs.events.words import facts_of, note_of
from cogs.ui.cards import Part, button, card, line, row
from cogs.ui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from discord import ui

    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
PAGE = 4


def render_list(  # noqa: PLR0913, PLR0917 (what a page is made of)
    events: Sequence[Event],
    ways: Mapping[int, Way | None],
    page: int,
    pages: int,
    guild_id: int,
    user_id: int,
    t: Texts,
) -> ui.LayoutView:
    """A page of what is coming, the nearest first, with the reader's own answers."""
    if not events:
        return card(
            "## " + t("Live events"),
            t("Nothing is planned at the moment. When there is, its card is posted here."),
        )
    parts: list[Part] = ["## " + t("Live events")]
    for event in events:
        way = ways.get(event.event_id)
        parts += [
            f"### {plain(event.title)}\n{facts_of(event, t)}",
            row(
                button(t("I'm coming"), "event:come", guild_id, event.event_id, style=PRIMARY)
                if way is None
                else button(t("You are coming"), "event:answer", guild_id, event.event_id),
                button(t("Host's panel"), "event:host", guild_id, event.event_id)
                if event.host_id == user_id
                else None,
            ),
        ]
    parts += [line(), note_of(t)]
    if pages > 1:
        back = button(t("Back"), "event:list", guild_id, page - 1, disabled=page == 0)
        following = button(t("Next"), "event:list", guild_id, page + 1, disabled=page == pages - 1)
        parts.append(row(back, following))
    return card(*parts)


def render_answer(event: Event, way: Way | None, t: Texts) -> ui.LayoutView:
    """That somebody is counted in, and how they are reminded."""
    guild_id, number = event.guild_id, event.event_id
    title = plain(event.title)
    if event.state not in AHEAD:
        return card(
            "## " + title,
            t("It is over or cancelled. /events shows what is coming."),
            row(button(t("What else is coming"), "event:list", guild_id, 0)),
        )
    if way is None:
        return card(
            "## " + title,
            facts_of(event, t),
            t("You have not said that you come."),
            row(button(t("I'm coming"), "event:come", guild_id, number, style=PRIMARY)),
        )
    ways = {
        Way.DIRECT: t("By direct message"),
        Way.THREAD: t("In the thread"),
        Way.NONE: t("No reminder"),
    }
    offered = [one for one in Way if one is not Way.THREAD or event.thread_id is not None]
    told = {
        Way.DIRECT: t(
            "I write to you a day and 15 minutes before, and once if it is moved or cancelled. "
            "Direct messages from this community must be allowed in your settings."
        ),
        Way.THREAD: t(
            "I mention you in <#{thread}> a day and 15 minutes before, and once if it is moved or "
            "cancelled. People there see your name.",
            thread=event.thread_id,
        ),
        Way.NONE: t("I don't remind you. Its card says so if it is moved or cancelled."),
    }[way]
    return card(
        "## " + t("You are counted in: {title}", title=title),
        facts_of(event, t),
        f"**{t('Remind you?')}**\n{told}",
        row(
            *(
                button(
                    ways[one],
                    "event:way",
                    guild_id,
                    number,
                    one,
                    style=PRIMARY if one is way else discord.ButtonStyle.secondary,
                    disabled=one is way,
                )
                for one in offered
            )
        ),
        row(button(t("Not coming after all"), "event:leave", guild_id, number)),
        "-# " + t("Nobody sees who comes, only how many. A week after the event it is forgotten."),
    )


def render_left(event: Event, t: Texts) -> ui.LayoutView:
    """After somebody took their answer back."""
    return card(
        t("That's fine. Your answer to “{title}” is forgotten.", title=plain(event.title)),
        row(
            button(t("I'm coming after all"), "event:come", event.guild_id, event.event_id),
            button(t("What else is coming"), "event:list", event.guild_id, 0),
        ),
    )
