"""The bot goes, and keeps for thirty days what was set up."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.flows.conftest import Community, close_services, make_app
from tests.flows.moderating import (
    DAY,
    save_schedule,
)
from tests.flows.presence import (
    add_bot,
    count_rows,
    keep_house,
    lose_sight,
    remove_bot,
)


async def state_of_schedule(community: Community) -> str | None:
    """How the one schedule stands; None when it is gone."""
    schedules = await community.services.schedules.in_guild(community.guild.id)
    return schedules[0].state if schedules else None


async def is_known(community: Community) -> bool:
    """Whether anything is kept about the community, lost or not."""
    guilds = community.services.guilds
    return community.guild.id in {*await guilds.known(), *await guilds.lost()}


def wait(community: Community, days: float) -> None:
    """Let days go by while nothing happens."""
    community.clock.move_to(community.clock.now() + int(days * DAY))


@pytest.mark.parametrize("status", [404, 403])
async def test_a_removal_that_discord_confirms_begins_the_grace(
    community: Community, status: int
) -> None:
    await save_schedule(community)

    await remove_bot(community, status=status)

    assert list(await community.services.guilds.lost()) == [community.guild.id]
    assert await state_of_schedule(community) == "away"


async def test_losing_sight_of_a_community_is_not_leaving_it(community: Community) -> None:
    await save_schedule(community)

    await lose_sight(community)
    await keep_house(community)

    assert await community.services.guilds.lost() == {}
    assert await state_of_schedule(community) == "active"


async def test_an_outage_is_not_leaving(community: Community) -> None:
    await save_schedule(community)
    backend = community.env.backend
    backend.emit("GUILD_DELETE", {"id": str(community.guild.id), "unavailable": True})
    await community.env.settle()

    await keep_house(community)

    assert await community.services.guilds.lost() == {}


@pytest.mark.parametrize("status", [500, 502, 429, 401])
async def test_any_other_answer_leaves_the_community_as_it_is(
    community: Community, status: int
) -> None:
    await save_schedule(community)

    await remove_bot(community, status=status)

    assert await community.services.guilds.lost() == {}
    assert await state_of_schedule(community) == "active"


async def test_a_removal_that_was_missed_is_found_by_the_daily_round(
    community: Community,
) -> None:
    await save_schedule(community)
    await lose_sight(community)
    await remove_bot(community)
    assert await community.services.guilds.lost() == {}

    await keep_house(community)

    assert list(await community.services.guilds.lost()) == [community.guild.id]


async def test_coming_back_within_the_grace_takes_everything_up_again(
    community: Community,
) -> None:
    await save_schedule(community)
    await remove_bot(community)
    wait(community, 29)
    await keep_house(community)

    await add_bot(community)

    assert await community.services.guilds.lost() == {}
    assert await state_of_schedule(community) == "active"


async def test_coming_back_while_the_bot_was_not_running_is_noticed_at_its_start(
    community: Community,
) -> None:
    await save_schedule(community)
    await remove_bot(community)
    community.env.backend.faults.clear()

    await community.restart()

    assert await community.services.guilds.lost() == {}
    assert await state_of_schedule(community) == "active"


async def test_coming_back_during_help_only_mode_is_noticed_when_it_ends(
    community: Community, tmp_path: Path
) -> None:
    await save_schedule(community)
    await remove_bot(community)
    community.env.backend.faults.clear()
    await close_services(community.app)
    content = tmp_path / "content"
    shutil.copytree(ROOT / "data", content)
    whole = (content / "tips" / "sleep.toml").read_text(encoding="utf-8")
    (content / "tips" / "sleep.toml").write_text("[[", encoding="utf-8")
    settings = community.app.settings.model_copy(update={"content_dir": content})
    community.app = make_app(settings, community.clock)
    await community.app.open()
    await community.env.restart_bot(community.app.client)
    assert community.app.problem is not None

    (content / "tips" / "sleep.toml").write_text(whole, encoding="utf-8")
    assert await community.app.try_again()

    assert await community.services.guilds.lost() == {}
    assert await state_of_schedule(community) == "active"


async def test_coming_back_does_not_start_what_moderators_had_stopped(
    community: Community,
) -> None:
    await save_schedule(community)
    await community.moderator.slash(community.desk, "tips pause")
    await remove_bot(community)

    await add_bot(community)

    assert await state_of_schedule(community) == "paused"


async def test_coming_back_does_not_switch_a_feature_on(community: Community) -> None:
    await save_schedule(community)
    await community.services.guilds.switch_feature(
        community.guild.id, community.moderator.id, "tips", is_on=False, setup_step=3
    )
    await remove_bot(community)

    await add_bot(community)

    assert await state_of_schedule(community) == "away"


async def test_nothing_is_forgotten_before_thirty_days(community: Community) -> None:
    await save_schedule(community)
    await remove_bot(community)

    wait(community, 29.9)
    await keep_house(community)

    assert await is_known(community)
    assert await state_of_schedule(community) == "away"


async def test_after_thirty_days_the_community_is_forgotten(community: Community) -> None:
    await save_schedule(community)
    await remove_bot(community)

    wait(community, 30)
    await keep_house(community)

    assert not await is_known(community)
    assert set((await count_rows(community)).values()) == {0}


async def test_a_second_removal_event_does_not_lengthen_the_grace(community: Community) -> None:
    await save_schedule(community)
    await remove_bot(community)
    lost = await community.services.guilds.lost()
    wait(community, 3)

    await community.services.guilds.mark_lost(community.guild.id)

    assert await community.services.guilds.lost() == lost


@pytest.mark.parametrize("status", [200, 500])
async def test_forgetting_needs_discord_s_word_once_more(community: Community, status: int) -> None:
    await save_schedule(community)
    await remove_bot(community)
    wait(community, 31)
    community.env.backend.faults.clear()
    if status != 200:
        community.env.inject_error("GET", "/guilds/*", status=status, times=None)

    await keep_house(community)

    assert await is_known(community)


async def test_a_removed_community_gets_no_posts(community: Community) -> None:
    await save_schedule(community)
    await remove_bot(community)

    await community.travel_to(community.clock.now() + 2 * DAY)

    assert community.general.history() == []


async def test_whatever_moderators_do_without_setup_is_forgotten_too(
    community: Community,
) -> None:
    """A schedule alone makes the community known."""
    await save_schedule(community)

    assert await is_known(community)


async def test_another_shard_s_communities_are_left_to_it(community: Community) -> None:
    await save_schedule(community)
    cog: Any = community.app.client.get_cog("CommunitiesCog")
    other = (community.guild.id >> 22) % 2 ^ 1
    cog._settings = community.app.settings.model_copy(update={"shard_id": other, "shard_count": 2})
    await lose_sight(community)
    await remove_bot(community)

    await keep_house(community)

    assert await community.services.guilds.lost() == {}
