"""What has to be done to bring an event and Discord's own in step. Pure.

What Discord was seen to show last is kept with the event. Where Discord shows something else now,
somebody changed it there, and that is taken over; where the event itself is another one than what
Discord was asked to show, Discord is asked again.
"""

from dataclasses import replace
from enum import StrEnum

from bot.clock import MINUTE
from bot.events.mirrors import Remote, Status
from bot.events.rules import NOTE, OVERRUN, Event, Outline, State, clean, move


class Step(StrEnum):
    """What has to be done next."""

    NOTHING = "nothing"
    SEARCH = "search"
    CREATE = "create"
    PUSH = "push"
    START = "start"
    END = "end"
    TAKE_OVER = "take over"
    BEGIN = "begin"
    FINISH = "finish"
    CANCEL = "cancel"
    LET_GO = "let go"


ASKING = frozenset({Step.CREATE, Step.PUSH, Step.START, Step.END})
"""Steps that ask something of Discord which it may refuse for good."""


def decide(event: Event, remote: Remote | None, now: int) -> Step:  # noqa: PLR0911 (a table)
    """The next step. ``remote`` is None where no event of Discord's is known yet.

    What the clock says of the event itself comes before what Discord is asked: where Discord
    refuses, it begins and ends all the same.
    """
    if remote is None:
        return _decide_alone(event, now)
    is_running = remote.status in {Status.SCHEDULED, Status.ACTIVE}
    if event.finished_at is not None:
        let_go = Step.LET_GO if event.synced is not None else Step.NOTHING
        return Step.END if is_running else let_go
    if not is_running:
        has_begun = event.state is State.LIVE or remote.status is Status.OVER
        return Step.FINISH if has_begun else Step.CANCEL
    if remote.outline != event.synced and event.synced is not None:
        return Step.TAKE_OVER
    if event.state is State.PLANNED and remote.status is Status.ACTIVE:
        return Step.BEGIN
    if (step := _decide_by_clock(event, now)) is not Step.NOTHING:
        return step
    if event.state is State.LIVE and remote.status is Status.SCHEDULED:
        return Step.START
    return Step.PUSH if event.outline() != event.pushed else Step.NOTHING


def _decide_alone(event: Event, now: int) -> Step:
    if event.finished_at is None and (step := _decide_by_clock(event, now)) is not Step.NOTHING:
        return step
    if event.was_tried:
        return Step.SEARCH
    return Step.CREATE if event.state is State.PLANNED else Step.NOTHING


def _decide_by_clock(event: Event, now: int) -> Step:
    if is_past(event, now):
        return Step.FINISH
    is_due = event.state is State.PLANNED and now >= (event.starts_at or 0)
    return Step.BEGIN if is_due else Step.NOTHING


def is_past(event: Event, now: int) -> bool:
    """Whether its time is over: after its end if nobody began it, an hour later if it is on."""
    grace = {State.PLANNED: 0, State.LIVE: OVERRUN}.get(event.state)
    return grace is not None and now >= event.ends_at + grace


def take_over(event: Event, seen: Outline, now: int) -> Event:
    """The event with everything that was changed at Discord since it was looked at last.

    What was changed here meanwhile, and a note that was taken out there, is shown there again.
    """
    last = event.synced or seen
    after = event
    if seen.title != last.title:
        after = replace(after, title=seen.title)
    if seen.body != last.body:
        after = replace(after, body=seen.body.replace(NOTE, ""))
    if seen.starts_at != last.starts_at:
        zone = event.plan.zone if event.plan else "UTC"
        after = move(after, seen.starts_at, zone)
    if seen.ends_at - seen.starts_at != last.ends_at - last.starts_at:
        minutes = max(1, (seen.ends_at - seen.starts_at) // MINUTE)
        after = replace(after, minutes=minutes)
    if (seen.place, seen.channel_id, seen.link) != (last.place, last.channel_id, last.link):
        after = replace(after, place=seen.place, place_channel_id=seen.channel_id, link=seen.link)
    after = clean(replace(after, synced=seen, changed_at=now))
    has_note = seen.body.endswith(NOTE) and seen.body.count(NOTE) == 1
    is_shown = has_note and event.outline() == event.pushed
    return replace(after, pushed=after.outline() if is_shown else None)
