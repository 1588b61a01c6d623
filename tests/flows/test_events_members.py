"""Live events for members: saying that one comes, reminders, calendars, and what is over."""

from typing import Any

from icalendar import Calendar

from bot.events.rsvps import Way
from tests.conftest import NOON
from tests.flows.conftest import Community
from tests.flows.eventing import (
    BEGINS,
    DAY,
    ELSEWHERE,
    HOUR,
    MINUTE,
    at_discord,
    cards,
    letters,
    moved,
    published,
    reload,
    the_event,
    ways,
)
from tests.flows.reading import answer, labels, press, words
from tests.flows.tips import posts

DM_CLOSED = 50007


async def coming(community: Community, actor: Any, label: str | None = None) -> Any:
    """What somebody is shown who says that they come, and then chooses how to be reminded."""
    shown = await actor.click(cards(community)[0], label="I'm coming")
    return shown if label is None else await press(actor, shown, label)


def titles(messages: list[Any]) -> list[str]:
    """The first line of each."""
    return [words(message).partition("\n")[0] for message in messages]


async def test_two_presses_count_once_and_who_comes_is_reminded_a_day_and_a_quarter_before(
    community: Community,
) -> None:
    await published(community)
    first = await coming(community, community.member)
    assert "You are coming: Take A Moment" in words(first)
    assert first.ephemeral
    await press(community.member, first, "By direct message")
    again = await coming(community, community.member)
    assert "I write to you directly" in words(again)  # a second press keeps the choice
    await coming(community, community.other)  # without a reminder
    await reload(community)
    assert "2 people are coming." in words(cards(community)[0])

    await community.restart()
    await community.travel_to(BEGINS + MINUTE)

    assert titles(letters(community.member)) == [
        "## Tomorrow: Take A Moment",
        "## Soon: Take A Moment",
    ]
    assert letters(community.other) == []
    assert "Host:" not in words(letters(community.member)[0])
    assert "From Example Creators. You asked to be reminded." in words(letters(community.member)[0])
    assert len(cards(community)) == 1
    mine = await community.member.user.click(letters(community.member)[1], label="My answer")
    assert "In Example Creators" in words(mine)
    assert "It is on now. See you there." in words(mine)


async def test_who_comes_is_told_once_of_a_move_and_of_the_end_and_others_are_not(
    community: Community,
) -> None:
    panel = await published(community)
    await coming(community, community.member, "By direct message")
    shown = await coming(community, community.other, "By direct message")
    left = await press(community.other, shown, "Not coming after all")
    assert "is forgotten" in words(left)

    panel = await moved(community, panel, date="2027-03-17", time="20:00")
    await reload(community)
    await community.travel_to(BEGINS - DAY + HOUR)
    assert titles(letters(community.member)) == ["## Changed: Take A Moment"]  # no old reminder

    asked = await press(community.moderator, panel, "Cancel the event")
    await press(community.moderator, asked, "Cancel it")
    await reload(community)
    await community.travel_to(BEGINS + 2 * DAY)

    assert titles(letters(community.member))[1:] == ["## Cancelled: Take A Moment"]
    assert letters(community.other) == []
    more = await community.member.user.click(
        letters(community.member)[1], label="What else is coming"
    )
    assert "Nothing is planned at the moment" in words(more)


async def test_closed_direct_messages_keep_nobody_else_from_theirs(community: Community) -> None:
    await published(community)
    await coming(community, community.member, "By direct message")
    await coming(community, community.other, "By direct message")
    shut = community.member.user.dm_channel
    community.env.inject_error(
        "POST", f"/channels/{shut.id}/messages", status=403, code=DM_CLOSED, times=None
    )

    await community.travel_to(BEGINS - DAY + MINUTE)

    assert letters(community.member) == []
    assert titles(letters(community.other)) == ["## Tomorrow: Take A Moment"]
    assert await ways(community, community.member) == [Way.DIRECT]


async def test_in_a_thread_those_are_mentioned_who_asked_for_it_and_nobody_else(
    community: Community,
) -> None:
    panel = await published(community)
    await press(community.moderator, panel, "Make a thread for reminders")
    await coming(community, community.member, "In the thread")
    await coming(community, community.other, "By direct message")

    await community.travel_to(BEGINS - DAY + MINUTE)

    thread_id = (await the_event(community)).thread_id or 0
    sent = [
        request.json
        for request in community.env.http_requests
        if request.method == "POST" and request.path == f"/channels/{thread_id}/messages"
    ]
    (reminder,) = sent
    assert isinstance(reminder, dict)
    allowed: Any = reminder["allowed_mentions"]
    assert [int(one) for one in allowed["users"]] == [community.member.id]
    assert not allowed.get("roles")
    assert "everyone" not in allowed.get("parse", ())
    assert f"<@{community.member.id}>" in str(reminder["components"])
    assert f"<@{community.other.id}>" not in str(reminder["components"])


async def test_interest_told_to_discord_counts_with_it_and_nobody_twice(
    community: Community,
) -> None:
    panel = await published(community, link=ELSEWHERE)
    (remote,) = at_discord(community)
    await coming(community, community.member)
    await community.member.subscribe_event(remote)
    await community.other.subscribe_event(remote)

    shown = await press(community.moderator, panel, "Host's panel")

    assert "2 people are coming." in words(shown)


async def test_old_buttons_say_that_it_is_over_cancelled_or_gone(community: Community) -> None:
    panel = await published(community)
    (card,) = cards(community)
    shown = await coming(community, community.member)
    asked = await press(community.moderator, panel, "Cancel the event")
    await press(community.moderator, asked, "Cancel it")

    refused = await community.other.click(card, label="I'm coming")
    assert "That event is cancelled" in words(refused)
    refused = await press(community.member, shown, "By direct message")
    assert "That event is cancelled" in words(refused)
    refused = await press(community.member, shown, "Add to my calendar")
    assert "nothing to add" in words(refused)
    left = await press(community.member, shown, "Not coming after all")
    assert labels(left) == ["What else is coming"]

    async with community.services.database.transaction() as tx:
        await community.services.events.forget(tx, community.guild.id)
    gone = await community.other.click(card, label="I'm coming")
    assert "That event is gone" in words(gone)
    assert await community.services.events.rsvps.count(1) == 0


async def test_everything_that_is_coming_is_on_pages_for_everybody(community: Community) -> None:
    empty = await community.member.slash(community.general, "events")
    assert "Nothing is planned at the moment" in words(empty)
    await published(community)
    events, guild_id = community.services.events, community.guild.id
    first = await the_event(community)
    copied = ("title", "body", "place", "place_channel_id", "channel_id", "plan", "minutes")
    for _ in range(4):
        values = {name: getattr(first, name) for name in copied}
        draft = await events.write(guild_id, community.moderator.id, **values)
        await events.publish(guild_id, community.moderator.id, draft.event_id)

    shown = await community.member.slash(community.general, "events")
    assert labels(shown).count("I'm coming") == 4
    assert "Subscribe" not in labels(shown)  # no operator serves calendars here
    second = await press(community.member, shown, "Next")
    assert labels(second).count("I'm coming") == 1
    about = await press(community.member, second, "What it is about")
    assert "A quiet hour with creators of this community." in words(about)

    back = await press(community.member, about, "All events")
    sent = await press(community.member, back, "Add all to my calendar")
    assert len(await entries_of(sent)) == 5


async def entries_of(result: Any) -> list[Any]:
    """The entries of the calendar file that was sent."""
    (attachment,) = answer(result).attachments
    return list(Calendar.from_ical(await attachment.read()).walk("VEVENT"))


async def test_an_event_goes_into_ones_own_calendar_and_into_the_communitys_feed(
    community: Community,
) -> None:
    panel = await published(community)
    shown = await coming(community, community.member)

    sent = await press(community.member, shown, "Add to my calendar")

    (entry,) = await entries_of(sent)
    assert sent.ephemeral
    assert entry.decoded("dtstart").timestamp() == BEGINS
    feeds = community.services.feeds
    page = await feeds.of_community(community.guild.id)
    assert f"UID:{entry['uid']}".encode() in page.body
    assert b"STATUS:CONFIRMED" in page.body

    asked = await press(community.moderator, panel, "Cancel the event")
    await press(community.moderator, asked, "Cancel it")
    await community.travel_to(NOON + HOUR)
    page = await feeds.of_community(community.guild.id)
    (off,) = Calendar.from_ical(page.body).walk("VEVENT")
    assert (off["uid"], off["status"]) == (entry["uid"], "CANCELLED")
    assert off["sequence"] > entry["sequence"]
    await community.travel_to(BEGINS + 2 * HOUR)
    page = await feeds.of_community(community.guild.id)
    assert list(Calendar.from_ical(page.body).walk("VEVENT")) == []


async def test_somebody_who_says_late_that_they_come_is_promised_nothing_that_is_past(
    community: Community,
) -> None:
    await published(community)
    await community.travel_to(BEGINS - 10 * MINUTE)

    shown = await coming(community, community.member, "By direct message")
    assert "too soon for a reminder" in words(shown)
    await community.travel_to(BEGINS + MINUTE)

    assert letters(community.member) == []
    assert posts(community.general) == cards(community)
