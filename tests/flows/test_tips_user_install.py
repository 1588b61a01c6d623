"""The app installed by a person, used where the bot was not added."""

from tests.flows.conftest import Community
from tests.flows.elsewhere import run_elsewhere
from tests.flows.reading import labels, words


async def test_a_tip_is_shown_in_a_community_without_the_bot(community: Community) -> None:
    shown = await run_elsewhere(community, "tip")

    assert shown.ephemeral
    assert "Try this" in words(shown)
    assert labels(shown) == ["Another", "Share here", "Save", "Helpful", "Not for me"]


async def test_the_saved_list_opens_in_a_community_without_the_bot(community: Community) -> None:
    assert "No saved tips yet" in words(await run_elsewhere(community, "tips", "saved"))


async def test_a_moderators_command_says_that_the_bot_must_be_added_first(
    community: Community,
) -> None:
    for name in ("schedule", "add", "own", "history"):
        refused = await run_elsewhere(community, "tips", name)
        assert "a community that I was added to" in words(refused)
