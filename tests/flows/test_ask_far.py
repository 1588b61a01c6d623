"""``/ask`` with what no guide answers: little is offered, and words to the bot are answered."""

import pytest

from bot.resources.offers import CLOSE
from tests.flows.conftest import Community
from tests.flows.reading import labels, press, words
from tests.flows.resources import ask, guide_of, heading, titles_on, will_find
from tests.flows.tips import choose_desk, posts

TELL = "Tell moderators what is missing"


@pytest.mark.parametrize("typed", ["???", "😀😀", "how do i mend a tractor", "lol ok"])
async def test_what_is_far_from_every_guide_is_offered_none(
    community: Community, typed: str
) -> None:
    shown = await ask(community, typed)

    assert heading(shown) == "I didn't understand that"
    assert titles_on(shown) == []
    assert labels(shown) == ["Show help lines", "Find a help line", "Browse"]


async def test_a_guide_with_a_content_note_is_offered_only_if_it_nearly_fits(
    community: Community,
) -> None:
    far, near = guide_of(community, "grief"), guide_of(community, "doxxing")
    plain = guide_of(community, "sleep")
    assert far.content_note
    assert near.content_note
    margins = {far.id: -CLOSE - 0.1, near.id: -CLOSE, plain.id: -CLOSE - 0.1}
    will_find(community, margins, margins=margins, is_confident=False)

    shown = await ask(community)

    assert titles_on(shown) == [near.title, plain.title]
    more = await press(community.member, shown, "None of these")
    assert titles_on(more) == []


@pytest.mark.parametrize("typed", ["help", "Help me!!", "i need help"])
async def test_a_call_for_help_is_shown_help_lines_first_and_asked_what_it_is_about(
    community: Community, typed: str
) -> None:
    shown = await ask(community, typed)

    assert shown.ephemeral
    assert labels(shown) == ["Show help lines", "Find a help line", "Browse"]
    assert words(shown).endswith("What is it about? Tell me in a few words, or choose a topic.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("who are you", "I'm a bot, not a person, and nobody reads along. /about"),
        ("Are you a real person?", "I'm a bot, not a person, and nobody reads along. /about"),
        ("can you delete my data", "/my-data"),
        ("thanks 😊", "You're welcome"),
        ("hi", "Hello"),
    ],
)
async def test_words_to_the_bot_are_answered_and_no_guide_is_offered(
    community: Community, typed: str, said: str
) -> None:
    shown = await ask(community, typed)

    assert words(shown).count("\n") <= 1
    assert said in words(shown)
    assert titles_on(shown) == []
    assert {"Browse", "Show help lines"} <= set(labels(shown))


async def test_what_is_missing_can_be_told_where_no_guide_is_offered(community: Community) -> None:
    await choose_desk(community)

    assert TELL not in labels(await ask(community, "???"))
    preview = await press(community.member, await ask(community, "how do i mend a tractor"), TELL)
    await press(community.member, preview, "Send it")

    (told,) = posts(community.desk)
    assert "tractor" in words(told)
