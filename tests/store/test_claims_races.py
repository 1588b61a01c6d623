"""Attacks on claims that come at the same moment, or one after the other; two processes each time.

The numbers are those of the list of attacks that claims were built against.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.claims import waitlist
from bot.claims.rules import (
    OFFER_SECONDS,
    Answers,
    Member,
    Requirements,
    State,
    check_answers,
    is_eligible,
)
from bot.claims.service import Claims
from bot.claims.settings import ClaimSettings, Edit
from bot.claims.standing import Claim, Standing
from bot.claims.store import ERASE_PERSON
from bot.claims.tables import claim_decisions
from bot.clock import MovableClock, to_datetime
from bot.errors import ConflictError, RefusalError
from bot.guilds.audit import AuditLog
from bot.storage import Database, Transaction
from tests.conftest import NOON
from tests.store.claims_desk import HERE, MODERATOR, OTHER_MODERATOR, THERE, VOID_FREE, Desk
from tests.store.claims_filling import RING, make_program

ANN, BEN = 101, 102
ROUNDS = 8
DAY = 86_400


@pytest.fixture
async def desk(database: Database, clock: MovableClock) -> Desk:
    """Twenty codes; one community gives them at once, the other one reviews."""
    desk = Desk(database, clock)
    await desk.open(20)
    return desk


@pytest.fixture
def twin(other: Database, desk: Desk) -> Desk:
    """The same program in another process."""
    return Desk(other, desk.clock)


async def race(*works: Awaitable[object]) -> list[object]:
    """Everything at once; what came of each. A refusal is an answer, any other error is not."""
    ends = await asyncio.gather(*works, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, RefusalError):
            raise end
    return list(ends)


def refused(ends: list[object]) -> int:
    return sum(isinstance(end, RefusalError) for end in ends)


def codes_of(ends: list[object]) -> set[str | None]:
    return {end.code for end in ends if isinstance(end, Standing)}


def choosing(**chosen: Any) -> Edit:
    """What a control of the panel changes."""
    return lambda now: replace(now, **chosen)


async def decisions(desk: Desk, person: int) -> list[str]:
    """What was decided on a person's claim."""
    _, claim_id, _ = await desk.pending(person)
    statement = select(claim_decisions).where(claim_decisions.c.claim_id == claim_id)
    return [row["action"] for row in await desk.database.fetch_all(statement)]


async def erase(desk: Desk, person: int) -> None:
    """What erasing does to claims."""

    async def work(tx: Transaction) -> None:
        await waitlist.leave_all(tx, person, desk.clock.now())
        await tx.execute(ERASE_PERSON, old_user_id=person)

    await desk.database.run(work)


async def test_attack_1_a_double_click_in_two_processes_gives_one_code(
    desk: Desk, twin: Desk
) -> None:
    ends = await race(*(one.claim(ANN) for one in (desk, twin) * 10))
    assert len(codes_of(ends)) == 1
    assert None not in codes_of(ends)
    assert await desk.count("claims") == await desk.count("allocations") == 1
    await desk.check()


async def test_attack_2_a_person_in_two_communities_at_once_has_one_claim(
    desk: Desk, twin: Desk
) -> None:
    for person in range(ROUNDS):
        ends = await race(
            *(one.claim(person, guild_id) for one in (desk, twin) for guild_id in (HERE, THERE))
        )
        seen = {end.claim.claim_id for end in ends if isinstance(end, Standing) and end.claim}
        assert len(seen) == 1
    assert await desk.count("claims") == ROUNDS
    await desk.check()


async def test_two_moderators_who_change_settings_at_once_undo_nothing_of_each_other(
    desk: Desk, twin: Desk
) -> None:
    mine, theirs = (
        ClaimSettings(one.database, AuditLog(one.database, one.clock)) for one in (desk, twin)
    )
    program = desk.program_id
    for days in range(ROUNDS):
        is_on = bool(days % 2)
        await race(
            mine.change(MODERATOR, program, HERE, choosing(is_on=is_on)),
            theirs.change(OTHER_MODERATOR, program, HERE, choosing(days_here=days)),
        )
        chosen = await mine.of(program, HERE)
        assert (chosen.is_on, chosen.days_here) == (is_on, days)


async def test_attack_3_leaving_and_rejoining_shows_the_same_code(desk: Desk) -> None:
    asked = desk.claims.claim(
        desk.program_id, HERE, Member(ANN, joined_at=NOON - DAY), Answers(has_consented=True)
    )
    first = await asked
    again = await desk.claims.claim(
        desk.program_id, THERE, Member(ANN, joined_at=NOON), Answers(has_consented=True)
    )
    assert first.code == again.code is not None
    assert await desk.count("claims") == 1


async def test_attack_4_of_two_moderators_who_approve_together_one_decides(
    desk: Desk, twin: Desk
) -> None:
    for person in range(ROUNDS):
        await desk.claim(person, THERE)
        ends = await race(desk.approve(person), twin.approve(person, OTHER_MODERATOR))
        assert refused(ends) == 1
        assert await decisions(desk, person) == ["approved"]
        assert await desk.state(person) is State.ALLOCATED
    assert await desk.count("allocations") == ROUNDS
    await desk.check()


async def test_attack_5_approve_against_reject_has_one_outcome(desk: Desk, twin: Desk) -> None:
    for person in range(ROUNDS):
        await desk.claim(person, THERE)
        works = [desk.approve(person), twin.reject(person, OTHER_MODERATOR)]
        ends = await race(*(works if person % 2 else reversed(works)))
        assert refused(ends) == 1
        (action,) = await decisions(desk, person)
        wanted = {"approved": State.ALLOCATED, "rejected": State.REJECTED}[action]
        assert await desk.state(person) is wanted
    await desk.check()


async def test_attack_6_approve_against_withdraw_has_one_outcome_and_wastes_no_code(
    desk: Desk, twin: Desk
) -> None:
    for person in range(ROUNDS):
        await desk.claim(person, THERE)
        works: list[Awaitable[object]] = [
            desk.approve(person),
            twin.claims.withdraw(twin.program_id, Member(person)),
        ]
        ends = await race(*(works if person % 2 else reversed(works)))
        assert refused(ends) == 1
        is_approved = await decisions(desk, person) == ["approved"]
        wanted = State.ALLOCATED if is_approved else State.WITHDRAWN
        assert await desk.state(person) is wanted
    await desk.check()


async def test_attack_7_of_two_approvals_the_last_code_goes_to_one_and_the_other_waits(
    database: Database, twin: Desk, clock: MovableClock
) -> None:
    for number in range(ROUNDS):
        name = f"last-{number}"
        one, two = Desk(database, clock, name), Desk(twin.database, clock, name)
        await one.open(1)
        for person in (ANN, BEN):
            await one.claim(person, THERE)
        ends = await race(one.approve(ANN), two.approve(BEN, OTHER_MODERATOR))
        states = Counter(end.state for end in ends if isinstance(end, Claim))
        assert states == {State.ALLOCATED: 1, State.WAITLISTED: 1}
        await one.check()


async def test_attack_8_a_pool_that_empties_during_approvals_loses_nobody(
    desk: Desk, twin: Desk
) -> None:
    reviewed, direct = range(100, 116), range(200, 216)
    for person in reviewed:
        await desk.claim(person, THERE)
    ends = await race(
        *(desk.approve(person) for person in reviewed), *(twin.claim(person) for person in direct)
    )
    assert refused(ends) == 0
    states = Counter(
        end.claim.state if isinstance(end, Standing) and end.claim else end.state  # type: ignore[attr-defined]
        for end in ends
    )
    assert states == {State.ALLOCATED: 20, State.WAITLISTED: 12}
    await desk.check()


async def test_attack_8_codes_that_become_void_during_approvals_lose_nobody(
    desk: Desk, twin: Desk
) -> None:
    for person in range(ROUNDS):
        await desk.claim(person, THERE)

    async def void() -> None:
        async with twin.database.transaction() as tx:
            await tx.execute(VOID_FREE, program_id=twin.program_id)

    ends = await asyncio.gather(
        *(desk.approve(person) for person in range(ROUNDS)), void(), return_exceptions=True
    )
    assert not [end for end in ends if isinstance(end, BaseException)]
    states = Counter([await desk.state(person) for person in range(ROUNDS)])
    assert states[State.ALLOCATED] + states[State.WAITLISTED] == ROUNDS
    await desk.check()


async def test_attack_9_a_cap_below_what_is_given_out_is_refused_by_the_database(
    desk: Desk, twin: Desk
) -> None:
    presses = [desk.claim(person) for person in range(10)]
    caps = [twin.set_cap(cap) for cap in (8, 5, 3, 0)]
    ends = await asyncio.gather(*presses, *caps, return_exceptions=True)
    faults = [end for end in ends if isinstance(end, BaseException)]
    assert all(isinstance(fault, ConflictError) for fault in faults)
    await desk.check()
    with pytest.raises(ConflictError):
        await desk.set_cap(await desk.count("allocations") - 1)


async def test_attack_10_a_program_that_closes_while_the_form_is_open_takes_no_claim(
    database: Database, clock: MovableClock
) -> None:
    desk = Desk(database, clock)
    await desk.open(1)
    program = make_program().model_copy(update={"closes_at": to_datetime(NOON + 60)})
    claims = Claims(database, clock, RING, {desk.program_id: program})
    assert (await claims.look(desk.program_id, HERE, Member(ANN))).claim is None
    clock.move_to(NOON + 60)
    with pytest.raises(RefusalError, match="is over"):
        await claims.claim(desk.program_id, HERE, Member(ANN), Answers(has_consented=True))
    assert await desk.count("claims") == 0


async def test_attack_10_who_claimed_in_time_sees_the_code_after_the_program_has_closed(
    database: Database, clock: MovableClock
) -> None:
    desk = Desk(database, clock)
    await desk.open(1)
    program = make_program().model_copy(update={"closes_at": to_datetime(NOON + 60)})
    claims = Claims(database, clock, RING, {desk.program_id: program})
    first = await claims.claim(desk.program_id, HERE, Member(ANN), Answers(has_consented=True))
    clock.move_to(NOON + 60)
    again = await claims.claim(desk.program_id, HERE, Member(ANN), Answers(has_consented=True))
    assert again.code == first.code is not None


@pytest.mark.parametrize("decision", ["approve", "reject"])
async def test_attack_17_a_moderator_does_not_decide_on_their_own_claim(
    desk: Desk, decision: str
) -> None:
    await desk.claim(MODERATOR, THERE)
    with pytest.raises(RefusalError, match="your own claim"):
        await getattr(desk, decision)(MODERATOR, MODERATOR)
    assert await desk.state(MODERATOR) is State.PENDING
    assert (await desk.approve(MODERATOR, OTHER_MODERATOR)).state is State.ALLOCATED


async def test_attack_23_a_handle_that_nobody_can_see_is_none(desk: Desk) -> None:
    standing = await desk.claim(ANN, handle="\u200b\u202e")
    assert standing.claim is not None
    assert (standing.claim.handle, standing.claim.has_conflict) == (None, False)
    needed = Requirements(needs_handle=True)
    assert not is_eligible(check_answers(Answers(handle="\u200b\u202e"), needed))


async def test_attack_26_after_asking_anew_the_old_appeal_is_refused(desk: Desk) -> None:
    await desk.claim(ANN, THERE)
    await desk.reject(ANN)
    again = await desk.claim(ANN, THERE)
    assert again.claim is not None
    assert again.claim.state is State.PENDING
    with pytest.raises(RefusalError, match="no refusal"):
        await desk.claims.appeal(desk.program_id, Member(ANN))
    assert (await desk.approve(ANN)).state is State.ALLOCATED
    with pytest.raises(RefusalError, match="no refusal"):
        await desk.claims.appeal(desk.program_id, Member(ANN))
    assert await desk.count("allocations") == 1


async def test_attack_26_an_appeal_against_asking_anew_leaves_one_live_claim(
    desk: Desk, twin: Desk
) -> None:
    for person in range(ROUNDS):
        await desk.claim(person, THERE)
        await desk.reject(person)
        works: list[Awaitable[object]] = [
            desk.claims.appeal(desk.program_id, Member(person)),
            twin.claim(person, THERE),
        ]
        await race(*(works if person % 2 else reversed(works)))
        assert await desk.state(person) in {State.PENDING, State.REJECTED}
    states = await desk.live_by_subject()
    assert set(states.values()) == {1}
    assert len(states) == ROUNDS


async def test_attack_26_an_appeal_is_made_once_and_decided_by_somebody_else(
    desk: Desk, twin: Desk
) -> None:
    await desk.claim(ANN, THERE)
    await desk.reject(ANN, MODERATOR)
    appeals = (one.claims.appeal(one.program_id, Member(ANN)) for one in (desk, twin) * 3)
    assert refused(await race(*appeals)) == 5
    for decide in (desk.approve, desk.reject):
        with pytest.raises(RefusalError, match="your own refusal"):
            await decide(ANN, MODERATOR)
    await desk.reject(ANN, OTHER_MODERATOR)
    with pytest.raises(RefusalError, match="appealed once already"):
        await desk.claims.appeal(desk.program_id, Member(ANN))


async def test_attack_26_who_refused_does_not_decide_on_the_appeal_after_somebody_asked_for_more(
    desk: Desk,
) -> None:
    await desk.claim(ANN, THERE)
    await desk.reject(ANN, MODERATOR)
    await desk.claims.appeal(desk.program_id, Member(ANN))
    guild_id, claim_id, version = await desk.pending(ANN)
    await desk.review.ask(guild_id, OTHER_MODERATOR, claim_id, version, "A link, please?")
    with pytest.raises(RefusalError, match="your own refusal"):
        await desk.approve(ANN, MODERATOR)


async def test_attack_26_an_appeal_whose_handle_somebody_else_has_by_now_is_compared(
    desk: Desk,
) -> None:
    await desk.claim(ANN, THERE, handle="@creator")
    await desk.reject(ANN)
    await desk.claim(BEN, HERE, handle="@creator")
    standing = await desk.claims.appeal(desk.program_id, Member(ANN))
    assert standing.claim is not None
    assert (standing.claim.state, standing.claim.has_conflict) == (State.PENDING, True)


async def test_attack_27_after_erasing_a_second_code_is_refused_without_naming_anyone(
    desk: Desk,
) -> None:
    standing = await desk.claim(ANN)
    await erase(desk, ANN)
    for ask in (desk.claim, desk.look):
        with pytest.raises(RefusalError, match="erased on request") as caught:
            await ask(ANN)
        assert str(ANN) not in str(caught.value)
        assert str(standing.code) not in str(caught.value)
    assert await desk.count("claims") == await desk.count("allocations") == 1
    await desk.check()


async def test_attack_27_erasing_while_claiming_leaves_one_code_at_most(
    desk: Desk, twin: Desk
) -> None:
    for person in range(ROUNDS):
        await race(desk.claim(person), erase(twin, person), twin.claim(person))
        with pytest.raises(RefusalError):
            await erase_and_ask(desk, person)
    assert await desk.count("allocations") == ROUNDS
    await desk.check()


async def erase_and_ask(desk: Desk, person: int) -> None:
    """Once more, now that nothing else runs."""
    await erase(desk, person)
    await desk.claim(person)


async def test_attack_27_nobody_approves_a_claim_whose_person_erased_their_data(desk: Desk) -> None:
    await desk.claim(ANN, THERE)
    guild_id, claim_id, version = await desk.pending(ANN)
    async with desk.database.transaction() as tx:
        await tx.execute(ERASE_PERSON, old_user_id=ANN)
    with pytest.raises(RefusalError, match="erased their data"):
        await desk.review.approve(guild_id, MODERATOR, claim_id, version)
    assert await desk.count("allocations") == 0


async def test_attack_28_whoever_was_revoked_is_told_so_and_gets_no_other_code(
    desk: Desk, twin: Desk
) -> None:
    await desk.claim(ANN)
    guild_id, claim_id, version = await desk.pending(ANN)
    await desk.review.revoke(guild_id, MODERATOR, claim_id, version, "The account was sold.")
    ends = await race(*(one.claim(ANN, guild) for one in (desk, twin) for guild in (HERE, THERE)))
    for end in ends:
        assert isinstance(end, Standing)
        assert end.claim is not None
        assert (end.claim.state, end.code) == (State.REVOKED, None)
        assert end.reason == "The account was sold."
    for step in (desk.claims.withdraw, desk.claims.appeal, desk.claims.redeem):
        with pytest.raises(RefusalError):
            await step(desk.program_id, Member(ANN))
    with pytest.raises(RefusalError):
        await desk.claims.accept(desk.program_id, HERE, Member(ANN))
    assert await desk.count("allocations") == 1


async def test_accepting_against_leaving_and_lapsing_has_one_outcome(
    database: Database, twin: Desk, clock: MovableClock
) -> None:
    for number in range(ROUNDS):
        name = f"offer-{number}"
        one, two = Desk(database, clock, name), Desk(twin.database, clock, name)
        await one.open(0, cap=1)
        await one.claim(ANN)
        await one.claim(BEN)
        await one.bring(range(1))
        await one.move()
        await one.look(ANN)
        clock.move_to(clock.now() + OFFER_SECONDS - number % 2)
        await race(
            one.claims.accept(name, HERE, Member(ANN)),
            two.claims.accept(name, HERE, Member(ANN)),
            two.claims.withdraw(name, Member(ANN)),
            two.move(),
            one.move(),
        )
        await one.move()
        await one.check()
        states = {await one.state(ANN), await one.state(BEN)}
        assert states in (
            {State.ALLOCATED, State.WAITLISTED},
            {State.WITHDRAWN, State.OFFERED},
            {State.EXPIRED, State.OFFERED},
        )
