"""A member asks for a tip: the private card, another one, and where there is none."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.content.tips import TOPICS
from tests.flows.conftest import Community
from tests.flows.reading import answer, labels, press, words
from tests.flows.tips import (
    posts,
    title_in,
    write_tip,
)


def tips_on(community: Community, topic: str) -> Mapping[str, Any]:
    """The library's tips on a topic, by title."""
    library = community.services.tips.library
    return {
        library.by_id[tip_id].title: library.by_id[tip_id] for tip_id in library.ids_on([topic])
    }


async def mute_all_but(community: Community, topic: str, count: int) -> None:
    """Mute the tips on a topic except for some."""
    for tip in list(tips_on(community, topic).values())[count:]:
        await community.services.curation.mute(community.guild.id, community.moderator.id, tip.id)


async def test_a_tip_is_shown_to_the_asker_alone(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip")

    assert shown.ephemeral
    assert labels(shown) == ["Another", "Share here", "Save", "Helpful", "Not for me"]
    assert "Try this" in words(shown)
    assert "not reviewed by a clinician" in words(shown)
    assert posts(community.general) == []


@pytest.mark.parametrize("topic", list(TOPICS))
async def test_a_tip_is_on_the_topic_that_was_chosen(community: Community, topic: str) -> None:
    shown = await community.member.slash(community.general, "tip", topic=topic)

    assert title_in(shown) in tips_on(community, topic)


async def test_another_replaces_the_card_and_never_repeats_before_all_were_seen(
    community: Community,
) -> None:
    every = tips_on(community, "creative-block")
    shown = await community.member.slash(community.general, "tip", topic="creative-block")
    titles = [title_in(shown)]
    message_id = answer(shown).id

    for _ in range(len(every) - 1):
        shown = await press(community.member, shown, "Another")
        assert answer(shown).id == message_id
        assert "begin again" not in words(shown)
        titles.append(title_in(shown))

    assert sorted(titles) == sorted(every)


async def test_another_says_when_all_were_seen_and_begins_again(community: Community) -> None:
    every = tips_on(community, "sleep")
    shown = await community.member.slash(community.general, "tip", topic="sleep")
    for _ in every:
        last = title_in(shown)
        shown = await press(community.member, shown, "Another")

    assert f"seen all {len(every)} tips" in words(shown)
    assert title_in(shown) != last
    following = await press(community.member, shown, "Another")
    assert "begin again" not in words(following)


async def test_another_on_the_only_tip_says_that_it_is_the_only_one(community: Community) -> None:
    await mute_all_but(community, "sleep", 1)

    shown = await community.member.slash(community.general, "tip", topic="sleep")
    again = await press(community.member, shown, "Another")

    assert "only tip" in words(shown)
    assert "only tip" in words(again)


async def test_where_a_topic_is_muted_whole_the_refusal_says_what_to_do(
    community: Community,
) -> None:
    await mute_all_but(community, "sleep", 0)

    refused = await community.member.slash(community.general, "tip", topic="sleep")

    assert "Try /tip without a topic" in words(refused)
    assert refused.ephemeral
    assert "Try this" in words(await community.member.slash(community.general, "tip"))


async def test_where_everything_is_muted_the_refusal_points_to_direct_messages(
    community: Community,
) -> None:
    for tip_id in community.services.tips.library.by_id:
        await community.services.curation.mute(community.guild.id, 1, tip_id)

    refused = await community.member.slash(community.general, "tip")

    assert "muted every tip" in words(refused)
    assert "direct message" in words(refused)
    assert "Try this" in words(await community.member.user.slash("tip"))


async def test_the_card_works_after_a_restart(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip", topic="breath")
    title = title_in(shown)
    await community.restart()

    another = await press(community.member, shown, "Another")

    assert title_in(another) != title
    assert title_in(another) in tips_on(community, "breath")


async def test_another_after_sharing_stays_on_the_topic(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip", topic="money")
    title = title_in(shown)
    card = answer(shown)
    await press(community.member, shown, "Share here")

    another = await community.member.click(card, label="Another tip")

    assert title_in(another) in tips_on(community, "money")
    assert title_in(another) != title


async def test_a_tip_works_in_direct_messages(community: Community) -> None:
    user = community.member.user

    shown = await user.slash("tip", topic="food-and-water")
    saved = await press(user, await press(user, shown, "Another"), "Save")

    assert "Saved" in words(saved)
    assert "Saved tip 1 of 1" in words(await user.slash("tips saved"))


async def test_the_member_commands_are_offered_everywhere_and_to_user_installs(
    community: Community,
) -> None:
    for name in ("tip", "tips"):
        command = community.env.backend.find_command(name, None)
        assert command is not None
        assert sorted(command["contexts"]) == [0, 1, 2]
        assert sorted(command["integration_types"]) == [0, 1]


async def test_direct_messages_show_no_communitys_own_tips(community: Community) -> None:
    await write_tip(community)
    await mute_all_but(community, "movement", 0)

    here = await community.member.slash(community.general, "tip", topic="movement")
    seen = [title_in(await community.member.user.slash("tip", topic="movement")) for _ in range(9)]

    assert title_in(here) == "Stretch your hands"
    assert "Stretch your hands" not in seen
