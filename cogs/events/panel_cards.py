"""What moderators see of events: the list, the panel of one, what cancelling does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.delivery.plans import Repeat
from bot.events.changing import WORDS
from bot.events.rules import AHEAD, Event, Fault, State, day_of
from bot.safety.messaging import advise
from cogs.events.posts import card_parts
from cogs.events.words import count_of, state_of
from cogs.ui.cards import CALM, WARN, button, card, cut, refusal, row, select
from cogs.ui.plain import plain
from cogs.ui.plans import REPEATS, describe, show_date
from cogs.ui.routes import custom_id
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
DANGER = discord.ButtonStyle.danger
TITLE_SHOWN = 40
ADVICE_LENGTH = 350
TEST = "test"
"""The key of a card that only a moderator sees."""


def render_panel(
    event: Event, coming: int, faults: Sequence[Fault], problem: str | None, t: Texts
) -> ui.LayoutView:
    """The event's card exactly as it will look, and below it what can be done about it."""
    view = card(*card_parts(event, coming, TEST, t))
    parts = (
        f"**{state_of(event, t)}**\n-# " + t("Above is its card. Only you can see it here."),
        _facts(event, coming, t),
        _lacking(faults, t) if event.state is State.DRAFT else None,
        _advice(event, t) if event.finished_at is None else None,
        f"**{t('Not in step with Discord')}**\n{problem}" if problem else None,
        *(_choices(event, t) if event.finished_at is None else ()),
        _main_buttons(event, faults, t),
        _other_buttons(event, t, is_out=bool(problem) or _is_missing(event)),
    )
    items = [ui.TextDisplay(part) if isinstance(part, str) else part for part in parts if part]
    accent = WARN if problem else CALM
    view.add_item(ui.Container(*items, accent_colour=accent))
    return view


def render_refused(token: str, why: str, t: Texts) -> ui.LayoutView:
    """Why words were not kept, and the way back into the form."""
    return refusal(
        f"## {t('Almost there')}\n- {why}\n" + t("Your text is kept: press Edit."),
        row(button(t("Edit"), "event:again", token, style=PRIMARY)),
    )


def render_list(events: Sequence[Event], past: Sequence[Event], t: Texts) -> ui.LayoutView:
    """A community's drafts and events, and the latest that are over."""
    write = row(button(t("Make one"), "event:write", style=PRIMARY))
    if not events and not past:
        words = t(
            "No event is planned yet. Make one: it gets a card with a button to say “I'm "
            "coming”, reminders for those who ask, and a place among Discord's own events."
        )
        return card("## " + t("Events"), words, write)
    options = [
        (str(event.event_id), f"{_name(event, t)}{_hint(event, t)}") for event in (*events, *past)
    ]
    lines = "\n".join(_entry(event, t) for event in events)
    old = "\n".join(_entry(event, t) for event in past)
    return card(
        "## " + t("Events"),
        lines or t("No event is planned."),
        f"**{t('Before')}**\n{old}" if old else None,
        row(select(t("Open one"), "event:open", options=options)),
        write,
    )


def render_cancel(event: Event, coming: int, t: Texts) -> ui.LayoutView:
    """Before it is called off: who would be told."""
    number = event.event_id
    return card(
        "## " + t("Cancel “{title}”?", title=plain(event.title)),
        count_of(event, coming, t),
        t("Those who asked for reminders are told once, and its card says so. It can't be undone."),
        t("The next one of the series is planned then, unless you cancel all that follow.")
        if event.repeats
        else None,
        row(
            button(t("Cancel it"), "event:cancel", number, style=DANGER),
            button(t("Cancel all that follow, too"), "event:cancel-all", number, style=DANGER)
            if event.repeats
            else None,
            button(t("Keep it"), "event:open", number),
        ),
        accent=WARN,
    )


def render_gone(t: Texts) -> ui.LayoutView:
    """After a draft was deleted."""
    return card(t("The draft is deleted."), row(button(t("All events"), "event:all")))


def _facts(event: Event, coming: int, t: Texts) -> str:
    plan, is_open = event.plan, event.finished_at is None
    facts = [
        t("Card in: <#{channel}>", channel=event.channel_id)
        if event.channel_id
        else t("Card in: choose a channel"),
        t("Plan: {plan}", plan=describe(plan, t)) if plan else t("Plan: choose when"),
        t("Pings: {role}", role=f"<@&{event.role_id}>" if event.role_id else t("nobody"))
        if event.state is State.DRAFT
        else None,
        t("Reminders for those who ask: by direct message{thread}", thread=_thread(event, t))
        if is_open
        else None,
        t("Among Discord's events, and kept in step with them")
        if event.discord_event_id and is_open
        else None,
        t("Not among Discord's events yet. Try again puts it there.")
        if _is_missing(event)
        else None,
        count_of(event, coming, t).rstrip(".") if event.state is not State.DRAFT else None,
    ]
    return "\n".join(f"- {fact}" for fact in facts if fact)


def _is_missing(event: Event) -> bool:
    return event.state in AHEAD and event.discord_event_id is None


def _advice(event: Event, t: Texts) -> str | None:
    """What safe messaging suggests for its words; the moderator decides."""
    found = advise(f"{event.title}\n{event.body}")
    if not found:
        return None
    lines = "\n".join(f"- “{plain(item.found)}”: {item.instead}" for item in found)
    return f"**{t('Safe messaging suggests:')}**\n{cut(lines, ADVICE_LENGTH)}"


def _thread(event: Event, t: Texts) -> str:
    return "" if event.thread_id is None else t(", or in <#{thread}>", thread=event.thread_id)


def _lacking(faults: Sequence[Fault], t: Texts) -> str | None:
    if not faults:
        return t("Everything is there. Press Publish when you like it.")
    lines = "\n".join(f"- {t(WORDS[fault])}" for fault in faults)
    return f"**{t('It still needs')}**\n{lines}"


def _choices(event: Event, t: Texts) -> tuple[ui.ActionRow[Any] | None, ...]:
    number = event.event_id
    place: ui.ChannelSelect[Any] = ui.ChannelSelect(
        custom_id=custom_id("event:place", number),
        placeholder=t("Where: stage or voice (a link: press Words)"),
        channel_types=[discord.ChannelType.stage_voice, discord.ChannelType.voice],
        default_values=[discord.Object(event.place_channel_id)] if event.place_channel_id else [],
    )
    where: ui.ChannelSelect[Any] = ui.ChannelSelect(
        custom_id=custom_id("event:channel", number),
        placeholder=t("Channel for its card"),
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        default_values=[discord.Object(event.channel_id)] if event.channel_id else [],
    )
    role: ui.RoleSelect[Any] = ui.RoleSelect(
        custom_id=custom_id("event:role", number),
        placeholder=t("A role to ping (opt-in), or nobody"),
        min_values=0,
        default_values=[discord.Object(event.role_id)] if event.role_id else [],
    )
    host: ui.UserSelect[Any] = ui.UserSelect(
        custom_id=custom_id("event:who", number),
        placeholder=t("Host: who leads it"),
        min_values=0,
        default_values=[discord.Object(event.host_id)] if event.host_id else [],
    )
    when = select(
        t("When: once or repeated"),
        "event:repeat",
        number,
        options=[(str(repeat), t(REPEATS[repeat])) for repeat in Repeat],
    )
    rows = [row(place), None if event.state is State.LIVE else row(when), row(host), row(where)]
    if event.state is State.DRAFT:
        rows.append(row(role))
    return tuple(rows)


def _main_buttons(event: Event, faults: Sequence[Fault], t: Texts) -> ui.ActionRow[Any] | None:
    number = event.event_id
    is_open = event.finished_at is None
    return row(
        button(t("Publish"), "event:publish", number, style=PRIMARY, disabled=bool(faults))
        if event.state is State.DRAFT
        else None,
        button(t("Words"), "event:words", number) if is_open else None,
        button(t("Length and line-up"), "event:details", number) if is_open else None,
        button(t("Host's panel"), "event:host", event.guild_id, number)
        if event.state is not State.DRAFT and event.state is not State.CANCELLED
        else None,
    )


def _other_buttons(event: Event, t: Texts, *, is_out: bool) -> ui.ActionRow[Any] | None:
    number = event.event_id
    return row(
        button(t("Try again"), "event:sync", number, style=PRIMARY) if is_out else None,
        button(t("Make a thread for reminders"), "event:thread", number)
        if event.state is State.PLANNED and event.thread_id is None
        else None,
        button(t("Cancel the event"), "event:ask-cancel", number, style=DANGER)
        if event.state in AHEAD
        else None,
        button(t("Delete the draft"), "event:delete", number, style=DANGER)
        if event.state is State.DRAFT
        else None,
        button(t("All events"), "event:all"),
    )


def _name(event: Event, t: Texts) -> str:
    return cut(event.title, TITLE_SHOWN) or t("A draft without a title")


def _hint(event: Event, t: Texts) -> str:
    """What tells events of the same name apart in a list to choose from."""
    if event.state is State.DRAFT or event.plan is None:
        return f" ({state_of(event, t)})"
    day = day_of(event, event.plan.zone)
    return f" ({show_date(day)})"


def _entry(event: Event, t: Texts) -> str:
    title = plain(_name(event, t))
    when = "" if event.starts_at is None else f" · {stamp(event.starts_at)}"
    return f"- **{title}** · {state_of(event, t)}{when}"
