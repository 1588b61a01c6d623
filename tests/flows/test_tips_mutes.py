"""The tips that a community never wants to see."""

from typing import Any

import pytest

from tests.flows.conftest import Community
from tests.flows.reading import choose, labels, press, words
from tests.flows.tips import (
    FORM,
    menu_of,
    mute_many,
    run,
    size,
    write_tip,
)


async def test_a_muted_tip_is_shown_no_more_and_the_undo_shows_it_again(
    community: Community,
) -> None:
    tip = next(iter(community.services.tips.library.by_id.values()))
    muted = await run(community, "mute", tip=tip.id)
    assert f"“{tip.title}” is not shown in this community any more" in words(muted)
    assert tip.id not in await community.services.tips.eligible(community.guild.id, ())

    undone = await press(community.moderator, muted, "Undo")

    assert "No tip is muted here" in words(undone)
    assert tip.id in await community.services.tips.eligible(community.guild.id, ())


async def test_muting_twice_says_so(community: Community) -> None:
    tip = next(iter(community.services.tips.library.by_id.values()))
    await run(community, "mute", tip=tip.id)

    again = await run(community, "mute", tip=tip.id)

    assert "was muted here already" in words(again)
    assert labels(again) == ["Show it again", "Muted tips"]


async def test_a_tip_is_found_by_words_of_its_title_or_topic(community: Community) -> None:
    await write_tip(community, topics=["sleep"])

    choices = await community.moderator.autocomplete(community.desk, "tips mute", "tip", "sleep")

    assert choices[0]["name"] == FORM["title"]
    assert len(choices) == 25
    tip = community.services.tips.library.by_id[choices[1]["value"]]
    assert "sleep" in tip.topics or "sleep" in tip.title.casefold()


async def test_a_muted_tip_is_not_offered_for_muting_or_pinning(community: Community) -> None:
    tip = next(iter(community.services.tips.library.by_id.values()))
    await run(community, "mute", tip=tip.id)

    for command in ("tips mute", "tips pin"):
        choices = await community.moderator.autocomplete(community.desk, command, "tip", tip.title)
        assert tip.id not in [choice["value"] for choice in choices]


@pytest.mark.parametrize("text", ["community-²", "community-" + "9" * 40, "nobody wrote this", ""])
async def test_a_tip_that_is_not_there_cannot_be_muted(community: Community, text: str) -> None:
    refused = await run(community, "mute", tip=text)

    assert "I have no such tip here" in words(refused)


async def test_with_nothing_muted_the_list_says_how_to_mute(community: Community) -> None:
    told = words(await run(community, "mute"))

    assert "No tip is muted here" in told
    assert "/tips mute" in told


async def test_several_muted_tips_are_shown_again_at_once(community: Community) -> None:
    await mute_many(community, 3)
    listed = await run(community, "mute")
    values = [option["value"] for option in menu_of(listed)["options"]]

    left = await choose(community.moderator, listed, "own:unmute", values[:2])

    assert [option["value"] for option in menu_of(left)["options"]] == values[2:]
    assert await community.services.curation.muted(community.guild.id) == {values[2]}


async def test_every_muted_tip_can_be_reached_page_by_page(community: Community) -> None:
    await mute_many(community, 60)
    listed = await run(community, "mute")
    found = {option["value"] for option in menu_of(listed)["options"]}
    for _ in range(2):
        listed = await press(community.moderator, listed, "Next")
        found |= {option["value"] for option in menu_of(listed)["options"]}
        assert size(listed)[1] <= 4000

    assert found == await community.services.curation.muted(community.guild.id)
    assert menu_of(await press(community.moderator, listed, "Back"))


async def test_muted_tips_that_an_update_took_out_hide_no_others(community: Community) -> None:
    await mute_many(community, 30)
    by_id: Any = community.services.tips.library.by_id
    for tip_id in sorted(await community.services.curation.muted(community.guild.id))[:28]:
        del by_id[tip_id]

    assert len(menu_of(await run(community, "mute"))["options"]) == 2
