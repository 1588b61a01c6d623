"""Moderators' commands are checked in code; everyone may use the others."""

from typing import Any

import pytest

from tests.flows.conftest import Community
from tests.flows.reading import labels, words
from tests.flows.tips import save_schedule, write_tip

COMMANDS: dict[str, dict[str, str]] = {
    "schedule": {},
    "skip": {},
    "pause": {},
    "resume": {},
    "history": {},
    "pin": {"tip": "breath-candle-lips"},
    "mute": {"tip": "breath-candle-lips"},
    "add": {},
    "own": {},
}


async def count(community: Community) -> tuple[Any, ...]:
    """What a moderator could have changed."""
    guild_id = community.guild.id
    return (
        await community.services.schedules.in_guild(guild_id),
        await community.services.curation.muted(guild_id),
        await community.services.curation.own_tips(guild_id),
        len(await community.services.audit.latest(guild_id)),
    )


@pytest.mark.parametrize("command", list(COMMANDS))
async def test_a_member_is_told_who_may_use_a_moderators_command(
    community: Community, command: str
) -> None:
    await save_schedule(community)
    before = await count(community)

    refused = await community.member.slash(
        community.general, f"tips {command}", **COMMANDS[command]
    )

    assert refused.ephemeral
    assert "it needs the permission Manage Server" in words(refused)
    assert labels(refused) == []
    assert refused.modal is None
    assert await count(community) == before


@pytest.mark.parametrize("command", list(COMMANDS))
async def test_in_direct_messages_a_moderators_command_says_where_it_works(
    community: Community, command: str
) -> None:
    refused = await community.moderator.user.slash(f"tips {command}", **COMMANDS[command])

    assert "inside a community that I was added to" in words(refused)


@pytest.mark.parametrize("command", list(COMMANDS))
async def test_every_moderators_command_works_for_a_moderator(
    community: Community, command: str
) -> None:
    await save_schedule(community)

    told = await community.moderator.slash(
        community.general, f"tips {command}", **COMMANDS[command]
    )

    assert told.modal is not None or told.ephemeral
    assert told.modal is not None or "Manage Server" not in words(told)


async def test_members_are_not_offered_the_names_of_channels_by_autocomplete(
    community: Community,
) -> None:
    await save_schedule(community)

    for actor, expected in ((community.member, 0), (community.moderator, 1)):
        choices = await actor.autocomplete(community.general, "tips pause", "schedule", "")
        assert len(choices) == expected
    user = community.moderator.user
    assert await user.autocomplete("tips pause", "schedule", "") == []


async def test_tips_are_offered_in_direct_messages_without_any_communitys_own(
    community: Community,
) -> None:
    await write_tip(community)

    choices = await community.moderator.user.autocomplete("tips pin", "tip", "stretch your hands")

    assert choices == []


async def test_nobody_else_sees_a_moderators_cards(community: Community) -> None:
    await save_schedule(community)
    for command in ("schedule", "skip", "history"):
        shown = await community.moderator.slash(community.general, f"tips {command}")
        assert shown.ephemeral

    assert [post for post in community.general.history() if not post.flags.ephemeral] == []
