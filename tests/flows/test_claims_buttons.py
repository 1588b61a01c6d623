"""Buttons and forms of members' cards: whoever presses, whenever, whatever breaks in between."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.flows.claims import (
    FORM,
    a_second_moderator,
    add_codes,
    another_community,
    claim,
    code_states,
    decide,
    is_private,
    look_for,
    move_waitlist,
    open_claim,
    open_form,
    open_program,
    open_waiting,
    posts_in,
    set_up,
    set_up_queue,
    switch_on,
    the_claims,
    the_state,
)
from tests.flows.claims_attacking import press_together, reached, stored
from tests.flows.conftest import Community
from tests.flows.reading import labels, press, words
from tests.flows.safety import press_as
from tests.store.pools import PROGRAM

MINUTE = 60
MONTH = 31 * 86_400
ORIGINAL = "/webhooks/*/*/messages/@original"
NOT_YOURS = "Run /claim yourself: what is shown then is yours alone."
STORAGE_AWAY = "I can't reach what I keep right now, so nothing was changed."
CLOSES_AT = datetime(2027, 4, 1, tzinfo=UTC)


async def invite(community: Community) -> Any:
    """The posted invitation."""
    await community.moderator.slash(community.general, "claims post", program=PROGRAM)
    return posts_in(community, community.general)[-1]


async def test_a_code_reaches_its_claimant_and_nobody_else_on_any_way(
    community: Community,
) -> None:
    codes = await set_up_queue(community)
    await invite(community)
    await claim(community, wants_dm=["yes"])
    await press(community.moderator, await open_waiting(community), "Approve")
    shown = await open_claim(community)
    await press(community.member, shown, "I redeemed it")
    await look_for(community, community.member)
    await community.moderator.slash(community.desk, "audit")
    await open_claim(community, community.other)
    await decide(community, await look_for(community, community.member), "Revoke", "It was sold.")

    assert reached(community, codes[0]) == {(community.member.id, True)}
    assert not reached(community, codes[1])


async def test_redeeming_begins_an_estimate_that_says_so(community: Community) -> None:
    codes = await set_up(community)

    shown = await press(community.member, await claim(community), "I redeemed it")

    ends_at = int(datetime(2027, 9, 14, 12, tzinfo=UTC).timestamp())
    assert f"By my estimate it ends <t:{ends_at}:D>. What the partner says counts." in words(shown)
    assert codes[0] in words(shown)
    assert "I redeemed it" not in labels(shown)
    assert await the_state(community) == "redeemed"


async def test_when_its_time_is_over_the_code_is_still_shown(community: Community) -> None:
    codes = await set_up(community)
    await press(community.member, await claim(community), "I redeemed it")

    await community.travel_to(community.clock.now() + 7 * MONTH)

    shown = await open_claim(community)
    assert await the_state(community) == "ended"
    assert "By my estimate it ended <t:" in words(shown)
    assert codes[0] in words(shown)
    assert labels(shown) == ["Open the page"]


async def test_reminders_are_chosen_and_stopped_with_a_button(community: Community) -> None:
    await set_up(community)
    shown = await claim(community)

    shown = await press(community.member, shown, "Remind me before it ends")
    assert (await the_claims(community))[0].wants_dm
    await press(community.member, shown, "Don't remind me")

    assert not (await the_claims(community))[0].wants_dm


async def test_a_reminder_comes_to_whoever_chose_it_and_has_no_code(community: Community) -> None:
    codes = await set_up(community)
    await claim(community, wants_dm=["yes"])
    await press(community.member, await open_claim(community), "I redeemed it")
    ends_at = (await the_claims(community))[0].ends_at
    assert ends_at is not None

    for days in (31, 29, 6, 5):
        await community.travel_to(ends_at - days * 86_400)

    told = [words(message) for message in community.member.user.dm_channel.history()]
    assert [text.startswith("## Your access ends soon") for text in told] == [True, True]
    assert not any(code in text for code in codes for text in told)


@pytest.mark.parametrize("label", ["I redeemed it", "Remind me before it ends"])
@pytest.mark.parametrize("has_own", [False, True])
async def test_attack_15_somebody_elses_press_on_a_card_with_a_code_is_refused_without_a_hint(
    community: Community, label: str, *, has_own: bool
) -> None:
    codes = await set_up(community)
    mine = await claim(community)
    if has_own:
        await claim(community, community.other, handle="somebody_else")
    before = [await the_claims(community), await the_claims(community, community.other)]

    refused = await press_as(community, community.other, mine, label)

    assert is_private(refused)
    assert words(refused) == NOT_YOURS
    after = [await the_claims(community), await the_claims(community, community.other)]
    assert after == before
    assert reached(community, codes[0]) == {(community.member.id, True)}
    assert codes[0] in words(await open_claim(community))


@pytest.mark.parametrize(
    ("state", "labels_of_card"),
    [
        ("pending", ["Withdraw", "Tell me by direct message"]),
        ("waitlisted", ["Leave the waitlist", "Tell me by direct message"]),
        ("offered", ["Take it", "Leave it to the next"]),
        ("rejected", ["Ask somebody else", "Claim anew"]),
    ],
)
async def test_attack_15_nobody_moves_the_claim_of_somebody_else(
    community: Community, state: str, labels_of_card: list[str]
) -> None:
    mine = await come_to(community, state)
    before = await the_claims(community)

    for label in labels_of_card:
        refused = await press_as(community, community.other, mine, label)
        assert words(refused) == NOT_YOURS
        assert refused.modal is None

    assert await the_claims(community) == before
    assert not await the_claims(community, community.other)


async def come_to(community: Community, state: str) -> Any:
    """A member's card in a state."""
    is_reviewed = state in {"pending", "rejected"}
    await set_up(community, codes=0, is_reviewed=is_reviewed)
    await claim(community)
    if state == "rejected":
        await decide(community, await open_waiting(community), "Reject", "Not this time.")
    if state == "offered":
        await add_codes(community, 1)
        await move_waitlist(community)
    shown = await open_claim(community)
    assert await the_state(community) == state
    return shown


async def test_attack_15_the_posted_invitation_shows_each_their_own_and_nothing_of_others(
    community: Community,
) -> None:
    codes = await set_up(community)
    await claim(community)
    message = await invite(community)
    label = "Claim, or see how mine stands"

    mine, other = await press_together(
        community, (community.member, message, label), (community.other, message, label)
    )

    assert codes[0] in mine
    assert "You can claim now" in other
    assert reached(community, codes[0]) == {(community.member.id, True)}
    assert words(message) == words(posts_in(community, community.general)[-1])


async def test_attack_14_a_members_buttons_from_before_a_restart_still_work(
    community: Community,
) -> None:
    codes = await set_up(community)
    message = await invite(community)
    opened = await open_claim(community)

    await community.restart()
    form = await press(community.member, opened, "Claim")
    await community.restart()
    shown = await community.member.submit_modal(form, FORM)
    assert codes[0] in words(shown)
    await community.restart()

    assert "By my estimate" in words(await press(community.member, shown, "I redeemed it"))
    (again,) = await press_together(
        community, (community.member, message, "Claim, or see how mine stands")
    )
    assert codes[0] in again


async def test_attack_10_a_program_that_closes_while_the_form_is_open_takes_no_claim(
    community: Community,
) -> None:
    await set_up(community)
    form = await open_form(community)
    await community.travel_to(int(CLOSES_AT.timestamp()))

    shown = await community.member.submit_modal(form, FORM)

    assert is_private(shown)
    assert "Six months of Example Calm is over: no more claims are taken." in words(shown)
    assert not await the_claims(community)
    assert "It takes no claims now." in words(await open_claim(community))


async def test_attack_10_one_second_before_it_closes_is_in_time_and_stays_so(
    community: Community,
) -> None:
    codes = await set_up(community)
    form = await open_form(community)
    await community.travel_to(int(CLOSES_AT.timestamp()) - 1)

    assert codes[0] in words(await community.member.submit_modal(form, FORM))
    await community.travel_to(int(CLOSES_AT.timestamp()) + MINUTE)

    assert codes[0] in words(await open_claim(community))


async def test_before_it_opens_the_card_and_a_form_from_elsewhere_say_when(
    community: Community,
) -> None:
    await set_up(community)
    form = await open_form(community)
    opens_at = datetime(2027, 3, 20, tzinfo=UTC)
    await open_program(community, 0, opens_at=opens_at)

    shown = await community.member.submit_modal(form, FORM)

    assert f"is not open yet. It opens <t:{int(opens_at.timestamp())}:F>." in words(shown)
    assert "Claim" not in labels(await open_claim(community))


async def test_attack_1_a_form_that_is_sent_twice_gives_one_code(community: Community) -> None:
    codes = await set_up(community)
    opened = await open_claim(community)
    forms = [await press(community.member, opened, "Claim") for _ in range(2)]

    for form in forms:
        assert codes[0] in words(await community.member.submit_modal(form, FORM))

    assert await code_states(community) == ["spent", "free", "free"]


async def test_attack_2_in_another_community_the_same_code_is_shown_although_it_is_off_there(
    community: Community,
) -> None:
    codes = await set_up(community)
    await claim(community)
    desk, _ = await another_community(community)
    there = desk.guild.add_member(community.member.user)
    await community.env.settle()

    shown = await there.slash(desk, "claim")

    assert is_private(shown)
    assert codes[0] in words(shown)


async def test_attack_3_leaving_and_rejoining_shows_the_same_code(community: Community) -> None:
    codes = await set_up(community, days_here=7)
    await community.travel_to(community.clock.now() + 8 * 86_400)
    await claim(community)

    community.guild.remove_member(community.member)
    await community.env.settle()
    back = community.guild.add_member(community.member.user)
    await community.env.settle()

    assert codes[0] in words(await open_claim(community, back))
    assert await code_states(community) == ["spent", "free", "free"]


async def test_a_code_is_shown_where_the_program_was_switched_off(community: Community) -> None:
    codes = await set_up(community)
    await claim(community)
    await switch_on(community, is_on=False)

    assert codes[0] in words(await open_claim(community))
    assert "There is nothing to claim" in words(await open_claim(community, community.other))


async def test_a_form_that_was_open_when_it_was_switched_off_takes_no_claim(
    community: Community,
) -> None:
    await set_up(community)
    form = await open_form(community)
    await switch_on(community, is_on=False)

    shown = await community.member.submit_modal(form, FORM)

    assert "This community takes no claims of it." in words(shown)
    assert not await the_claims(community)


async def test_a_handle_that_two_people_claim_goes_to_review_and_neither_learns_of_the_other(
    community: Community,
) -> None:
    codes = await set_up(community)
    first = await claim(community, handle="@Same_Creator")

    second = await claim(community, community.other, handle="same_creator")

    assert "A moderator will look at your claim" in words(second)
    told = words(first) + words(second) + words(await open_claim(community))
    assert not re.search(r"another|other claim|handle|conflict", told.replace("another's", ""))
    assert str(community.member.id) not in words(second)
    opened = await open_waiting(community)
    assert "Look closely: this handle is in another claim, too." in words(opened)
    assert str(community.member.id) not in words(opened)
    await press(community.moderator, opened, "Approve")
    assert codes[1] in words(await open_claim(community, community.other))


async def test_attack_27_after_erasing_asking_again_is_refused_and_names_nobody(
    community: Community,
) -> None:
    codes = await set_up(community)
    form = await open_form(community)
    await claim(community)
    asked = await press(
        community.member,
        await community.member.slash(community.general, "my-data"),
        "Erase everything",
    )
    await press(community.member, asked, "Erase")

    for shown in (await community.member.submit_modal(form, FORM), await open_claim(community)):
        assert is_private(shown)
        assert "what was kept about it was erased on request" in words(shown)
        assert str(community.member.id) not in words(shown)
        assert not any(code in words(shown) for code in codes)
    assert await code_states(community) == ["spent", "free", "free"]


async def test_several_programs_are_offered_to_choose_from(community: Community) -> None:
    await set_up(community)
    await open_more_programs(community, 1)

    shown = await open_claim(community)

    assert is_private(shown)
    assert sorted(labels(shown)) == ["Program 0", "Six months of Example Calm"]
    one = await press(community.member, shown, "Six months of Example Calm")
    assert "You can claim now" in words(one)


async def open_more_programs(community: Community, count: int) -> None:
    """Programs without codes that the community has switched on."""
    for number in range(count):
        await open_program(community, 0, id=f"also-{number}", title=f"Program {number}")
        await switch_on(community, f"also-{number}")


async def test_attack_24_twenty_five_programs_are_all_within_reach(community: Community) -> None:
    await set_up(community)
    await open_more_programs(community, 24)

    shown = await open_claim(community)

    assert len(set(labels(shown))) == 25


async def test_an_appeal_shows_the_refusal_as_a_moderators_words_and_takes_an_answer(
    community: Community,
) -> None:
    await set_up(community, is_reviewed=True)
    await claim(community)
    await decide(community, await open_waiting(community), "Reject", "I can't find the page.")

    shown = await press(community.member, await open_claim(community), "Ask somebody else")
    assert "**A moderator wrote:** I can't find the page." in words(shown)
    form = await press(community.member, shown, "Answer")
    await community.member.submit_modal(form, {"note": "It is the blue one."})

    opened = await open_waiting(community, a_second_moderator(community))
    assert "Their answer: It is the blue one." in words(opened)


async def test_claiming_anew_after_a_refusal_waits_again(community: Community) -> None:
    await set_up(community, is_reviewed=True)
    await claim(community)
    await decide(community, await open_waiting(community), "Reject", "Which page?")
    shown = await open_claim(community)

    form = await press(community.member, shown, "Claim anew")
    again = await community.member.submit_modal(form, FORM)

    assert "A moderator will look at your claim" in words(again)
    assert [one.state.value for one in await the_claims(community)] == ["pending", "rejected"]


async def test_attack_26_the_old_appeal_is_refused_after_claiming_anew(
    community: Community,
) -> None:
    await set_up(community, is_reviewed=True)
    await claim(community)
    await decide(community, await open_waiting(community), "Reject", "Which page?")
    old = await open_claim(community)
    form = await press(community.member, old, "Claim anew")
    await community.member.submit_modal(form, FORM)

    refused = await press(community.member, old, "Ask somebody else")

    assert "There is no refusal to appeal against." in words(refused)
    assert [one.state.value for one in await the_claims(community)] == ["pending", "rejected"]


async def test_a_press_on_an_old_card_says_that_it_stands_otherwise_by_now(
    community: Community,
) -> None:
    await set_up(community, is_reviewed=True)
    waiting = await claim(community)
    await press(community.moderator, await open_waiting(community), "Approve")

    refused = await press(community.member, waiting, "Withdraw")

    assert "That is not how your claim stands any more. Run /claim to see it." in words(refused)
    assert await code_states(community) == ["spent", "free", "free"]
    assert stored(community, waiting).is_ephemeral
