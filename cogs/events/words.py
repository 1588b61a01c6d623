"""Events in words: when, where, with whom, and how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import HOUR, MINUTE
from bot.events.rules import NOTE, Event, Place, State
from bot.links import is_link
from cogs.ui.cards import cut
from cogs.ui.plain import plain
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.i18n import Texts

LINE_UP_ROOM = 1_000
"""Characters that a line-up may take. The marks in a strange name are escaped and so count twice;
where that is too much, long names are cut."""
NAME_SHOWN = 20


def when_of(event: Event, t: Texts) -> str:
    """When it begins, in the reader's own time, and how long it lasts."""
    if event.starts_at is None:
        return t("No time yet")
    when = stamp(event.starts_at)
    if event.finished_at is not None:
        return when
    length = length_of(event.minutes, t)
    if event.state is State.LIVE:
        return t("{when}, for {length}", when=when, length=length)
    soon = stamp(event.starts_at, "R")
    return t("{when}, {soon}, for {length}", when=when, soon=soon, length=length)


def length_of(minutes: int, t: Texts) -> str:
    """A length in minutes, or in hours where that is shorter to read."""
    hours, rest = divmod(minutes * MINUTE, HOUR)
    if hours > 1 and not rest:
        return t("{hours} hours", hours=hours)
    return t("{minutes} minutes", minutes=minutes)


def where_of(event: Event, t: Texts) -> str:
    """Where it takes place."""
    if event.place is Place.LINK:
        link = event.link or ""
        return f"<{link}>" if is_link(link) else plain(link) or t("No place yet")
    if event.place_channel_id is None:
        return t("No place yet")
    return f"<#{event.place_channel_id}>"


def line_up_of(event: Event, t: Texts) -> str | None:
    """Who comes when. On the day, the one whose turn it is stands out, and times follow it."""
    if not event.line_up:
        return None
    lines = _turns(event, None, t)
    if len(lines) > LINE_UP_ROOM:
        lines = _turns(event, NAME_SHOWN, t)
    return f"**{t('Line-up')}**\n{lines}"


def _turns(event: Event, most: int | None, t: Texts) -> str:
    lines = []
    for number, (slot, at) in enumerate(zip(event.line_up, _begin(event), strict=True)):
        name = plain(slot.who if most is None else cut(slot.who, most))
        if event.state is State.LIVE and event.turn is not None and number < event.turn:
            lines.append("- " + t("{who}, done", who=name))
            continue
        begins = f"{stamp(at, 't')} · " if at is not None else ""
        shown = f"**{name}**" if event.state is State.LIVE and number == event.turn else name
        lines.append("- " + begins + t("{who}, {minutes} min", who=shown, minutes=slot.minutes))
    return "\n".join(lines)


def _begin(event: Event) -> Iterator[int | None]:
    """When each turn begins: as planned, and once it is on, after the turns as they really go."""
    at = event.starts_at
    for number, slot in enumerate(event.line_up):
        if event.state is State.LIVE and number == event.turn:
            at = event.turn_at
        yield at
        at = None if at is None else at + slot.minutes * MINUTE


def facts_of(event: Event, t: Texts, *, has_host: bool = True) -> str:
    """When, where, and who leads it; outside the community, a host's name would be a number."""
    facts = [
        t("When: {when}", when=when_of(event, t)),
        t("Where: {where}", where=where_of(event, t)),
        t("Host: {host}", host=f"<@{event.host_id}>") if event.host_id and has_host else None,
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


def count_of(event: Event, coming: int, t: Texts) -> str:
    """How many say that they will come, or said so."""
    if event.finished_at is not None:
        return t("Said that they would come: {coming}", coming=coming)
    if coming == 0:
        return t("Nobody has said yet that they are coming.")
    if coming == 1:
        return t("One person is coming.")
    return t("{coming} people are coming.", coming=coming)
