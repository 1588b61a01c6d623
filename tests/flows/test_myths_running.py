"""The weekly myth beside daily tips: which schedule is meant, pause, skip, and the status."""

from bot.delivery.rules import ScheduleState
from tests.flows.conftest import Community
from tests.flows.moderating import other_schedule
from tests.flows.myths import (
    RIGHT,
    myth_in,
    open_panel,
    right_label,
    run,
    save_schedule,
    the_schedule,
)
from tests.flows.presence import count_rows
from tests.flows.reading import answer, choose, labels, parts, press, words
from tests.flows.tips import (
    DAY,
    HOUR,
    NINE_IN_UTC,
    allow,
    choose_desk,
    desk_words,
    forbid,
    menu_of,
    posts,
    read_status,
    save_two,
)

TEST = "Send test (only I see it)"
WEEK = 7 * DAY


async def test_it_is_paused_and_resumed_also_by_old_buttons(community: Community) -> None:
    await save_schedule(community)
    paused = await run(community, "pause")
    assert "Paused" in words(paused)
    await community.travel_to(NINE_IN_UTC + HOUR)
    assert posts(community.general) == []
    await community.restart()

    assert "Running" in words(await press(community.moderator, paused, "Resume"))
    await community.travel_to(NINE_IN_UTC + WEEK)
    assert len(posts(community.general)) == 1
    assert "running already" in words(await run(community, "resume"))


async def test_the_next_one_is_left_out_and_that_is_taken_back(community: Community) -> None:
    await save_schedule(community)

    skipped = await run(community, "skip")
    assert "The myth of Mon 15 Mar 2027, 09:00" in words(skipped)
    assert "Mon 22 Mar 2027, 09:00 in UTC" in words(skipped)
    undone = await press(community.moderator, skipped, "Undo")

    assert "Undone: the myth of Mon 15 Mar 2027, 09:00 will be posted" in words(undone)
    await community.travel_to(NINE_IN_UTC)
    assert len(posts(community.general)) == 1


async def test_undoing_a_skip_of_a_paused_schedule_says_so(community: Community) -> None:
    await save_schedule(community)
    skipped = await run(community, "skip")
    await run(community, "pause")

    undone = await press(community.moderator, skipped, "Undo")

    assert "The schedule is paused, though" in words(undone)


async def test_several_weekly_myths_are_chosen_from_a_list(community: Community) -> None:
    await save_schedule(community)
    panel = await choose(
        community.moderator, await open_panel(community), "schedule:channel", [community.desk]
    )
    await press(community.moderator, panel, "Save")
    asked = await run(community, "pause")
    await community.restart()

    value = menu_of(asked)["options"][1]["value"]
    paused = await choose(community.moderator, asked, "queue:choose", [value])

    assert f"Paused: nothing is posted in <#{community.desk.id}>" in words(paused)


async def test_myths_and_tips_are_listed_apart_and_out_of_each_others_reach(
    community: Community,
) -> None:
    one, _ = await save_two(community)
    await save_schedule(community)
    myths = await the_schedule(community)

    listed = await run(community, "schedule")
    assert "Weekly myth in this community" in words(listed)
    assert [item["value"] for item in menu_of(listed)["options"]] == [str(myths.schedule_id)]
    tips = await community.moderator.slash(community.desk, "tips schedule")
    assert len(menu_of(tips)["options"]) == 2

    refused = await run(community, "pause", schedule=one)
    assert "That schedule is not there" in words(refused)
    pinned = await community.moderator.slash(
        community.desk, "tips skip", schedule=str(myths.schedule_id)
    )
    assert "That schedule is not there" in words(pinned)
    choices = await community.moderator.autocomplete(community.desk, "myths skip", "schedule", "")
    assert [choice["value"] for choice in choices] == [str(myths.schedule_id)]


async def test_without_any_schedule_each_command_offers_to_make_one(community: Community) -> None:
    for command in ("skip", "pause", "resume", "history"):
        told = await run(community, command)
        assert "There is no weekly myth here yet" in words(told)

    panel = await press(community.moderator, told, "Schedule a weekly myth")
    assert "Weekly myth: a new schedule" in words(panel)


async def test_the_status_has_the_next_run_the_last_result_and_a_test(
    community: Community,
) -> None:
    assert "No weekly myth is scheduled yet" in await read_status(community)
    await save_schedule(community)
    schedule = await the_schedule(community)
    shown = await community.moderator.slash(community.desk, "status")
    assert "**Weekly myth:** on" in words(shown)
    assert f"**Weekly myth** · <#{community.general.id}> at **09:00**" in words(shown)
    assert f"next <t:{schedule.next_run_at}:R>" in words(shown)
    assert "Last: nothing yet" in words(shown)

    rows = await count_rows(community)
    test = await press(community.moderator, shown, TEST)
    assert test.ephemeral
    assert "This is a test: only you see it" in words(test)
    myth = myth_in(community, test)
    told = await press(community.moderator, test, right_label(myth))
    assert RIGHT in words(told)
    assert await count_rows(community) == rows
    assert posts(community.general) == []

    await community.travel_to(NINE_IN_UTC)
    assert "Last: posted <t:" in await read_status(community)


async def test_a_channel_that_refuses_stops_it_and_retry_starts_it_again(
    community: Community,
) -> None:
    await choose_desk(community)
    await save_schedule(community)
    await forbid(community, community.general, "send_messages")
    await community.travel_to(NINE_IN_UTC)
    assert len(desk_words(community)) == 1
    shown = await community.moderator.slash(community.desk, "status")
    await allow(community, community.general)

    shown = await press(community.moderator, shown, "Retry")

    assert "Retry" not in labels(shown)
    assert (await the_schedule(community)).state == ScheduleState.ACTIVE


async def test_many_schedules_of_tips_do_not_hide_the_weekly_myth(community: Community) -> None:
    async with community.services.database.transaction() as tx:
        for _ in range(8):
            schedule = other_schedule(community.guild.id, community.general.id)
            await community.services.schedules.save(tx, schedule)
    await save_schedule(community)

    shown = await community.moderator.slash(community.desk, "status")

    assert "**Weekly myth** · <#" in words(shown)
    assert "5 more in /tips schedule" in words(shown)
    assert len(list(parts(answer(shown).components))) <= 40
    assert len(words(shown)) <= 4000
