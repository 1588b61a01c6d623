"""Everything that the delivery engine posts and sends for an event, as schedules. Pure.

A schedule's options name the event, the part, and for which beginning of the event it was made:
one that was made for another beginning is never sent. Each is for one instant and says it in UTC,
where no clock is ever changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.clock import DAY, MINUTE
from bot.delivery import days
from bot.delivery.ports import Schedule
from bot.delivery.rules import LATE_LIMIT, ScheduleState
from bot.delivery.times import Recurrence
from bot.events.rules import AHEAD, Event, State, turn_ends_at

DAY_BEFORE = DAY
SOON_BEFORE = 15 * MINUTE
SIGNAL_BEFORE = 150
"""A turn's signal goes out with the first minute in which so many seconds are left: at about two
minutes before its end."""
SOON_LATE = 10 * MINUTE
SIGNAL_LATE = MINUTE


class Part(StrEnum):
    """What is posted."""

    CARD = "card"
    DAY = "day"
    SOON = "soon"
    CHANGED = "changed"
    SIGNAL = "signal"
    CLOSING = "closing"
    RECAP = "recap"


POSTS, SOON_POSTS = "event", "event-soon"
"""Kinds of posts in channels and threads; the second is for what is soon of no use any more."""
LETTERS, SOON_LETTERS, SIGNALS = "event-letter", "event-soon-letter", "event-signal"
"""Kinds of direct messages."""
KINDS = (POSTS, SOON_POSTS, LETTERS, SOON_LETTERS, SIGNALS)
PERSONAL = frozenset({LETTERS, SOON_LETTERS, SIGNALS})


def late_limit(kind: str) -> int:
    """Seconds after which a post of a kind is not made any more."""
    return {SOON_POSTS: SOON_LATE, SOON_LETTERS: SOON_LATE, SIGNALS: SIGNAL_LATE}.get(
        kind, LATE_LIMIT
    )


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to be posted: what, by which kind, when (epoch second), and in which channel."""

    part: Part
    kind: str
    at: int
    channel_id: int = 0


def remind(event: Event, now: int) -> Iterator[Order]:
    """The reminders still ahead: a day and 15 minutes before, in person and in a thread."""
    if event.state is not State.PLANNED or event.starts_at is None:
        return
    for part, before, post, letter in (
        (Part.DAY, DAY_BEFORE, POSTS, LETTERS),
        (Part.SOON, SOON_BEFORE, SOON_POSTS, SOON_LETTERS),
    ):
        at = event.starts_at - before
        if at <= now:
            continue
        yield Order(part, letter, at)
        if event.thread_id is not None:
            yield Order(part, post, at, event.thread_id)


def signal(event: Event, now: int) -> Order | None:
    """The signal before the end of the turn that is on, if somebody asked for it in time."""
    ends_at = turn_ends_at(event)
    if event.state is not State.LIVE or ends_at is None or event.signal_id is None:
        return None
    at = -(-(ends_at - SIGNAL_BEFORE) // MINUTE) * MINUTE
    return Order(Part.SIGNAL, SIGNALS, at) if at > now else None


def tell_change(event: Event, now: int) -> Iterator[Order]:
    """What those who said that they would come are told once, at the next full minute."""
    yield Order(Part.CHANGED, LETTERS, next_minute(now))
    if event.thread_id is not None:
        yield Order(Part.CHANGED, POSTS, next_minute(now), event.thread_id)


def in_channel(event: Event, part: Part, now: int) -> Iterator[Order]:
    """A post in the event's channel, at the next full minute."""
    if event.channel_id is not None:
        yield Order(part, POSTS, next_minute(now), event.channel_id)


def next_minute(now: int) -> int:
    """The first full minute after an instant."""
    return (now // MINUTE + 1) * MINUTE


def to_schedule(event: Event, order: Order, **options: object) -> Schedule:
    """The schedule of one order. It is silent: who wants to be pinged chose a role."""
    at = datetime.fromtimestamp(order.at, UTC)
    return Schedule(
        schedule_id=0,
        guild_id=event.guild_id,
        kind=order.kind,
        channel_id=order.channel_id,
        recurrence=Recurrence(at.hour * 60 + at.minute, "UTC", days=days.once(at.date())),
        role_id=event.role_id if order.part is Part.CARD else None,
        is_silent=False,
        options={
            "event": event.event_id,
            "part": order.part.value,
            "starts_at": event.starts_at,
            **options,
        },
        state=ScheduleState.ACTIVE.value,
        problem=None,
        next_run_at=None,
    )


def is_wanted(event: Event | None, schedule: Schedule) -> bool:
    """Whether a post is still meant: for this beginning, and while the event stands as it did."""
    if event is None:
        return False
    part = Part(schedule.options["part"])
    if part in {Part.DAY, Part.SOON}:
        is_same = schedule.options["starts_at"] == event.starts_at
        return is_same and event.state is State.PLANNED
    if part is Part.SIGNAL:
        return event.state is State.LIVE and schedule.options.get("turn_at") == event.turn_at
    if part is Part.CARD:
        return event.state in AHEAD
    if part is Part.CHANGED:
        return event.state is not State.OVER
    return True
