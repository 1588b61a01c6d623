"""``/audit``: who changed what, when, from old to new."""

from typing import Any

import pytest
from simcord.backend.errors import SetupError

from bot.guilds.audit import Change
from tests.conftest import NOON
from tests.flows.conftest import Community
from tests.flows.presence import count_rows, demote, lose_sight, run_hidden
from tests.flows.reading import answer, choose, labels, parts, press, words
from tests.flows.tips import some_tip, write_tip

DAY = 86_400


async def write(community: Community, change: Change, guild_id: int | None = None) -> None:
    """One line in the log."""
    async with community.services.database.transaction() as tx:
        await community.services.audit.write(
            tx, guild_id or community.guild.id, community.moderator.id, change
        )


async def write_many(community: Community, count: int) -> None:
    """Numbered lines, so that the order shows."""
    for number in range(count):
        await write(community, Change("setup.zone", None, f"Old/{number}", f"New/{number}"))


async def open_audit(community: Community) -> Any:
    """``/audit`` as the moderator sees it."""
    return await community.moderator.slash(community.desk, "audit")


async def test_an_empty_log_says_so_and_what_will_be_in_it(community: Community) -> None:
    before = await count_rows(community)

    shown = await open_audit(community)

    assert shown.ephemeral
    assert "Nothing was changed here in the last 90 days" in words(shown)
    assert labels(shown) == []
    assert await count_rows(community) == before


async def test_a_change_has_its_moderator_its_instant_and_both_values(
    community: Community,
) -> None:
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, zone="Asia/Tokyo"
    )

    shown = words(await open_audit(community))

    assert f"<t:{NOON}:f> · <@{community.moderator.id}>" in shown
    assert "**Time zone:** UTC → Asia/Tokyo" in shown


async def test_channels_and_roles_are_shown_as_such(community: Community) -> None:
    await community.services.guilds.change(
        community.guild.id,
        community.moderator.id,
        staff_channel_id=community.desk.id,
        staff_role_id=community.opt_in.id,
    )

    shown = words(await open_audit(community))

    assert f"**Moderators' desk:** nothing → <#{community.desk.id}>" in shown
    assert f"**Staff role:** nothing → <@&{community.opt_in.id}>" in shown


async def test_a_feature_that_was_switched_is_named(community: Community) -> None:
    await community.services.guilds.switch_feature(
        community.guild.id, community.moderator.id, "tips", is_on=False, setup_step=3
    )

    assert "**Feature Daily tips:** on → off" in words(await open_audit(community))


async def test_a_schedule_that_was_saved_is_listed(community: Community) -> None:
    panel = await community.moderator.slash(community.desk, "tips schedule", zone="Asia/Tokyo")
    panel = await choose(community.moderator, panel, "schedule:channel", [community.general])
    await press(community.moderator, panel, "Save")

    assert f"**Tip schedule 1 <#{community.general.id}>:** nothing →" in words(
        await open_audit(community)
    )


async def test_a_plan_is_shown_whole_with_its_channel_as_a_mention(community: Community) -> None:
    place = f"<#{community.general.id}>"
    plan = f"{place}; 2027-03-14 13:30 America/Argentina/ComodRivadavia"
    await write(community, Change("announcement.plan", "Spring", "draft", plan))

    assert f"**Plan of announcement Spring:** draft → {plan}" in words(await open_audit(community))


async def test_tips_are_named_by_their_titles(community: Community) -> None:
    tip, other = some_tip(community, 10), some_tip(community, 20)
    await write(community, Change("tips.pin 1", None, other.id, tip.id))
    await write(community, Change("tips.mute", tip.id, "shown", "muted"))
    await write(community, Change("tips.mute", "long-gone", "shown", "muted"))

    shown = words(await open_audit(community)).replace("\\", "")

    assert f"**Next tip of schedule 1:** {other.title} → {tip.title}" in shown
    assert f"**Tip {tip.title}:** shown → muted" in shown
    assert "**Tip long-gone:** shown → muted" in shown


async def test_what_communities_wrote_themselves_is_named_by_its_title(
    community: Community,
) -> None:
    await write_tip(community)
    (own,) = await community.services.curation.own_tips(community.guild.id)
    await community.services.curation.remove(community.guild.id, community.moderator.id, own.id)
    await write(community, Change("resources.add", "community-5", None, "Our quiet room"))

    shown = words(await open_audit(community))

    assert f"**Own tip:** nothing → {own.title}" in shown
    assert f"**Own tip {own.title}:** kept → removed" in shown
    assert "**Own resource:** nothing → Our quiet room" in shown
    assert "community-" not in shown


async def test_where_there_is_little_room_values_end_with_a_whole_word(
    community: Community,
) -> None:
    value = f"<#{community.general.id}>; " + "evenings " * 18
    for _ in range(8):
        await write(community, Change("announcement.plan", value, value, value))

    shown = words(await open_audit(community))

    assert "evenings…" in shown
    assert shown.replace("evenings…", "").count("…") == 0
    assert len(shown) <= 4000


async def test_the_newest_change_comes_first_and_older_ones_follow_by_page(
    community: Community,
) -> None:
    await write_many(community, 9)

    first = await open_audit(community)
    assert "New/8" in words(first)
    assert "New/0" not in words(first)

    second = await press(community.moderator, first, "Older")
    assert "New/0" in words(second)
    assert "Page 2 of 2" in words(second)

    assert "New/8" in words(await press(community.moderator, second, "Newer"))


async def test_a_single_page_has_no_buttons_to_turn_it(community: Community) -> None:
    await write_many(community, 8)

    assert labels(await open_audit(community)) == []


async def test_a_page_that_is_gone_turns_to_the_last_one(community: Community) -> None:
    await write_many(community, 8)
    community.clock.move_to(NOON + 89 * DAY)
    await write_many(community, 9)
    shown = await press(community.moderator, await open_audit(community), "Older")
    community.clock.move_to(NOON + 91 * DAY)
    await community.services.audit.prune()

    assert "Page 2 of 2" in words(await press(community.moderator, shown, "Older"))


async def test_pages_turn_after_a_restart(community: Community) -> None:
    await write_many(community, 9)
    shown = await open_audit(community)

    await community.restart()

    assert "New/0" in words(await press(community.moderator, shown, "Older"))


async def test_what_is_older_than_90_days_is_gone(community: Community) -> None:
    await write_many(community, 1)
    community.clock.move_to(NOON + 91 * DAY)

    await community.services.audit.prune()

    assert "Nothing was changed" in words(await open_audit(community))


async def test_whoever_erased_their_data_is_not_named(community: Community) -> None:
    await write_many(community, 1)
    await community.services.privacy.erase(community.moderator.id)

    shown = words(await open_audit(community))

    assert "someone who erased their data" in shown
    assert str(community.moderator.id) not in shown


async def test_another_community_s_changes_are_not_shown(community: Community) -> None:
    await write(community, Change("setup.zone", None, "UTC", "Asia/Tokyo"), guild_id=1)

    assert "Asia/Tokyo" not in words(await open_audit(community))


async def test_words_of_a_moderator_take_no_effect_and_long_ones_fit(
    community: Community,
) -> None:
    for _ in range(8):
        await write(community, Change("tips.add " + "*" * 90, "_" * 200, "@everyone", "~" * 600))

    shown = await open_audit(community)

    assert "@everyone" not in words(shown)
    assert len(words(shown)) <= 4000
    assert len(list(parts(answer(shown).components))) <= 40


async def test_members_do_not_see_audit(community: Community) -> None:
    with pytest.raises(SetupError, match="default-member-permissions"):
        await community.member.slash(community.general, "audit")


async def test_a_member_who_gets_at_audit_is_refused(community: Community) -> None:
    await write_many(community, 1)

    refused = await run_hidden(community.member, community.general, "audit")

    assert refused.ephemeral
    assert "Manage Server" in words(refused)
    assert "New/0" not in words(refused)


async def test_audit_is_not_there_in_a_direct_message(community: Community) -> None:
    user = community.moderator.user
    assert "audit" not in user.available_commands()

    assert "This works inside a community" in words(
        await run_hidden(user, user.dm_channel, "audit")
    )


async def test_audit_refuses_where_the_bot_was_not_added(community: Community) -> None:
    await write_many(community, 1)
    await lose_sight(community)

    refused = await run_hidden(community.moderator, community.general, "audit")

    assert "New/0" not in words(refused)


async def test_turning_a_page_refuses_someone_who_lost_the_role(community: Community) -> None:
    await write_many(community, 9)
    shown = await open_audit(community)
    demote(community)

    refused = await press(community.moderator, shown, "Older")

    assert "This is for moderators" in words(refused)
    assert "New/" not in words(refused)
