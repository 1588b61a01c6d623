"""The waitlist: a stable order, offers that reserve, a clock that starts when one was told."""

import asyncio

import pytest

from bot.claims import waitlist
from bot.claims.rules import OFFER_SECONDS, Answers, Member, State
from bot.claims.service import ElsewhereError
from bot.claims.settings import CommunitySettings, save_settings
from bot.claims.store import ERASE_PERSON
from bot.clock import DAY, MovableClock
from bot.errors import ConflictError, RefusalError
from bot.storage import Database
from tests.conftest import NOON
from tests.store.claims_desk import HERE, OTHER_MODERATOR, THERE, VOID_FREE, Desk

ANN, BEN, CAT, DAN, EVE = 101, 102, 103, 104, 105


@pytest.fixture
async def desk(database: Database, clock: MovableClock) -> Desk:
    """A program with a cap of four and no code yet, and two communities without review."""
    desk = Desk(database, clock)
    await desk.open(0, cap=4)
    await desk.set_up(THERE, is_reviewed=False)
    return desk


async def queue(desk: Desk, *people: int, guild_id: int = HERE) -> None:
    """They come one after the other, and all have to wait."""
    for person in people:
        standing = await desk.claim(person, guild_id)
        assert standing.claim is not None
        assert standing.claim.state is State.WAITLISTED


async def test_places_are_given_in_the_order_of_coming_and_told(desk: Desk) -> None:
    await queue(desk, ANN, BEN, CAT)
    standings = [await desk.look(person) for person in (ANN, BEN, CAT)]
    assert [one.claim.position for one in standings if one.claim] == [1, 2, 3]
    assert [one.ahead for one in standings] == [0, 1, 2]


async def test_an_import_offers_as_many_places_as_there_are_codes(desk: Desk) -> None:
    await queue(desk, ANN, BEN, CAT)
    await desk.bring(range(2))
    assert await desk.move() == [ANN, BEN]
    assert await desk.move() == []
    assert await desk.state(CAT) is State.WAITLISTED
    await desk.check()


async def test_offers_stop_at_the_cap_and_go_on_when_it_is_raised(desk: Desk) -> None:
    await desk.set_cap(1)
    await queue(desk, ANN, BEN)
    await desk.bring(range(4))
    assert await desk.move() == [ANN]
    await desk.set_cap(2)
    assert await desk.move() == [BEN]
    await desk.check()


async def test_what_move_says_is_enough_to_tell_the_people(desk: Desk) -> None:
    await desk.claim(ANN, wants_dm=True)
    await desk.claim(BEN)
    await desk.bring(range(2))
    offers = await desk.database.run(lambda tx: waitlist.move(tx, desk.program_id, NOON))
    assert [(one.user_id, one.guild_id, one.wants_dm) for one in offers] == [
        (ANN, HERE, True),
        (BEN, HERE, False),
    ]
    assert await waitlist.fetch_untold(desk.database, desk.program_id) == offers
    await desk.claims.mark_told(offers[0].claim_id)
    assert await waitlist.fetch_untold(desk.database, desk.program_id) == offers[1:]


async def test_the_clock_of_an_offer_stands_still_until_the_person_looks(
    desk: Desk, clock: MovableClock
) -> None:
    await queue(desk, ANN)
    await desk.bring(range(1))
    await desk.move()
    clock.move_to(NOON + 10 * OFFER_SECONDS)
    await desk.move()
    standing = await desk.look(ANN)
    assert standing.claim is not None
    assert standing.claim.state is State.OFFERED
    assert standing.claim.offer_ends_at == clock.now() + OFFER_SECONDS
    told_at = clock.now()
    clock.move_to(told_at + 5)
    again = await desk.look(ANN)
    assert again.claim is not None
    assert (again.claim.told_at, again.claim.offer_ends_at) == (told_at, told_at + OFFER_SECONDS)


async def test_an_offer_lapses_when_its_time_has_passed_and_goes_to_the_next(
    desk: Desk, clock: MovableClock
) -> None:
    await queue(desk, ANN, BEN)
    await desk.bring(range(1))
    await desk.move()
    await desk.look(ANN)
    clock.move_to(NOON + OFFER_SECONDS - 1)
    assert await desk.move() == []
    clock.move_to(NOON + OFFER_SECONDS)
    with pytest.raises(RefusalError, match="passed on to the next"):
        await desk.claims.accept(desk.program_id, HERE, Member(ANN))
    assert await desk.move() == [BEN]
    assert await desk.state(ANN) is State.EXPIRED
    with pytest.raises(RefusalError, match="not how your claim stands"):
        await desk.claims.accept(desk.program_id, HERE, Member(ANN))
    await desk.check()


async def test_whoever_let_an_offer_lapse_may_ask_again_and_stands_at_the_end(
    desk: Desk, clock: MovableClock
) -> None:
    await queue(desk, ANN, BEN, CAT)
    await desk.bring(range(1))
    await desk.move()
    await desk.look(ANN)
    clock.move_to(NOON + OFFER_SECONDS)
    await desk.move()
    await queue(desk, ANN)
    standing = await desk.look(ANN)
    assert standing.claim is not None
    assert (standing.claim.position, standing.ahead) == (4, 1)


async def test_an_accepted_offer_takes_its_code(desk: Desk) -> None:
    await queue(desk, ANN)
    await desk.bring(range(1))
    await desk.move()
    standing = await desk.claims.accept(desk.program_id, HERE, Member(ANN))
    assert standing.claim is not None
    assert standing.claim.state is State.ALLOCATED
    assert standing.code is not None
    assert (await desk.look(ANN)).code == standing.code
    await desk.check()


async def test_an_offer_is_judged_by_the_days_in_its_own_community(desk: Desk) -> None:
    asked = CommunitySettings(desk.program_id, HERE, is_on=True, is_reviewed=False, days_here=30)
    async with desk.database.transaction() as tx:
        await save_settings(tx, asked)
    answers = Answers(has_consented=True)
    since_long = Member(ANN, joined_at=NOON - 40 * DAY)
    back_since_yesterday = Member(ANN, joined_at=NOON - DAY)
    await desk.claims.claim(desk.program_id, HERE, since_long, answers)
    await desk.bring(range(1))
    await desk.move()

    refused = await desk.claims.accept(desk.program_id, HERE, back_since_yesterday)
    with pytest.raises(ElsewhereError) as caught:
        await desk.claims.accept(desk.program_id, THERE, since_long)

    assert [result.passes for result in refused.results] == [False]
    assert caught.value.guild_id == HERE
    assert await desk.state(ANN) is State.OFFERED
    assert (await desk.claims.accept(desk.program_id, HERE, since_long)).code is not None


async def test_a_place_that_is_given_up_goes_to_the_next(desk: Desk) -> None:
    await queue(desk, ANN, BEN)
    await desk.bring(range(1))
    await desk.move()
    await desk.claims.withdraw(desk.program_id, Member(ANN))
    await desk.check()
    assert await desk.move() == [BEN]
    await desk.check()


async def test_a_code_that_is_kept_for_an_offer_goes_to_nobody_who_comes_later(desk: Desk) -> None:
    await queue(desk, ANN)
    await desk.bring(range(2))
    assert await desk.move() == [ANN]
    newcomers = [await desk.claim(person) for person in (BEN, CAT)]
    assert [one.claim.state for one in newcomers if one.claim] == [
        State.ALLOCATED,
        State.WAITLISTED,
    ]
    assert (await desk.claims.accept(desk.program_id, HERE, Member(ANN))).code is not None
    await desk.check()


async def test_nobody_gets_a_code_past_somebody_who_waits(desk: Desk) -> None:
    await queue(desk, ANN)
    await desk.bring(range(2))
    await queue(desk, BEN)
    assert await desk.move() == [ANN, BEN]


async def test_an_approval_goes_past_nobody_who_waits(desk: Desk) -> None:
    await desk.set_up(THERE, is_reviewed=True)
    await desk.claim(BEN, THERE)
    await queue(desk, ANN)
    await desk.bring(range(2))
    assert (await desk.approve(BEN)).state is State.WAITLISTED
    assert await desk.move() == [ANN, BEN]
    await desk.check()


async def test_a_share_that_is_used_up_holds_up_its_own_people_only(desk: Desk) -> None:
    await desk.set_share(HERE, 1)
    await queue(desk, ANN, BEN)
    await queue(desk, CAT, guild_id=THERE)
    await queue(desk, DAN)
    await queue(desk, EVE, guild_id=THERE)
    await desk.bring(range(4))
    assert await desk.move() == [ANN, CAT, EVE]
    assert await desk.move() == []
    await desk.check()
    await desk.set_share(HERE, 3)
    assert await desk.move() == [BEN]
    await desk.check()


async def test_people_of_another_community_get_codes_past_those_whose_share_is_used_up(
    desk: Desk,
) -> None:
    await desk.set_share(HERE, 0)
    await desk.bring(range(2))
    await queue(desk, ANN, BEN)
    standing = await desk.claim(CAT, THERE)
    assert standing.code is not None
    assert await desk.move() == []
    await desk.check()


async def test_a_wave_that_is_larger_than_a_share_fills_it_and_the_others_wait(desk: Desk) -> None:
    await desk.set_share(HERE, 2)
    await desk.bring(range(4))
    await desk.claim_in_one_batch([ANN, BEN, ANN, CAT, DAN], HERE)
    states = [await desk.state(person) for person in (ANN, BEN, CAT, DAN)]
    assert states == [State.ALLOCATED, State.ALLOCATED, State.WAITLISTED, State.WAITLISTED]
    await desk.check()


async def test_an_accepted_offer_counts_in_its_communitys_share(desk: Desk) -> None:
    await desk.set_share(HERE, 1)
    await queue(desk, ANN)
    await desk.bring(range(2))
    await desk.move()
    await desk.claims.accept(desk.program_id, HERE, Member(ANN))
    await desk.check()
    await queue(desk, BEN)
    assert await desk.move() == []


async def test_an_offer_counts_in_its_communitys_share_and_is_kept_for_its_person(
    desk: Desk,
) -> None:
    await desk.set_share(HERE, 1)
    await queue(desk, ANN)
    await desk.bring(range(2))
    await desk.move()
    await queue(desk, BEN)
    with pytest.raises(ConflictError):
        await desk.set_share(HERE, 0)
    assert (await desk.claims.accept(desk.program_id, HERE, Member(ANN))).code is not None


async def test_an_approval_keeps_to_its_communitys_share(desk: Desk) -> None:
    await desk.set_up(THERE, is_reviewed=True)
    await desk.set_share(THERE, 1)
    await desk.bring(range(4))
    for person in (ANN, BEN):
        await desk.claim(person, THERE)
    assert (await desk.approve(ANN)).state is State.ALLOCATED
    assert (await desk.approve(BEN)).state is State.WAITLISTED
    assert await desk.move() == []
    await desk.check()


async def test_codes_that_become_void_leave_offers_without_a_code_and_nobody_without_a_place(
    desk: Desk,
) -> None:
    await queue(desk, ANN)
    await desk.bring(range(1))
    await desk.move()
    async with desk.database.transaction() as tx:
        await tx.execute(VOID_FREE, program_id=desk.program_id)
    with pytest.raises(RefusalError, match="your place is kept"):
        await desk.claims.accept(desk.program_id, HERE, Member(ANN))
    await queue(desk, BEN)
    assert await desk.move() == []
    await desk.bring(range(1, 2))
    assert await desk.move() == []
    assert (await desk.claims.accept(desk.program_id, HERE, Member(ANN))).code is not None


async def test_an_appeal_that_succeeds_keeps_the_place_that_was_there(desk: Desk) -> None:
    await desk.set_up(THERE, is_reviewed=True)
    await desk.claim(ANN, THERE)
    await desk.reject(ANN)
    await desk.claims.appeal(desk.program_id, Member(ANN))
    claim = await desk.approve(ANN, OTHER_MODERATOR)
    assert (claim.state, claim.position) == (State.WAITLISTED, 1)
    await queue(desk, BEN)
    assert sorted((await desk.positions()).values()) == [1, 2]


async def test_a_person_who_erased_their_data_is_offered_nothing_and_holds_up_nobody(
    desk: Desk,
) -> None:
    await queue(desk, ANN, BEN, CAT)
    await desk.bring(range(1))
    await desk.move()
    async with desk.database.transaction() as tx:
        for person in (ANN, BEN):
            await tx.execute(ERASE_PERSON, old_user_id=person)
    assert await desk.move() == [CAT]
    await desk.check()


async def test_leaving_everything_gives_offers_back_and_keeps_codes(desk: Desk) -> None:
    other = Desk(desk.database, desk.clock, "other")
    await other.open(1)
    await other.claim(ANN)
    await queue(desk, ANN, BEN)
    await desk.bring(range(1))
    await desk.move()
    await desk.database.run(lambda tx: waitlist.leave_all(tx, ANN, NOON))
    assert await desk.state(ANN) is State.WITHDRAWN
    assert await other.state(ANN) is State.ALLOCATED
    assert await desk.move() == [BEN]
    await desk.check()


async def test_every_program_moves_by_itself_and_a_missing_one_is_passed_over(desk: Desk) -> None:
    other = Desk(desk.database, desk.clock, "other")
    await other.open(0, cap=1)
    await queue(desk, ANN)
    await queue(other, BEN)
    for one in (desk, other):
        await one.bring(range(1))
    programs = ["nothing-like-that", desk.program_id, "other"]
    moved = await waitlist.move_each(desk.database, programs, NOON)
    assert {name: [one.user_id for one in offers] for name, offers in moved.items()} == {
        desk.program_id: [ANN],
        "other": [BEN],
    }
    assert await waitlist.move_each(desk.database, programs, NOON) == {}


async def test_two_processes_that_move_at_once_offer_each_place_once(
    desk: Desk, other: Database
) -> None:
    await queue(desk, *range(1, 9))
    await desk.bring(range(3))
    twin = Desk(other, desk.clock)
    moved = await asyncio.gather(*(one.move() for one in (desk, twin) * 4))
    assert sorted(person for offered in moved for person in offered) == [1, 2, 3]
    await desk.check()
