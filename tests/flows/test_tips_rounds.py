"""No tip comes twice in a round, whatever happens to the content meanwhile."""

from typing import Any

from bot.delivery.rules import ScheduleState
from tests.flows.conftest import Community
from tests.flows.reading import choose, press
from tests.flows.tips import (
    DAY,
    NINE_IN_UTC,
    choose_desk,
    desk_words,
    open_panel,
    posts,
    read_history,
    the_schedule,
    write_tip,
)


async def save_on_topic(community: Community, topic: str, channel: Any = None) -> None:
    """A schedule on one topic."""
    panel = await open_panel(community)
    panel = await choose(community.moderator, panel, "schedule:topics", [topic])
    if channel is not None:
        panel = await choose(community.moderator, panel, "schedule:channel", [channel])
    await press(community.moderator, panel, "Save")


async def drawn(community: Community, schedule: Any = None) -> list[str]:
    """The ids of the tips that a schedule posted, oldest first."""
    schedule = schedule or await the_schedule(community)
    entries = await community.services.schedules.history(schedule.schedule_id, 400)
    return [entry.content_id for entry in reversed(entries) if entry.content_id]


async def test_only_the_chosen_topics_come_and_none_twice_in_a_round(
    community: Community,
) -> None:
    expected = community.services.tips.library.ids_on(["breath"])
    await save_on_topic(community, "breath")

    await community.travel_to(NINE_IN_UTC + (len(expected) - 1) * DAY)
    assert sorted(await drawn(community)) == sorted(expected)

    await community.travel_to(NINE_IN_UTC + len(expected) * DAY)
    round_and_one = await drawn(community)
    assert round_and_one[-1] != round_and_one[-2]


async def test_a_round_goes_on_after_a_restart(community: Community) -> None:
    expected = community.services.tips.library.ids_on(["breath"])
    await save_on_topic(community, "breath")

    for day in range(len(expected)):
        await community.travel_to(NINE_IN_UTC + day * DAY)
        if day % 5 == 2:
            await community.restart()

    assert sorted(await drawn(community)) == sorted(expected)


async def test_a_communitys_own_tip_joins_the_running_round(community: Community) -> None:
    expected = community.services.tips.library.ids_on(["breath"])
    await save_on_topic(community, "breath")
    await community.travel_to(NINE_IN_UTC + 4 * DAY)

    await write_tip(community, topics=["breath"])
    await community.travel_to(NINE_IN_UTC + len(expected) * DAY)

    own = (await community.services.curation.own_tips(community.guild.id))[0].id
    assert sorted(await drawn(community)) == sorted([*expected, own])


async def test_a_tip_that_is_muted_and_shown_again_does_not_come_twice_in_a_round(
    community: Community,
) -> None:
    expected = community.services.tips.library.ids_on(["breath"])
    await save_on_topic(community, "breath")
    await community.travel_to(NINE_IN_UTC)
    (first,) = await drawn(community)

    await community.services.curation.mute(community.guild.id, 1, first)
    await community.travel_to(NINE_IN_UTC + 3 * DAY)
    await community.services.curation.unmute(community.guild.id, 1, first)
    await community.travel_to(NINE_IN_UTC + (len(expected) - 1) * DAY)

    assert sorted(await drawn(community)) == sorted(expected)


async def test_each_schedule_has_a_round_of_its_own(community: Community) -> None:
    expected = community.services.tips.library.ids_on(["breath"])
    await save_on_topic(community, "breath")
    await save_on_topic(community, "breath", community.desk)

    await community.travel_to(NINE_IN_UTC + (len(expected) - 1) * DAY)

    assert len(posts(community.general)) == len(posts(community.desk)) == len(expected)
    for schedule in await community.services.schedules.in_guild(community.guild.id):
        assert sorted(await drawn(community, schedule)) == sorted(expected)


async def test_an_empty_choice_posts_nothing_and_tells_the_moderators_which_topics(
    community: Community,
) -> None:
    await choose_desk(community)
    await save_on_topic(community, "sleep")
    for tip_id in community.services.tips.library.ids_on(["sleep"]):
        await community.services.curation.mute(community.guild.id, 1, tip_id)

    await community.travel_to(NINE_IN_UTC)

    assert posts(community.general) == []
    (told,) = desk_words(community)
    assert "topics chosen for it (Sleep)" in told
    assert "/tips mute" in told
    assert "no tip fits" in await read_history(community)
    assert (await the_schedule(community)).state == ScheduleState.ACTIVE


async def test_after_an_empty_choice_the_next_day_is_tried_again(community: Community) -> None:
    await save_on_topic(community, "sleep")
    tip_ids = community.services.tips.library.ids_on(["sleep"])
    for tip_id in tip_ids:
        await community.services.curation.mute(community.guild.id, 1, tip_id)
    await community.travel_to(NINE_IN_UTC)

    await community.services.curation.unmute(community.guild.id, 1, tip_ids[0])
    await community.travel_to(NINE_IN_UTC + DAY)

    assert await drawn(community) == [tip_ids[0]]
