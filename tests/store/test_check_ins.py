"""Check-ins in the database: one open per person and community, gone after a day."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.check_ins import store
from bot.check_ins.service import KEPT_SECONDS, CheckIn, CheckIns, CheckInsPersonalData
from bot.clock import MovableClock
from bot.storage import Database
from tests.conftest import NOON

GUILD = 2**62 + 5
PERSON = 2**62 + 1


@pytest.fixture
def check_ins(database: Database, clock: MovableClock) -> CheckIns:
    """The use cases."""
    return CheckIns(database, clock)


async def count(database: Database) -> int:
    """How many rows there are."""
    row = await database.fetch_one(select(func.count().label("n")).select_from(store.check_ins))
    return row["n"] if row else 0


async def open_one(check_ins: CheckIns, guild_id: int = GUILD, user_id: int = PERSON) -> int:
    """A check-in that was not open before; its id."""
    check_in_id = await check_ins.ask(guild_id, user_id)
    assert check_in_id is not None
    return check_in_id


async def test_what_is_kept_is_who_where_and_when(check_ins: CheckIns) -> None:
    check_in_id = await open_one(check_ins)

    assert await check_ins.find(GUILD, check_in_id) == CheckIn(check_in_id, PERSON, NOON)
    assert {column.name for column in store.check_ins.columns} == {
        "id",
        "guild_id",
        "user_id",
        "asked_at",
    }


async def test_a_person_has_one_open_in_a_community(
    check_ins: CheckIns, database: Database
) -> None:
    await open_one(check_ins)

    assert await check_ins.ask(GUILD, PERSON) is None
    assert await count(database) == 1


async def test_people_and_communities_do_not_get_in_each_others_way(check_ins: CheckIns) -> None:
    ids = [
        await open_one(check_ins),
        await open_one(check_ins, user_id=PERSON + 1),
        await open_one(check_ins, guild_id=GUILD + 1),
    ]

    assert len(set(ids)) == 3


async def test_many_presses_at_once_open_one(
    check_ins: CheckIns, database: Database, other: Database, clock: MovableClock
) -> None:
    second = CheckIns(other, clock)

    opened = await asyncio.gather(
        *(room.ask(GUILD, PERSON) for _ in range(50) for room in (check_ins, second))
    )

    assert len([found for found in opened if found is not None]) == 1
    assert await count(database) == 1


async def test_many_people_at_once_get_one_each(check_ins: CheckIns, other: Database) -> None:
    second = CheckIns(other, MovableClock(NOON))

    opened = await asyncio.gather(
        *((check_ins, second)[n % 2].ask(GUILD, PERSON + n) for n in range(60))
    )

    assert None not in opened
    assert len(set(opened)) == 60


async def test_of_many_who_answer_at_once_one_does(
    check_ins: CheckIns, other: Database, clock: MovableClock
) -> None:
    check_in_id = await open_one(check_ins)
    second = CheckIns(other, clock)

    closed = await asyncio.gather(
        *(room.close(check_in_id) for _ in range(20) for room in (check_ins, second))
    )

    assert sum(closed) == 1


async def test_one_that_was_answered_can_be_asked_for_again_under_another_id(
    check_ins: CheckIns,
) -> None:
    first = await open_one(check_ins)
    assert await check_ins.close(first)

    second = await open_one(check_ins)

    assert second != first
    assert not await check_ins.close(first)


async def test_another_community_does_not_find_it(check_ins: CheckIns) -> None:
    assert await check_ins.find(GUILD + 1, await open_one(check_ins)) is None


async def test_one_is_open_for_a_day_and_no_longer(
    check_ins: CheckIns, clock: MovableClock, database: Database
) -> None:
    check_in_id = await open_one(check_ins)
    clock.move_to(NOON + KEPT_SECONDS - 1)
    await check_ins.sweep()
    assert await check_ins.find(GUILD, check_in_id) is not None

    clock.move_to(NOON + KEPT_SECONDS)
    assert await check_ins.find(GUILD, check_in_id) is None
    await check_ins.sweep()

    assert await count(database) == 0


async def test_a_sweep_leaves_the_younger_ones(
    check_ins: CheckIns, clock: MovableClock, database: Database
) -> None:
    await open_one(check_ins)
    clock.move_to(NOON + 1)
    young = await open_one(check_ins, user_id=PERSON + 1)
    clock.move_to(NOON + KEPT_SECONDS)

    await check_ins.sweep()

    assert await count(database) == 1
    assert await check_ins.find(GUILD, young) is not None


async def test_who_asked_a_day_ago_can_ask_again_although_nobody_swept(
    check_ins: CheckIns, clock: MovableClock, database: Database
) -> None:
    first = await open_one(check_ins)
    clock.move_to(NOON + KEPT_SECONDS)

    assert await open_one(check_ins) != first
    assert await count(database) == 1


async def test_sweeping_nothing_is_harmless(check_ins: CheckIns, database: Database) -> None:
    await check_ins.sweep()

    assert await count(database) == 0


async def test_it_is_exported_and_erased_for_the_person_alone(
    check_ins: CheckIns, database: Database
) -> None:
    data = CheckInsPersonalData()
    await open_one(check_ins)
    await open_one(check_ins, guild_id=GUILD + 1)
    theirs = await open_one(check_ins, user_id=PERSON + 1)

    exported = await data.export(database, PERSON)
    async with database.transaction() as tx:
        assert await data.erase(tx, PERSON) is None

    assert exported == {
        "check_ins": [
            {"guild_id": GUILD, "asked_at": NOON},
            {"guild_id": GUILD + 1, "asked_at": NOON},
        ]
    }
    assert await data.export(database, PERSON) == {"check_ins": []}
    assert await check_ins.find(GUILD, theirs) is not None


async def test_a_forgotten_community_loses_its_own_alone(
    check_ins: CheckIns, database: Database
) -> None:
    await open_one(check_ins)
    elsewhere = await open_one(check_ins, guild_id=GUILD + 1)

    async with database.transaction() as tx:
        await tx.execute(store.FORGET_GUILD, guild_id=GUILD)

    assert await count(database) == 1
    assert await check_ins.find(GUILD + 1, elsewhere) is not None


async def test_one_that_is_rolled_back_is_not_open(check_ins: CheckIns, database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await tx.fetch_one(store.ASK, guild_id=GUILD, user_id=PERSON, now=NOON)
            raise ZeroDivisionError

    assert await check_ins.ask(GUILD, PERSON) is not None
