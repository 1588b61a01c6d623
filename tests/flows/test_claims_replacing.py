"""A faulty code is replaced with two moderators' consent."""

from typing import Any

import pytest

from tests.flows.claims import claim, look_for, open_claim, set_up
from tests.flows.conftest import Community
from tests.flows.reading import answer, control, press, words
from tests.flows.resources import rename


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


async def agree_as(community: Community, second: Any) -> None:
    """Another moderator looks at the claim, and agrees to what waits there."""
    looked = await look_for(community, community.member, second)
    await press(second, await press(second, looked, "A replacement waits"), "Agree")


async def ask_once_more(community: Community, second: Any) -> Any:
    """Some time later another moderator asks anew, with other words."""
    await community.travel_to(community.clock.now() + 60)
    looked = await look_for(community, community.member, second)
    form = await press(second, looked, "Replace a faulty code")
    return await second.submit_modal(form, {"reason": "They sold the first one."})


@pytest.mark.parametrize("label", ["Agree", "Decline"])
async def test_a_card_of_an_earlier_request_decides_on_no_later_one(
    community: Community, label: str
) -> None:
    _, given, _ = await set_up(community)
    await claim(community)
    second = await a_second_moderator(community)
    first_card = await ask_for_another(community)
    await agree_as(community, second)
    await ask_once_more(community, second)

    refused = await press(community.moderator, first_card, label)

    assert "This card is of an earlier request" in words(refused)
    assert "Look at the claim with /claims find" in words(refused)
    assert given in words(await open_claim(community))
    looked = await look_for(community, community.member)
    request = await press(community.moderator, looked, "A replacement waits")
    assert "They sold the first one." in words(request)
    assert "void for good" in words(await press(community.moderator, request, "Agree"))


@pytest.mark.parametrize("action", ["agree", "decline"])
async def test_a_card_that_does_not_name_its_request_says_where_to_look(
    community: Community, action: str
) -> None:
    old, *_ = await set_up(community)
    await claim(community)
    second = await a_second_moderator(community)
    await ask_for_another(community)
    looked = await look_for(community, community.member, second)
    request = await press(second, looked, "A replacement waits")
    rename(community, request, control(request, f"claims:{action}"), f"claims:{action}:1")

    refused = await second.click(answer(request).message, custom_id=f"claims:{action}:1")

    assert "This card is of an earlier request" in words(refused)
    assert old in words(await open_claim(community))
