"""The moderators' queue: approve, reject, ask for more, revoke; who may, and who was first."""

import pytest

from tests.flows.claims import (
    a_second_moderator,
    announced,
    another_community,
    claim,
    code_states,
    decide,
    is_private,
    look_for,
    open_claim,
    open_program,
    open_waiting,
    posts_in,
    set_up,
    set_up_queue,
    switch_on,
    the_claims,
    the_state,
)
from tests.flows.claims_attacking import press_together
from tests.flows.conftest import Community
from tests.flows.presence import press_older
from tests.flows.reading import labels, press, words

FASTER = "Somebody else was faster"
MODERATORS_ONLY = "it needs the permission Manage Server"


async def test_a_claim_that_waits_tells_its_member_what_comes_and_the_moderators_that_it_is_there(
    community: Community,
) -> None:
    codes = await set_up_queue(community)

    shown = await claim(community)

    assert is_private(shown)
    assert "A moderator will look at your claim" in words(shown)
    assert "Come back with /claim; a code is then shown to you here." in words(shown)
    card = words(announced(community))
    assert f"<@{community.member.id}>" in card
    assert "Handle, as they say: @example\\_creator" in card
    assert not any(code in card for code in codes)
    assert await code_states(community) == ["free"] * 3


async def test_a_claim_that_is_sent_again_is_not_announced_again(community: Community) -> None:
    await set_up_queue(community)
    first = await open_claim(community)
    await claim(community)
    community.clock.move_to(community.clock.now() + 60)

    form = await press(community.member, first, "Claim")
    await community.member.submit_modal(
        form, {"handle": "again", "of_age": ["yes"], "consent": ["yes"], "wants_dm": ["no"]}
    )

    assert len(posts_in(community, community.desk)) == 1


async def test_approving_says_who_decided_and_shows_the_code_to_the_member_alone(
    community: Community,
) -> None:
    codes = await set_up_queue(community)
    await claim(community)

    approved = await press(community.moderator, await open_waiting(community), "Approve")

    assert is_private(approved)
    assert "has a code" in words(approved)
    assert f"Decided by <@{community.moderator.id}>" in words(approved)
    assert not any(code in words(approved) for code in codes)
    assert codes[0] in words(await open_claim(community))
    assert await code_states(community) == ["spent", "free", "free"]


async def test_a_decision_on_the_card_in_the_channel_is_seen_by_all_moderators(
    community: Community,
) -> None:
    await set_up_queue(community)
    await claim(community)

    message = announced(community)
    await press_together(community, (community.moderator, message, "Approve"))

    card = words(announced(community))
    assert "has a code" in card
    assert f"Decided by <@{community.moderator.id}>" in card
    assert await the_state(community) == "allocated"


async def test_rejecting_gives_the_member_the_reason_and_what_they_can_do(
    community: Community,
) -> None:
    await set_up_queue(community)
    await claim(community)

    reason = "The page was made yesterday."
    shown = await decide(community, await open_waiting(community), "Reject", reason)

    assert "refused" in words(shown)
    member = await open_claim(community)
    assert f"**Why:** {reason}" in words(member)
    assert labels(member) == ["Ask somebody else", "Claim anew"]
    assert await code_states(community) == ["free"] * 3


async def test_a_reason_that_nobody_can_see_is_none(community: Community) -> None:
    await set_up_queue(community)
    await claim(community)

    shown = await decide(community, await open_waiting(community), "Reject", "\u200b \u2060")

    assert "Your reason will be read, so it can't be empty." in words(shown)
    assert await the_state(community) == "pending"


async def test_asking_for_more_is_answered_and_the_answer_is_seen(community: Community) -> None:
    await set_up_queue(community)
    await claim(community)
    before = await open_waiting(community)
    asked = await open_waiting(community)
    await decide(community, asked, "Ask for more", "Which page is yours?")

    member = await open_claim(community)
    assert "**They ask:** Which page is yours?" in words(member)
    assert "Please answer them" in words(member)
    assert "There is nothing to do" not in words(member)
    form = await press(community.member, member, "Answer")
    answered = await community.member.submit_modal(form, {"note": "The blue one."})
    assert "There is nothing to do" in words(answered)

    assert "**You answered:** The blue one." in words(answered)
    assert "Their answer: The blue one." in words(await open_waiting(community))
    assert "Their answer: The blue one." in words(announced(community))
    assert FASTER in words(await press(community.moderator, before, "Approve"))
    assert await the_state(community) == "pending"


async def test_an_answer_without_a_word_is_refused(community: Community) -> None:
    await set_up_queue(community)
    await claim(community)
    await decide(community, await open_waiting(community), "Ask for more", "Which page is yours?")

    form = await press(community.member, await open_claim(community), "Answer")
    refused = await community.member.submit_modal(form, {"note": "\u200b"})

    assert "There is no word in your answer, so nothing was sent." in words(refused)
    assert (await the_claims(community))[0].note is None


async def test_an_appeal_is_decided_by_somebody_else_and_is_the_last(community: Community) -> None:
    codes = await set_up_queue(community)
    await claim(community)
    await decide(community, await open_waiting(community), "Reject", "I can't find the page.")

    appealed = await press(community.member, await open_claim(community), "Ask somebody else")
    assert "A moderator will look at your claim" in words(appealed)
    assert "**They ask:**" not in words(appealed)
    refused = await press(community.moderator, await open_waiting(community), "Approve")
    assert "an appeal against your own refusal" in words(refused)
    second = a_second_moderator(community)
    opened = await open_waiting(community, second)
    assert "This is an appeal" in words(opened)
    await press(second, opened, "Approve")

    assert codes[0] in words(await open_claim(community))


async def test_an_appeal_that_fails_leaves_no_second_one(community: Community) -> None:
    await set_up_queue(community)
    await claim(community)
    await decide(community, await open_waiting(community), "Reject", "I can't find the page.")
    refused = await open_claim(community)
    await press(community.member, refused, "Ask somebody else")
    second = a_second_moderator(community)
    opened = await open_waiting(community, second)
    await decide(community, opened, "Reject", "Nor can I.", second)

    shown = await open_claim(community)

    assert "**Why:** Nor can I." in words(shown)
    assert labels(shown) == ["Claim anew"]


async def test_revoking_is_told_with_its_reason_and_the_code_never_comes_back(
    community: Community,
) -> None:
    codes = await set_up(community)
    await claim(community)

    revoked = await decide(
        community, await look_for(community, community.member), "Revoke", "It was sold."
    )

    assert "revoked" in words(revoked)
    shown = words(await open_claim(community))
    assert "Your code was revoked" in shown
    assert "**Why:** It was sold." in shown
    assert not any(code in shown for code in codes)
    assert await code_states(community) == ["spent", "free", "free"]


async def test_an_empty_queue_says_so(community: Community) -> None:
    await set_up_queue(community)

    shown = await community.moderator.slash(community.desk, "claims queue")

    assert is_private(shown)
    assert "No claim waits for a decision." in words(shown)


async def test_a_queue_where_no_program_is_switched_on_says_so_and_what_switches_one_on(
    community: Community,
) -> None:
    await open_program(community)

    shown = words(await community.moderator.slash(community.desk, "claims queue"))

    assert "No program is switched on in this community" in shown
    assert "/claims settings switches one on." in shown
    assert "Well done" not in shown

    await switch_on(community)
    again = words(await community.moderator.slash(community.desk, "claims queue"))
    assert "No claim waits for a decision." in again


async def test_a_claim_that_waits_is_in_the_queue_after_its_program_is_switched_off(
    community: Community,
) -> None:
    await set_up(community, is_reviewed=True)
    await claim(community)
    await switch_on(community, is_on=False)

    shown = words(await community.moderator.slash(community.desk, "claims queue"))

    assert "Claims that wait" in shown


async def test_a_long_queue_shows_the_oldest_and_says_that_there_are_more(
    community: Community,
) -> None:
    await set_up(community, is_reviewed=True)
    for number in range(9):
        user = community.env.create_user(f"creator-{number}")
        await claim(community, community.guild.add_member(user), handle=f"creator{number}")

    shown = await community.moderator.slash(community.desk, "claims queue")

    assert labels(shown) == [f"Look at {number}" for number in range(1, 9)]
    assert "More wait behind them." in words(shown)


async def test_a_member_without_a_claim_is_found_without_one(community: Community) -> None:
    await set_up(community)

    shown = await community.moderator.slash(community.desk, "claims find", member=community.other)

    assert is_private(shown)
    assert f"<@{community.other.id}> has made no claim in this community." in words(shown)


async def test_an_approval_while_nothing_is_left_is_a_place_in_the_waitlist(
    community: Community,
) -> None:
    await set_up_queue(community, codes=0)
    await claim(community)

    shown = await press(community.moderator, await open_waiting(community), "Approve")

    assert "in the waitlist" in words(shown)
    assert "You are number 1 in the waitlist" in words(await open_claim(community))


@pytest.mark.parametrize("number", ["999", "1"])
async def test_a_claim_of_another_community_is_not_there(community: Community, number: str) -> None:
    await set_up_queue(community)
    await claim(community)
    desk, stranger = await another_community(community)
    panel = await stranger.slash(desk, "setup")

    refused = await press_older(stranger, desk, panel, f"claims:approve:{number}:1")

    assert "That claim is not one of this community's." in words(refused)
    assert await the_state(community) == "pending"


@pytest.mark.parametrize("wanted", [True, False])
async def test_news_comes_as_a_direct_message_only_if_it_was_chosen_and_says_nothing_of_it(
    community: Community, *, wanted: bool
) -> None:
    codes = await set_up_queue(community)
    await claim(community, wants_dm=["yes"] if wanted else ["no"])

    await press(community.moderator, await open_waiting(community), "Approve")

    sent = [words(one) for one in community.member.user.dm_channel.history()]
    assert len(sent) == int(wanted)
    for text in sent:
        assert "There is news of your claim in Example Creators." in text
        assert "approve" not in text
        assert not any(code in text for code in codes)


async def test_direct_messages_that_are_closed_stop_no_decision(community: Community) -> None:
    await set_up_queue(community)
    await claim(community, wants_dm=["yes"])
    community.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)

    shown = await press(community.moderator, await open_waiting(community), "Approve")

    assert "has a code" in words(shown)


async def test_messages_can_be_chosen_and_stopped_while_one_waits(community: Community) -> None:
    await set_up_queue(community)
    shown = await claim(community)

    shown = await press(community.member, shown, "Tell me by direct message")
    assert (await the_claims(community))[0].wants_dm
    await press(community.member, shown, "No direct messages")

    assert not (await the_claims(community))[0].wants_dm


async def test_a_queue_channel_that_is_closed_to_the_bot_stops_no_claim(
    community: Community,
) -> None:
    await set_up_queue(community)
    path = f"/channels/{community.desk.id}/messages"
    community.env.inject_error("POST", path, status=403, code=50013)

    shown = await claim(community)

    assert "A moderator will look at your claim" in words(shown)
    assert "Approve" in labels(await open_waiting(community))


async def test_without_a_channel_the_queue_command_still_has_it(community: Community) -> None:
    await set_up(community, is_reviewed=True)

    await claim(community)

    assert posts_in(community, community.desk) == []
    assert "Approve" in labels(await open_waiting(community))


async def test_the_decider_and_the_change_are_in_the_log_and_no_word_of_anybody(
    community: Community,
) -> None:
    codes = await set_up_queue(community)
    await claim(community)
    await decide(community, await open_waiting(community), "Reject", "A quiet marmalade.")

    entries = await community.services.audit.latest(community.guild.id)

    assert entries[0].actor_id == community.moderator.id
    assert entries[0].change.action == "claims.rejected"
    assert "marmalade" not in str(entries)
    assert "example" not in str([entry.change.target for entry in entries])
    assert not any(code in str(entries) for code in codes)


async def test_switching_off_leaves_what_waits_to_be_decided(community: Community) -> None:
    codes = await set_up_queue(community)
    await claim(community)
    await switch_on(community, is_on=False, is_reviewed=True)

    await press(community.moderator, await open_waiting(community), "Approve")

    assert codes[0] in words(await open_claim(community))
