"""Moderators choose the next tip, and take that back."""

from tests.flows.conftest import Community
from tests.flows.reading import labels, press, words
from tests.flows.tips import (
    DAY,
    FORM,
    NINE_IN_UTC,
    posts,
    run,
    save_schedule,
    save_two,
    some_tip,
    the_schedule,
    write_tip,
)


async def test_a_pinned_tip_is_posted_next_and_once(community: Community) -> None:
    await save_schedule(community)
    tip = some_tip(community)

    pinned = await run(community, "pin", tip=tip.id)
    assert f"“{tip.title}” is posted next in <#{community.general.id}>" in words(pinned)

    await community.travel_to(NINE_IN_UTC + DAY)
    first, second = posts(community.general)
    assert tip.title in words(first)
    assert tip.title not in words(second)


async def test_a_pin_may_be_typed_as_words_of_the_title(community: Community) -> None:
    await save_schedule(community)
    tip = some_tip(community)

    pinned = await run(community, "pin", tip=tip.title.upper())

    assert f"“{tip.title}” is posted next" in words(pinned)


async def test_a_pin_can_be_undone(community: Community) -> None:
    await save_schedule(community)
    tip = some_tip(community)
    pinned = await run(community, "pin", tip=tip.id)

    undone = await press(community.moderator, pinned, "Undo")

    assert "drawn as usual" in words(undone)
    assert (
        await community.services.curation.pinned((await the_schedule(community)).schedule_id)
        is None
    )


async def test_undoing_a_pin_brings_the_pin_before_back(community: Community) -> None:
    await save_schedule(community)
    first, second = some_tip(community, 10), some_tip(community, 20)
    await run(community, "pin", tip=first.id)
    pinned = await run(community, "pin", tip=second.id)
    assert "takes the place" in words(pinned)

    undone = await press(community.moderator, pinned, "Undo")

    assert "pinned before" in words(undone)
    await community.travel_to(NINE_IN_UTC)
    assert first.title in words(posts(community.general)[0])


async def test_pinning_the_same_tip_again_says_so(community: Community) -> None:
    await save_schedule(community)
    await run(community, "pin", tip=some_tip(community).id)

    again = await run(community, "pin", tip=some_tip(community).id)

    assert "It was pinned already" in words(again)
    assert labels(again) == []


async def test_an_old_undo_leaves_alone_what_was_pinned_since(community: Community) -> None:
    await save_schedule(community)
    pinned = await run(community, "pin", tip=some_tip(community, 10).id)
    await run(community, "pin", tip=some_tip(community, 20).id)

    assert "nothing to undo" in words(await press(community.moderator, pinned, "Undo"))
    await community.travel_to(NINE_IN_UTC)
    assert some_tip(community, 20).title in words(posts(community.general)[0])


async def test_a_pin_that_was_posted_cannot_be_undone(community: Community) -> None:
    await save_schedule(community)
    pinned = await run(community, "pin", tip=some_tip(community).id)
    await community.travel_to(NINE_IN_UTC)

    assert "it was posted" in words(await press(community.moderator, pinned, "Undo"))


async def test_a_pinned_tip_that_is_muted_afterwards_is_not_posted(community: Community) -> None:
    await save_schedule(community)
    tip = some_tip(community)
    await run(community, "pin", tip=tip.id)
    await run(community, "mute", tip=tip.id)

    await community.travel_to(NINE_IN_UTC)

    (post,) = posts(community.general)
    assert tip.title not in words(post)


async def test_a_pin_of_the_communitys_own_tip_works(community: Community) -> None:
    await save_schedule(community)
    await write_tip(community)

    await run(community, "pin", tip=FORM["title"])
    await community.travel_to(NINE_IN_UTC)

    assert FORM["title"] in words(posts(community.general)[0])


async def test_a_pin_on_a_paused_schedule_waits_until_it_is_resumed(community: Community) -> None:
    await save_schedule(community)
    await run(community, "pause")

    pinned = await run(community, "pin", tip=some_tip(community).id)

    assert "when it is resumed" in words(pinned)


async def test_a_schedule_can_be_named_while_typing(community: Community) -> None:
    _, two = await save_two(community)

    choices = await community.moderator.autocomplete(
        community.desk, "tips pause", "schedule", "DESK"
    )
    assert [(choice["name"], choice["value"]) for choice in choices] == [
        ("#moderators-desk: 09:00 UTC, every day", two)
    ]

    paused = await run(community, "pause", schedule=two)
    assert f"<#{community.desk.id}>" in words(paused)
