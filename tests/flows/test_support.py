"""The message command "Support for this person": guidance for the asker, and nothing else."""

import logging
from typing import Any

import pytest
from simcord.backend import serializers
from simcord.enums import AppCommandType

from cogs.support import FOR_HELPERS, GUIDES
from tests.flows.conftest import Community
from tests.flows.presence import count_rows
from tests.flows.reading import answer, labels, press, words
from tests.flows.resources import guide_of, heading, send_command
from tests.flows.safety import everything_written
from tests.flows.tips import choose_desk, posts, size

MENU = "Support for this person"
TEXT = "xylophones are all that is left to me"


async def write(community: Community, actor: Any, text: str = TEXT) -> Any:
    """A message in the community's channel."""
    return await actor.send(community.general, text)


async def support(community: Community, text: str = TEXT) -> Any:
    """The answer to a member who worries about another one's message."""
    message = await write(community, community.other, text)
    return await community.member.context_menu(community.general, MENU, message)


async def support_elsewhere(community: Community, *, is_strange: bool, is_own: bool = False) -> Any:
    """The same in a direct message, or where the bot is no member."""
    backend = community.env.backend
    author = community.member if is_own else community.other
    written = await write(community, author)
    stored = backend.get_message(written.channel.id, written.id)
    root: Any = backend.find_command(MENU, None, type=AppCommandType.MESSAGE)
    data = {
        "id": root["id"],
        "name": MENU,
        "type": AppCommandType.MESSAGE,
        "target_id": str(written.id),
        "resolved": {
            "messages": {str(written.id): dict(serializers.message_payload(backend, stored))}
        },
    }
    return await send_command(community, data, is_strange=is_strange)


async def test_the_asker_alone_is_told_how_to_be_there_for_someone(community: Community) -> None:
    shown = await support(community)

    assert answer(shown).ephemeral
    assert heading(shown) == "Being there for someone"
    for piece in (
        "**privately**",
        "Asking does not plant the idea",
        "no promise to keep it a secret",
        "call the emergency number of where they are",
        "I have not looked at the message",
        "nobody is told",
    ):
        assert piece in words(shown)
    guides = [guide_of(community, item).title for item in (*GUIDES, FOR_HELPERS)]
    assert labels(shown) == ["Show help lines", "Find a help line", *guides]


async def test_help_stands_above_what_there_is_to_read(community: Community) -> None:
    shown = labels(await support(community))

    assert shown.index("Show help lines") < shown.index(guide_of(community, GUIDES[0]).title)


async def test_a_guide_opens_beside_so_that_the_guidance_stays(community: Community) -> None:
    shown = await support(community)

    for guide_id in (*GUIDES, FOR_HELPERS):
        opened = await press(community.member, shown, guide_of(community, guide_id).title)
        assert heading(opened) == guide_of(community, guide_id).title
        assert answer(opened).ephemeral
        assert answer(opened).id != answer(shown).id


async def test_an_own_message_gets_help_for_oneself(community: Community) -> None:
    message = await write(community, community.member)

    shown = await community.member.context_menu(community.general, MENU, message)

    assert answer(shown).ephemeral
    assert heading(shown) == "This is your own message"
    assert "don't have to carry it alone" in words(shown)
    assert labels(shown) == ["Show help lines", "Find a help line"]


async def test_nobody_is_told_and_nothing_is_stored(community: Community) -> None:
    await choose_desk(community)
    before = await count_rows(community)

    await support(community)

    assert await count_rows(community) == before
    assert posts(community.desk) == []
    assert [post.content for post in posts(community.general)] == [TEXT]
    paths = [request.path for request in community.env.http_requests if request.method == "POST"]
    assert all("/callback" in path for path in paths), paths


async def test_the_message_appears_nowhere(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    caplog.set_level(logging.DEBUG, logger="cogs")
    shown = await support(community)
    await press(community.member, shown, guide_of(community, GUIDES[0]).title)
    for messages in community.env.backend.messages.values():
        for message_id, message in list(messages.items()):
            if message.content == TEXT:
                del messages[message_id]

    written = await everything_written(community, caplog)

    assert "Being there for someone" in written
    assert "xylophone" not in written


async def test_the_card_names_nobody(community: Community) -> None:
    shown = await support(community)

    assert str(community.other.id) not in str(answer(shown).components)
    assert str(community.member.id) not in str(answer(shown).components)


async def test_a_message_that_sounds_like_a_crisis_is_answered_like_any_other(
    community: Community,
) -> None:
    ordinary = words(await support(community))

    assert words(await support(community, "i want to kill myself")) == ordinary


@pytest.mark.parametrize("is_strange", [False, True], ids=["direct message", "user install"])
async def test_it_works_wherever_the_app_was_brought_along(
    community: Community, *, is_strange: bool
) -> None:
    shown = await support_elsewhere(community, is_strange=is_strange)

    assert answer(shown).ephemeral
    assert heading(shown) == "Being there for someone"
    opened = await press(community.member.user, shown, guide_of(community, GUIDES[0]).title)
    assert heading(opened) == guide_of(community, GUIDES[0]).title


async def test_an_own_message_is_known_as_ones_own_elsewhere_too(community: Community) -> None:
    shown = await support_elsewhere(community, is_strange=True, is_own=True)

    assert heading(shown) == "This is your own message"


async def test_its_buttons_work_after_a_restart(community: Community) -> None:
    shown = await support(community)
    await community.restart()

    opened = await press(community.member, shown, guide_of(community, GUIDES[0]).title)

    assert heading(opened) == guide_of(community, GUIDES[0]).title


async def test_the_card_stays_within_discords_limits(community: Community) -> None:
    count, text = size(await support(community))

    assert count <= 40
    assert text <= 4000
