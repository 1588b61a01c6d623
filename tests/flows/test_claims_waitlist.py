"""The waitlist as its people see it: a stable place, an offer, 72 hours, and the next one."""

from typing import Any

from bot.claims.rules import OFFER_SECONDS
from tests.flows.claims import (
    FORM,
    add_codes,
    another_community,
    claim,
    code_states,
    is_private,
    look_for,
    open_claim,
    open_program,
    open_settings,
    set_up,
    switch_on,
    the_claims,
    the_state,
)
from tests.flows.claims_attacking import press_together, stored
from tests.flows.conftest import Community
from tests.flows.presence import lose_sight
from tests.flows.reading import choose, labels, press, words

MINUTE = 60
NUMBER_ONE = "You are number 1 in the waitlist"
OFFERED = "A place is free for you"


async def pass_a_minute(community: Community) -> None:
    """What happens each minute happens once."""
    await community.travel_to(community.clock.now() + MINUTE)


async def stand_in_line(community: Community, **form: Any) -> None:
    """A program without codes, and a member who waits for one."""
    await set_up(community, codes=0)
    await claim(community, **form)


async def offer_a_place(community: Community, **form: Any) -> str:
    """The member waits, and a code comes in; the code."""
    await stand_in_line(community, **form)
    (code,) = await add_codes(community, 1)
    await pass_a_minute(community)
    return code


def direct_messages(actor: Any) -> list[str]:
    """What somebody was told by direct message."""
    return [words(message) for message in actor.user.dm_channel.history()]


async def test_a_place_is_told_with_what_comes_next(community: Community) -> None:
    await set_up(community, codes=0)

    shown = await claim(community)

    assert is_private(shown)
    assert NUMBER_ONE in words(shown)
    assert "a place is kept for you for 72 hours from the moment you hear of it" in words(shown)
    assert labels(shown) == ["Leave the waitlist", "Tell me by direct message"]


async def test_a_place_stays_whoever_comes_later_and_moves_up_when_somebody_leaves(
    community: Community,
) -> None:
    await stand_in_line(community)
    other = await claim(community, community.other, handle="somebody_else")
    assert "You are number 2 in the waitlist" in words(other)
    position = (await the_claims(community, community.other))[0].position
    await claim(community, community.moderator, handle="a_moderator")

    await press(community.member, await open_claim(community), "Leave the waitlist")

    assert NUMBER_ONE in words(await open_claim(community, community.other))
    assert (await the_claims(community, community.other))[0].position == position


async def test_whoever_left_and_asks_again_stands_at_the_end(community: Community) -> None:
    await stand_in_line(community)
    await claim(community, community.other, handle="somebody_else")

    await press(community.member, await open_claim(community), "Leave the waitlist")

    assert "You are number 2 in the waitlist" in words(await claim(community))


async def test_a_place_is_offered_after_an_import_and_taken(community: Community) -> None:
    code = await offer_a_place(community)

    shown = await open_claim(community)
    assert OFFERED in words(shown)
    assert code not in words(shown)
    assert f"<t:{community.clock.now() + OFFER_SECONDS}:" in words(shown)
    assert labels(shown) == ["Take it", "Leave it to the next"]
    assert await code_states(community) == ["free"]
    taken = await press(community.member, shown, "Take it")

    assert is_private(taken)
    assert code in words(taken)
    assert await code_states(community) == ["spent"]


async def test_an_offer_begins_when_the_person_looks_and_not_before(community: Community) -> None:
    code = await offer_a_place(community)
    await community.travel_to(community.clock.now() + 2 * OFFER_SECONDS)

    shown = await open_claim(community)
    assert OFFERED in words(shown)
    await community.travel_to(community.clock.now() + OFFER_SECONDS - MINUTE)

    assert code in words(await press(community.member, shown, "Take it"))


async def test_an_offer_lapses_72_hours_after_it_was_told_and_goes_to_the_next(
    community: Community,
) -> None:
    await stand_in_line(community)
    await claim(community, community.other, handle="somebody_else")
    (code,) = await add_codes(community, 1)
    await pass_a_minute(community)
    shown = await open_claim(community)
    assert NUMBER_ONE in words(await open_claim(community, community.other))

    await community.travel_to(community.clock.now() + OFFER_SECONDS)

    late = await press(community.member, shown, "Take it")
    assert "That is not how your claim stands any more. Run /claim to see it." in words(late)
    assert await the_state(community) == "expired"
    other = await open_claim(community, community.other)
    assert OFFERED in words(other)
    assert code in words(await press(community.other, other, "Take it"))


async def test_taking_it_in_the_minute_in_which_it_lapsed_is_too_late(
    community: Community,
) -> None:
    await offer_a_place(community)
    shown = await open_claim(community)
    community.clock.move_to(community.clock.now() + OFFER_SECONDS)

    late = await press(community.member, shown, "Take it")

    assert "That offer has passed on to the next in the waitlist." in words(late)
    assert await code_states(community) == ["free"]


async def test_an_offer_that_is_left_goes_to_the_next(community: Community) -> None:
    await stand_in_line(community)
    await claim(community, community.other, handle="somebody_else")
    (code,) = await add_codes(community, 1)
    await pass_a_minute(community)

    left = await press(community.member, await open_claim(community), "Leave it to the next")
    assert "You can claim now" in words(left)
    await pass_a_minute(community)

    other = await open_claim(community, community.other)
    assert code in words(await press(community.other, other, "Take it"))


async def test_whoever_comes_while_a_place_is_kept_does_not_get_its_code(
    community: Community,
) -> None:
    code = await offer_a_place(community)

    shown = await claim(community, community.other, handle="somebody_else")

    assert NUMBER_ONE in words(shown)
    assert code not in words(shown)


async def test_eligibility_is_checked_again_and_the_offer_stays(community: Community) -> None:
    code = await offer_a_place(community)
    shown = await open_claim(community)
    panel = await open_settings(community)
    await choose(community.moderator, panel, "claims-settings:roles", [community.opt_in])

    refused = await press(community.member, shown, "Take it")

    assert f"**Not yet** · One of these roles: <@&{community.opt_in.id}>" in words(refused)
    assert await the_state(community) == "offered"
    backend = community.env.backend
    backend.add_member_role(community.guild.id, community.member.id, community.opt_in.id)
    await community.env.settle()
    assert code in words(await press(community.member, refused, "Take it"))


async def test_an_offer_is_taken_only_in_the_community_that_it_is_of(
    community: Community,
) -> None:
    code = await offer_a_place(community)
    desk, _ = await another_community(community)
    there = desk.guild.add_member(community.member.user)
    await community.env.settle()

    refused = await press(there, await there.slash(desk, "claim"), "Take it")

    assert is_private(refused)
    assert "It can be taken only there: run /claim in **Example Creators**" in words(refused)
    assert code not in words(refused)
    assert await the_state(community) == "offered"
    assert await code_states(community) == ["free"]
    taken = await press(community.member, await open_claim(community), "Take it")
    assert code in words(taken)


async def test_an_offer_of_a_community_without_a_name_says_where_it_was_claimed(
    community: Community,
) -> None:
    await offer_a_place(community)
    desk, _ = await another_community(community)
    there = desk.guild.add_member(community.member.user)
    await community.env.settle()
    shown = await there.slash(desk, "claim")
    await lose_sight(community)

    refused = await press(there, shown, "Take it")

    assert "run /claim in the community where you claimed" in words(refused)


async def test_attack_14_an_offer_from_before_a_restart_is_taken(community: Community) -> None:
    code = await offer_a_place(community)
    shown = await open_claim(community)

    await community.restart()

    assert code in words(await press(community.member, shown, "Take it"))


async def test_a_chosen_message_tells_of_the_offer_without_a_code_and_starts_its_clock(
    community: Community,
) -> None:
    code = await offer_a_place(community, wants_dm=["yes"])

    (told,) = direct_messages(community.member)
    assert OFFERED in told
    assert "Example Creators" in told
    assert f"<t:{community.clock.now() + OFFER_SECONDS}:" in told
    assert code not in told
    await community.travel_to(community.clock.now() + OFFER_SECONDS)

    assert await the_state(community) == "expired"


async def test_nobody_is_told_by_message_who_did_not_choose_it(community: Community) -> None:
    await offer_a_place(community)

    assert direct_messages(community.member) == []


async def test_closed_direct_messages_start_no_clock(community: Community) -> None:
    await stand_in_line(community, wants_dm=["yes"])
    path = "/users/@me/channels"
    community.env.inject_error("POST", path, status=403, code=50007, times=None)
    await add_codes(community, 1)
    await pass_a_minute(community)

    await community.travel_to(community.clock.now() + OFFER_SECONDS)

    assert OFFERED in words(await open_claim(community))


async def test_a_raised_cap_offers_a_place(community: Community) -> None:
    await open_program(community, 2, cap=1)
    await switch_on(community)
    await claim(community, community.other, handle="somebody_else")
    assert NUMBER_ONE in words(await claim(community))

    await open_program(community, 0, cap=2)
    await pass_a_minute(community)

    assert OFFERED in words(await open_claim(community))


async def test_moderators_see_who_waits_and_who_has_an_offer(community: Community) -> None:
    await stand_in_line(community)
    assert "in the waitlist" in words(await look_for(community, community.member))

    await add_codes(community, 1)
    await pass_a_minute(community)

    assert "has an offer" in words(await look_for(community, community.member))


async def test_leaving_where_it_was_switched_off_says_that_it_is_done(
    community: Community,
) -> None:
    await stand_in_line(community)
    shown = await open_claim(community)
    await switch_on(community, is_on=False)

    left = await press(community.member, shown, "Leave the waitlist")

    assert "It is withdrawn, and nothing waits for you." in words(left)
    assert await the_state(community) == "withdrawn"


async def test_attack_1_taking_an_offer_twice_gives_one_code(community: Community) -> None:
    code = await offer_a_place(community)
    await add_codes(community, 2, first=10)
    card = stored(community, await open_claim(community))

    told = await press_together(
        community, (community.member, card, "Take it"), (community.member, card, "Take it")
    )

    assert sum("That is not how your claim stands any more." in one for one in told) == 1
    assert code in words(await open_claim(community))
    assert await code_states(community) == ["spent", "free", "free"]


async def test_the_form_that_is_sent_again_keeps_the_place(community: Community) -> None:
    await set_up(community, codes=0)
    first = await open_claim(community)
    await claim(community)
    await claim(community, community.other, handle="somebody_else")

    form = await press(community.member, first, "Claim")
    shown = await community.member.submit_modal(form, FORM)

    assert NUMBER_ONE in words(shown)
