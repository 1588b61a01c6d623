"""``/about``: what this bot is and is not, who runs it, what it keeps, and from which age."""

from typing import Any

import pytest

from bot import __version__
from bot.settings import Settings
from cogs.my_data import TABLE_NAMES
from tests.flows.conftest import Community
from tests.flows.presence import count_rows, lose_sight
from tests.flows.reading import answer, labels, parts, press, words


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Settings with what the operator wrote about themselves, if a test gives it."""
    return settings.model_copy(update=getattr(request, "param", {}))


OPERATOR = {
    "operator_name": "Example Collective",
    "operator_contact": "help@example.org",
    "source_url": "https://example.org/breather",
}


async def open_about(community: Community) -> Any:
    """``/about`` as a member sees it."""
    return await community.member.slash(community.general, "about")


def links(result: Any) -> list[str]:
    """The addresses that buttons open."""
    return [part["url"] for part in parts(answer(result).components) if part.get("url")]


async def test_it_says_what_it_is_not(community: Community) -> None:
    shown = await open_about(community)

    assert shown.ephemeral
    assert "not therapy" in words(shown)
    assert "Nobody watches it" in words(shown)
    assert "no clinician reviewed them" in words(shown)


async def test_it_says_what_it_keeps_and_how_to_erase_it(community: Community) -> None:
    shown = words(await open_about(community))

    assert "**It keeps** the tips you save or rate" in shown
    assert "/my-data" in shown


SAID = {
    "check_ins": "your open request for a moderator",
    "deliveries": "direct messages on their way",
    "reminders": "your reminders",
    "saved_tips": "the tips you save",
    "tip_votes": "or rate",
    "claims": "your claims with their codes",
    "claim_decisions": "decisions on claims",
    "allocations": "and codes that are theirs",
    "code_replacements": "and codes that are theirs",
    "announcements": "of moderators the announcements",
    "events": "announcements, live events",
    "event_rsvps": "live events you come to",
    "audit_entries": "which settings they changed (for 90 days)",
}
"""What it says of each table that has something about a person."""


def test_nothing_that_is_kept_about_a_person_is_left_out_of_the_words_to_look_for() -> None:
    assert SAID.keys() == TABLE_NAMES.keys()


@pytest.mark.parametrize("table", SAID)
async def test_it_says_what_it_keeps_completely(community: Community, table: str) -> None:
    assert SAID[table] in words(await open_about(community))


async def test_it_has_the_version_and_the_minimum_age(community: Community) -> None:
    shown = words(await open_about(community))

    assert f"Version {__version__}" in shown
    assert "for people of 13 and older" in shown


@pytest.mark.parametrize("settings", [OPERATOR], indirect=True)
async def test_it_names_the_operator_their_contact_and_the_source_code(
    settings: Settings, community: Community
) -> None:
    shown = await open_about(community)

    assert "Example Collective · help@example.org" in words(shown)
    assert links(shown) == ["https://example.org/breather"]


@pytest.mark.parametrize("settings", [{}, {"source_url": "example.org/breather"}], indirect=True)
async def test_without_an_address_it_says_whom_to_ask_for_the_source_code(
    settings: Settings, community: Community
) -> None:
    shown = await open_about(community)

    assert links(shown) == []
    assert "**Source code:** ask whoever runs this copy" in words(shown)
    assert "they left no name" in words(shown)


async def test_help_is_one_press_away(community: Community) -> None:
    shown = await open_about(community)
    assert "Get help now" in labels(shown)

    help_now = await press(community.member, shown, "Get help now")

    assert help_now.ephemeral
    assert "You don't have to handle this alone" in words(help_now)


async def test_looking_creates_no_row(community: Community) -> None:
    before = await count_rows(community)

    await open_about(community)

    assert await count_rows(community) == before


async def test_it_works_in_a_direct_message(community: Community) -> None:
    assert "## Breather" in words(await community.member.user.slash("about"))


async def test_it_works_where_the_bot_was_not_added(community: Community) -> None:
    await lose_sight(community)

    assert "## Breather" in words(await open_about(community))


async def test_its_button_answers_after_a_restart(community: Community) -> None:
    shown = await open_about(community)

    await community.restart()

    assert "emergency number" in words(await press(community.member, shown, "Get help now"))
