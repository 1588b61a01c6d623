"""Live events as values, and the pure decisions about them."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.clock import DAY, HOUR, MINUTE
from bot.delivery.plans import Plan, Repeat
from bot.delivery.times import next_run
from bot.links import is_link
from bot.words import clean_line, clean_text, count_visible

MOST = 25
"""As many as a community may have ahead, drafts among them. Discord itself allows 100."""
TITLE_LENGTH = 100
BODY_LENGTH = 900
REMOTE_BODY_LENGTH = 1000
"""Discord's own limit for what an event is about; the note on therapy stands there, too."""
LINK_LENGTH = 100
"""Discord's own limit for where an event takes place."""
LEAST_VISIBLE = 3
LEAST_MINUTES, MOST_MINUTES = 5, 12 * 60
USUAL_MINUTES = 60
OVERRUN = HOUR
"""How long after its end an event is still left running."""
RSVPS_KEPT = 7 * DAY
"""How long after an event it is still known who said that they would come."""
EVENTS_KEPT = 400 * DAY
"""How long an event that is over stays listed: until the same day of the next year is past."""

NOTE = "General information, not therapy or emergency care."
"""What every event says of itself."""


class State(StrEnum):
    """How an event stands."""

    DRAFT = "draft"
    PLANNED = "planned"
    LIVE = "live"
    OVER = "over"
    CANCELLED = "cancelled"


AHEAD = frozenset({State.PLANNED, State.LIVE})


class Place(StrEnum):
    """Where it takes place: a stage or voice channel of the community, or behind a link."""

    STAGE = "stage"
    VOICE = "voice"
    LINK = "link"


class Fault(StrEnum):
    """What an event still lacks before it can be published."""

    TITLE = "title"
    BODY = "body"
    PLACE = "place"
    LINK = "link"
    WHEN = "when"
    PAST = "past"
    CHANNEL = "channel"
    LINE_UP = "line-up"


@dataclass(frozen=True, slots=True)
class Slot:
    """A creator's turn. ``who`` is a name that moderators typed, ``minutes`` its length."""

    who: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What Discord's own event shows. Instants are UTC epoch seconds."""

    title: str
    body: str
    starts_at: int
    ends_at: int
    place: Place
    channel_id: int | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event, or one day of an event that repeats. Instants are UTC epoch seconds.

    ``host_id`` and ``signal_id`` are people: who leads it, and who asked for a signal two minutes
    before a turn ends. ``synced`` is what Discord was seen to show last, and None where it shows
    nothing any more; ``pushed`` is what it was asked to show. ``was_tried`` says that
    it was asked to make one, and nobody knows what came of it.
    """

    event_id: int
    guild_id: int
    author_id: int | None
    title: str = ""
    body: str = ""
    place: Place | None = None
    place_channel_id: int | None = None
    link: str | None = None
    channel_id: int | None = None
    role_id: int | None = None
    plan: Plan | None = None
    starts_at: int | None = None
    minutes: int = USUAL_MINUTES
    host_id: int | None = None
    has_therapist: bool = False
    line_up: tuple[Slot, ...] = field(default=())
    state: State = State.DRAFT
    discord_event_id: int | None = None
    synced: Outline | None = None
    pushed: Outline | None = None
    was_tried: bool = False
    thread_id: int | None = None
    turn: int | None = None
    turn_at: int | None = None
    signal_id: int | None = None
    recap: str | None = None
    attendance: int | None = None
    changed_at: int = 0
    finished_at: int | None = None

    @property
    def ends_at(self) -> int:
        """When it is meant to end."""
        return (self.starts_at or 0) + self.minutes * MINUTE

    @property
    def repeats(self) -> bool:
        """Whether another one follows it."""
        return self.plan is not None and self.plan.repeat is not Repeat.ONCE

    def outline(self) -> Outline:
        """What Discord's own event should show. Only for one that has a time and a place."""
        note = f"\n\n{NOTE}"
        room = REMOTE_BODY_LENGTH - len(note)
        is_link = self.place is Place.LINK
        return Outline(
            title=self.title,
            body=f"{self.body[:room]}{note}".strip(),
            starts_at=self.starts_at or 0,
            ends_at=self.ends_at,
            place=self.place or Place.LINK,
            channel_id=None if is_link else self.place_channel_id,
            link=self.link if is_link else None,
        )


def clean(event: Event) -> Event:
    """The same with visible text only."""
    return replace(
        event,
        title=clean_line(event.title, TITLE_LENGTH),
        body=clean_text(event.body, BODY_LENGTH),
    )


def find_faults(event: Event, now: int) -> list[Fault]:
    """Everything that keeps an event from being published, at once."""
    faults = [
        fault
        for fault, text in ((Fault.TITLE, event.title), (Fault.BODY, event.body))
        if count_visible(text) < LEAST_VISIBLE
    ]
    if event.place is None or (event.place is not Place.LINK and event.place_channel_id is None):
        faults.append(Fault.PLACE)
    if event.place is Place.LINK and not is_link(event.link or ""):
        faults.append(Fault.LINK)
    if event.plan is None:
        faults.append(Fault.WHEN)
    elif find_start(event.plan, now) is None:
        faults.append(Fault.PAST)
    if event.channel_id is None:
        faults.append(Fault.CHANNEL)
    if sum(slot.minutes for slot in event.line_up) > event.minutes:
        faults.append(Fault.LINE_UP)
    return faults


def find_start(plan: Plan, after: int) -> int | None:
    """When a plan's next event begins; None when there is no other. Raises ``ValueError``."""
    run = next_run(plan.recur(), after)
    return None if run is None else run.at


def follow(event: Event, now: int) -> Event | None:
    """The next one of an event that repeats, as it is planned; None when there is none."""
    if event.plan is None or not event.repeats:
        return None
    starts_at = find_start(event.plan, max(now, event.starts_at or 0))
    if starts_at is None:
        return None
    return Event(
        event_id=0,
        guild_id=event.guild_id,
        author_id=event.author_id,
        title=event.title,
        body=event.body,
        place=event.place,
        place_channel_id=event.place_channel_id,
        link=event.link,
        channel_id=event.channel_id,
        role_id=event.role_id,
        plan=event.plan,
        starts_at=starts_at,
        minutes=event.minutes,
        host_id=event.host_id,
        has_therapist=event.has_therapist,
        line_up=event.line_up,
        state=State.PLANNED,
        changed_at=now,
    )


def move(event: Event, starts_at: int, zone: str) -> Event:
    """The event at another instant. A single one's plan moves along; others come as planned."""
    plan, at = event.plan, starts_at // MINUTE * MINUTE
    if plan is not None:
        plan = _plan_rest(plan, event.starts_at or at) if event.repeats else plan
        plan = _plan_once(plan, at, plan.zone or zone) if plan.repeat is Repeat.ONCE else plan
    return replace(event, starts_at=at, plan=plan)


def plan_others(event: Event, plan: Plan) -> Event:
    """An event that is on stays where it is; those that follow it come by another plan."""
    following = next_run(plan.recur(), event.starts_at or 0)
    is_today = following and following.slot == day_of(event, plan.zone).isoformat()
    plan = _plan_rest(plan, following.at) if following and is_today else plan
    return replace(event, plan=plan)


def _plan_rest(plan: Plan, slot_at: int) -> Plan:
    """A series without the day that moves away: it begins with the next one, if there is one."""
    if find_start(plan, slot_at - 1) != slot_at:
        return plan  # it was moved before
    following = next_run(plan.recur(), slot_at)
    if following is None:
        return replace(plan, repeat=Repeat.ONCE, until=None)
    return replace(plan, start=date.fromisoformat(following.slot))


def _plan_once(plan: Plan, at: int, zone: str) -> Plan:
    there = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))
    minute = there.hour * 60 + there.minute
    moved = replace(plan, zone=zone, start=there.date(), minute_of_day=minute)
    if find_start(moved, at - 1) == at:
        return moved
    return _plan_once(plan, at, "UTC")  # an hour that the zone has twice, and UTC once


def day_of(event: Event, zone: str) -> date:
    """The date of an event in a zone."""
    return datetime.fromtimestamp(event.starts_at or 0, UTC).astimezone(ZoneInfo(zone)).date()


_LINE = re.compile(
    r"(?P<who>.+?)\s*[,;:|\u2013-]\s*(?P<minutes>\d{1,3})\s*(?:min\w*\.?|m)?", re.IGNORECASE
)
NAME_LENGTH = 60
MOST_SLOTS = 12


def read_line_up(text: str) -> tuple[Slot, ...]:
    """The turns that were typed, a line each: ``Name, 15``. Raises ``ValueError`` with the line."""
    slots: list[Slot] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _LINE.fullmatch(line)
        who = clean_line(match["who"], NAME_LENGTH) if match else ""
        minutes = int(match["minutes"]) if match else 0
        if not who or not 1 <= minutes <= MOST_MINUTES or len(slots) == MOST_SLOTS:
            raise ValueError(line)
        slots.append(Slot(who, minutes))
    return tuple(slots)


def write_line_up(slots: tuple[Slot, ...]) -> str:
    """The same as it is typed."""
    return "\n".join(f"{slot.who}, {slot.minutes}" for slot in slots)


def turn_ends_at(event: Event) -> int | None:
    """When the turn that is on ends; None where none is on."""
    if event.turn is None or event.turn_at is None or event.turn >= len(event.line_up):
        return None
    return event.turn_at + event.line_up[event.turn].minutes * MINUTE
