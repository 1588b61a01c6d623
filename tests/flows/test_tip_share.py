"""A member shares a tip in a channel: once a card, and nobody is named."""

from typing import Any

import discord

from tests.flows.conftest import Community
from tests.flows.reading import answer, control, press, words
from tests.flows.tips import (
    labels_of,
    posts,
    press_twice,
    speak,
    switch_off,
    title_in,
    votes_on,
)


async def open_thread(community: Community, **overwrite: bool) -> Any:
    """A public thread in #community, with a permission set for everyone."""
    channel = community.guild.create_text_channel(
        "talk",
        overwrites={community.guild.default_role: discord.PermissionOverwrite(**overwrite)},
    )
    backend = community.env.backend
    model = backend.create_thread(channel.id, "a thread", community.moderator.id)
    await community.env.settle()
    return next(thread for thread in channel.threads if thread.id == model.id)


async def test_a_shared_tip_is_seen_by_everyone_and_names_nobody(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip")
    title = title_in(shown)

    await press(community.member, shown, "Share here")

    (post,) = posts(community.general)
    assert f"## {title}" in words(post)
    assert community.member.name not in words(post)
    assert str(community.member.id) not in words(post)
    assert labels_of(post) == ["Save", "Helpful", "Not for me"]


async def test_a_shared_tip_is_in_the_communitys_language_and_the_card_in_the_members(
    community: Community,
) -> None:
    await speak(community, "de", {"Try this": "Probier das"})
    shown = await community.member.slash(community.general, "tip")
    assert "**Try this**" in words(shown)

    await press(community.member, shown, "Share here")

    assert "**Probier das**" in words(posts(community.general)[0])


async def test_a_shared_card_cannot_be_shared_a_second_time(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip")
    card = answer(shown)

    await press(community.member, shown, "Share here")

    assert "is in the channel now" in words(card)
    assert labels_of(card) == ["Another tip", "Save"]


async def test_a_double_press_on_share_posts_once(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip")

    await press_twice(community, community.member, shown, "Share here")

    assert len(posts(community.general)) == 1


async def test_a_card_from_before_a_restart_can_be_shared(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip")
    await community.restart()

    await press(community.member, shown, "Share here")

    assert len(posts(community.general)) == 1


async def test_whoever_may_not_write_in_a_channel_may_not_share_there(
    community: Community,
) -> None:
    everyone = community.guild.default_role
    quiet = community.guild.create_text_channel(
        "announcements", overwrites={everyone: discord.PermissionOverwrite(send_messages=False)}
    )
    shown = await community.member.slash(quiet, "tip")

    refused = await press(community.member, shown, "Share here")

    assert "You can't write in this channel" in words(refused)
    assert refused.ephemeral
    assert posts(quiet) == []
    assert "Share here" in labels_of(answer(shown))


async def test_a_tip_can_be_shared_in_a_thread(community: Community) -> None:
    thread = await open_thread(community, send_messages=False)
    shown = await community.member.slash(thread, "tip")

    await press(community.member, shown, "Share here")

    assert len(posts(thread)) == 1


async def test_where_tips_are_switched_off_none_is_shared_but_reading_goes_on(
    community: Community,
) -> None:
    await switch_off(community)
    shown = await community.member.slash(community.general, "tip")

    refused = await press(community.member, shown, "Share here")

    assert "switched off in this community" in words(refused)
    assert posts(community.general) == []
    assert "Saved" in words(await press(community.member, shown, "Save"))


async def test_a_tip_that_was_muted_meanwhile_is_not_shared(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip")
    tip_id = control(shown, "tip:helpful").split(":")[2]
    await community.services.curation.mute(community.guild.id, 1, tip_id)

    refused = await press(community.member, shown, "Share here")

    assert "chose not to show that tip" in words(refused)
    assert posts(community.general) == []


async def test_when_discord_refuses_the_post_nothing_is_called_shared(
    community: Community,
) -> None:
    shown = await community.member.slash(community.general, "tip")
    community.env.inject_error("POST", "/webhooks/*/*", status=403, code=50013)

    refused = await press(community.member, shown, "Share here")

    assert "You can't write in this channel" in words(refused)
    assert "Share here" in labels_of(answer(shown))


async def test_everyone_may_press_under_a_shared_tip_and_is_answered_alone(
    community: Community,
) -> None:
    shown = await community.member.slash(community.general, "tip")
    title = title_in(shown)
    await press(community.member, shown, "Share here")
    (post,) = posts(community.general)

    for actor in (community.member, community.other, community.moderator):
        assert (await actor.click(post, label="Helpful")).ephemeral
        assert (await actor.click(post, label="Save")).ephemeral

    assert await votes_on(community, title) == (3, 0)
    assert len(posts(community.general)) == 1


async def test_a_tip_can_be_shared_in_direct_messages(community: Community) -> None:
    user = community.member.user
    shown = await user.slash("tip")

    await press(user, shown, "Share here")

    assert len(posts(user.dm_channel)) == 1


async def test_in_a_thread_the_threads_own_permission_decides(community: Community) -> None:
    thread = await open_thread(community, send_messages_in_threads=False)
    shown = await community.member.slash(thread, "tip")

    refused = await press(community.member, shown, "Share here")

    assert "You can't write in this channel" in words(refused)
    assert posts(thread) == []
