"""Reminders before access ends, and its end, on both engines."""

import asyncio

import pytest

from bot.claims import reminders
from bot.claims.chores import MOST_MESSAGES, PATIENCE
from bot.claims.rules import Member, State
from bot.claims.store import ERASE_PERSON
from bot.clock import DAY, HOUR, MINUTE, MovableClock
from bot.delivery.rules import NONCE_SECONDS
from bot.storage import Database
from tests.store.claims_minutes import Fate, People, Process
from tests.store.pools import GUILD, PROGRAM

ANN, BEN, CAT = 101, 102, 103


@pytest.fixture
async def process(database: Database, clock: MovableClock) -> Process:
    """A process, and a program with plenty of codes."""
    made = Process(database, clock, People(clock))
    await made.apply()
    await made.bring(100)
    return made


async def redeemed(process: Process, *people: int, wants_dm: bool = True) -> int:
    """They claim and redeem; when the access of the last of them ends."""
    await process.claim(*people, wants_dm=wants_dm)
    return await process.redeem(*people)


async def test_access_is_reminded_of_thirty_and_seven_days_before_it_ends(process: Process) -> None:
    ends_at = await redeemed(process, ANN)
    (claim_id,) = await process.claim(ANN)
    await process.minute(ends_at - 30 * DAY - 1)
    assert process.people.messages == []

    for left in (30 * DAY, 30 * DAY - MINUTE, 20 * DAY, 7 * DAY + 1):
        await process.minute(ends_at - left)
    assert process.people.nonces == [f"due30-{claim_id}"]
    for left in (7 * DAY, 7 * DAY - MINUTE, DAY, 1, 0):
        await process.minute(ends_at - left)

    assert process.people.messages == [
        (ends_at - 30 * DAY, f"due30-{claim_id}", ANN),
        (ends_at - 7 * DAY, f"due7-{claim_id}", ANN),
    ]
    assert await process.ledger() == [
        (claim_id, "30", ends_at - 30 * DAY, ends_at - 30 * DAY),
        (claim_id, "7", ends_at - 7 * DAY, ends_at - 7 * DAY),
    ]


async def test_a_bot_that_was_away_sends_the_newest_reminder_only(process: Process) -> None:
    ends_at = await redeemed(process, ANN)
    (claim_id,) = await process.claim(ANN)

    await process.minute(ends_at - 3 * DAY)
    await process.minute()

    assert process.people.nonces == [f"due7-{claim_id}"]


async def test_a_bot_that_was_away_sends_the_first_reminder_late_while_the_second_is_not_due(
    process: Process,
) -> None:
    ends_at = await redeemed(process, ANN)
    (claim_id,) = await process.claim(ANN)

    await process.minute(ends_at - 7 * DAY - 1)

    assert process.people.nonces == [f"due30-{claim_id}"]


async def test_a_bot_that_was_away_until_the_end_reminds_nobody(process: Process) -> None:
    ends_at = await redeemed(process, ANN)

    await process.minute(ends_at)

    assert process.people.attempts == []


async def test_only_those_who_want_it_and_are_still_there_are_reminded(process: Process) -> None:
    await redeemed(process, ANN, wants_dm=False)
    ends_at = await redeemed(process, BEN, CAT)
    await process.members.choose_reminders(PROGRAM, Member(CAT), wants_dm=False)
    async with process.database.transaction() as tx:
        await tx.execute(ERASE_PERSON, old_user_id=BEN)

    await process.minute(ends_at - 8 * DAY)

    assert process.people.attempts == []
    await process.members.choose_reminders(PROGRAM, Member(CAT), wants_dm=True)
    await process.minute()
    assert process.people.reached == [CAT]


async def test_a_code_that_was_not_redeemed_has_no_end_to_be_reminded_of(process: Process) -> None:
    ends_at = await redeemed(process, ANN)
    await process.claim(BEN)

    await process.minute(ends_at - DAY)

    assert process.people.reached == [ANN]


@pytest.mark.parametrize("pause", [MINUTE, NONCE_SECONDS, NONCE_SECONDS + 1, 10 * MINUTE, DAY])
async def test_attack_33_a_crash_between_sending_and_marking_does_not_remind_twice(
    process: Process, pause: int
) -> None:
    ends_at = await redeemed(process, ANN)
    (claim_id,) = await process.claim(ANN)
    process.people.fates.append(Fate.KILLED_AFTER)
    await process.die_in_minute(ends_at - 30 * DAY)
    assert (await process.ledger())[0][3] is None

    successor = process.successor()
    await successor.minute(ends_at - 30 * DAY + pause)
    await successor.minute()

    assert process.people.nonces == [f"due30-{claim_id}"]


async def test_a_reminder_that_was_begun_and_never_sent_is_sent_soon_after_with_the_same_nonce(
    process: Process,
) -> None:
    ends_at = await redeemed(process, ANN)
    (claim_id,) = await process.claim(ANN)
    process.people.fates.append(Fate.KILLED_BEFORE)
    await process.die_in_minute(ends_at - 30 * DAY)

    successor = process.successor()
    await successor.minute()
    await successor.minute()

    assert process.people.attempts == [f"due30-{claim_id}"] * 2
    assert process.people.reached == [ANN]
    assert (await process.ledger())[0][3] == ends_at - 30 * DAY + MINUTE


async def test_a_reminder_that_was_begun_long_ago_is_left_and_the_next_kind_comes_in_its_time(
    process: Process,
) -> None:
    ends_at = await redeemed(process, ANN)
    (claim_id,) = await process.claim(ANN)
    process.people.fates.append(Fate.KILLED_BEFORE)
    await process.die_in_minute(ends_at - 30 * DAY)

    successor = process.successor()
    await successor.minute(ends_at - 30 * DAY + NONCE_SECONDS + 1)
    assert process.people.reached == []
    await successor.minute(ends_at - 7 * DAY)

    assert process.people.nonces == [f"due7-{claim_id}"]


async def test_another_process_leaves_what_was_begun_a_moment_ago_to_whoever_began_it(
    process: Process,
) -> None:
    ends_at = await redeemed(process, ANN)
    process.people.fates.append(Fate.KILLED_BEFORE)
    await process.die_in_minute(ends_at - 30 * DAY)

    await process.successor().minute(ends_at - 30 * DAY + 10)

    assert len(process.people.attempts) == 1


async def test_of_two_processes_one_sends(process: Process, other: Database) -> None:
    people = range(101, 121)
    ends_at = await redeemed(process, *people)
    twin = process.successor(other)
    process.clock.move_to(ends_at - 30 * DAY)

    await asyncio.gather(process.chores.run(), twin.chores.run())

    assert sorted(process.people.reached) == list(people)
    assert len(process.people.attempts) == len(people)


async def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_comes_twice(
    process: Process,
) -> None:
    ends_at = await redeemed(process, ANN)
    process.people.fates.append(Fate.LOST_ANSWER)

    await process.minute(ends_at - 30 * DAY)
    assert (await process.ledger())[0][3] is None
    await process.minute()
    await process.minute()

    assert process.people.reached == [ANN]
    assert len(process.people.attempts) == 2
    assert (await process.ledger())[0][3] == process.clock.now() - MINUTE


async def test_what_certainly_did_not_reach_discord_is_sent_when_discord_is_back(
    process: Process,
) -> None:
    ends_at = await redeemed(process, ANN, BEN)
    process.people.fates.extend([Fate.NOT_OPENED] * 20)
    await process.minute(ends_at - 30 * DAY)
    for _ in range(9):
        await process.minute()
    assert await process.ledger() == []
    assert process.people.messages == []

    await process.minute()

    assert process.people.reached == [ANN, BEN]


async def test_one_that_may_have_arrived_is_not_taken_back_by_a_later_failure(
    process: Process,
) -> None:
    ends_at = await redeemed(process, ANN)
    process.people.fates.extend([Fate.LOST_ANSWER, Fate.NOT_OPENED])
    await process.minute(ends_at - 30 * DAY)
    await process.minute()
    assert len(await process.ledger()) == 1

    await process.minute(ends_at - 29 * DAY)

    assert process.people.reached == [ANN]


async def test_a_closed_door_is_not_knocked_at_again_and_opens_for_the_next_kind(
    process: Process,
) -> None:
    ends_at = await redeemed(process, ANN, BEN)
    process.people.closed.add(ANN)
    await process.minute(ends_at - 30 * DAY)
    for _ in range(5):
        await process.minute()
    assert len(process.people.attempts) == 2
    assert process.people.reached == [BEN]

    process.people.closed.clear()
    await process.minute(ends_at - 7 * DAY)

    assert process.people.reached == [BEN, ANN, BEN]


async def test_a_fault_with_one_person_keeps_nobody_else_from_being_reminded(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    ends_at = await redeemed(process, ANN, BEN, CAT)
    process.people.fates.append(Fate.FAULT)

    await process.minute(ends_at - 30 * DAY)

    assert process.people.reached == [BEN, CAT]
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage() == "claims: a reminder failed (ZeroDivisionError)"
    assert record.exc_info is None


async def test_a_silent_discord_costs_no_more_than_the_few_that_were_tried(
    process: Process,
) -> None:
    people = range(101, 111)
    ends_at = await redeemed(process, *people)
    process.people.fates.extend([Fate.DROPPED] * PATIENCE)

    await process.minute(ends_at - 30 * DAY)
    assert len(process.people.attempts) == len(await process.ledger()) == PATIENCE
    await process.minute()

    assert sorted(process.people.reached) == list(people)


async def test_many_reminders_are_spread_over_minutes(process: Process) -> None:
    people = range(101, 101 + MOST_MESSAGES + 5)
    ends_at = await redeemed(process, *people)

    await process.minute(ends_at - 30 * DAY)
    assert len(process.people.reached) == MOST_MESSAGES
    await process.minute()

    assert sorted(process.people.reached) == list(people)


async def test_who_chose_otherwise_while_others_were_reminded_hears_nothing(
    process: Process,
) -> None:
    ends_at = await redeemed(process, ANN, BEN)

    async def happen() -> None:
        await process.members.choose_reminders(PROGRAM, Member(BEN), wants_dm=False)

    process.people.meanwhile = happen
    await process.minute(ends_at - 30 * DAY)

    assert process.people.reached == [ANN]
    assert len(await process.ledger()) == 1


async def test_a_reminder_whose_time_passed_while_others_were_sent_is_left_to_the_next_kind(
    process: Process,
) -> None:
    ends_at = await redeemed(process, ANN, BEN)

    async def happen() -> None:
        process.clock.move_to(ends_at - 7 * DAY)

    process.people.meanwhile = happen
    await process.minute(ends_at - 7 * DAY - 1)
    assert process.people.nonces[1:] == []
    await process.minute()

    (ann, ben) = await process.claim(ANN, BEN)
    assert process.people.nonces == [f"due30-{ann}", f"due7-{ann}", f"due7-{ben}"]


async def test_what_was_interrupted_comes_first(process: Process) -> None:
    await redeemed(process, ANN)
    process.clock.move_to(process.clock.now() + HOUR)
    ends_at = await redeemed(process, BEN)
    now = ends_at - 20 * DAY
    both = await reminders.fetch_due(process.database, PROGRAM, now, 10)
    assert [one.user_id for one in both] == [ANN, BEN]
    assert await reminders.begin(process.database, both[1], now)

    due = await reminders.fetch_due(process.database, PROGRAM, now + MINUTE, 1)

    assert [(one.user_id, one.was_begun) for one in due] == [(BEN, True)]


async def test_access_ends_at_its_instant_and_the_claim_moves_on(process: Process) -> None:
    ends_at = await redeemed(process, ANN)
    before = await process.find(ANN)
    await process.minute(ends_at - 1)
    assert (await process.find(ANN)).state is State.REDEEMED

    await process.minute(ends_at)
    await process.minute(ends_at + HOUR)

    after = await process.find(ANN)
    assert after.state is State.ENDED
    assert (after.version, after.changed_at) == (before.version + 1, ends_at)
    standing = await process.members.look(PROGRAM, GUILD, Member(ANN))
    assert standing.code is not None


async def test_only_access_that_was_redeemed_and_is_over_ends(process: Process) -> None:
    ends_at = await redeemed(process, ANN, wants_dm=False)
    await process.claim(BEN)
    process.clock.move_to(process.clock.now() + DAY)
    await redeemed(process, CAT)

    await process.minute(ends_at)

    assert [(await process.find(person)).state for person in (ANN, BEN, CAT)] == [
        State.ENDED,
        State.ALLOCATED,
        State.REDEEMED,
    ]


async def test_much_access_ends_in_several_transactions(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "ENDED_AT_ONCE", 2)
    ends_at = await redeemed(process, *range(101, 106))

    assert await reminders.fetch_over(process.database, ends_at) == [PROGRAM]
    assert await reminders.end_access(process.database, PROGRAM, ends_at) == 5
    assert await reminders.fetch_over(process.database, ends_at) == []


async def test_two_processes_end_access_once(process: Process, other: Database) -> None:
    ends_at = await redeemed(process, ANN, BEN)
    before = await process.find(ANN)

    ended = await asyncio.gather(
        *(reminders.end_access(one, PROGRAM, ends_at) for one in (process.database, other) * 3)
    )

    assert sum(ended) == 2
    assert (await process.find(ANN)).version == before.version + 1
