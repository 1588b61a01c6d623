"""Members rate tips: one word a person, shown as counts only."""

from typing import Any

from tests.flows.conftest import Community
from tests.flows.reading import control, press, words
from tests.flows.tips import title_in, votes_on


async def test_a_tip_that_an_update_took_out_is_refused_kindly(community: Community) -> None:
    shown = await community.member.slash(community.general, "tip")
    tip_id = control(shown, "tip:helpful").split(":")[2]
    by_id: Any = community.services.tips.library.by_id
    del by_id[tip_id]

    for label in ("Save", "Helpful", "Not for me", "Share here"):
        refused = await press(community.member, shown, label)
        assert "no longer in my library" in words(refused)


async def test_each_person_is_counted_once_and_may_change_their_mind(
    community: Community,
) -> None:
    shown = await community.member.slash(community.general, "tip")
    title = title_in(shown)

    thanks = await press(community.member, shown, "Helpful")
    again = await press(community.member, shown, "Helpful")
    assert "counted that it helped" in words(thanks)
    assert "counted that already" in words(again)
    assert await votes_on(community, title) == (1, 0)

    changed = await press(community.member, shown, "Not for me")
    assert "not for you" in words(changed)
    assert await votes_on(community, title) == (0, 1)


async def test_a_rating_can_be_taken_back_and_a_second_time_does_no_harm(
    community: Community,
) -> None:
    shown = await community.member.slash(community.general, "tip")
    thanks = await press(community.member, shown, "Not for me")
    once_more = await press(community.member, shown, "Not for me")

    taken = await press(community.member, thanks, "Take it back")
    nothing = await press(community.member, once_more, "Take it back")

    assert "not counted any more" in words(taken)
    assert "Nothing was counted" in words(nothing)
    assert await votes_on(community, title_in(shown)) == (0, 0)
