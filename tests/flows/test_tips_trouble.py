"""A channel, a permission or Discord itself fails: told once, and nobody else waits."""

from typing import Any

import discord

from bot.delivery.rules import ScheduleState
from tests.flows.conftest import Community
from tests.flows.reading import choose, labels, press, words
from tests.flows.tips import (
    DAY,
    NINE_IN_UTC,
    allow,
    choose_desk,
    desk_words,
    forbid,
    open_panel,
    posts,
    read_history,
    save_schedule,
    the_schedule,
)


async def add_guild(community: Community) -> Any:
    """Another community with a schedule at the same time; its channel."""
    guild = community.env.create_guild("Another community")
    staff = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    channel = guild.create_text_channel("tips")
    moderator = guild.add_member(community.env.create_user("another"), roles=[staff])
    await community.env.settle()
    panel = await moderator.slash(channel, "tips schedule", zone="UTC")
    panel = await choose(moderator, panel, "schedule:channel", [channel])
    await press(moderator, panel, "Save")
    return channel


async def test_a_deleted_channel_pauses_the_schedule_and_is_told_once(
    community: Community,
) -> None:
    await choose_desk(community)
    await save_schedule(community)
    community.env.backend.delete_channel(community.general.id)
    await community.env.settle()

    await community.travel_to(NINE_IN_UTC + 3 * DAY)

    (told,) = desk_words(community)
    assert "is gone, so I paused it" in told
    assert "/tips schedule" in told
    assert (await the_schedule(community)).state == ScheduleState.BROKEN
    assert "stopped: The channel or thread of a schedule is gone" in await read_history(community)


async def test_a_deleted_thread_pauses_the_schedule_and_is_told_once(
    community: Community,
) -> None:
    await choose_desk(community)
    thread = community.env.backend.create_thread(
        community.general.id, "tips", community.moderator.id
    )
    await community.env.settle()
    panel = await open_panel(community)
    panel = await choose(
        community.moderator, panel, "schedule:channel", [community.general.threads[0]]
    )
    await press(community.moderator, panel, "Save")
    community.env.backend.delete_channel(thread.id)
    await community.env.settle()

    await community.travel_to(NINE_IN_UTC + 2 * DAY)

    assert len(desk_words(community)) == 1


async def test_a_stopped_schedule_gets_another_channel_and_goes_on(community: Community) -> None:
    await save_schedule(community)
    community.env.backend.delete_channel(community.general.id)
    await community.travel_to(NINE_IN_UTC)

    listed = await community.moderator.slash(community.desk, "tips schedule")
    schedule_id = (await the_schedule(community)).schedule_id
    panel = await choose(community.moderator, listed, "schedule:edit", [str(schedule_id)])
    assert "Save starts it again" in words(panel)
    panel = await choose(community.moderator, panel, "schedule:channel", [community.desk])
    await press(community.moderator, panel, "Save")
    await community.travel_to(NINE_IN_UTC + DAY)

    assert len(posts(community.desk)) == 1


async def test_a_lost_permission_pauses_and_retry_goes_on_once_it_is_back(
    community: Community,
) -> None:
    await choose_desk(community)
    await save_schedule(community)
    await forbid(community, community.general, "send_messages")
    await community.travel_to(NINE_IN_UTC)
    assert len(desk_words(community)) == 1

    refused = await community.moderator.slash(community.desk, "tips resume")
    assert "Not resumed yet" in words(refused)
    assert "I can't Send Messages" in words(refused)
    assert labels(refused) == ["Retry", "Change"]
    assert (await the_schedule(community)).state == ScheduleState.BROKEN

    await allow(community, community.general)
    resumed = await press(community.moderator, refused, "Retry")
    assert "Running" in words(resumed)
    await community.travel_to(NINE_IN_UTC + DAY)
    assert len(posts(community.general)) == 1
    assert len(desk_words(community)) == 1


async def test_a_bad_community_delays_no_other(community: Community) -> None:
    await save_schedule(community)
    other = await add_guild(community)
    community.env.backend.delete_channel(community.general.id)

    await community.travel_to(NINE_IN_UTC)

    assert len(posts(other)) == 1


async def test_a_server_error_at_discord_is_tried_again_and_posts_once(
    community: Community,
) -> None:
    await save_schedule(community)
    community.env.inject_error(
        "POST", f"/channels/{community.general.id}/messages", status=500, times=1
    )

    await community.travel_to(NINE_IN_UTC)
    for minute in (1, 2, 3):
        await community.travel_to(NINE_IN_UTC + minute * 60)

    assert len(posts(community.general)) == 1
    assert (await the_schedule(community)).state == ScheduleState.ACTIVE
