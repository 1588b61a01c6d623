"""``/status``: starting what stands still again; and who may not use it."""

import pytest
from simcord.backend.errors import SetupError
from sqlalchemy import update

from bot.storage import metadata
from tests.flows.conftest import Community
from tests.flows.moderating import (
    open_status,
    save_schedule,
    stop_schedule,
    switch_tips_off,
    the_schedule,
)
from tests.flows.presence import controls, demote, forbid, lose_sight, run_hidden
from tests.flows.reading import answer, labels, press, words

TEST = "Send test (only I see it)"


async def test_a_feature_that_is_off_is_shown_as_off_without_retry(community: Community) -> None:
    await save_schedule(community)
    await switch_tips_off(community)

    shown = await open_status(community)

    assert "**Daily tips:** off" in words(shown)
    assert "switched off" in words(shown)
    assert not {"Retry", "Resume"} & set(labels(shown))


async def test_a_test_without_any_tip_left_is_refused_with_a_way_out(
    community: Community,
) -> None:
    await save_schedule(community)
    for tip_id in community.services.tips.library.by_id:
        await community.services.curation.mute(community.guild.id, community.moderator.id, tip_id)

    test = await press(community.moderator, await open_status(community), TEST)

    assert "No tip fits this schedule" in words(test)
    assert "/tips mute" in words(test)


async def test_retry_refuses_while_the_permission_is_missing(community: Community) -> None:
    await stop_schedule(community)

    refused = await press(community.moderator, await open_status(community), "Retry")

    assert "I can't Send Messages" in words(refused)
    assert (await the_schedule(community)).state == "broken"


async def test_retry_starts_a_stopped_schedule_and_says_so_in_the_log(
    community: Community,
) -> None:
    await stop_schedule(community)
    shown = await open_status(community)
    forbid(community, community.general)

    shown = await press(community.moderator, shown, "Retry")

    assert "next <t:" in words(shown)
    assert "Retry" not in labels(shown)
    entry = (await community.services.audit.latest(community.guild.id))[0]
    assert (entry.change.old, entry.change.new) == ("broken", "active")


async def test_a_second_retry_from_an_old_card_changes_nothing(community: Community) -> None:
    await stop_schedule(community)
    first, second = await open_status(community), await open_status(community)
    forbid(community, community.general)
    await press(community.moderator, first, "Retry")
    entries = len(await community.services.audit.latest(community.guild.id))

    await press(community.moderator, second, "Retry")

    assert len(await community.services.audit.latest(community.guild.id)) == entries


async def test_a_paused_schedule_can_be_resumed(community: Community) -> None:
    await save_schedule(community)
    await community.moderator.slash(community.desk, "tips pause")

    await press(community.moderator, await open_status(community), "Resume")

    assert (await the_schedule(community)).state == "active"


async def test_resume_from_an_old_card_does_not_switch_a_feature_on(
    community: Community,
) -> None:
    await save_schedule(community)
    await community.moderator.slash(community.desk, "tips pause")
    shown = await open_status(community)
    await switch_tips_off(community)

    refused = await press(community.moderator, shown, "Resume")

    assert "switched off in this community" in words(refused)
    assert (await the_schedule(community)).state == "paused"


async def test_members_do_not_see_status(community: Community) -> None:
    with pytest.raises(SetupError, match="default-member-permissions"):
        await community.member.slash(community.general, "status")


async def test_a_member_who_gets_at_status_is_refused(community: Community) -> None:
    refused = await run_hidden(community.member, community.general, "status")

    assert refused.ephemeral
    assert "Manage Server" in words(refused)


async def test_status_is_not_there_in_a_direct_message(community: Community) -> None:
    user = community.moderator.user
    assert "status" not in user.available_commands()

    refused = await run_hidden(user, user.dm_channel, "status")

    assert "This works inside a community" in words(refused)


async def test_status_refuses_where_the_bot_was_not_added(community: Community) -> None:
    await lose_sight(community)

    refused = await run_hidden(community.moderator, community.general, "status")

    assert "This works inside a community that I was added to" in words(refused)


async def test_every_control_refuses_someone_who_lost_the_role(community: Community) -> None:
    await stop_schedule(community)
    shown = await open_status(community)
    demote(community)

    for part in controls(shown):
        refused = await community.moderator.click(
            answer(shown).message, custom_id=part["custom_id"]
        )
        assert "This is for moderators" in words(refused), part["custom_id"]


async def test_a_schedule_of_another_community_is_out_of_reach(community: Community) -> None:
    await save_schedule(community)
    shown = await open_status(community)
    async with community.services.database.transaction() as tx:
        await tx.execute(update(metadata.tables["schedules"]).values(guild_id=1))

    assert "That schedule is gone" in words(await press(community.moderator, shown, TEST))
