"""``/claim`` for members: eligible or why not, the form, the code, and the same code again."""

from tests.flows.claims import (
    FORM,
    claim,
    is_private,
    open_claim,
    open_form,
    open_program,
    set_up,
    switch_on,
    the_claims,
)
from tests.flows.conftest import Community
from tests.flows.presence import count_rows
from tests.flows.reading import labels, press, words
from tests.flows.safety import fields_of, is_help

DAY = 86_400


async def test_a_member_claims_and_is_shown_a_code_privately(community: Community) -> None:
    codes = await set_up(community)

    shown = await claim(community)

    assert is_private(shown)
    assert codes[0] in words(shown)
    assert "Keep this private" in words(shown)
    assert "Enter your code." in words(shown)


async def test_asking_again_shows_the_same_code(community: Community) -> None:
    codes = await set_up(community)
    await claim(community)

    for _ in range(2):
        again = await open_claim(community)
        assert codes[0] in words(again)
        assert is_private(again)


async def test_after_a_restart_the_same_code_is_shown(community: Community) -> None:
    codes = await set_up(community)
    await claim(community)

    await community.restart()

    assert codes[0] in words(await open_claim(community))


async def test_another_member_gets_another_code(community: Community) -> None:
    codes = await set_up(community)
    await claim(community)

    other = await claim(community, community.other, handle="somebody_else")

    assert codes[1] in words(other)
    assert codes[0] not in words(other)


async def test_nothing_is_switched_on(community: Community) -> None:
    shown = await open_claim(community)

    assert is_private(shown)
    assert "There is nothing to claim in this community at the moment" in words(shown)


async def test_a_rule_that_does_not_pass_says_what_is_needed_what_was_seen_and_when(
    community: Community,
) -> None:
    await set_up(community, days_here=7)

    shown = await open_claim(community)

    assert "In this community for 7 days (you: 0)." in words(shown)
    assert "Try again <t:" in words(shown)
    assert "Claim" not in labels(shown)


async def test_a_member_becomes_eligible_with_time(community: Community) -> None:
    codes = await set_up(community, days_here=7)

    await community.travel_to(community.clock.now() + 7 * DAY)

    assert codes[0] in words(await claim(community))


async def test_without_consent_nothing_is_kept(community: Community) -> None:
    await set_up(community)

    shown = await claim(community, consent=["no"])

    assert "Without your consent nothing can be kept" in words(shown)
    assert "You can claim now" in words(await open_claim(community))


async def test_the_form_asks_only_what_the_program_needs(community: Community) -> None:
    await set_up(community)

    form = await open_form(community)

    assert list(fields_of(form)) == ["handle", "of_age", "consent", "wants_dm"]


async def test_an_empty_pool_gives_a_place_in_the_waitlist(community: Community) -> None:
    await set_up(community, codes=1)
    await claim(community, community.other, handle="somebody_else")

    shown = await claim(community)

    assert "You are number 1 in the waitlist" in words(shown)
    left = await press(community.member, shown, "Leave the waitlist")
    assert "You can claim now" in words(left)


async def test_whoever_is_not_of_age_is_told_and_nothing_is_kept(community: Community) -> None:
    await set_up(community)

    shown = await claim(community, of_age=["no"])

    assert is_private(shown)
    assert "**Not yet** · Of age where you live, as you say." in words(shown)
    assert not await the_claims(community)


async def test_a_country_is_known_by_its_name_and_another_one_is_told(
    community: Community,
) -> None:
    await open_program(community, countries=["DE", "AT"])
    await switch_on(community)

    refused = await claim(community, country="Japan")
    assert "**Not yet** · In one of these countries: DE, AT (you: JP)." in words(refused)
    form = await press(community.member, refused, "Claim")
    await community.member.submit_modal(form, FORM | {"country": "Österreich"})

    assert (await the_claims(community))[0].country == "AT"


async def test_the_card_says_what_is_kept_and_for_how_long_before_anything_is(
    community: Community,
) -> None:
    await set_up(community)
    before = await count_rows(community)

    shown = words(await open_claim(community))

    assert "I keep your Discord id, your answers and the code, encrypted" in shown
    assert "until the program ends: 30 days after its last access" in shown
    assert "How you feel never matters for a claim." in shown
    assert await count_rows(community) == before


async def test_words_of_a_crisis_get_help_first_and_the_claim_is_untouched(
    community: Community,
) -> None:
    codes = await set_up(community)

    helped = await claim(community, handle="i want to die")
    assert is_help(helped)
    assert not await the_claims(community)
    shown = await press(community.member, helped, "Send it as it is")

    assert codes[0] in words(shown)


async def test_claiming_is_offered_in_communities_alone(community: Community) -> None:
    assert "claim" in community.member.available_commands(community.general)
    assert "claim" not in community.member.user.available_commands()


async def test_the_card_with_the_code_says_what_to_do_with_it(
    community: Community,
) -> None:
    await set_up(community)

    shown = await claim(community)

    assert "Whoever has it can use it, once." in words(shown)
    assert "/claim shows the same code again, to you alone" in words(shown)
    assert labels(shown) == ["Open the page", "I redeemed it", "Remind me before it ends"]
