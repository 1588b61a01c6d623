"""Moderators pause and resume."""

from bot.delivery.rules import ScheduleState
from tests.flows.conftest import Community
from tests.flows.reading import labels, press, words
from tests.flows.tips import (
    DAY,
    HOUR,
    NINE_IN_UTC,
    posts,
    run,
    save_schedule,
    switch_off,
    the_schedule,
)


async def test_a_paused_schedule_posts_nothing_until_it_is_resumed(community: Community) -> None:
    await save_schedule(community)
    paused = await run(community, "pause")
    assert f"Paused: nothing is posted in <#{community.general.id}>" in words(paused)
    await community.travel_to(NINE_IN_UTC + HOUR)
    assert posts(community.general) == []

    resumed = await press(community.moderator, paused, "Resume")
    assert "Running" in words(resumed)
    await community.travel_to(NINE_IN_UTC + DAY)
    assert len(posts(community.general)) == 1

    await press(community.moderator, resumed, "Pause")
    assert (await the_schedule(community)).state == ScheduleState.PAUSED


async def test_pausing_and_resuming_twice_say_how_it_stands(community: Community) -> None:
    await save_schedule(community)
    assert "running already" in words(await run(community, "resume"))

    await run(community, "pause")
    again = await run(community, "pause")

    assert "It stands still already: paused." in words(again)
    assert labels(again) == ["Resume"]


async def test_pause_and_resume_work_after_a_restart(community: Community) -> None:
    await save_schedule(community)
    paused = await run(community, "pause")
    await community.restart()

    assert "Running" in words(await press(community.moderator, paused, "Resume"))


async def test_while_tips_are_switched_off_nothing_is_resumed_behind_the_switch(
    community: Community,
) -> None:
    await save_schedule(community)
    await switch_off(community)

    refused = await run(community, "resume")

    assert "switched off in this community" in words(refused)
    assert (await the_schedule(community)).state == ScheduleState.AWAY
    await community.services.guilds.change(community.guild.id, 1, features_off=())
    assert "running already" in words(await press(community.moderator, refused, "Retry"))
