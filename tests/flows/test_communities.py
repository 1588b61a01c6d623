"""The bot comes and says one short hello, with a way to set it up."""

import discord

from tests.flows.conftest import Community
from tests.flows.presence import (
    add_bot,
    forbid,
    lose_sight,
    remove_bot,
)
from tests.flows.reading import labels, words

MESSAGES = "/channels/*/messages"


async def meet(community: Community) -> None:
    """The bot is added for the first time."""
    await lose_sight(community)
    await add_bot(community)


def hellos(community: Community) -> list[discord.Message]:
    """Every message in the community that says hello."""
    messages = [*community.general.history(), *community.desk.history()]
    return [message for message in messages if "Hello, I'm Breather" in words(message)]


async def test_one_hello_with_a_way_to_set_up_is_said_on_joining(community: Community) -> None:
    await meet(community)

    (hello,) = hellos(community)
    assert hello.channel.id == community.general.id
    assert "/help-now work already" in words(hello)


async def test_the_system_channel_comes_first(community: Community) -> None:
    community.env.backend.edit_guild(community.guild.id, {"system_channel_id": community.desk.id})

    await meet(community)

    (hello,) = hellos(community)
    assert hello.channel.id == community.desk.id


async def test_rules_are_no_place_for_a_hello(community: Community) -> None:
    community.env.backend.edit_guild(community.guild.id, {"rules_channel_id": community.general.id})

    await meet(community)

    (hello,) = hellos(community)
    assert hello.channel.id == community.desk.id


async def test_a_moderator_sets_up_from_the_hello_in_private(community: Community) -> None:
    await meet(community)
    (hello,) = hellos(community)

    shown = await community.moderator.click(hello, label="Set up")

    assert shown.ephemeral
    assert "step 1 of 4" in words(shown)


async def test_a_member_who_presses_set_up_is_refused_in_private(community: Community) -> None:
    await meet(community)
    (hello,) = hellos(community)

    refused = await community.member.click(hello, label="Set up")

    assert refused.ephemeral
    assert "This is for moderators" in words(refused)
    assert labels(refused) == []


async def test_the_hello_s_button_answers_after_a_restart(community: Community) -> None:
    await meet(community)
    (hello,) = hellos(community)

    await community.restart()

    assert "step 1 of 4" in words(await community.moderator.click(hello, label="Set up"))


async def test_the_hello_s_button_refuses_once_the_bot_was_removed(community: Community) -> None:
    await meet(community)
    (hello,) = hellos(community)
    await remove_bot(community)

    refused = await community.moderator.click(hello, label="Set up")

    assert "This works inside a community that I was added to" in words(refused)


async def test_a_restart_or_an_outage_brings_no_second_hello(community: Community) -> None:
    await meet(community)

    await community.restart()
    backend = community.env.backend
    backend.emit("GUILD_DELETE", {"id": str(community.guild.id), "unavailable": True})
    await add_bot(community)

    assert len(hellos(community)) == 1


async def test_coming_back_brings_no_second_hello(community: Community) -> None:
    await meet(community)
    await remove_bot(community)

    await add_bot(community)

    assert len(hellos(community)) == 1


async def test_where_the_bot_may_not_speak_setup_is_simply_there(community: Community) -> None:
    forbid(community, community.general, "send_messages")
    forbid(community, community.desk, "view_channel")

    await meet(community)

    assert hellos(community) == []
    assert await community.services.guilds.was_greeted(community.guild.id)
    assert "step 1 of 4" in words(await community.moderator.slash(community.general, "setup"))


async def test_a_channel_that_refuses_leaves_the_hello_to_the_next(community: Community) -> None:
    await lose_sight(community)
    path = f"/channels/{community.general.id}/messages"
    community.env.inject_error("POST", path, status=403, code=50013)

    await add_bot(community, ends_faults=False)

    (hello,) = hellos(community)
    assert hello.channel.id == community.desk.id


async def test_a_hello_that_failed_is_not_taken_as_said(community: Community) -> None:
    await lose_sight(community)
    community.env.inject_error("POST", MESSAGES, status=403, code=50013, times=None)
    await add_bot(community, ends_faults=False)
    assert hellos(community) == []
    assert not await community.services.guilds.was_greeted(community.guild.id)

    await lose_sight(community)
    await add_bot(community)

    assert len(hellos(community)) == 1
