"""Several schedules in a community: the list, changing and deleting."""

from dataclasses import replace

from bot.content.tips import TOPICS
from bot.delivery import state_store
from bot.delivery.ports import Schedule
from bot.delivery.rules import ScheduleState
from bot.delivery.times import Recurrence
from tests.flows.conftest import Community
from tests.flows.reading import answer, choose, parts, press, words
from tests.flows.tips import (
    DAY,
    menu_of,
    open_panel,
    posts,
    save_schedule,
    size,
    switch_off,
    the_schedule,
)


async def fill(community: Community, count: int) -> None:
    """As many schedules, with the longest words that there are, all stopped."""
    schedules = community.services.schedules
    blank = Schedule(
        schedule_id=0,
        guild_id=community.guild.id,
        kind="tips",
        channel_id=community.general.id,
        recurrence=Recurrence(1439, "America/Argentina/Buenos_Aires", frozenset(range(1, 7))),
        role_id=None,
        is_silent=False,
        options={"topics": list(TOPICS)[1:]},
        state="active",
        problem=None,
        next_run_at=None,
    )
    for minute in range(count):
        recurrence = replace(blank.recurrence, minute_of_day=1439 - minute)
        async with community.services.database.transaction() as tx:
            saved = await schedules.save(tx, replace(blank, recurrence=recurrence))
            await schedules.pause(tx, saved, ScheduleState.BROKEN)
    async with community.services.database.transaction() as tx:
        for schedule in await schedules.in_guild(community.guild.id):
            await tx.execute(
                state_store.UPDATE_SCHEDULE_STATE,
                schedule_id=schedule.schedule_id,
                old_state="broken",
                new_state="broken",
                new_problem="p" * 300,
                new_next_run_at=None,
            )


async def test_a_channel_that_was_deleted_meanwhile_is_named_and_another_can_be_chosen(
    community: Community,
) -> None:
    panel = await open_panel(community)
    community.env.backend.delete_channel(community.general.id)
    await community.env.settle()

    blocked = await press(community.moderator, panel, "Save")
    assert "it is gone, or hidden from me" in words(blocked)

    back = await press(community.moderator, blocked, "Back")
    (menu,) = [part for part in parts(answer(back).components) if part.get("type") == 8]
    assert not menu.get("default_values")
    panel = await choose(community.moderator, back, "schedule:channel", [community.desk])
    assert "## Saved" in words(await press(community.moderator, panel, "Save"))


async def test_a_community_may_have_several_schedules(community: Community) -> None:
    saved = await save_schedule(community)
    panel = await press(community.moderator, saved, "New schedule")
    panel = await choose(community.moderator, panel, "schedule:channel", [community.desk])
    await press(community.moderator, panel, "Save")

    listed = await community.moderator.slash(community.desk, "tips schedule")

    assert f"<#{community.general.id}> at **09:00** (UTC), every day" in words(listed)
    assert f"<#{community.desk.id}> at **09:00** (UTC), every day" in words(listed)
    names = [option["label"] for option in menu_of(listed)["options"]]
    assert names == ["#community: 09:00 UTC, every day", "#moderators-desk: 09:00 UTC, every day"]
    await community.travel_to(community.clock.now() + DAY)
    assert len(posts(community.general)) == len(posts(community.desk)) == 1


async def test_a_schedule_is_changed_in_place(community: Community) -> None:
    saved = await save_schedule(community)

    panel = await press(community.moderator, saved, "Change")
    assert "Change this schedule" in words(panel)
    panel = await choose(community.moderator, panel, "schedule:days", ["6"])
    changed = await press(community.moderator, panel, "Save")

    assert words(changed).count("Sun ") == 3
    assert (await the_schedule(community)).recurrence.weekdays == {6}


async def test_a_schedule_is_chosen_from_the_list_and_deleted_after_a_question(
    community: Community,
) -> None:
    await save_schedule(community)
    listed = await community.moderator.slash(community.desk, "tips schedule")
    value = menu_of(listed)["options"][0]["value"]
    panel = await choose(community.moderator, listed, "schedule:edit", [value])

    asked = await press(community.moderator, panel, "Delete")
    assert "for good" in words(asked)
    kept = await press(community.moderator, asked, "Keep it")
    assert "Change this schedule" in words(kept)
    assert await the_schedule(community)

    asked = await press(community.moderator, kept, "Delete")
    gone = await press(community.moderator, asked, "Delete")
    assert "Deleted" in words(gone)
    assert await community.services.schedules.in_guild(community.guild.id) == []
    await community.travel_to(community.clock.now() + DAY)
    assert posts(community.general) == []


async def test_what_another_moderator_deleted_is_refused_and_not_made_anew(
    community: Community,
) -> None:
    saved = await save_schedule(community)
    panel = await press(community.moderator, saved, "Change")
    async with community.services.database.transaction() as tx:
        await community.services.schedules.remove(tx, (await the_schedule(community)).schedule_id)

    for label in ("Save", "Delete"):
        assert "That schedule is gone" in words(await press(community.moderator, panel, label))
    assert await community.services.schedules.in_guild(community.guild.id) == []


async def test_a_paused_schedule_says_that_saving_starts_it_again(community: Community) -> None:
    saved = await save_schedule(community)
    await community.moderator.slash(community.desk, "tips pause")

    panel = await press(community.moderator, saved, "Change")

    assert "It stands still now: paused. Save starts it again." in words(panel)
    await press(community.moderator, panel, "Save")
    assert (await the_schedule(community)).state == ScheduleState.ACTIVE


async def test_while_tips_are_switched_off_nothing_is_saved_behind_the_switch(
    community: Community,
) -> None:
    panel = await open_panel(community)
    await switch_off(community)

    blocked = await press(community.moderator, panel, "Save")

    assert "switched off in this community" in words(blocked)
    assert "/setup" in words(blocked)
    await community.services.guilds.change(community.guild.id, 1, features_off=())
    assert "## Saved" in words(await press(community.moderator, blocked, "Retry"))


async def test_switching_tips_off_and_on_stops_and_starts_what_was_running(
    community: Community,
) -> None:
    await save_schedule(community)
    await switch_off(community)
    await community.travel_to(community.clock.now() + DAY)
    assert posts(community.general) == []
    listed = await community.moderator.slash(community.desk, "tips schedule")
    assert "switched off" in words(listed)

    await community.services.guilds.change(community.guild.id, 1, features_off=())
    await community.travel_to(community.clock.now() + DAY)

    assert len(posts(community.general)) == 1


async def test_every_change_is_in_the_log(community: Community) -> None:
    saved = await save_schedule(community)
    panel = await press(community.moderator, saved, "Change")
    panel = await press(community.moderator, panel, "Silent: off")
    await press(community.moderator, panel, "Save")

    entries = await community.services.audit.latest(community.guild.id)

    changes = [(entry.change.old, entry.change.new) for entry in entries]
    plain = "09:00 UTC, every day, all topics"
    assert changes == [(plain, "09:00 UTC, every day, silent, all topics"), (None, plain)]


async def test_twenty_schedules_fit_into_the_list_and_a_twenty_first_is_refused(
    community: Community,
) -> None:
    await fill(community, 20)

    listed = await community.moderator.slash(community.desk, "tips schedule")
    components, text = size(listed)
    assert components <= 40
    assert text <= 4000
    assert len(menu_of(listed)["options"]) == 20

    refused = await press(community.moderator, listed, "New schedule")
    assert "has 20 schedules" in words(refused)
    named = await community.moderator.slash(community.desk, "tips schedule", zone="UTC")
    assert "has 20 schedules" in words(named)


async def test_a_stopped_schedule_in_a_long_list_says_why_when_it_is_opened(
    community: Community,
) -> None:
    await fill(community, 20)
    listed = await community.moderator.slash(community.desk, "tips schedule")
    assert "stopped: choose it below to see why" in words(listed)

    value = menu_of(listed)["options"][0]["value"]
    panel = await choose(community.moderator, listed, "schedule:edit", [value])

    assert "It stands still now: stopped: pppp" in words(panel)
    assert size(panel)[1] <= 4000


async def test_two_panels_cannot_make_a_twenty_first_schedule(community: Community) -> None:
    await fill(community, 19)
    one, two = await open_panel(community), await open_panel(community)

    assert "## Saved" in words(await press(community.moderator, one, "Save"))
    assert "has 20 schedules" in words(await press(community.moderator, two, "Save"))
