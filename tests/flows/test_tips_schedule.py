"""Moderators save a schedule: permissions are checked there and then."""

from typing import Any

import pytest

from tests.flows.conftest import Community
from tests.flows.reading import choose, labels, press, words
from tests.flows.tips import (
    DAY,
    allow,
    demote,
    forbid,
    open_panel,
    posts,
    press_twice,
    save_schedule,
    the_schedule,
)


async def open_thread(community: Community) -> Any:
    """A public thread in #community that the bot is in."""
    backend = community.env.backend
    model = backend.create_thread(community.general.id, "tips", community.moderator.id)
    await community.env.settle()
    return next(thread for thread in community.general.threads if thread.id == model.id)


async def test_a_saved_schedule_shows_its_next_three_runs_in_both_times(
    community: Community,
) -> None:
    saved = await save_schedule(community, zone="Europe/Berlin")

    assert "Mon 15 Mar 2027, 09:00 (Europe/Berlin)" in words(saved)
    assert "Wed 17 Mar 2027, 09:00 (Europe/Berlin)" in words(saved)
    assert words(saved).count("<t:") == 3


async def test_saving_without_a_channel_says_so_and_keeps_the_rest(community: Community) -> None:
    panel = await community.moderator.slash(community.desk, "tips schedule", zone="Asia/Tokyo")

    blocked = await press(community.moderator, panel, "Save")
    assert "No channel is chosen" in words(blocked)

    back = await press(community.moderator, blocked, "Back")
    assert "Asia/Tokyo" in words(back)


@pytest.mark.parametrize(
    ("denied", "name"),
    [
        ("send_messages", "Send Messages"),
        ("view_channel", "View Channel, Send Messages and Read Message History"),
        ("read_message_history", "Read Message History"),
    ],
)
async def test_a_missing_permission_is_named_with_its_fix_and_retry_saves(
    community: Community, denied: str, name: str
) -> None:
    panel = await open_panel(community)
    await forbid(community, community.general, denied)

    blocked = await press(community.moderator, panel, "Save")
    assert f"I can't {name} in <#{community.general.id}>. Fix:" in words(blocked)
    assert labels(blocked) == ["Retry", "Back"]
    again = await press(community.moderator, blocked, "Retry")
    assert "Not saved yet" in words(again)
    assert "Checked <t:" in words(again)
    assert await community.services.schedules.in_guild(community.guild.id) == []

    await allow(community, community.general)
    saved = await press(community.moderator, again, "Retry")
    assert "## Saved" in words(saved)


async def test_a_role_that_cannot_be_pinged_is_named_with_its_fix(community: Community) -> None:
    proud = community.guild.create_role("Nobody may ping us")
    panel = await open_panel(community)
    panel = await choose(community.moderator, panel, "schedule:role", [proud])
    await forbid(community, community.general, "mention_everyone")

    blocked = await press(community.moderator, panel, "Save")

    assert f"I can't ping <@&{proud.id}>" in words(blocked)
    assert "allow anyone to @mention it" in words(blocked)
    community.env.backend.edit_role(community.guild.id, proud.id, {"mentionable": True})
    await community.env.settle()
    assert "## Saved" in words(await press(community.moderator, blocked, "Retry"))


async def test_everyone_is_no_role_to_ping(community: Community) -> None:
    panel = await open_panel(community)
    panel = await choose(
        community.moderator, panel, "schedule:role", [community.guild.default_role]
    )

    assert "can't be pinged" in words(await press(community.moderator, panel, "Save"))


async def test_topics_of_which_every_tip_is_muted_are_called_too_narrow(
    community: Community,
) -> None:
    for tip_id in community.services.tips.library.ids_on(["sleep"]):
        await community.services.curation.mute(community.guild.id, 1, tip_id)
    panel = await open_panel(community)
    panel = await choose(community.moderator, panel, "schedule:topics", ["sleep"])

    blocked = await press(community.moderator, panel, "Save")

    assert "No tip fits the topics chosen for it (Sleep)" in words(blocked)
    assert "/tips mute" in words(blocked)


async def test_a_schedule_can_post_into_a_thread(community: Community) -> None:
    thread = await open_thread(community)
    panel = await open_panel(community)
    panel = await choose(community.moderator, panel, "schedule:channel", [thread])

    assert "## Saved" in words(await press(community.moderator, panel, "Save"))
    await community.travel_to(community.clock.now() + DAY)
    assert len(posts(thread)) == 1


async def test_a_thread_in_which_the_bot_may_not_write_is_named(community: Community) -> None:
    thread = await open_thread(community)
    await forbid(community, community.general, "send_messages_in_threads")
    panel = await open_panel(community)
    panel = await choose(community.moderator, panel, "schedule:channel", [thread])

    blocked = await press(community.moderator, panel, "Save")

    assert "I can't Send Messages in Threads" in words(blocked)


async def test_a_locked_thread_is_named(community: Community) -> None:
    thread = await open_thread(community)
    community.env.backend.edit_channel(thread.id, {}, thread_metadata={"locked": True})
    await forbid(community, community.general, "manage_threads")
    panel = await open_panel(community)
    panel = await choose(community.moderator, panel, "schedule:channel", [thread])

    assert "is locked" in words(await press(community.moderator, panel, "Save"))


async def test_a_double_press_on_save_makes_one_schedule(community: Community) -> None:
    panel = await open_panel(community)

    await press_twice(community, community.moderator, panel, "Save")

    assert (await the_schedule(community)).channel_id == community.general.id


async def test_who_is_no_moderator_any_more_saves_nothing(community: Community) -> None:
    panel = await open_panel(community)
    await demote(community)

    refused = await press(community.moderator, panel, "Save")

    assert "Manage Server" in words(refused)
    assert await community.services.schedules.in_guild(community.guild.id) == []


async def test_the_staff_role_may_schedule_too(community: Community) -> None:
    helpers = community.guild.create_role("Helpers")
    helper = community.guild.add_member(community.env.create_user("helper"), roles=[helpers])
    await community.services.guilds.change(community.guild.id, 1, staff_role_id=helpers.id)
    await community.env.settle()

    assert "a new schedule" in words(await helper.slash(community.general, "tips schedule"))
    refused = await community.member.slash(community.general, "tips schedule")
    assert f"<@&{helpers.id}>" in words(refused)
