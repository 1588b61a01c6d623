"""Moderators schedule a weekly myth in the panel that tips have, too."""

import pytest
from simcord.backend.errors import SetupError

from bot.content.myths import TOPICS
from tests.flows.conftest import Community
from tests.flows.myths import (
    open_panel,
    open_saved,
    post_one,
    run,
    save_schedule,
    switch,
    the_schedule,
)
from tests.flows.presence import count_rows
from tests.flows.reading import answer, choose, control, labels, parts, press, words
from tests.flows.tips import (
    allow,
    forbid,
)


async def test_a_new_schedule_is_for_one_day_a_week_and_offers_the_topics_of_myths(
    community: Community,
) -> None:
    panel = await community.moderator.slash(community.desk, "myths schedule")

    assert "Weekly myth: a new schedule" in words(panel)
    assert "At **09:00** in **UTC**, Monday" in words(panel)
    route = control(panel, "schedule:topics")
    (menu,) = [part for part in parts(answer(panel).components) if part.get("custom_id") == route]
    assert [option["value"] for option in menu["options"]] == list(TOPICS)


async def test_a_saved_schedule_shows_its_next_three_weeks(community: Community) -> None:
    saved = await save_schedule(community)

    assert words(saved).count("Mon ") == 3
    assert "Mon 29 Mar 2027, 09:00 (UTC)" in words(saved)
    assert (await the_schedule(community)).recurrence.weekdays == {0}


async def test_a_missing_permission_is_named_and_retry_saves(community: Community) -> None:
    panel = await open_panel(community)
    await forbid(community, community.general, "send_messages")

    blocked = await press(community.moderator, panel, "Save")
    assert f"I can't Send Messages in <#{community.general.id}>. Fix:" in words(blocked)
    assert await community.services.schedules.in_guild(community.guild.id) == []

    await allow(community, community.general)
    assert "## Saved" in words(await press(community.moderator, blocked, "Retry"))
    assert (await the_schedule(community)).kind == "myths"


async def test_while_it_is_switched_off_nothing_is_saved_and_the_way_on_is_named(
    community: Community,
) -> None:
    await switch(community, "myths", is_on=False)

    blocked = await press(community.moderator, await open_panel(community), "Save")

    assert "“Weekly myth” is switched off in this community" in words(blocked)
    await switch(community, "myths", is_on=True)
    assert "## Saved" in words(await press(community.moderator, blocked, "Retry"))


async def test_a_schedule_is_changed_and_deleted_as_what_it_is(community: Community) -> None:
    saved = await save_schedule(community)

    panel = await press(community.moderator, saved, "Change")
    panel = await choose(community.moderator, panel, "schedule:days", ["4"])
    saved = await press(community.moderator, panel, "Save")
    assert words(saved).count("Fri ") == 3
    assert (await the_schedule(community)).recurrence.weekdays == {4}

    asked = await press(community.moderator, await open_saved(community), "Delete")
    assert "/myths pause only stops it" in words(asked)
    gone = await press(community.moderator, asked, "Delete")
    assert await community.services.schedules.in_guild(community.guild.id) == []
    again = await press(community.moderator, gone, "New schedule")
    assert "Weekly myth: a new schedule" in words(again)


@pytest.mark.parametrize("label", ["Save", "Time", "Silent: off"])
async def test_a_panel_from_before_a_restart_names_its_own_command(
    community: Community, label: str
) -> None:
    panel = await open_panel(community)
    await community.restart()

    told = await press(community.moderator, panel, label)

    assert "Run /myths schedule for a fresh one" in words(told)


async def test_a_closed_panel_names_its_own_command(community: Community) -> None:
    closed = await press(community.moderator, await open_panel(community), "Close without saving")

    assert "/myths schedule opens it again" in words(closed)


async def test_the_features_step_of_setup_has_it(community: Community) -> None:
    shown = await community.moderator.slash(community.desk, "setup")
    for _ in range(3):
        shown = await press(community.moderator, shown, "Next")

    off = await press(community.moderator, shown, "Weekly myth: on")

    assert "Weekly myth: off" in labels(off)


async def test_changes_are_in_the_log_by_their_own_name(community: Community) -> None:
    await save_schedule(community)
    await run(community, "skip")

    told = words(await community.moderator.slash(community.desk, "audit"))

    number = (await the_schedule(community)).schedule_id
    assert f"**Myth schedule {number} <#{community.general.id}>:** nothing →" in told
    assert f"**Weekly myth of schedule {number} 2027-03-15:** planned → skipped" in told


async def test_forgetting_the_community_takes_the_weekly_myth_along(community: Community) -> None:
    await post_one(community)

    await community.services.guilds.forget(community.guild.id)

    rows = await count_rows(community)
    assert rows["myth_bags"] == rows["schedules"] == rows["deliveries"] == 0


async def test_members_neither_see_nor_get_at_the_moderators_part(community: Community) -> None:
    with pytest.raises(SetupError, match="default-member-permissions"):
        await community.member.slash(community.general, "myths schedule")
    user = community.member.user
    assert "myths" not in user.available_commands()
    saved = await save_schedule(community)
    community.env.backend.remove_member_role(
        community.guild.id, community.moderator.id, community.guild.roles["Moderators"].id
    )
    await community.env.settle()

    assert "This is for moderators" in words(await press(community.moderator, saved, "Change"))
