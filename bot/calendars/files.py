"""Entries as an iCalendar file (RFC 5545, with the name and pace of RFC 7986)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Self

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vDuration, vText

from bot.calendars.entries import Entry
from bot.links import is_link

REFRESH = timedelta(hours=6)
"""How often apps are asked to look again. Most choose for themselves."""

_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")
_MARKED = re.compile(r"[\\;,]")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def make_ics(title: str, entries: Iterable[Entry], now: int) -> bytes:
    """A calendar of these entries, in their order. ``now`` stamps those that nobody dated.

    It has no METHOD: it is published, and asks nobody for an answer.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Breather//calendars//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = _Text(title)
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", vDuration(REFRESH), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for entry in entries:
        calendar.add_component(_make_event(entry, now))
    if not calendar.subcomponents:
        calendar.add_component(_make_nothing())
    return bytes(calendar.to_ical())


def clean(text: str) -> str:
    """A text without the characters that iCalendar can't hold; every line break as one."""
    return _UNSAYABLE.sub("", _BREAK.sub("\n", text))


class _Text(vText):
    """A text of any letters. icalendar itself would make a line break of a backslash and N."""

    def __new__(cls, text: str) -> Self:
        """The text as far as a calendar can hold it."""
        return super().__new__(cls, clean(text))

    def to_ical(self) -> bytes:
        """Escaped as RFC 5545 says (3.3.11)."""
        return _MARKED.sub(r"\\\g<0>", self).replace("\n", r"\n").encode()


def _make_event(entry: Entry, now: int) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", _instant(now if entry.changed_at is None else entry.changed_at))
    if entry.changed_at is not None:
        event.add("last-modified", _instant(entry.changed_at))
    event.add("dtstart", entry.begin)
    if entry.end is not None:
        event.add("dtend", entry.end)
    event.add("summary", _Text(entry.summary))
    for name, text in (("description", entry.description), ("location", entry.location)):
        if text:
            event.add(name, _Text(text))
    if is_link(entry.url):
        event.add("url", entry.url)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    # A day to think of takes no time; whoever goes to an event is busy then.
    event.add("transp", "TRANSPARENT" if entry.is_whole_day else "OPAQUE")
    if entry.remind_minutes is not None and not entry.is_cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _Text(entry.summary))
        alarm.add("trigger", -timedelta(minutes=entry.remind_minutes))
        event.add_component(alarm)
    return event


def _make_nothing() -> Timezone:
    """A calendar must have something in it, even when there is nothing to come: UTC, then."""
    zone = Timezone()
    zone.add("tzid", "Etc/UTC")
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 (a zone's own time has none)
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
