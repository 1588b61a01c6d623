"""``/setup`` can forget the community at once, after a question that lists what goes."""

from sqlalchemy import func, select

from bot.storage import metadata
from tests.flows.conftest import Community
from tests.flows.moderating import (
    ask_to_forget,
    choose_zone,
    open_summary,
    save_schedule,
    the_schedule,
)
from tests.flows.presence import (
    count_rows,
    demote,
)
from tests.flows.reading import press, words


async def test_forgetting_lists_what_goes_and_can_be_called_off(community: Community) -> None:
    await save_schedule(community)
    summary = await open_summary(community)
    before = await count_rows(community)

    asked = await press(community.moderator, summary, "Forget this community")
    assert "1 schedule with its history" in words(asked)
    assert "log of changes" in words(asked)

    kept = await press(community.moderator, asked, "Keep it")
    assert "Breather is ready" in words(kept)
    assert await count_rows(community) == before


async def test_forgetting_leaves_nothing_of_the_community(community: Community) -> None:
    await save_schedule(community)
    await choose_zone(community, "Asia/Tokyo")
    guild_id, user_id = community.guild.id, community.moderator.id
    tip_id = next(iter(community.services.tips.library.by_id))
    await community.services.curation.mute(guild_id, user_id, tip_id)
    asked = await ask_to_forget(community)

    await press(community.moderator, asked, "Forget everything")

    assert await rows_about(community, guild_id) == {}


async def test_forgetting_twice_is_harmless(community: Community) -> None:
    first = await ask_to_forget(community)
    shown = await community.moderator.slash(community.desk, "setup")
    second = await press(community.moderator, shown, "Forget this community")
    await press(community.moderator, first, "Forget everything")

    again = await press(community.moderator, second, "Forget everything")

    assert "I keep nothing about this community" in words(again)
    assert await rows_about(community, community.guild.id) == {}


async def test_setup_begins_anew_after_forgetting(community: Community) -> None:
    asked = await ask_to_forget(community)
    await press(community.moderator, asked, "Forget everything")

    again = await community.moderator.slash(community.desk, "setup")

    assert "step 1 of 4" in words(again)


async def rows_about(community: Community, guild_id: int) -> dict[str, int]:
    """The tables that hold something about a community, and how much."""
    found = {}
    for table in metadata.sorted_tables:
        if "guild_id" in table.c:
            query = select(func.count().label("n")).where(table.c.guild_id == guild_id)
            row = await community.services.database.fetch_one(query)
            if row and row["n"]:
                found[table.name] = row["n"]
    return found


async def test_forgetting_refuses_someone_who_lost_the_role(community: Community) -> None:
    await save_schedule(community)
    asked = await ask_to_forget(community)
    demote(community)

    refused = await press(community.moderator, asked, "Forget everything")

    assert "This is for moderators" in words(refused)
    assert (await the_schedule(community)).state == "active"
