"""What moderators see of their community: counts by state, what is left, and codes by week."""

from datetime import date

import pytest
from sqlalchemy import bindparam, update

from bot.claims.replacing import Replacing
from bot.claims.rules import Member, State
from bot.claims.statistics import Statistics, Stats, Week
from bot.claims.store import ERASE_PERSON
from bot.claims.tables import claims, codes, community_shares, program_counters, programs
from bot.clock import DAY, MovableClock
from bot.guilds.audit import AuditLog
from bot.storage import Database
from tests.conftest import NOON
from tests.store.claims_desk import HERE, MODERATOR, OTHER_MODERATOR, THERE, VOID_FREE, Desk
from tests.store.pools import fetch_table

MONDAY = NOON + DAY // 2
"""2027-03-15 00:00 UTC, the instant at which a week begins."""

SET_CLOSES_AT = update(programs).values(closes_at=bindparam("new_closes_at"))


@pytest.fixture
async def desk(database: Database, clock: MovableClock) -> Desk:
    """Twenty codes; one community gives them at once, the other one reviews."""
    desk = Desk(database, clock)
    await desk.open(20)
    return desk


@pytest.fixture
def statistics(database: Database, clock: MovableClock) -> Statistics:
    """The counting."""
    return Statistics(database, clock)


async def close(desk: Desk, closes_at: int) -> None:
    async with desk.database.transaction() as tx:
        await tx.execute(SET_CLOSES_AT, new_closes_at=closes_at)


async def given(statistics: Statistics, desk: Desk) -> list[tuple[str, int]]:
    """The weeks of the first community."""
    stats = await statistics.of(desk.program_id, HERE)
    assert sum(week.given for week in stats.weeks) == stats.claimed
    return [(week.monday.isoformat(), week.given) for week in stats.weeks]


async def test_before_the_first_claim_there_is_nothing_but_the_stock(
    desk: Desk, statistics: Statistics
) -> None:
    assert await statistics.of(desk.program_id, HERE) == Stats(0, 0, 0, 0, 0, 0, left=20)


async def test_every_state_is_counted_in_its_own_community(
    desk: Desk, statistics: Statistics
) -> None:
    await desk.claim_in_one_batch(range(18), HERE)
    await desk.claim_in_one_batch(range(100, 106), THERE)
    await desk.approve(100)
    await desk.reject(101)
    await desk.reject(102)
    guild_id, claim_id, version = await desk.pending(0)
    await desk.review.revoke(guild_id, MODERATOR, claim_id, version, "Sold.")
    await desk.claim_in_one_batch(range(50, 54), HERE)
    await desk.bring(range(20, 21))
    assert (await statistics.of(desk.program_id, HERE)) == Stats(
        claimed=19,
        pending=0,
        waitlisted=3,
        offered=0,
        refused=0,
        revoked=1,
        left=0,
        weeks=(Week(date(2027, 3, 8), 19),),
    )
    assert await statistics.of(desk.program_id, THERE) == Stats(
        claimed=1,
        pending=3,
        waitlisted=0,
        offered=0,
        refused=2,
        revoked=0,
        left=0,
        weeks=(Week(date(2027, 3, 8), 1),),
    )


async def test_what_is_left_is_the_whole_programs_less_what_is_offered(
    database: Database, clock: MovableClock, statistics: Statistics
) -> None:
    desk = Desk(database, clock)
    await desk.open(4, cap=1)
    await desk.claim_in_one_batch(range(2), HERE)
    assert (await statistics.of(desk.program_id, THERE)).left == 0
    await desk.set_cap(4)
    await desk.move()
    stats = await statistics.of(desk.program_id, HERE)
    assert (stats.offered, stats.waitlisted, stats.left) == (1, 0, 2)
    await database.run(lambda tx: tx.execute(VOID_FREE, program_id=desk.program_id))
    assert (await statistics.of(desk.program_id, HERE)).left == 0


async def test_a_share_is_told_where_there_is_one(desk: Desk, statistics: Statistics) -> None:
    await desk.claim(1)
    assert (await statistics.of(desk.program_id, HERE)).share_cap is None
    await desk.set_share(HERE, 7)
    assert (await statistics.of(desk.program_id, HERE)).share_cap == 7
    assert (await statistics.of(desk.program_id, THERE)).share_cap is None


async def test_a_week_begins_on_monday_at_midnight_utc_and_none_is_left_out(
    desk: Desk, statistics: Statistics, clock: MovableClock
) -> None:
    for person, at in enumerate([NOON, MONDAY - 1, MONDAY, MONDAY + 21 * DAY]):
        clock.move_to(at)
        await desk.claim(person)
    assert await given(statistics, desk) == [
        ("2027-03-08", 2),
        ("2027-03-15", 1),
        ("2027-03-22", 0),
        ("2027-03-29", 0),
        ("2027-04-05", 1),
    ]


async def test_the_weeks_go_on_to_this_one_while_the_program_is_open(
    desk: Desk, statistics: Statistics, clock: MovableClock
) -> None:
    await desk.claim(1)
    clock.move_to(MONDAY + 8 * DAY)
    weeks = [("2027-03-08", 1), ("2027-03-15", 0), ("2027-03-22", 0)]
    assert await given(statistics, desk) == weeks
    await close(desk, MONDAY + DAY)
    assert await given(statistics, desk) == weeks[:2]
    await close(desk, NOON)
    assert await given(statistics, desk) == weeks[:1]


async def test_a_code_given_out_after_the_closing_is_counted_in_its_week(
    desk: Desk, statistics: Statistics, clock: MovableClock
) -> None:
    await desk.claim(1)
    clock.move_to(MONDAY + DAY)
    await desk.claim(2)
    await close(desk, NOON)
    assert await given(statistics, desk) == [("2027-03-08", 1), ("2027-03-15", 1)]


async def test_a_replaced_code_counts_once_in_the_week_of_the_first(
    desk: Desk, statistics: Statistics, clock: MovableClock
) -> None:
    await desk.claim(1)
    clock.move_to(MONDAY)
    replacing = Replacing(desk.database, AuditLog(desk.database, clock), clock)
    guild_id, claim_id, _ = await desk.pending(1)
    asked = await replacing.ask(guild_id, MODERATOR, claim_id, "It was used.")
    await replacing.confirm(guild_id, OTHER_MODERATOR, claim_id, asked.asked_at)
    assert await given(statistics, desk) == [("2027-03-08", 1), ("2027-03-15", 0)]
    assert (await statistics.of(desk.program_id, HERE)).left == 18


async def test_who_erased_their_data_still_counts_and_is_nobody(
    desk: Desk, statistics: Statistics
) -> None:
    await desk.claim(1)
    await desk.database.run(lambda tx: tx.execute(ERASE_PERSON, old_user_id=1))
    assert (await statistics.of(desk.program_id, HERE)).claimed == 1


async def test_a_code_that_was_redeemed_counts_as_given_out(
    desk: Desk, statistics: Statistics
) -> None:
    await desk.claim(1)
    await desk.claims.redeem(desk.program_id, Member(1))
    assert await desk.state(1) is State.REDEEMED
    assert (await statistics.of(desk.program_id, HERE)).claimed == 1


async def test_counting_changes_nothing(desk: Desk, statistics: Statistics) -> None:
    await desk.claim(1)
    tables = (claims, codes, community_shares, program_counters)
    before = [await fetch_table(desk.database, table) for table in tables]
    await statistics.of(desk.program_id, HERE)
    await statistics.of(desk.program_id, 999)
    assert before == [await fetch_table(desk.database, table) for table in tables]


async def test_a_program_that_is_not_there_has_no_numbers(
    desk: Desk, statistics: Statistics
) -> None:
    with pytest.raises(LookupError, match="nothing"):
        await statistics.of("nothing", HERE)
