"""Events in words: when, where, with whom, and how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import MINUTE
from bot.events.rules import NOTE, Event, Place, State
from bot.links import is_link
from cogs.ui.plain import plain
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from bot.i18n import Texts

LINE_UP_SHOWN = 12


def when_of(event: Event, t: Texts) -> str:
    """When it begins, in the reader's own time, and how long it lasts."""
    if event.starts_at is None:
        return t("No time yet")
    return t(
        "{when}, {soon}, for {minutes} minutes",
        when=stamp(event.starts_at),
        soon=stamp(event.starts_at, "R"),
        minutes=event.minutes,
    )


def where_of(event: Event, t: Texts) -> str:
    """Where it takes place."""
    if event.place is Place.LINK:
        link = event.link or ""
        return f"<{link}>" if is_link(link) else plain(link) or t("No place yet")
    if event.place_channel_id is None:
        return t("No place yet")
    return f"<#{event.place_channel_id}>"


def line_up_of(event: Event, t: Texts) -> str | None:
    """Who comes when. On the day, the one whose turn it is stands out."""
    if not event.line_up:
        return None
    lines = []
    at = event.starts_at
    for number, slot in enumerate(event.line_up[:LINE_UP_SHOWN]):
        name = plain(slot.who)
        is_on = event.state is State.LIVE and event.turn == number
        words = t("{minutes} min", minutes=slot.minutes)
        begins = f"{stamp(at, 't')} · " if at is not None else ""
        lines.append(f"- {begins}{f'**{name}**' if is_on else name}, {words}")
        at = None if at is None else at + slot.minutes * MINUTE
    return f"**{t('Line-up')}**\n" + "\n".join(lines)


def facts_of(event: Event, t: Texts) -> str:
    """When, where, and who leads it."""
    facts = [
        t("When: {when}", when=when_of(event, t)),
        t("Where: {where}", where=where_of(event, t)),
        t("Host: {host}", host=f"<@{event.host_id}>") if event.host_id else None,
        t("With a licensed therapist as a guest") if event.has_therapist else None,
    ]
    return "\n".join(f"- {fact}" for fact in facts if fact)


def note_of(t: Texts) -> str:
    """What every event says of itself."""
    return "-# " + t(NOTE)


def state_of(event: Event, t: Texts) -> str:
    """How it stands."""
    return {
        State.DRAFT: t("Draft"),
        State.PLANNED: t("Planned"),
        State.LIVE: t("On now"),
        State.OVER: t("Over"),
        State.CANCELLED: t("Cancelled"),
    }[event.state]


def count_of(coming: int, t: Texts) -> str:
    """How many say that they will come."""
    if coming == 0:
        return t("Nobody has said yet that they come. Be the first.")
    if coming == 1:
        return t("One person says that they come.")
    return t("{coming} people say that they come.", coming=coming)
