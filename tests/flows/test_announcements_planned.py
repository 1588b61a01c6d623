"""Planned announcements: repeated, edited, skipped, paused, copied, deleted and brought back."""

from datetime import UTC, datetime

import pytest

from bot.announcements import rules
from bot.clock import HOUR, MINUTE
from cogs.ui.times import stamp
from tests.flows.announcing import (
    DAY,
    WEEK,
    WORDS,
    at,
    galleries,
    in_channel,
    listed,
    planned,
    reopened,
    weekly,
    with_picture,
    write,
)
from tests.flows.conftest import Community
from tests.flows.presence import demote, forbid
from tests.flows.reading import choose, labels, press, words
from tests.flows.tips import posts, wake_at

MOST_WORDS = 3_700
"""Discord allows 4000 characters; other languages need some more than English."""
MONDAY_NOON = 1_805_112_000
"""2027-03-15 12:00 UTC."""


def times_of(community: Community) -> list[str]:
    """When each post was made, in UTC."""
    made = [post.created_at.astimezone(UTC) for post in posts(community.general)]
    return [f"{when:%Y-%m-%d %H:%M}" for when in made]


async def travel_days(community: Community, days: int) -> None:
    """So many days on."""
    await community.travel_to(community.clock.now() + days * DAY)


async def test_a_weekly_one_is_posted_on_its_weekday_and_shows_its_next_three_runs(
    community: Community,
) -> None:
    panel = await weekly(community)
    runs = [MONDAY_NOON + number * WEEK for number in range(3)]
    for shown in (panel, await listed(community)):
        assert "Mon 29 Mar 2027, 12:00 (UTC)" in words(shown)
        assert [words(shown).count(stamp(run)) for run in runs] == [1, 1, 1]
        assert stamp(MONDAY_NOON + 3 * WEEK) not in words(shown)

    await travel_days(community, 16)

    assert times_of(community) == [
        "2027-03-15 12:00",
        "2027-03-22 12:00",
        "2027-03-29 12:00",
    ]


async def test_every_two_weeks_on_two_weekdays_with_an_end(community: Community) -> None:
    await planned(
        community,
        "weeks",
        weekdays=["1", "4"],
        weeks="2",
        time="09:30",
        start="2027-03-15",
        end="2027-03-30",
    )

    await travel_days(community, 60)

    assert times_of(community) == [
        "2027-03-16 09:30",
        "2027-03-19 09:30",
        "2027-03-30 09:30",
    ]
    assert "Nothing more is to come" in words(await listed(community))


@pytest.mark.parametrize(
    ("short", "said", "dates"),
    [
        ("skip", "in months without it not at all", ["2027-03-31", "2027-05-31"]),
        ("last", "in shorter months on the last day", ["2027-03-31", "2027-04-30", "2027-05-31"]),
    ],
)
async def test_monthly_on_the_31st_says_what_happens_in_shorter_months_and_does_it(
    community: Community, short: str, said: str, dates: list[str]
) -> None:
    panel = await planned(community, "date", day="31", short=[short], time="10:00", end="")
    assert said in words(panel)

    await travel_days(community, 80)

    assert [when[:10] for when in times_of(community)] == dates


async def test_monthly_on_the_last_friday(community: Community) -> None:
    values = {"number": ["-1"], "weekday": ["4"], "time": "18:00", "end": ""}
    panel = await planned(community, "weekday", **values)
    assert "each month on the last Friday" in words(panel)

    await travel_days(community, 50)

    assert times_of(community) == ["2027-03-26 18:00", "2027-04-30 18:00"]


async def test_times_are_those_of_the_community_through_a_clock_change(
    community: Community,
) -> None:
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, zone="Europe/Berlin"
    )
    panel = await planned(
        community, "weeks", weekdays=["6"], weeks="1", time="12:00", start="2027-03-15", end=""
    )
    assert "Sun 28 Mar 2027, 12:00 (Europe/Berlin)" in words(panel)

    await travel_days(community, 15)

    assert times_of(community) == ["2027-03-21 11:00", "2027-03-28 10:00"]


async def test_sent_now_in_an_hour_that_comes_twice_it_is_posted_at_once(
    community: Community,
) -> None:
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, zone="Europe/Berlin"
    )
    second = int(datetime(2027, 10, 31, 1, 30, tzinfo=UTC).timestamp())
    await community.travel_to(second)
    panel = await in_channel(community, await write(community))

    await press(community.moderator, panel, "Send now")
    await community.travel_to(second + MINUTE)

    assert len(posts(community.general)) == 1


async def test_the_next_one_is_skipped_and_posted_after_all(community: Community) -> None:
    panel = await weekly(community)

    skipped = await press(community.moderator, panel, "Skip the next")
    assert "Left out: 2027-03-15" in words(skipped)
    assert stamp(MONDAY_NOON) not in words(skipped)
    back = await press(community.moderator, skipped, "Post 2027-03-15 after all")
    assert stamp(MONDAY_NOON) in words(back)
    await press(community.moderator, back, "Skip the next")
    await travel_days(community, 9)

    assert times_of(community) == ["2027-03-22 12:00"]


async def test_one_that_was_paused_posts_nothing_until_it_is_resumed(community: Community) -> None:
    panel = await weekly(community)
    paused = await press(community.moderator, panel, "Pause")
    assert "**Paused**" in words(paused)
    await travel_days(community, 2)
    assert posts(community.general) == []

    resumed = await press(community.moderator, paused, "Resume")
    assert "**Planned**" in words(resumed)
    await travel_days(community, 7)

    assert times_of(community) == ["2027-03-22 12:00"]


async def test_a_change_keeps_one_that_is_paused_paused(community: Community) -> None:
    paused = await press(community.moderator, await weekly(community), "Pause")

    changed = await press(community.moderator, paused, "Post silently")
    await travel_days(community, 9)

    assert "**Paused**" in words(changed)
    assert posts(community.general) == []


async def test_what_is_edited_is_posted_in_its_new_words_from_then_on(
    community: Community,
) -> None:
    panel = await weekly(community)
    await travel_days(community, 2)
    form = await press(community.moderator, panel, "Edit")
    edited = await community.moderator.submit_modal(form, WORDS | {"title": "Quiet hour, later"})
    assert words(edited).startswith("## Quiet hour, later")

    await travel_days(community, 7)

    titles = [words(post).splitlines()[0] for post in posts(community.general)]
    assert titles == ["## Quiet hour on Friday", "## Quiet hour, later"]


async def test_another_time_and_another_channel_take_effect_at_once(community: Community) -> None:
    panel = await weekly(community)
    panel = await choose(community.moderator, panel, "announce:channel", [community.desk])
    panel = await at(
        community,
        panel,
        "weeks",
        weekdays=["2"],
        weeks="1",
        time="15:00",
        start="2027-03-15",
        end="",
    )
    assert "Wed 17 Mar 2027, 15:00 (UTC)" in words(panel)

    await travel_days(community, 5)

    assert posts(community.general) == []
    made = [post for post in community.desk.history() if WORDS["title"] in words(post)]
    assert [f"{post.created_at:%a %H:%M}" for post in made if not post.flags.ephemeral] == [
        "Wed 15:00"
    ]


async def test_a_planned_one_is_not_moved_into_the_past(community: Community) -> None:
    panel = await weekly(community)

    refused = await at(community, panel, "once", date="2027-03-10", time="12:00")

    assert "That time is past" in words(refused)
    assert stamp(MONDAY_NOON) in words(await listed(community))


async def test_a_duplicate_is_a_draft_with_the_same_words_and_picture(
    community: Community,
) -> None:
    form = await press(community.moderator, await with_picture(community), "Edit")
    panel = await community.moderator.submit_modal(form, WORDS | {"alt": "A cat."})
    panel = await in_channel(community, panel)
    await press(community.moderator, panel, "Send now")
    await community.travel_to(community.clock.now() + MINUTE)

    twin = await press(community.moderator, await reopened(community), "Duplicate")

    assert "**Draft**" in words(twin)
    assert WORDS["title"] in words(twin)
    assert galleries(twin)[0]["description"] == "A cat."
    await press(community.moderator, twin, "Send now")
    await community.travel_to(community.clock.now() + MINUTE)
    assert len(posts(community.general)) == 2
    assert len(posts(community.general)[1].attachments) == 1


async def test_what_was_deleted_is_not_posted_and_can_be_brought_back_for_15_minutes(
    community: Community,
) -> None:
    panel = await weekly(community)

    deleted = await press(community.moderator, panel, "Delete")
    assert "Nothing is planned" in words(await listed(community))
    await community.restart()
    await community.travel_to(community.clock.now() + 14 * MINUTE)
    restored = await press(community.moderator, deleted, "Undo")

    assert "**Planned**" in words(restored)
    await travel_days(community, 2)
    assert times_of(community) == ["2027-03-15 12:00"]


async def test_after_15_minutes_a_deleted_one_is_gone_with_its_schedule(
    community: Community,
) -> None:
    deleted = await press(community.moderator, await weekly(community), "Delete")
    await community.travel_to(community.clock.now() + 15 * MINUTE)

    refused = await press(community.moderator, deleted, "Undo")

    assert "deleted more than 15 minutes ago" in words(refused)
    assert await community.services.schedules.in_guild(community.guild.id) == []
    await travel_days(community, 9)
    assert posts(community.general) == []


async def test_a_deleted_one_that_was_paused_comes_back_paused(community: Community) -> None:
    paused = await press(community.moderator, await weekly(community), "Pause")
    deleted = await press(community.moderator, paused, "Delete")

    restored = await press(community.moderator, deleted, "Undo")

    assert "**Paused**" in words(restored)


async def test_planned_ones_survive_a_restart_and_are_posted_once(community: Community) -> None:
    await weekly(community)
    await community.restart()

    await travel_days(community, 2)
    await community.restart()
    await travel_days(community, 2)

    assert times_of(community) == ["2027-03-15 12:00"]


async def test_a_channel_that_refuses_the_post_stops_it_and_resume_says_what_lacks(
    community: Community,
) -> None:
    await weekly(community)
    forbid(community, community.general, "send_messages")
    await travel_days(community, 2)

    stopped = await reopened(community)
    assert "Stopped: it needs you" in words(stopped)
    assert "I can't Send Messages" in words(await press(community.moderator, stopped, "Resume"))
    forbid(community, community.general)
    await press(community.moderator, stopped, "Resume")
    await travel_days(community, 7)

    assert times_of(community) == ["2027-03-22 12:00"]


async def test_after_weeks_away_its_author_is_told_once(community: Community) -> None:
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, staff_channel_id=community.desk.id
    )
    await weekly(community)

    await wake_at(community, MONDAY_NOON + 3 * WEEK + 4 * HOUR)

    told = [post.content for post in community.desk.history() if "I left it out" in post.content]
    assert len(told) == 1
    assert "2027-04-05" in told[0]
    assert posts(community.general) == []


async def test_the_longest_one_with_all_that_can_be_said_of_it_fits_into_its_panel(
    community: Community,
) -> None:
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, zone="America/Argentina/ComodRivadavia"
    )
    text = ("He committed suicide last year. " * 60)[: rules.BODY_LENGTH]
    panel = await write(community, title="T" * rules.TITLE_LENGTH, body=text)
    panel = await in_channel(community, panel)
    days = [str(day) for day in range(6)]
    values = {"weekdays": days, "weeks": "52", "time": "23:59", "start": "2027-03-15"}
    panel = await at(community, panel, "weeks", **values, end="2099-12-31")
    panel = await press(community.moderator, panel, "Post silently")
    panel = await press(community.moderator, panel, "Plan it")
    for _ in range(5):
        panel = await press(community.moderator, panel, "Skip the next")
    assert "Left out: 2027-03-15, 2027-03-16, 2027-03-17\n" in words(panel)
    assert len(words(panel)) < MOST_WORDS

    for _ in range(4):
        await press(community.moderator, await reopened(community), "Duplicate")
    assert len(words(await listed(community))) < MOST_WORDS


async def test_who_is_no_moderator_any_more_changes_nothing(community: Community) -> None:
    panel = await weekly(community)
    form = await press(community.moderator, panel, "Edit")
    of_the_post = {"Open the link", "Where to find help"}
    demote(community)

    refused = await community.moderator.submit_modal(form, WORDS | {"title": "Changed"})
    assert "Manage Server" in words(refused)
    for label in set(labels(panel)) - of_the_post:
        assert "Manage Server" in words(await press(community.moderator, panel, label)), label

    await travel_days(community, 2)
    (post,) = posts(community.general)
    assert WORDS["title"] in words(post)


async def test_what_a_community_has_is_forgotten_with_it(community: Community) -> None:
    await with_picture(community)
    await weekly(community)

    await community.services.guilds.forget(community.guild.id)

    assert await community.services.announcements.in_guild(community.guild.id) == []
    assert await community.services.schedules.in_guild(community.guild.id) == []
