"""A minute and a day of claims: offers are told, pools run low, programs end; on both engines."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update

from bot.claims.chores import CLOSED_SECONDS, MOST_MESSAGES, PATIENCE, keep_house
from bot.claims.notices import Desk, Notice, take_notice
from bot.claims.rules import OFFER_SECONDS, Member, State
from bot.claims.tables import allocation_days, program_counters, program_peppers, programs
from bot.clock import DAY, MINUTE, MovableClock
from bot.delivery.rules import NONCE_SECONDS
from bot.errors import StorageUnavailableError
from bot.storage import Database
from tests.conftest import NOON
from tests.store.claims_minutes import Fate, People, Process
from tests.store.pools import GUILD, PROGRAM, fetch_table

ANN, BEN, CAT, DAN = 101, 102, 103, 104
OTHER = "other"
UNREADABLE = (
    update(programs).where(programs.c.id == bindparam("program_id")).values(definition="{}")
)


@pytest.fixture
async def process(database: Database, clock: MovableClock) -> Process:
    """A process, and a program without a code yet."""
    made = Process(database, clock, People(clock))
    await made.apply()
    return made


async def told(process: Process, person: int) -> tuple[int | None, int | None]:
    """When somebody learned of their offer, and until when it is kept."""
    claim = await process.find(person)
    assert claim.state is State.OFFERED
    return claim.told_at, claim.offer_ends_at


async def notice_in(database: Database) -> list[int | None]:
    """What was told last, by program."""
    rows = await database.fetch_all(
        select(program_counters.c.notice).order_by(program_counters.c.program_id)
    )
    return [row["notice"] for row in rows]


async def test_a_place_that_comes_free_is_offered_and_told_and_its_clock_starts_then(
    process: Process,
) -> None:
    (claim_id,) = await process.claim(ANN)
    await process.minute()
    assert process.people.attempts == []
    await process.bring(1)

    await process.minute()
    await process.minute()

    told_at = NOON + 2 * MINUTE
    assert process.people.messages == [(told_at, f"offer-{claim_id}", ANN)]
    assert process.people.offered_until == [told_at + OFFER_SECONDS]
    assert await told(process, ANN) == (told_at, told_at + OFFER_SECONDS)


async def test_who_wants_no_message_is_left_to_look_and_their_clock_stands(
    process: Process,
) -> None:
    await process.claim(ANN, wants_dm=False)
    await process.bring(1)

    await process.minute()

    assert process.people.attempts == []
    assert await told(process, ANN) == (None, None)


async def test_a_closed_door_is_knocked_at_once_a_day_and_its_clock_stands(
    process: Process,
) -> None:
    await process.claim(ANN, BEN)
    await process.bring(2)
    process.people.closed.add(ANN)
    await process.minute()
    for _ in range(5):
        await process.minute()
    assert process.people.reached == [BEN]
    assert len(process.people.attempts) == 2
    assert await told(process, ANN) == (None, None)

    process.people.closed.clear()
    await process.minute(NOON + MINUTE + CLOSED_SECONDS - 1)
    assert process.people.reached == [BEN]
    await process.minute(NOON + MINUTE + CLOSED_SECONDS)

    assert process.people.reached == [BEN, ANN]


async def test_a_closed_door_leaves_the_clock_to_the_next_look(process: Process) -> None:
    await process.claim(ANN)
    await process.bring(1)
    process.people.closed.add(ANN)
    await process.minute()
    process.clock.move_to(NOON + 10 * DAY)

    await process.members.look(PROGRAM, GUILD, Member(ANN))

    assert await told(process, ANN) == (NOON + 10 * DAY, NOON + 10 * DAY + OFFER_SECONDS)


@pytest.mark.parametrize("fate", [Fate.KILLED_AFTER, Fate.KILLED_BEFORE, Fate.LOST_ANSWER])
async def test_attack_33_a_crash_between_sending_and_marking_does_not_tell_an_offer_twice(
    process: Process, fate: Fate
) -> None:
    (claim_id,) = await process.claim(ANN)
    await process.bring(1)
    process.people.fates.append(fate)
    if fate is Fate.LOST_ANSWER:
        await process.minute()
    else:
        await process.die_in_minute()
    assert await told(process, ANN) == (None, None)

    successor = process.successor()
    await successor.minute(process.clock.now() + NONCE_SECONDS)
    await successor.minute()

    assert process.people.attempts == [f"offer-{claim_id}"] * 2
    assert process.people.reached == [ANN]
    told_at, offer_ends_at = await told(process, ANN)
    assert told_at is not None
    assert offer_ends_at == told_at + OFFER_SECONDS >= process.people.offered_until[0]


async def test_two_processes_at_once_tell_an_offer_once(process: Process, other: Database) -> None:
    people = [101 + number for number in range(10)]
    await process.claim(*people)
    await process.bring(10)
    twin = process.successor(other)

    await asyncio.gather(process.chores.run(), twin.chores.run())

    assert sorted(process.people.reached) == people
    for person in people:
        assert await told(process, person) == (NOON, NOON + OFFER_SECONDS)


async def test_who_left_or_looked_while_others_were_told_hears_nothing_more(
    process: Process,
) -> None:
    await process.claim(ANN, BEN, CAT)
    await process.bring(3)

    async def happen() -> None:
        await process.members.withdraw(PROGRAM, Member(BEN))
        await process.members.look(PROGRAM, GUILD, Member(CAT))

    process.people.meanwhile = happen
    await process.minute()

    assert process.people.reached == [ANN]


async def test_an_offer_that_lapses_is_told_to_the_next(process: Process) -> None:
    await process.claim(ANN, BEN)
    await process.bring(1)
    await process.minute()

    await process.minute(NOON + MINUTE + OFFER_SECONDS - 1)
    assert process.people.reached == [ANN]
    await process.minute(NOON + MINUTE + OFFER_SECONDS)

    assert process.people.reached == [ANN, BEN]


async def test_many_offers_are_spread_over_minutes_in_the_order_of_the_waitlist(
    process: Process,
) -> None:
    people = [101 + number for number in range(MOST_MESSAGES + 5)]
    await process.claim(*people)
    await process.bring(len(people))

    await process.minute()
    assert process.people.reached == people[:MOST_MESSAGES]
    await process.minute()

    assert process.people.reached == people


async def test_a_silent_discord_is_left_alone_until_the_next_minute_and_holds_up_nobody(
    process: Process,
) -> None:
    people = [101 + number for number in range(10)]
    await process.claim(*people)
    await process.bring(10)
    process.people.fates.extend([Fate.DROPPED] * PATIENCE)

    await process.minute()
    assert len(process.people.attempts) == PATIENCE
    await process.minute()

    assert process.people.reached == people[PATIENCE:] + people[:PATIENCE]


async def test_a_fault_with_one_person_or_program_keeps_no_other_from_its_turn(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    await process.apply(OTHER)
    await process.claim(ANN, BEN)
    await process.claim(CAT, DAN, program_id=OTHER)
    await process.bring(2)
    await process.bring(2, first=50, program_id=OTHER)
    process.people.fault_in = PROGRAM
    process.people.fates.append(None)

    await process.minute()

    assert process.people.reached == [CAT, DAN]
    messages = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert messages == ["claims: telling an offer failed (ZeroDivisionError)"] * 2
    assert not any(record.exc_info for record in caplog.records)
    process.people.fault_in = ""
    await process.minute()
    assert process.people.reached == [CAT, DAN, ANN, BEN]


async def test_a_program_that_can_not_be_read_any_more_leaves_the_known_ones_their_turn(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    await process.apply(OTHER)
    await process.claim(ANN)
    await process.bring(1)
    async with process.database.transaction() as tx:
        await tx.execute(UNREADABLE, program_id=OTHER)

    await process.minute()

    assert process.people.reached == [ANN]
    assert "Apply its file again." in caplog.text


async def test_a_program_that_was_applied_meanwhile_has_its_turn_at_once(
    process: Process,
) -> None:
    await process.apply(OTHER)
    await process.claim(ANN, program_id=OTHER)
    await process.bring(1, program_id=OTHER)

    await process.successor().minute()

    assert process.people.reached == [ANN]


async def test_a_minute_that_takes_long_is_not_joined_by_the_next(process: Process) -> None:
    await process.claim(ANN)
    await process.bring(1)

    await asyncio.gather(process.chores.run(), process.chores.run())

    assert len(process.people.attempts) == 1


async def test_a_database_that_is_away_ends_the_minute_and_the_next_one_goes_on(
    process: Process, database: Database
) -> None:
    await process.claim(ANN)
    await process.bring(1)
    await database.close()
    with pytest.raises(StorageUnavailableError):
        await process.minute()
    assert process.people.attempts == []
    await database.open()

    await process.minute()

    assert process.people.reached == [ANN]


async def test_moderators_are_told_once_at_each_threshold_where_the_program_is_on(
    process: Process,
) -> None:
    await process.set_up(6, queue_channel_id=66)
    await process.set_up(7, is_on=False)
    await process.bring(100)
    told_by_left: dict[int, list[int]] = {}
    for number in range(100):
        await process.claim(101 + number)
        await process.minute()
        told_by_left[99 - number] = [one.threshold for _, one in process.people.notices]
        process.people.notices.clear()

    assert {left: told for left, told in told_by_left.items() if told} == {
        10: [10, 10],
        1: [1, 1],
        0: [0, 0],
    }
    await process.bring(50, first=100)
    await process.claim(ANN)
    process.people.notices.clear()
    await process.minute()
    assert process.people.notices == []


async def test_a_notice_names_the_figures_and_goes_to_the_channel_that_was_chosen(
    process: Process,
) -> None:
    await process.set_up(6, queue_channel_id=66)
    await process.bring(10)
    await process.claim(*range(101, 110))

    await process.minute()

    notice = Notice(PROGRAM, 10, 1, 10)
    assert process.people.notices == [(Desk(GUILD, None), notice), (Desk(6, 66), notice)]


async def test_a_pool_that_empties_in_one_go_is_told_about_once(process: Process) -> None:
    await process.bring(5)
    await process.claim(*range(101, 107))

    for _ in range(3):
        await process.minute()

    assert [one.threshold for _, one in process.people.notices] == [0]
    assert await notice_in(process.database) == [0]


async def test_a_pool_that_was_filled_again_can_run_low_again(process: Process) -> None:
    await process.bring(10)
    await process.claim(*range(101, 110))
    await process.minute()
    await process.bring(20, first=10)
    await process.minute()
    assert await notice_in(process.database) == [None]

    await process.claim(*range(110, 128))
    await process.minute()

    assert [(one.threshold, one.left) for _, one in process.people.notices] == [(10, 1), (10, 3)]


async def test_a_pool_that_was_filled_a_little_is_told_about_when_it_falls_on(
    process: Process,
) -> None:
    await process.bring(40)
    await process.claim(*range(101, 141))
    await process.minute()
    await process.bring(2, first=40)
    await process.minute()
    assert await notice_in(process.database) == [10]

    await process.claim(141, 142)
    await process.minute()

    assert [one.threshold for _, one in process.people.notices] == [0, 0]


async def test_a_program_without_any_code_ever_is_no_news(process: Process) -> None:
    await process.claim(ANN)

    await process.minute()

    assert process.people.notices == []
    assert await notice_in(process.database) == [None]


async def test_codes_that_are_kept_for_offers_are_not_left(process: Process) -> None:
    await process.claim(ANN, BEN)
    await process.bring(2)

    await process.minute()

    assert [(one.threshold, one.left) for _, one in process.people.notices] == [(0, 0)]


async def test_two_processes_at_once_give_a_notice_once(process: Process, other: Database) -> None:
    await process.bring(1)
    await process.claim(ANN)

    taken = await asyncio.gather(
        *(take_notice(one, PROGRAM) for one in (process.database, other) * 5)
    )

    assert [one.threshold for one in taken if one is not None] == [0]


async def test_a_crash_before_moderators_are_told_does_not_tell_anybody_twice(
    process: Process,
) -> None:
    await process.set_up(6)
    await process.bring(1)
    await process.claim(ANN)
    process.people.fates.extend([None, Fate.KILLED_BEFORE])
    await process.die_in_minute()

    successor = process.successor()
    await successor.minute()
    await successor.minute()

    assert [desk.guild_id for desk, _ in process.people.notices] == [GUILD]


async def test_a_community_that_can_not_be_told_keeps_no_other_from_hearing_it(
    process: Process,
) -> None:
    await process.set_up(6)
    await process.bring(1)
    await process.claim(ANN)
    process.people.fates.append(Fate.FAULT)

    await process.minute()

    assert [desk.guild_id for desk, _ in process.people.notices] == [6]


async def test_a_day_closes_days_and_ends_what_is_over_once(process: Process) -> None:
    await process.bring(1)
    await process.claim(ANN)
    claims: Any = SimpleNamespace(catalogue=process.catalogue)
    for _ in range(2):
        await keep_house(claims, process.database, NOON + 2 * DAY)
    assert len(await fetch_table(process.database, allocation_days)) == 1
    assert PROGRAM in process.catalogue.by_id

    for _ in range(2):
        await keep_house(claims, process.database, NOON + 400 * DAY)

    assert await fetch_table(process.database, program_peppers) == []
    assert PROGRAM not in process.catalogue.by_id


async def test_a_day_without_claims_does_nothing(database: Database) -> None:
    await keep_house(None, database, NOON)


async def test_a_program_that_ended_is_not_looked_after_any_more(process: Process) -> None:
    await process.bring(1)
    await process.claim(ANN, BEN)
    claims: Any = SimpleNamespace(catalogue=process.catalogue)
    await keep_house(claims, process.database, NOON + 400 * DAY)

    await process.minute(NOON + 400 * DAY)

    assert process.people.attempts == []
    assert process.people.notices == []
