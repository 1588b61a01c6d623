"""Calendars: every entry is read back as it was meant, whatever words, zones and clocks it has."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar.cal.component import Component

from bot.calendars.entries import Entry
from bot.calendars.files import REFRESH, clean, make_ics
from tests.conftest import NOON
from tests.unit.test_days import RESTLESS
from tests.unit.test_times import instant

DAY = date(2027, 10, 10)
NOON_THERE = datetime(2027, 10, 10, 12, tzinfo=UTC)
TEXTS = st.text(max_size=300) | st.text(
    st.sampled_from(list("\\;,:\"'^=\n\r\t nN éあ😀\u200d\u2028\x85\x00\ud800\ufeff")), max_size=200
)
ESCAPED = re.compile(r"\\([\\;,nN])")


def entry(**changes: Any) -> Entry:
    """An entry of which only something matters."""
    whole: dict[str, Any] = {"uid": "one@breather.invalid", "summary": "A day", "starts": DAY}
    return Entry(**whole | changes)


def lines_of(ics: bytes) -> list[str]:
    """The lines of a file as RFC 5545 says: folded after 75 bytes at most, ended by CRLF."""
    assert ics.endswith(b"\r\n")
    rows = ics.removesuffix(b"\r\n").split(b"\r\n")
    assert not any(b"\r" in row or b"\n" in row for row in rows)
    assert all(len(row) <= 75 for row in rows)
    whole = b"\r\n".join(rows).replace(b"\r\n ", b"").decode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", whole)
    return whole.split("\r\n")


def said(lines: list[str], name: str) -> str:
    """The text of a property, unescaped as RFC 5545 says: an oracle beside icalendar's own."""
    (line,) = [line for line in lines if line.partition(":")[0] == name]
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], line.partition(":")[2])


def only_event(ics: bytes) -> Component:
    """The one event of a file, as icalendar reads it."""
    (event,) = Calendar.from_ical(ics).walk("VEVENT")
    return event


@given(title=TEXTS, summary=TEXTS, description=TEXTS, location=TEXTS)
@example(title="a\\nb", summary="BEGIN:VEVENT\r\nUID:x", description="\\,", location="END:VEVENT")
def test_any_words_are_read_back_and_none_becomes_a_property(
    title: str, summary: str, description: str, location: str
) -> None:
    one = entry(summary=summary, description=description, location=location)
    ics = make_ics(title, [one], NOON)
    lines = lines_of(ics)
    names = [line.partition(":")[0].partition(";")[0] for line in lines]
    assert names.count("BEGIN") == names.count("END") == 2
    assert names.count("UID") == 1
    for name, text in (("X-WR-CALNAME", title), ("NAME", title), ("SUMMARY", summary)):
        assert said(lines, name) == clean(text)
    event = only_event(ics)
    assert str(event["summary"]) == clean(summary)
    assert str(event.get("description", "")) == clean(description)
    assert str(event.get("location", "")) == clean(location)


def test_words_lose_only_what_a_calendar_cannot_hold() -> None:
    assert clean("a\r\nb\rc\x0bd\u2028e\ttab\x00\x1b\ud800\ufeff é 👩‍👧 שלום") == (
        "a\nb\nc\nd\ne\ttab é 👩‍👧 שלום"
    )


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """A local time of a restless zone, also one that comes twice or never."""
    zone = ZoneInfo(draw(st.sampled_from(RESTLESS)))
    naive = draw(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 (made local)
    return naive.replace(tzinfo=zone, fold=draw(st.integers(0, 1)))


@given(begin=moments(), minutes=st.integers(1, 3000))
def test_an_event_stands_at_its_instant_whatever_the_clocks_do(
    begin: datetime, minutes: int
) -> None:
    starts_at = int(begin.timestamp())
    ends = datetime.fromtimestamp(starts_at + minutes * 60, begin.tzinfo)
    ics = make_ics("Events", [entry(starts=begin, ends=ends)], NOON)
    event = only_event(ics)
    for name, at in (("DTSTART", starts_at), ("DTEND", starts_at + minutes * 60)):
        assert event.decoded(name) == datetime.fromtimestamp(at, UTC)
        assert f"{name}:{datetime.fromtimestamp(at, UTC):%Y%m%dT%H%M%SZ}" in lines_of(ics)


@pytest.mark.parametrize(
    ("local", "fold", "utc"),
    [
        ("2027-10-31T02:30", 0, "2027-10-31T00:30Z"),  # the hour that comes twice
        ("2027-10-31T02:30", 1, "2027-10-31T01:30Z"),
        ("2027-03-28T02:30", 0, "2027-03-28T01:30Z"),  # the hour that never comes
    ],
)
def test_an_hour_that_comes_twice_or_never_has_one_instant(local: str, fold: int, utc: str) -> None:
    starts = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
    assert entry(starts=starts).begin == datetime.fromtimestamp(instant(utc), UTC)


@given(starts=st.dates(date(1971, 1, 1), date(9996, 1, 1)), days=st.none() | st.integers(1, 400))
def test_whole_days_are_dates_in_every_zone(starts: date, days: int | None) -> None:
    ends = None if days is None else starts + timedelta(days=days)
    event = only_event(make_ics("Days", [entry(starts=starts, ends=ends)], NOON))
    assert event.decoded("dtstart") == starts
    assert event.decoded("dtend") == starts + timedelta(days=days or 1)
    assert event["transp"] == "TRANSPARENT"


def test_an_entry_that_was_moved_or_cancelled_says_so_and_keeps_its_id() -> None:
    now = entry(starts=NOON_THERE, changed_at=NOON - 60)
    moved = entry(starts=NOON_THERE, sequence=1, changed_at=NOON)
    gone = entry(starts=NOON_THERE, sequence=2, is_cancelled=True, remind_minutes=15)
    before, after, cancelled = (
        only_event(make_ics("E", [one], NOON)) for one in (now, moved, gone)
    )
    assert before["uid"] == after["uid"] == cancelled["uid"] == "one@breather.invalid"
    assert [event["sequence"] for event in (before, after, cancelled)] == [0, 1, 2]
    assert [event["status"] for event in (before, after, cancelled)] == [
        "CONFIRMED",
        "CONFIRMED",
        "CANCELLED",
    ]
    assert before.decoded("dtstamp") == datetime.fromtimestamp(NOON - 60, UTC)
    assert before.decoded("last-modified") == datetime.fromtimestamp(NOON - 60, UTC)
    assert cancelled.decoded("dtstamp") == datetime.fromtimestamp(NOON, UTC)
    assert before["transp"] == "OPAQUE"
    assert cancelled.walk("VALARM") == []


def test_a_reminder_is_there_only_if_it_was_asked_for() -> None:
    assert only_event(make_ics("E", [entry()], NOON)).walk("VALARM") == []
    (alarm,) = only_event(make_ics("E", [entry(remind_minutes=15)], NOON)).walk("VALARM")
    assert alarm.decoded("trigger") == -timedelta(minutes=15)
    assert alarm["action"] == "DISPLAY"


@pytest.mark.parametrize(
    ("url", "is_there"),
    [
        ("https://discord.com/events/1/2", True),
        ("https://a.example/x\r\nATTENDEE:mailto:a@b.example", False),
        ("http://a.example", False),
        ("", False),
    ],
)
def test_only_a_sound_https_address_is_an_entrys(url: str, is_there: bool) -> None:
    ics = make_ics("E", [entry(url=url)], NOON)
    assert (f"URL:{url}" in lines_of(ics)) == is_there
    assert b"ATTENDEE" not in ics


def test_a_calendar_says_who_made_it_its_pace_and_asks_for_no_answer() -> None:
    lines = lines_of(make_ics("Our days", [entry()], NOON))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert "PRODID:-//Breather//calendars//EN" in lines
    assert timedelta(hours=6) == REFRESH
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in lines
    assert "X-PUBLISHED-TTL:PT6H" in lines
    assert not any(line.startswith("METHOD") for line in lines)


def test_a_calendar_without_an_entry_is_valid_all_the_same() -> None:
    calendar = Calendar.from_ical(make_ics("Quiet", [], NOON))
    assert calendar.walk("VEVENT") == []
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"uid": ""}, "a uid is"),
        ({"uid": "two words"}, "a uid is"),
        ({"uid": "a\r\nATTENDEE:b"}, "a uid is"),
        ({"sequence": -1}, "below 0"),
        ({"remind_minutes": -5}, "below 0"),
        ({"starts": datetime(2027, 1, 1)}, "needs a time zone"),  # noqa: DTZ001 (that is the point)
        ({"ends": NOON_THERE}, "dates, or"),
        ({"ends": DAY}, "ends after"),
        ({"starts": NOON_THERE, "ends": NOON_THERE}, "ends after"),
    ],
)
def test_what_no_calendar_understands_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        entry(**changes)
