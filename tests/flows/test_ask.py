"""``/ask``: the answer, the next ones, unsure, another language, and after a restart."""

from typing import Any

import pytest

from bot.clock import MINUTE
from tests.flows.conftest import Community
from tests.flows.reading import answer, labels, press, words
from tests.flows.resources import (
    NONSENSE,
    ask,
    ask_elsewhere,
    custom_ids,
    guide_of,
    heading,
    some_guides,
    titles_on,
    will_find,
)
from tests.flows.safety import everything_written
from tests.flows.tips import choose_desk, posts, press_twice, size

SPANISH = "no puedo dormir por la noche y me siento muy triste"
GONE = "I don't have your question any more"


async def test_a_question_from_a_guide_is_answered_with_it_its_source_and_its_date(
    community: Community,
) -> None:
    guide = guide_of(community, "insomnia")

    shown = await ask(community, guide.asked[0])

    assert shown.ephemeral
    assert heading(shown) == guide.title
    assert guide.body in words(shown)
    assert guide.sources[0].publisher in words(shown)
    assert "Checked against its sources on" in words(shown)
    assert "not reviewed by a clinician" in words(shown)
    assert labels(shown)[-3:] == ["This didn't help", "Sources", "Browse"]
    assert posts(community.general) == []


async def test_the_two_next_answers_are_one_press_away_and_lead_back(community: Community) -> None:
    best, second, third, *_ = will_find(community, some_guides(community, 9))
    shown = await ask(community)
    assert labels(shown)[:2] == [second.title, third.title]

    opened = await press(community.member, shown, third.title)
    assert heading(opened) == third.title
    assert answer(opened).id == answer(shown).id
    back = await press(community.member, opened, "Back")

    assert heading(back) == best.title
    assert labels(back) == labels(shown)


async def test_every_answer_comes_up_once_until_nothing_is_left(community: Community) -> None:
    guides = will_find(community, some_guides(community, 9))
    shown = await press(community.member, await ask(community), "This didn't help")
    seen = titles_on(shown)
    while "None of these" in labels(shown):
        assert "Sorry that it didn't help" in words(shown)
        shown = await press(community.member, shown, "None of these")
        seen += titles_on(shown)

    assert seen == [guide.title for guide in guides[1:]]
    assert labels(shown)[-3:] == ["Back", "Browse", "Show help lines"]
    back = await press(community.member, shown, "Back")
    assert heading(back) == guides[0].title


async def test_an_answer_that_was_read_and_did_not_help_is_not_offered_again(
    community: Community,
) -> None:
    guides = will_find(community, some_guides(community, 6))
    shown = await press(community.member, await ask(community), guides[1].title)

    more = await press(community.member, shown, "This didn't help")

    assert titles_on(more) == [guide.title for guide in guides[2:5]]
    fourth = await press(community.member, more, guides[3].title)
    last = await press(community.member, fourth, "This didn't help")
    assert titles_on(last) == [guides[5].title]


async def test_a_double_press_skips_nothing(community: Community) -> None:
    guides = will_find(community, some_guides(community, 9))
    shown = await ask(community)

    await press_twice(community, community.member, shown, "This didn't help")

    message = community.env.backend.get_message(answer(shown).channel_id, answer(shown).id)
    assert guides[1].title in str(message.components)
    assert guides[4].title not in str(message.components)


async def test_with_a_single_answer_the_end_comes_at_once(community: Community) -> None:
    (only,) = will_find(community, some_guides(community, 1))
    shown = await ask(community)
    assert labels(shown) == ["This didn't help", "Sources", "Browse"]

    more = await press(community.member, shown, "This didn't help")

    assert "Nothing else in my library comes close" in words(more)
    assert only.title not in words(more)
    assert labels(more) == ["Back", "Browse", "Show help lines"]


async def test_when_nothing_fits_well_the_closest_three_and_help_are_shown(
    community: Community,
) -> None:
    guides = will_find(community, some_guides(community, 5), is_confident=False)

    shown = await ask(community, "how do i mend a tractor")

    assert heading(shown) == "I'm not sure I have that"
    assert "The closest three:" in words(shown)
    assert titles_on(shown) == [guide.title for guide in guides[:3]]
    assert "Show help lines" in labels(shown)
    assert "Find a help line" in labels(shown)
    assert guides[0].body not in words(shown)
    more = await press(community.member, shown, "None of these")
    assert titles_on(more) == [guide.title for guide in guides[3:]]


async def test_when_nothing_fits_at_all_help_and_the_ways_on_are_shown(
    community: Community,
) -> None:
    will_find(community, [], is_confident=False)

    shown = await ask(community, NONSENSE)

    assert heading(shown) == "I didn't understand that"
    assert labels(shown) == ["Show help lines", "Find a help line", "Browse"]


async def test_words_that_no_text_has_are_not_answered_with_confidence(
    community: Community,
) -> None:
    assert heading(await ask(community, NONSENSE)) == "I didn't understand that"


async def test_a_question_on_a_heavy_subject_shows_help_above_the_answer(
    community: Community,
) -> None:
    (guide,) = will_find(community, ["bereaved-by-suicide"])
    assert guide.help_first

    shown = await ask(community)

    assert labels(shown)[:2] == ["Show help lines", "Find a help line"]
    assert words(shown).index("Talk to someone now") < words(shown).index(guide.title)


async def test_a_question_in_spanish_is_told_in_spanish_that_only_english_is_searched(
    community: Community,
) -> None:
    shown = await ask(community, SPANISH)

    assert shown.ephemeral
    assert words(shown).startswith("Por ahora solo puedo buscar en inglés.")
    assert "/help-now" in words(shown)
    assert "I can only search in English so far" in words(shown)
    assert {"Show help lines", "Find a help line", "Browse"} <= set(labels(shown))


async def test_a_language_without_a_notice_is_told_in_english_with_help(
    community: Community,
) -> None:
    will_find(community, some_guides(community, 3), language="xx")

    shown = await ask(community)

    assert heading(shown) == "I can only search in English so far"
    assert labels(shown)[:2] == ["Show help lines", "Find a help line"]


async def test_who_did_ask_in_english_has_it_searched_all_the_same(community: Community) -> None:
    best, *_ = will_find(community, some_guides(community, 3), language="es")

    shown = await press(community.member, await ask(community), "Search all the same")

    assert heading(shown) == best.title
    assert "This didn't help" in labels(shown)


@pytest.mark.parametrize("is_strange", [False, True], ids=["direct message", "user install"])
async def test_a_question_is_answered_wherever_the_app_was_brought_along(
    community: Community, *, is_strange: bool
) -> None:
    guides = will_find(community, some_guides(community, 9))

    shown = await ask_elsewhere(community, "how can i sleep better", is_strange=is_strange)

    assert shown.ephemeral
    assert heading(shown) == guides[0].title
    more = await press(community.member.user, shown, "This didn't help")
    assert "Tell moderators what is missing" not in labels(more)
    assert titles_on(more) == [guide.title for guide in guides[1:4]]


async def test_after_a_restart_the_guides_behind_old_buttons_still_open(
    community: Community,
) -> None:
    guides = will_find(community, some_guides(community, 9))
    shown = await ask(community)
    await community.restart()

    told = await press(community.member, shown, "This didn't help")
    assert GONE in words(told)
    assert "/resources browse" in words(told)
    opened = await press(community.member, shown, guides[1].title)
    assert heading(opened) == guides[1].title
    assert GONE in words(await press(community.member, opened, "Back"))
    browsed = await press(community.member, opened, "Browse")
    assert "What would you like to read about?" in words(browsed)


async def test_a_question_is_kept_for_a_quarter_of_an_hour_and_no_longer(
    community: Community,
) -> None:
    await choose_desk(community)
    will_find(community, some_guides(community, 9))
    shown = await ask(community)
    await community.travel_to(community.clock.now() + 14 * MINUTE)
    more = await press(community.member, shown, "This didn't help")
    preview = await press(community.member, more, "Tell moderators what is missing")

    await community.travel_to(community.clock.now() + MINUTE)

    assert GONE in words(await press(community.member, preview, "Send it"))
    assert posts(community.desk) == []


async def test_a_question_leaves_the_memory_even_if_nobody_asks_again(
    community: Community,
) -> None:
    cog: Any = community.app.client.get_cog("AskCog")
    await ask(community)
    assert len(cog._asked._held) == 1

    await community.travel_to(community.clock.now() + 15 * MINUTE)

    assert cog._asked._held == {}


async def test_someone_else_can_do_nothing_with_a_questions_buttons(community: Community) -> None:
    will_find(community, some_guides(community, 9))
    cog: Any = community.app.client.get_cog("AskCog")
    shown = await ask(community)
    (token,) = {part.split(":")[2] for part in custom_ids(shown) if part.startswith("ask:more")}

    assert cog._asked.find(token, community.member.id) is not None
    assert cog._asked.find(token, community.other.id) is None


async def test_a_question_is_in_no_table_no_log_and_no_message(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    will_find(community, some_guides(community, 9))
    shown = await ask(community, f"why is my {NONSENSE} gone")
    more = await press(community.member, shown, "This didn't help")
    await press(community.member, more, "None of these")

    written = await everything_written(community, caplog)

    assert "Sorry that it didn't help" in written
    assert "zzyzx" not in written


async def test_the_longest_answers_stay_within_discords_limits(community: Community) -> None:
    library = community.services.resources.library.by_id
    longest = sorted(library, key=lambda item: -len(library[item].body + library[item].summary))
    will_find(community, longest[:9])
    shown = await ask(community, "x" * 500)
    opened = await press(community.member, shown, library[longest[1]].title)
    for result in (shown, opened, await press(community.member, opened, "This didn't help")):
        count, text = size(result)
        assert count <= 40
        assert text <= 4000
