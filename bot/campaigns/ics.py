"""A campaign for somebody's own calendar: an iCalendar file (RFC 5545), without anybody's name."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from bot.campaigns.rules import compose
from bot.content.campaigns import Campaign

YEARS = 2
"""The rounds in one file: who wants more asks again, and then the theme may be known."""


def make_ics(campaign: Campaign, first: date, now: int) -> bytes:
    """The campaign's day and its steps as whole days, from a day on, for two rounds.

    Each entry has an id of its own, so that a newer file changes it instead of doubling it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Breather//campaigns//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", campaign.title)
    stamp = datetime.fromtimestamp(now, UTC)
    for year in range(first.year, first.year + YEARS):
        for step in campaign.steps:
            post = compose(campaign, year, step.offset)
            if post is None:  # pragma: no cover - the step is the campaign's own
                continue
            event = Event()
            event.add("uid", f"{campaign.id}-{year}-{step.offset}@breather.invalid")
            event.add("dtstamp", stamp)
            event.add("dtstart", post.local_date)
            event.add("dtend", post.local_date + timedelta(days=1))
            event.add("summary", campaign.title if step.offset == 0 else post.title)
            event.add("description", f"{campaign.about}\n\n{' '.join(campaign.hashtags)}")
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
    return bytes(calendar.to_ical())
