"""Events in calendars: read back with icalendar, one entry each, moved and cancelled in place."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar

from bot.calendars.files import make_ics
from bot.clock import HOUR
from bot.events.entries import to_entry
from bot.events.rules import NOTE, Event, Place, State
from tests.conftest import NOON
from tests.unit.test_event_cards import EVENT, WIDE


def read_back(*events: Event) -> list[Any]:
    """The entries of a file, as a calendar app reads them."""
    ics = make_ics("Live events", map(to_entry, events), NOON)
    return list(Calendar.from_ical(ics).walk("VEVENT"))


def test_an_event_stands_at_its_instant_with_its_text_its_place_and_the_note() -> None:
    event = replace(EVENT, starts_at=NOON, minutes=90, host_id=77, changed_at=NOON)
    (entry,) = read_back(event)
    assert str(entry["summary"]) == "Take A Moment"
    assert entry.decoded("dtstart") == datetime(2027, 3, 14, 12, tzinfo=UTC)
    assert entry.decoded("dtend") == datetime(2027, 3, 14, 13, 30, tzinfo=UTC)
    assert str(entry["description"]) == f"A quiet hour.\n\n{NOTE}"
    assert str(entry["url"]) == "https://discord.com/channels/2/4"
    assert entry["status"] == "CONFIRMED"


def test_nobody_is_named() -> None:
    everything = make_ics("Live events", [to_entry(replace(EVENT, host_id=77))], NOON)
    assert b"Ana" not in everything
    assert b"77" not in everything


def test_moved_and_cancelled_it_stays_the_same_entry_and_its_sequence_rises() -> None:
    event = replace(EVENT, changed_at=NOON)
    moved = replace(event, starts_at=NOON + HOUR, changed_at=NOON + 1)
    off = replace(moved, state=State.CANCELLED, finished_at=NOON + 2, changed_at=NOON + 2)
    entries = [read_back(one)[0] for one in (event, moved, off)]
    assert len({str(entry["uid"]) for entry in entries}) == 1
    sequences = [int(entry["sequence"]) for entry in entries]
    assert sequences == sorted(set(sequences))
    assert [entry["status"] for entry in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_events_of_a_series_and_of_other_communities_have_ids_of_their_own() -> None:
    others = [EVENT, replace(EVENT, event_id=11), replace(EVENT, guild_id=22)]
    assert len({str(entry["uid"]) for entry in read_back(*others)}) == 3


def test_a_link_is_where_it_takes_place() -> None:
    (entry,) = read_back(WIDE)
    assert str(entry["location"]) == str(entry["url"]) == WIDE.link
    (entry,) = read_back(replace(EVENT, place=Place.LINK, link="not a link"))
    assert "url" not in entry
