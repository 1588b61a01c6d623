"""``/status``: how every feature stands, what is wrong by name, and a test post."""

from typing import Any

import pytest
from discord.ext import commands

from bot.client import BreatherClient
from bot.delivery.state_store import UPDATE_SCHEDULE_STATE
from tests.flows.conftest import Community
from tests.flows.moderating import (
    DAY,
    open_status,
    other_schedule,
    save_schedule,
    stop_schedule,
    the_schedule,
)
from tests.flows.presence import count_rows, forbid
from tests.flows.reading import answer, labels, parts, press, words

TEST = "Send test (only I see it)"


async def test_with_nothing_set_up_status_says_what_to_do_first(community: Community) -> None:
    shown = await open_status(community)

    assert shown.ephemeral
    assert "No daily tips are scheduled yet" in words(shown)
    assert "Schedule daily tips" in labels(shown)
    assert "**/help-now:** always on" in words(shown)


async def test_looking_at_status_creates_no_row(community: Community) -> None:
    before = await count_rows(community)

    await press(community.moderator, await open_status(community), "Refresh")

    assert await count_rows(community) == before


async def test_status_has_the_next_run_and_no_result_yet(community: Community) -> None:
    await save_schedule(community)
    next_run_at = (await the_schedule(community)).next_run_at

    shown = await open_status(community)

    assert f"next <t:{next_run_at}:R>" in words(shown)
    assert "Last: nothing yet" in words(shown)


async def test_status_has_the_last_result_after_a_post(community: Community) -> None:
    await save_schedule(community)
    await community.travel_to(community.clock.now() + DAY)

    assert "Last: posted <t:" in words(await open_status(community))


async def test_a_slot_that_is_skipped_ahead_is_not_the_last_result(community: Community) -> None:
    await save_schedule(community)
    await community.travel_to(community.clock.now() + DAY)
    await community.moderator.slash(community.desk, "tips skip")

    assert "Last: posted <t:" in words(await open_status(community))


@pytest.mark.parametrize(
    ("permission", "name"),
    [
        ("view_channel", "View Channel"),
        ("send_messages", "Send Messages"),
        ("read_message_history", "Read Message History"),
    ],
)
async def test_a_missing_permission_is_named_with_its_channel(
    community: Community, permission: str, name: str
) -> None:
    await save_schedule(community)
    forbid(community, community.general, permission)

    shown = words(await open_status(community))

    assert name in shown
    assert f"in <#{community.general.id}>" in shown


async def test_a_problem_names_only_buttons_that_are_there(community: Community) -> None:
    await save_schedule(community)
    forbid(community, community.general, "send_messages")

    shown = await open_status(community)
    test = await press(community.moderator, shown, TEST)

    for card in (shown, test):
        assert "then press Retry" in words(card)
        assert "Retry" in labels(card)


async def test_refresh_sees_that_the_permission_was_given(community: Community) -> None:
    await save_schedule(community)
    forbid(community, community.general, "send_messages")
    shown = await open_status(community)
    forbid(community, community.general)

    assert "Send Messages" not in words(await press(community.moderator, shown, "Refresh"))


async def test_a_channel_that_is_gone_is_said_to_be_gone(community: Community) -> None:
    await save_schedule(community)
    community.env.backend.delete_channel(community.general.id)

    assert "it is gone" in words(await open_status(community))


async def test_a_desk_without_permission_is_named(community: Community) -> None:
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, staff_channel_id=community.desk.id
    )
    forbid(community, community.desk, "send_messages")

    shown = await community.moderator.slash(community.general, "status")

    assert f"Moderators' desk:** I can't Send Messages in <#{community.desk.id}>" in words(shown)


async def test_a_desk_that_is_gone_is_said_to_be_gone(community: Community) -> None:
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, staff_channel_id=community.desk.id
    )
    community.env.backend.delete_channel(community.desk.id)

    shown = await community.moderator.slash(community.general, "status")

    assert "the channel is gone" in words(shown)


async def test_a_test_is_shown_to_the_moderator_alone_and_draws_nothing(
    community: Community,
) -> None:
    await save_schedule(community)
    before = await count_rows(community)

    test = await press(community.moderator, await open_status(community), TEST)

    assert test.ephemeral
    assert "This is a test: only you see it" in words(test)
    assert community.general.history() == []
    assert await count_rows(community) == before


async def test_a_test_shows_the_tip_that_is_pinned(community: Community) -> None:
    await save_schedule(community)
    tip = list(community.services.tips.library.by_id.values())[-1]
    schedule = await the_schedule(community)
    await community.services.curation.pin(community.moderator.id, schedule, tip.id)

    test = await press(community.moderator, await open_status(community), TEST)

    assert tip.title in words(test)


async def test_a_test_says_when_the_post_would_fail(community: Community) -> None:
    await save_schedule(community)
    forbid(community, community.general, "send_messages")

    test = await press(community.moderator, await open_status(community), TEST)

    assert f"I can't Send Messages in <#{community.general.id}>" in words(test)


async def test_a_schedule_that_was_deleted_meanwhile_is_said_to_be_gone(
    community: Community,
) -> None:
    await save_schedule(community)
    shown = await open_status(community)
    async with community.services.database.transaction() as tx:
        schedule_id = (await the_schedule(community)).schedule_id
        await community.services.schedules.remove(tx, schedule_id)

    assert "That schedule is gone" in words(await press(community.moderator, shown, TEST))


async def test_the_buttons_answer_after_a_restart(community: Community) -> None:
    await stop_schedule(community)
    shown = await open_status(community)
    forbid(community, community.general)

    await community.restart()
    test = await press(community.moderator, shown, TEST)
    shown = await press(community.moderator, shown, "Retry")

    assert "This is a test" in words(test)
    assert "next <t:" in words(shown)


async def test_twenty_five_schedules_in_trouble_fit_into_one_card(community: Community) -> None:
    forbid(community, community.general, "view_channel", "send_messages", "read_message_history")
    async with community.services.database.transaction() as tx:
        for kind in ["tips"] * 20 + ["announcement"] * 5:
            schedule = other_schedule(community.guild.id, community.general.id, kind=kind)
            saved = await community.services.schedules.save(tx, schedule)
            if kind != "tips":
                await tx.execute(
                    UPDATE_SCHEDULE_STATE,
                    schedule_id=saved.schedule_id,
                    old_state="active",
                    new_state="broken",
                    new_problem="p" * 400,
                    new_next_run_at=None,
                )

    shown = await open_status(community)

    assert len(list(parts(answer(shown).components))) <= 40
    assert len(words(shown)) <= 4000
    assert "16 more in /tips schedule" in words(shown)


@pytest.fixture
def with_a_broken_cog(app: Any) -> None:
    """One cog more that cannot be made."""

    def broken(_client: BreatherClient) -> commands.Cog:
        message = "not today"
        raise RuntimeError(message)

    app.client.add_cogs([broken])


async def test_commands_that_could_not_be_loaded_are_mentioned(
    with_a_broken_cog: None, community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    shown = await open_status(community)

    assert "Some of my commands could not be loaded" in words(shown)
    caplog.clear()
