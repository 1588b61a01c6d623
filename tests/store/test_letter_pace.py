"""Letters to many people: no faster than they must, and never in the way of a post."""

import asyncio
from dataclasses import replace

import pytest

from bot.clock import HOUR, MINUTE
from bot.delivery.letters import LETTERS_PER_SECOND, LetterPace
from bot.delivery.planner import plan
from bot.delivery.ports import Post, Recipient, Schedule, Turn
from bot.delivery.tables import schedules
from bot.storage import Transaction
from tests.store.delivering import DUE, Station, at_five
from tests.store.test_recipients import Letters

LATENESS = 10 * MINUTE


class Gate:
    """A pace at which nobody gets a turn before it is opened."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.opened = asyncio.Event()

    async def reckon(self) -> int:
        """Some wait."""
        return 1

    async def turn(self) -> None:
        """Wait until the gate is open."""
        self.asked.set()
        await self.opened.wait()


def let_write(station: Station, count: int) -> Letters:
    letters = Letters([Recipient(number, 500 + number) for number in range(count)])
    station.sender.announcers.register(
        "notes", letters, limit=lambda _zone, due_at: due_at + LATENESS, recipients=letters.find
    )
    return letters


async def test_letters_that_wait_for_their_turns_keep_no_post_waiting(station: Station) -> None:
    let_write(station, 250)  # more than posts that are in flight at once
    await station.add(replace(at_five(), kind="notes", channel_id=0, role_id=None), at_five(2))
    gate, posted, real = Gate(), asyncio.Event(), station.discord.post
    station.sender._letter_pace = gate  # type: ignore[assignment]

    async def post(made: Post, turn: Turn) -> int:
        number = await real(made, turn)
        posted.set()
        return number

    station.discord.post = post  # type: ignore[assignment,method-assign]
    tick = asyncio.create_task(station.tick(DUE))
    await asyncio.wait_for(posted.wait(), 10)
    assert [made.recipient_id for made in station.discord.posts] == [None]
    tick.cancel()
    await asyncio.wait([tick])


async def test_a_post_of_the_next_minute_goes_out_while_letters_wait(station: Station) -> None:
    let_write(station, 30)
    await station.add(replace(at_five(), kind="notes", channel_id=0, role_id=None))
    later = at_five(2)
    await station.add(replace(later, recurrence=replace(later.recurrence, minute_of_day=726)))
    gate = Gate()
    station.sender._letter_pace = gate  # type: ignore[assignment]
    letters = asyncio.create_task(station.tick(DUE))
    await asyncio.wait_for(gate.asked.wait(), 10)
    station.clock.move_to(DUE + MINUTE)
    await asyncio.wait_for(station.engine.tick(), 10)
    assert [made.recipient_id for made in station.discord.posts] == [None]
    await asyncio.wait_for(station.sender.close(), 10)
    await asyncio.wait_for(letters, 10)
    assert len(station.discord.posts) == 1


@pytest.mark.parametrize(
    ("count", "after", "expected"),
    [
        (0, 0, LETTERS_PER_SECOND),
        (30, 0, LETTERS_PER_SECOND),
        (900, 0, 3.0),
        (900, 5 * MINUTE, 6.0),
        (900, 3 * HOUR, 900.0),  # too late: each is only called so
    ],
)
async def test_they_go_as_slowly_as_the_time_that_is_left_allows(
    station: Station, count: int, after: int, expected: float
) -> None:
    let_write(station, count)
    await station.add(replace(at_five(), kind="notes", channel_id=0, role_id=None))
    await plan(station.database, DUE, station.sender.announcers)
    station.clock.move_to(DUE + after)
    for processes in (1, 4):
        pace = LetterPace(
            station.database, station.clock, station.sender.announcers, processes=processes
        )
        await pace.reckon()
        assert pace._pace.per_second * processes == pytest.approx(expected)


async def test_the_one_that_is_welcome_the_shortest_time_sets_the_pace_for_all(
    station: Station,
) -> None:
    let_write(station, 595)

    async def find(_tx: Transaction, _schedule: Schedule) -> list[Recipient]:
        return [Recipient(number, number) for number in range(5)]

    station.sender.announcers.register(
        "hurried", Letters(), limit=lambda _zone, due_at: due_at + MINUTE, recipients=find
    )
    letter = replace(at_five(), kind="notes", channel_id=0, role_id=None)
    await station.add(letter, replace(letter, kind="hurried"))
    await plan(station.database, DUE, station.sender.announcers)
    station.clock.move_to(DUE)
    pace = LetterPace(station.database, station.clock, station.sender.announcers)
    assert await pace.reckon() == 600
    assert pace._pace.per_second == pytest.approx(20)


async def test_a_zone_that_is_none_fails_its_own_letters_alone(station: Station) -> None:
    letters = let_write(station, 3)

    def fail(zone: str, due_at: int) -> int:
        raise KeyError(zone)

    station.sender.announcers.register("lost", letters, limit=fail, recipients=letters.find)
    await station.add(replace(at_five(), kind="notes", channel_id=0, role_id=None))
    await plan(station.database, DUE, station.sender.announcers)
    statement = schedules.update().values(kind="lost").where(schedules.c.kind == "notes")
    async with station.database.transaction() as tx:
        await tx.execute(statement)
    await station.add(replace(at_five(), kind="notes", channel_id=0, role_id=None))
    await station.tick(DUE)
    assert len(station.discord.posts) == 3
