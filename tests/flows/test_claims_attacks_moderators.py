"""Attacks on the moderators' queue: two at once, a lost role, one's own claim, a restart."""

from tests.flows.claims import (
    a_second_moderator,
    announced,
    claim,
    code_states,
    decide,
    look_for,
    open_claim,
    open_waiting,
    run_hidden_subcommand,
    set_up,
    set_up_queue,
    the_claims,
    the_state,
)
from tests.flows.claims_attacking import press_together, stored
from tests.flows.conftest import Community
from tests.flows.presence import demote
from tests.flows.reading import labels, press, words
from tests.flows.safety import press_as

FASTER = "Somebody else was faster"
MODERATORS_ONLY = "it needs the permission Manage Server"


async def test_attack_17_a_moderator_does_not_decide_on_their_own_claim(
    community: Community,
) -> None:
    await set_up_queue(community)
    await claim(community, community.moderator)

    opened = await open_waiting(community)

    assert "This is your own claim" in words(await press(community.moderator, opened, "Approve"))
    refused = await decide(community, opened, "Reject", "Mine.")
    assert "This is your own claim" in words(refused)
    assert await the_state(community, community.moderator) == "pending"


async def test_attack_4_two_moderators_press_approve_in_the_same_moment(
    community: Community,
) -> None:
    await set_up_queue(community)
    await claim(community)
    second = a_second_moderator(community)
    message = announced(community)

    told = await press_together(
        community, (community.moderator, message, "Approve"), (second, message, "Approve")
    )

    assert sum(FASTER in one for one in told) == 1
    assert await code_states(community) == ["spent", "free", "free"]


async def test_attack_5_a_refusal_that_is_written_while_another_approves_comes_too_late(
    community: Community,
) -> None:
    codes = await set_up_queue(community)
    await claim(community)
    second = a_second_moderator(community)
    form = await press(second, await open_waiting(community, second), "Reject")
    await press(community.moderator, await open_waiting(community), "Approve")

    refused = await second.submit_modal(form, {"reason": "No."})

    assert FASTER in words(refused)
    assert codes[0] in words(await open_claim(community))


async def test_attack_6_approving_and_withdrawing_in_the_same_moment_has_one_outcome(
    community: Community,
) -> None:
    await set_up_queue(community)
    mine = stored(community, await claim(community))

    told = await press_together(
        community,
        (community.member, mine, "Withdraw"),
        (community.moderator, announced(community), "Approve"),
    )

    state = await the_state(community)
    spent = (await code_states(community)).count("spent")
    assert (state, spent) in {("withdrawn", 0), ("allocated", 1)}
    refusals = (FASTER, "nothing to decide", "not how your claim stands any more")
    assert sum(any(words in one for words in refusals) for one in told) == 1


async def test_attack_16_a_moderator_who_lost_the_role_decides_nothing_any_more(
    community: Community,
) -> None:
    await set_up_queue(community)
    await claim(community)
    opened = await open_waiting(community)
    form = await press(community.moderator, opened, "Reject")
    before = await the_claims(community)
    demote(community)

    for label in ("Approve", "Reject", "Ask for more"):
        refused = await press(community.moderator, opened, label)
        assert MODERATORS_ONLY in words(refused)
        assert refused.modal is None
    refused = await community.moderator.submit_modal(form, {"reason": "No."})
    assert MODERATORS_ONLY in words(refused)
    assert await the_claims(community) == before


async def test_attack_16_nor_do_they_see_the_queue_or_revoke(community: Community) -> None:
    await set_up(community)
    await claim(community)
    opened = await look_for(community, community.member)
    demote(community)

    refused = await press(community.moderator, opened, "Revoke")
    seen = await run_hidden_subcommand(community.moderator, community.desk, "claims", "queue")

    assert MODERATORS_ONLY in words(refused)
    assert MODERATORS_ONLY in words(seen)
    assert await the_state(community) == "delivered"


async def test_attack_16_nor_do_they_replace_a_code(community: Community) -> None:
    await set_up(community)
    await claim(community)
    opened = await look_for(community, community.member)
    second = a_second_moderator(community)
    theirs = await look_for(community, community.member, second)
    asked = await decide(community, theirs, "Replace a faulty code", "It is invalid.", second)
    later = await look_for(community, community.member)
    demote(community)

    for shown, label in (
        (opened, "Replace a faulty code"),
        (later, "A replacement waits"),
        (asked, "Agree"),
        (asked, "Decline"),
    ):
        refused = await press_as(community, community.moderator, shown, label)
        assert MODERATORS_ONLY in words(refused), label
    assert await code_states(community) == ["spent", "free", "free"]


async def test_attack_17_a_moderator_does_not_replace_the_code_of_their_own_claim(
    community: Community,
) -> None:
    codes = await set_up(community)
    await claim(community, community.moderator)

    opened = await look_for(community, community.moderator)
    refused = await decide(community, opened, "Replace a faulty code", "It is not the best one.")

    assert "This is your own claim" in words(refused)
    assert codes[0] in words(await open_claim(community, community.moderator))


async def test_attack_14_a_replacement_that_waited_during_a_restart_is_agreed_on(
    community: Community,
) -> None:
    codes = await set_up(community)
    await claim(community)
    opened = await look_for(community, community.member)
    asked = await decide(community, opened, "Replace a faulty code", "It is invalid.")
    second = a_second_moderator(community)

    await community.restart()
    await press_as(community, second, asked, "Agree")

    assert codes[1] in words(await open_claim(community))
    assert await code_states(community) == ["void", "spent", "free"]


async def test_attack_14_cards_in_the_queue_from_before_a_restart_still_decide(
    community: Community,
) -> None:
    codes = await set_up_queue(community)
    await claim(community)
    opened = await open_waiting(community)

    await community.restart()

    assert "has a code" in words(await press(community.moderator, opened, "Approve"))
    assert codes[0] in words(await open_claim(community))


async def test_attack_14_a_reason_that_was_being_written_during_a_restart_arrives(
    community: Community,
) -> None:
    await set_up_queue(community)
    await claim(community)
    form = await press(community.moderator, await open_waiting(community), "Reject")

    await community.restart()
    await community.moderator.submit_modal(form, {"reason": "Not this time."})

    assert "**Why:** Not this time." in words(await open_claim(community))


async def test_attack_28_whoever_was_revoked_asks_again_and_gets_nothing(
    community: Community,
) -> None:
    await set_up(community)
    first = await open_claim(community)
    await claim(community)
    await decide(community, await look_for(community, community.member), "Revoke", "It was sold.")

    form = await press(community.member, first, "Claim")
    shown = await community.member.submit_modal(
        form, {"handle": "another", "of_age": ["yes"], "consent": ["yes"], "wants_dm": ["no"]}
    )

    assert "Your code was revoked" in words(shown)
    assert labels(shown) == []
    assert await code_states(community) == ["spent", "free", "free"]


async def test_attack_13_a_decision_whose_card_is_gone_is_made_and_told_to_the_member(
    community: Community,
) -> None:
    await set_up_queue(community)
    await claim(community, wants_dm=["yes"])
    opened = await open_waiting(community)
    path = "/webhooks/*/*/messages/@original"
    community.env.inject_error("PATCH", path, status=404, code=10008)

    await press(community.moderator, opened, "Approve")

    assert await the_state(community) == "allocated"
    assert len(community.member.user.dm_channel.history()) == 1
