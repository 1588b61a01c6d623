"""``/campaign`` and ``/wmhd``: on, previewed, posted on the day; late, off, edited, left out."""

from datetime import UTC, date, datetime
from typing import Any

from icalendar import Calendar

from tests.flows.conftest import Community
from tests.flows.presence import run_hidden
from tests.flows.reading import answer, choose, labels, press, words
from tests.flows.tips import forbid, posts

WMHD = "world-mental-health-day"
DAY = 86_400


async def open_panel(community: Community) -> Any:
    """The panel of World Mental Health Day."""
    listed = await community.moderator.slash(community.desk, "campaign")
    return await press(community.moderator, listed, "World Mental Health Day")


async def turn_on(community: Community) -> Any:
    """Turn it on in the community channel."""
    panel = await open_panel(community)
    return await choose(community.moderator, panel, "campaign:channel", [community.general])


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    """An instant in UTC."""
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


async def test_it_is_off_until_a_channel_is_chosen(community: Community) -> None:
    panel = await open_panel(community)
    assert "**Off**" in words(panel)

    on = await choose(community.moderator, panel, "campaign:channel", [community.general])

    assert "**On**" in words(on)
    assert "10:00 (UTC)" in words(on)


async def test_each_step_is_posted_once_at_its_local_time(community: Community) -> None:
    await turn_on(community)

    await community.travel_to(at(2027, 10, 12, 0))

    texts = [words(post) for post in posts(community.general)]
    assert len(texts) == 5
    assert all("#WorldMentalHealthDay" in text for text in texts)


async def test_turned_on_late_it_posts_what_is_ahead_and_no_backlog(community: Community) -> None:
    await community.travel_to(at(2027, 10, 10, 9, 5))
    await turn_on(community)

    await community.travel_to(at(2027, 10, 12, 0))

    assert len(posts(community.general)) == 2


async def test_turned_off_in_the_middle_nothing_more_is_posted(community: Community) -> None:
    panel = await turn_on(community)
    await community.travel_to(at(2027, 10, 5, 0))
    off = await press(community.moderator, panel, "Turn off")
    assert "**Off**" in words(off)

    await community.travel_to(at(2027, 10, 12, 0))

    assert len(posts(community.general)) == 2


async def test_a_step_is_previewed_edited_and_left_out(community: Community) -> None:
    calendar = await press(community.moderator, await turn_on(community), "Calendar")
    assert "2027" in words(calendar)
    step = await choose(community.moderator, calendar, "campaign:look", ["2027-10-10"])
    assert "This is how it will look" in words(step)

    form = await press(community.moderator, step, "Edit")
    edited = await community.moderator.submit_modal(
        form, {"title": "Our day", "body": "Come and breathe with us at noon, all of you."}
    )
    assert "Our day" in words(edited)
    skipped = await press(community.moderator, edited, "Leave it out")
    assert "left out" in words(skipped)
    back = await press(community.moderator, skipped, "Post it after all")
    assert "Leave it out" in labels(back)

    await community.travel_to(at(2027, 10, 12, 0))
    assert any("Our day" in words(post) for post in posts(community.general))


async def test_a_step_that_was_left_out_is_not_posted(community: Community) -> None:
    calendar = await press(community.moderator, await turn_on(community), "Calendar")
    step = await choose(community.moderator, calendar, "campaign:look", ["2027-10-10"])
    await press(community.moderator, step, "Leave it out")

    await community.travel_to(at(2027, 10, 12, 0))

    assert len(posts(community.general)) == 4


async def test_a_member_cannot_configure_it(community: Community) -> None:
    refused = await run_hidden(community.member, community.general, "campaign")

    assert "This is for moderators" in words(refused)


async def test_everyone_is_never_pinged_and_a_role_must_be_open_to_mentions(
    community: Community,
) -> None:
    panel = await turn_on(community)

    refused = await choose(
        community.moderator, panel, "campaign:role", [community.guild.default_role]
    )
    assert "everyone has it" in words(refused)
    await forbid(community, community.general, "mention_everyone")
    closed = community.guild.create_role("Closed", mentionable=False)
    refused = await choose(community.moderator, panel, "campaign:role", [closed])
    assert "I can't ping" in words(refused)

    chosen = await choose(community.moderator, panel, "campaign:role", [community.opt_in])
    assert f"<@&{community.opt_in.id}>" in words(chosen)


async def test_a_dry_run_shows_every_step_to_the_moderator_alone(community: Community) -> None:
    panel = await turn_on(community)

    shown = await press(community.moderator, panel, "Dry run")

    answers = [shown.response, *shown.followups]
    assert len(answers) == 5
    assert all(message.ephemeral for message in answers)
    assert posts(community.general) == []


async def test_the_days_come_as_a_file_for_ones_own_calendar(community: Community) -> None:
    shown = await community.member.slash(community.general, "wmhd")

    sent = await press(community.member, shown, "Add to my calendar")

    (attachment,) = answer(sent).attachments
    calendar = Calendar.from_ical(await attachment.read())
    days = {str(event["summary"]): event.decoded("dtstart") for event in calendar.walk("VEVENT")}
    assert days["World Mental Health Day"] == date(2028, 10, 10)
    assert len(list(calendar.walk("VEVENT"))) == 10
    assert answer(sent).ephemeral


async def test_members_see_the_day_and_the_pack(community: Community) -> None:
    shown = await community.member.slash(community.general, "wmhd")
    assert "10 October 2027" in words(shown)
    assert "The theme of 2027 is not announced yet." in words(shown)
    assert shown.ephemeral
    assert "Subscribe" not in labels(shown)  # no operator serves calendars here

    pack = await press(community.member, shown, "For creators: texts to copy")

    assert "Captions to copy" in words(pack)
    assert "#WorldMentalHealthDay" in words(pack)
