"""``/myth``: one card, two buttons, a private answer; and nothing is kept of it."""

from typing import Any

import pytest

from bot.content.myths import TOPICS
from cogs.myths.cards import SEEN
from tests.flows.conftest import Community
from tests.flows.elsewhere import run_elsewhere
from tests.flows.myths import (
    MANY,
    RIGHT,
    keep_only,
    myth_in,
    other_label,
    right_label,
    same_message,
    switch,
)
from tests.flows.presence import count_rows
from tests.flows.reading import control, labels, press, words


async def ask(community: Community, **options: Any) -> Any:
    """``/myth`` as a member sees it."""
    return await community.member.slash(community.general, "myth", **options)


async def test_the_card_is_private_and_says_nothing_of_the_answer(community: Community) -> None:
    shown = await ask(community)

    assert shown.ephemeral
    assert "Myth or fact?" in words(shown)
    assert labels(shown)[:2] == ["Myth", "Fact"]
    myth = myth_in(community, shown)
    assert myth.explanation not in words(shown)
    assert "seen" not in words(shown)


async def test_the_right_button_is_confirmed_with_reason_and_source(community: Community) -> None:
    shown = await ask(community)
    myth = myth_in(community, shown)

    told = await press(community.member, shown, right_label(myth))

    assert RIGHT in words(told)
    assert MANY not in words(told)
    assert f"It's a {myth.answer}." in words(told)
    assert myth.explanation in words(told)
    assert f"](<{myth.source.url}>), seen {myth.source.seen_on.day} " in words(told)
    assert "Gathered from its source, not reviewed by a clinician" in words(told)
    assert same_message(shown, told)


async def test_the_other_button_says_that_many_people_think_so(community: Community) -> None:
    shown = await ask(community)
    myth = myth_in(community, shown)

    told = await press(community.member, shown, other_label(myth))

    assert MANY in words(told)
    assert RIGHT not in words(told)
    assert f"It's a {myth.answer}." in words(told)


async def test_another_one_is_a_new_statement_in_the_cards_place(community: Community) -> None:
    shown = await ask(community)
    seen = {myth_in(community, shown).id}

    for _ in range(10):
        told = await press(community.member, shown, "Myth")
        shown = await press(community.member, told, "Another one")
        assert same_message(told, shown)
        assert myth_in(community, shown).id not in seen
        seen.add(myth_in(community, shown).id)


@pytest.mark.parametrize("topic", TOPICS)
async def test_a_topic_is_kept_through_all_there_is_on_it_and_begins_again(
    community: Community, topic: str
) -> None:
    count = len(community.services.myths.eligible([topic]))
    shown = await ask(community, topic=topic)
    seen = [myth_in(community, shown).id]

    for _ in range(count):
        told = await press(community.member, shown, "Fact")
        shown = await press(community.member, told, "Another one")
        seen.append(myth_in(community, shown).id)
        assert myth_in(community, shown).topic == topic

    assert len(set(seen[:-1])) == count
    assert ("they begin again" in words(shown)) is (count <= SEEN + 1)


async def test_old_buttons_answer_after_a_restart(community: Community) -> None:
    shown = await ask(community)
    myth = myth_in(community, shown)
    await community.restart()

    told = await press(community.member, shown, right_label(myth))
    assert RIGHT in words(told)
    await community.restart()
    assert "Myth or fact?" in words(await press(community.member, told, "Another one"))


async def test_what_an_update_took_out_is_said_to_be_gone(community: Community) -> None:
    shown = await ask(community)
    keep_only(community)

    told = await press(community.member, shown, "Myth")

    assert "no longer in my library" in words(told)
    assert "nothing on that topic" in words(await ask(community, topic="sleep"))


async def test_the_guide_is_a_press_away_and_only_where_guides_are_on(
    community: Community,
) -> None:
    library = community.services.myths.library.by_id.values()
    myth = next(myth for myth in library if myth.guide and myth.topic == "sleep")
    keep_only(community, myth)
    told = await press(community.member, await ask(community), "Myth")
    assert control(told, "resources:show") == f"resources:show:{myth.guide}"
    read = await press(community.member, told, "Read the guide")
    assert community.services.resources.library.by_id[str(myth.guide)].title in words(read)

    await switch(community, "resources", is_on=False)
    told = await press(community.member, await ask(community), "Myth")
    assert labels(told) == ["Another one"]


async def test_on_suicide_help_is_named_on_the_card_and_in_the_answer(
    community: Community,
) -> None:
    shown = await ask(community, topic="suicide")
    told = await press(community.member, shown, "Myth")

    for card in (shown, told):
        assert "you can talk to someone now" in words(card)
        assert "Show help lines" in labels(card)


async def test_nothing_is_stored_of_what_somebody_pressed(community: Community) -> None:
    before = await count_rows(community)

    shown = await ask(community)
    told = await press(community.member, shown, "Fact")
    await press(community.member, told, "Another one")

    assert await count_rows(community) == before


async def test_it_goes_on_while_the_weekly_post_is_switched_off(community: Community) -> None:
    await switch(community, "myths", is_on=False)

    assert "Myth or fact?" in words(await ask(community))


async def test_it_works_in_a_direct_message(community: Community) -> None:
    user = community.member.user
    shown = await user.slash("myth")
    myth = myth_in(community, shown)

    told = await press(user, shown, right_label(myth))

    assert RIGHT in words(told)
    assert "Myth or fact?" in words(await press(user, told, "Another one"))


async def test_it_works_where_the_bot_was_not_added(community: Community) -> None:
    shown = await run_elsewhere(community, "myth")

    assert shown.ephemeral
    assert labels(shown)[:2] == ["Myth", "Fact"]
