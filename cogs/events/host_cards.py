"""The panel of the day: whose turn it is, who is next, and what to press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.events.rules import AHEAD, Event, State, turn_ends_at
from cogs.events.posts import way_in
from cogs.events.words import count_of, line_up_of, state_of, when_of
from cogs.ui.cards import button, card, cut, row
from cogs.ui.plain import plain
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
DANGER = discord.ButtonStyle.danger
NAME_SHOWN = 40


def render_host(event: Event, coming: int, t: Texts) -> ui.LayoutView:
    """Only the host or the moderator who opened it sees it."""
    names = [slot.who for slot in event.line_up]
    return card(
        "## " + t("{title}: the day", title=plain(event.title)),
        f"**{state_of(event, t)}** · {when_of(event, t)}\n{count_of(event, coming, t)}",
        _turn(event, [plain(name) for name in names], t),
        line_up_of(event, t) if event.state in AHEAD else None,
        _afterwards(event, t),
        row(*_buttons(event, names, t)),
        row(
            way_in(event, t) if event.state in AHEAD else None,
            button(t("Look again"), "event:host", event.guild_id, event.event_id),
        ),
    )


def _buttons(event: Event, names: Sequence[str], t: Texts) -> tuple[ui.Button[Any] | None, ...]:
    guild_id, number = event.guild_id, event.event_id
    is_on = event.state is State.LIVE
    start = recap = None
    if event.state is State.PLANNED:
        start = button(t("Start"), "event:start", guild_id, number, style=PRIMARY)
    if event.state is State.OVER:
        words = t("Change the recap") if event.recap else t("Write a recap")
        recap = button(words, "event:recap", guild_id, number, style=PRIMARY)
    words = t("No signal, please") if event.signal_id is not None else t("Signal me")
    return (
        start,
        _next(event, names, t) if is_on else None,
        button(words, "event:signal", guild_id, number) if names and event.state in AHEAD else None,
        button(t("Close"), "event:close", guild_id, number, style=DANGER) if is_on else None,
        recap,
    )


def _next(event: Event, names: Sequence[str], t: Texts) -> ui.Button[Any] | None:
    turn = event.turn
    if turn is None or turn >= len(names):
        return None
    is_last = turn + 1 == len(names)
    words = (
        t("End this turn") if is_last else t("Next: {who}", who=cut(names[turn + 1], NAME_SHOWN))
    )
    return button(words, "event:next", event.guild_id, event.event_id, turn, style=PRIMARY)


def _turn(event: Event, names: Sequence[str], t: Texts) -> str | None:
    if event.state not in AHEAD:
        return None
    if event.state is State.PLANNED:
        words = t("Press Start when it begins. At its time I start it, if nobody has.")
        if names:
            words = t("First: {who}.", who=names[0]) + " " + words
        return words + _signal(event, names, t)
    turn = event.turn
    if turn is None or not names:
        return t("Press Close when you say goodbye: then I post help and guides to calm down with.")
    if turn >= len(names):
        return t(
            "The line-up is through. Press Close when you say goodbye: then I post help and "
            "guides to calm down with."
        )
    ends_at = turn_ends_at(event) or 0
    now = t("Now: **{who}**, until {end}.", who=names[turn], end=stamp(ends_at, "t"))
    is_last = turn + 1 == len(names)
    following = t("It is the last turn.") if is_last else t("Next: {who}.", who=names[turn + 1])
    return f"{now} {following}{_signal(event, names, t)}"


def _signal(event: Event, names: Sequence[str], t: Texts) -> str:
    if not names:
        return ""
    if event.signal_id is None:
        words = t("Signal me: a direct message to you, about two minutes before each turn ends.")
    else:
        words = t(
            "<@{user}> gets a direct message about two minutes before each turn ends.",
            user=event.signal_id,
        )
    return f"\n-# {words}"


def _afterwards(event: Event, t: Texts) -> str | None:
    if event.state is State.CANCELLED:
        return t("There is nothing to lead: those who asked to be reminded are told.")
    if event.state is not State.OVER:
        return None
    if event.recap:
        return t("The recap is in the event's channel. A change of it is shown there, too.")
    return t(
        "The closing card with help and guides comes within a minute. If you like, write what it "
        "was like: that is posted in the event's channel."
    )
