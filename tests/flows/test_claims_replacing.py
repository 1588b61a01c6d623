"""A faulty code is replaced with two moderators' consent."""

from typing import Any

from tests.flows.claims import claim, open_claim, set_up
from tests.flows.conftest import Community
from tests.flows.reading import press, words


async def a_second_moderator(community: Community) -> Any:
    """Somebody else with the moderators' role."""
    role = community.guild.roles["Moderators"]
    user = community.env.create_user("second-moderator")
    return community.guild.add_member(user, roles=[role])


async def ask_for_another(community: Community) -> Any:
    """The first moderator finds the member's claim, and asks."""
    found = await community.moderator.slash(community.desk, "claims find", member=community.member)
    looked = await press(community.moderator, found, "Look at 1")
    form = await press(community.moderator, looked, "Replace a faulty code")
    return await community.moderator.submit_modal(form, {"reason": "The app says it is invalid."})


async def test_two_moderators_replace_a_code_and_the_member_sees_the_new_one(
    community: Community,
) -> None:
    old, new, _ = await set_up(community)
    assert old in words(await claim(community))
    second = await a_second_moderator(community)

    asked = await ask_for_another(community)
    assert "It takes a second moderator" in words(asked)
    found = await second.slash(community.desk, "claims find", member=community.member)
    looked = await press(second, found, "Look at 1")
    request = await press(second, looked, "A replacement waits")
    done = await press(second, request, "Agree")

    assert "void for good" in words(done)
    shown = words(await open_claim(community))
    assert new in shown
    assert old not in shown


async def test_who_asked_cannot_agree(community: Community) -> None:
    old, *_ = await set_up(community)
    await claim(community)

    asked = await ask_for_another(community)
    refused = await press(community.moderator, asked, "Agree")

    assert "It takes two" in words(refused)
    assert old in words(await open_claim(community))


async def test_declining_keeps_the_code(community: Community) -> None:
    old, *_ = await set_up(community)
    await claim(community)

    declined = await press(community.moderator, await ask_for_another(community), "Decline")

    assert "keeps its code" in words(declined)
    assert old in words(await open_claim(community))
