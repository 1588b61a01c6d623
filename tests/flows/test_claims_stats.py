"""``/claims stats``: a picture with alt text, and the numbers in words."""

from typing import Any

from tests.flows.claims import claim, set_up
from tests.flows.conftest import Community
from tests.flows.reading import answer, parts, words
from tests.store.pools import PROGRAM


async def open_stats(community: Community, actor: Any = None) -> Any:
    """``/claims stats`` of the program."""
    return await (actor or community.moderator).slash(
        community.desk, "claims stats", program=PROGRAM
    )


async def test_the_numbers_stand_in_words_and_in_a_picture_with_alt_text(
    community: Community,
) -> None:
    await set_up(community, codes=1)
    await claim(community)
    await claim(community, community.other, handle="another")

    shown = await open_stats(community)

    assert "Given out here: **1**" in words(shown)
    assert "In the waitlist: **1**" in words(shown)
    assert "Left in the whole pool: **0**" in words(shown)
    assert "2027-03-08: 1" in words(shown)
    (gallery,) = [part for part in parts(answer(shown).components) if part["type"] == 12]
    assert gallery["items"][0]["description"]
    (attachment,) = answer(shown).attachments
    assert (await attachment.read()).startswith(b"\x89PNG")


async def test_before_the_first_code_it_says_so_with_zeroes(community: Community) -> None:
    await set_up(community)

    shown = await open_stats(community)

    assert "Given out here: **0**" in words(shown)
    assert "Left in the whole pool: **3**" in words(shown)
    assert shown.ephemeral
