"""A person's own list of saved tips."""

from typing import Any

from tests.flows.conftest import Community
from tests.flows.reading import answer, labels, parts, press, words
from tests.flows.tips import FORM, labels_of, write_tip


async def save(community: Community, count: int) -> list[str]:
    """Save some tips as the member; their titles, the latest first."""
    titles = []
    for tip in list(community.services.tips.library.by_id.values())[:count]:
        await community.services.tips.save(community.member.id, tip.id)
        community.clock.move_to(community.clock.now() + 1)
        titles.append(tip.title)
    return titles[::-1]


async def open_list(community: Community) -> Any:
    """``/tips saved``."""
    return await community.member.slash(community.general, "tips saved")


async def test_an_empty_list_says_how_a_tip_gets_into_it(community: Community) -> None:
    empty = await open_list(community)

    assert empty.ephemeral
    assert "No saved tips yet" in words(empty)
    shown = await press(community.member, empty, "Show me a tip")
    assert "Share here" in labels(shown)


async def test_a_saved_tip_is_on_the_list_and_saving_it_again_changes_nothing(
    community: Community,
) -> None:
    shown = await community.member.slash(community.general, "tip")
    saved = await press(community.member, shown, "Save")
    again = await press(community.member, shown, "Save")

    assert "Saved: “" in words(saved)
    assert "saved “" in words(again)
    assert labels(again) == ["My saved tips"]
    assert "Saved tip 1 of 1" in words(await press(community.member, again, "My saved tips"))


async def test_a_save_can_be_undone_and_done_again(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip")
    saved = await press(community.member, shown, "Save")

    undone = await press(community.member, saved, "Undo")
    assert "Removed from your saved tips" in words(undone)
    assert "No saved tips yet" in words(await open_list(community))

    await press(community.member, undone, "Save it again")
    assert "Saved tip 1 of 1" in words(await open_list(community))


async def test_undoing_a_save_that_is_gone_already_does_no_harm(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip")
    saved = await press(community.member, shown, "Save")
    listed = await open_list(community)
    await press(community.member, listed, "Remove")

    undone = await press(community.member, saved, "Undo")

    assert "not saved any more" in words(undone)


async def test_the_list_turns_its_pages_from_the_latest_to_the_first(community: Community) -> None:
    titles = await save(community, 3)
    listed = await open_list(community)
    assert buttons_of(listed) == {"Back": False, "Next": True, "Remove": True}

    seen = []
    for _ in titles:
        seen.append(next(title for title in titles if title in words(listed)))
        if len(seen) < len(titles):
            listed = await press(community.member, listed, "Next")

    assert seen == titles
    assert buttons_of(listed) == {"Back": True, "Next": False, "Remove": True}
    assert "2 of 3" in words(await press(community.member, listed, "Back"))


async def test_removing_stays_near_the_page_and_can_be_undone(community: Community) -> None:
    titles = await save(community, 3)
    listed = await press(community.member, await open_list(community), "Next")

    removed = await press(community.member, listed, "Remove")
    assert "Saved tip 2 of 2" in words(removed)
    assert titles[1] not in words(removed)

    restored = await press(community.member, removed, "Undo")
    assert "Saved tip 1 of 3" in words(restored)
    assert titles[1] in words(restored)


async def test_removing_the_last_one_leaves_an_empty_list_with_an_undo(
    community: Community,
) -> None:
    (title,) = await save(community, 1)

    removed = await press(community.member, await open_list(community), "Remove")
    assert "No saved tips yet" in words(removed)

    assert title in words(await press(community.member, removed, "Undo"))


async def test_a_list_from_before_a_restart_still_turns_its_pages(community: Community) -> None:
    await save(community, 2)
    listed = await open_list(community)
    await community.restart()

    assert "2 of 2" in words(await press(community.member, listed, "Next"))


async def test_a_page_that_is_gone_shows_the_nearest_one(community: Community) -> None:
    await save(community, 3)
    listed = await press(community.member, await open_list(community), "Next")
    for tip in list(community.services.tips.library.by_id.values())[:2]:
        await community.services.tips.unsave(community.member.id, tip.id)

    assert "1 of 1" in words(await press(community.member, listed, "Next"))


async def test_nobody_sees_the_list_of_somebody_else(community: Community) -> None:
    await save(community, 2)

    other = await community.other.slash(community.general, "tips saved")

    assert "No saved tips yet" in words(other)


async def test_a_list_from_a_community_is_there_in_direct_messages(community: Community) -> None:
    titles = await save(community, 1)

    listed = await community.member.user.slash("tips saved")

    assert titles[0] in words(listed)


async def test_a_full_list_says_what_to_do_and_counts_no_tip_twice(community: Community) -> None:
    await save(community, 200)
    tip_ids = list(community.services.tips.library.by_id)
    for tip_id in tip_ids[:200]:
        await community.services.curation.mute(community.guild.id, 1, tip_id)
    shown = await community.member.slash(community.general, "tip")

    refused = await press(community.member, shown, "Save")

    assert "You have saved 200 tips" in words(refused)
    assert "/tips saved" in words(refused)
    assert not await community.services.tips.save(community.member.id, tip_ids[0])


async def test_a_removed_community_tip_stays_with_who_saved_it(community: Community) -> None:
    kept = await write_tip(community)
    (tip,) = await community.services.curation.own_tips(community.guild.id)
    await community.services.tips.save(community.member.id, tip.id)

    await press(community.moderator, kept, "Undo")

    assert FORM["title"] in words(await open_list(community))


async def test_a_saved_tip_that_an_update_took_out_is_left_out(community: Community) -> None:
    await save(community, 2)
    by_id: Any = community.services.tips.library.by_id
    del by_id[next(iter(by_id))]

    listed = await open_list(community)

    assert "Saved tip 1 of 1" in words(listed)
    assert labels_of(answer(listed)) == ["Back", "Next", "Remove"]


def buttons_of(result: Any) -> dict[str, bool]:
    """An answer's buttons by label, and whether they can be pressed."""
    found = [part for part in parts(answer(result).components) if part.get("type") == 2]
    return {part["label"]: not part.get("disabled") for part in found}
