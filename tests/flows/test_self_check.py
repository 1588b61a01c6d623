"""The self-check: four questions, answered privately, kept nowhere."""

from typing import Any

import pytest

from cogs.resources.self_check import QUESTIONS
from tests.flows.conftest import Community
from tests.flows.presence import count_rows
from tests.flows.reading import answer, choose, labels, press, words
from tests.flows.resources import guide_of, heading, titles_on
from tests.flows.tips import posts, press_twice, size

NOWHERE = "Your answers are kept nowhere, and there is no score."


async def open_guide(community: Community) -> Any:
    """The guide that leads to the self-check."""
    member = community.member
    listed = await member.slash(community.general, "resources browse", topic="online")
    while "online-self-check" not in str(answer(listed).components):
        listed = await press(member, listed, "Next")
    return await choose(member, listed, "resources:open", ["online-self-check"])


async def begin(community: Community) -> Any:
    """The first question."""
    return await press(community.member, await open_guide(community), "Begin the self-check")


async def go_through(community: Community, answers: str) -> Any:
    """The end, after an answer to each question."""
    shown = await begin(community)
    for question, digit in zip(QUESTIONS, answers, strict=True):
        shown = await press(community.member, shown, question.answers[int(digit)])
    return shown


async def test_it_asks_about_screen_time_sleep_mood_after_scrolling_and_privacy(
    community: Community,
) -> None:
    shown = await begin(community)

    assert answer(shown).ephemeral
    for number, (question, about) in enumerate(
        zip(QUESTIONS, ("screens", "sleep", "after scrolling", "find out about you"), strict=True),
        start=1,
    ):
        assert about in heading(shown)
        assert f"{number} of 4" in words(shown)
        assert labels(shown) == list(question.answers)
        assert NOWHERE in words(shown)
        shown = await press(community.member, shown, question.answers[1])
    assert heading(shown) == "Thank you for taking the time"
    assert NOWHERE in words(shown)
    assert posts(community.general) == []


async def test_the_questions_stand_beside_the_guide_and_follow_in_one_place(
    community: Community,
) -> None:
    opened = await open_guide(community)
    first = await press(community.member, opened, "Begin the self-check")
    second = await press(community.member, first, QUESTIONS[0].answers[0])

    assert answer(first).id != answer(opened).id
    assert answer(second).id == answer(first).id


async def test_who_is_well_is_sent_off_kindly_without_homework(community: Community) -> None:
    end = await go_through(community, "0000")

    assert "in a good place" in words(end)
    assert titles_on(end) == []
    assert labels(end) == ["Begin again", "Show help lines"]


async def test_what_weighs_leads_to_its_guides_and_nothing_else(community: Community) -> None:
    end = await go_through(community, "0120")

    wanted = [*QUESTIONS[1].guides[:1], *QUESTIONS[2].guides[:2]]
    titles = [guide_of(community, item).title for item in wanted]
    assert titles_on(end) == titles
    assert labels(end) == [*titles, "Begin again", "Show help lines"]


async def test_a_guide_opens_beside_so_that_the_others_stay(community: Community) -> None:
    end = await go_through(community, "2000")
    first, second = (guide_of(community, item) for item in QUESTIONS[0].guides)

    opened = await press(community.member, end, first.title)

    assert heading(opened) == first.title
    assert answer(opened).ephemeral
    assert answer(opened).id != answer(end).id
    assert heading(await press(community.member, end, second.title)) == second.title


async def test_the_longest_end_stays_within_discords_limits(community: Community) -> None:
    end = await go_through(community, "2222")

    assert len(titles_on(end)) == 8
    count, text = size(end)
    assert count <= 40
    assert text <= 4000


async def test_no_word_of_it_scores_or_diagnoses(community: Community) -> None:
    for answers in ("0000", "1111", "2222"):
        text = words(await go_through(community, answers)).replace(NOWHERE, "").casefold()
        for word in ("score", "addict", "points:", "diagnos", "disorder", "risk"):
            assert word not in text


async def test_beginning_again_asks_the_first_question_in_the_same_place(
    community: Community,
) -> None:
    end = await go_through(community, "2222")

    again = await press(community.member, end, "Begin again")

    assert heading(again) == QUESTIONS[0].text
    assert answer(again).id == answer(end).id
    second = await press(community.member, again, QUESTIONS[0].answers[0])
    assert heading(second) == QUESTIONS[1].text


async def test_a_double_press_answers_one_question(community: Community) -> None:
    shown = await begin(community)

    await press_twice(community, community.member, shown, QUESTIONS[0].answers[2])

    stored = community.env.backend.get_message(answer(shown).channel_id, answer(shown).id)
    assert QUESTIONS[1].text in str(stored.components)


async def test_it_goes_on_after_a_restart(community: Community) -> None:
    shown = await press(community.member, await begin(community), QUESTIONS[0].answers[2])
    await community.restart()

    for question in QUESTIONS[1:]:
        shown = await press(community.member, shown, question.answers[0])

    assert titles_on(shown) == [guide_of(community, item).title for item in QUESTIONS[0].guides]


async def test_nothing_of_it_is_kept(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    before = await count_rows(community)

    await go_through(community, "2121")

    assert await count_rows(community) == before
    assert not any("self-check" in record.getMessage() for record in caplog.records)
    assert str(community.member.id) not in caplog.text


async def test_it_works_in_a_direct_message(community: Community) -> None:
    user = community.member.user
    listed = await user.slash("resources browse", topic="online")
    while "online-self-check" not in str(answer(listed).components):
        listed = await press(user, listed, "Next")
    opened = await choose(user, listed, "resources:open", ["online-self-check"])

    shown = await press(user, opened, "Begin the self-check")

    assert heading(shown) == QUESTIONS[0].text
