"""``/my-data`` with claims: what it shows, the code in one's own file, and what erasing leaves."""

import json
from typing import Any

from tests.flows.claims import (
    claim,
    claims_of,
    decide,
    open_claim,
    open_waiting,
    set_up,
    the_claims,
)
from tests.flows.conftest import Community
from tests.flows.reading import answer, press, words

HASHES = "keyed hashes of your Discord id and your handle, so that nobody claims twice"
END = "30 days after the program's last access ends, the key that made them is destroyed"


async def open_my_data(community: Community, actor: Any = None) -> Any:
    """``/my-data``."""
    return await (actor or community.member).slash(community.general, "my-data")


async def download(community: Community, actor: Any) -> Any:
    """The file of somebody's data."""
    file = await press(actor, await open_my_data(community, actor), "Download (JSON)")
    assert file.ephemeral
    (attachment,) = answer(file).attachments
    return json.loads(await attachment.read())


async def erase(community: Community, actor: Any) -> tuple[str, str]:
    """Erase everything; what is said before and after."""
    asked = await press(actor, await open_my_data(community, actor), "Erase everything")
    return words(asked), words(await press(actor, asked, "Erase"))


async def test_one_s_own_file_has_the_claim_and_the_code_and_nobody_else_s(
    community: Community,
) -> None:
    codes = await set_up(community)
    await claim(community)

    shown = words(await open_my_data(community))
    own = await download(community, community.member)
    other = await download(community, community.other)

    assert "Your claims (what you declared, how each stands, your code): **1**" in shown
    assert codes[0] not in shown
    assert own["claims"]["claims"][0]["code"] == codes[0]
    assert codes[0] not in json.dumps(other)
    assert "Nothing, and looking here" in words(await open_my_data(community, community.other))


async def test_what_stays_of_a_claim_is_said_before_and_after_erasing(
    community: Community,
) -> None:
    codes = await set_up(community)
    await claim(community)

    before, after = await erase(community, community.member)

    assert "copy it first: I can't show it again" in before
    for told in (before, after):
        assert HASHES in told
        assert END in told
        assert codes[0] not in told
    assert await the_claims(community) == []


async def test_erase_then_ask_again_is_refused_without_naming_anyone(community: Community) -> None:
    codes = await set_up(community)
    await claim(community)
    await erase(community, community.member)

    again = words(await open_claim(community))

    assert "erased on request" in again
    assert codes[0] not in again
    assert str(community.member.id) not in again
    assert "example_creator" not in again


async def test_erasing_lets_a_place_in_the_queue_go(community: Community) -> None:
    await set_up(community, is_reviewed=True)
    await claim(community)

    await erase(community, community.member)

    assert await claims_of(community).review.queue(community.guild.id) == []
    assert "erased" not in words(await open_claim(community))


async def test_a_moderator_s_decisions_stay_without_them(community: Community) -> None:
    await set_up(community, is_reviewed=True)
    await claim(community)
    await decide(community, await open_waiting(community), "Reject", "Not this time.")

    shown = words(await open_my_data(community, community.moderator))
    before, after = await erase(community, community.moderator)

    assert "Claims you decided on as a moderator (which, what, when): **1**" in shown
    assert "your id is taken out" in before
    assert "What you decided about claims stays with them, without your id." in after
    assert "Not this time." in words(await open_claim(community))
