"""The weekly myth in the database: the shuffle bag of each schedule, and nothing about people."""

from dataclasses import replace
from random import Random

import pytest

from bot.clock import MovableClock
from bot.content.myths import Myth, MythLibrary, load_myths
from bot.delivery.ports import Nothing, Schedule
from bot.delivery.schedules import Schedules
from bot.guilds.audit import AuditLog
from bot.myths import store
from bot.myths.announcer import KIND, MythAnnouncer
from bot.myths.service import Myths
from bot.rotation import Bag
from bot.schedules.service import Scheduling
from bot.storage import Database
from tests.conftest import ROOT
from tests.store.delivering import at_five

ANY = next(iter(load_myths(ROOT / "data").by_id.values()))
NAMES = [f"myth-{number}" for number in range(5)]
MODERATOR = 7

SLOT = "2027-03-14"


def make_myth(name: str) -> Myth:
    topic = "sleep" if name == NAMES[0] else "online"
    return ANY.model_copy(update={"id": name, "topic": topic})


class Room:
    """The myths room on a database, with a chance that always falls the same way."""

    def __init__(self, database: Database, clock: MovableClock, seed: int = 1) -> None:
        self.database = database
        self.schedules = Schedules(database, clock)
        self.audit = AuditLog(database, clock)
        self.scheduling = Scheduling(database, self.schedules, self.audit)
        library = MythLibrary({name: make_myth(name) for name in NAMES})
        self.announcer = MythAnnouncer(Myths(library, Random(seed)), Random(seed))

    async def add_schedule(self, *topics: str) -> Schedule:
        """A schedule of community 1."""
        wanted = replace(at_five(1), kind=KIND, options={"topics": list(topics)})
        return await self.scheduling.save(MODERATOR, wanted, None)

    async def draw(self, schedule: Schedule) -> str | Nothing:
        """What the schedule would post next."""
        async with self.database.transaction() as tx:
            return await self.announcer.choose(tx, schedule, SLOT)


@pytest.fixture
def room(database: Database, clock: MovableClock) -> Room:
    """The room."""
    return Room(database, clock)


async def test_nothing_comes_twice_before_all_came_also_over_a_restart(
    room: Room, clock: MovableClock
) -> None:
    schedule = await room.add_schedule()
    first = [await room.draw(schedule) for _ in range(3)]
    again = Room(room.database, clock, seed=99)
    first += [await again.draw(schedule) for _ in range(2)]
    second = [await again.draw(schedule) for _ in range(5)]
    assert sorted(map(str, first)) == sorted(map(str, second)) == NAMES
    assert first[-1] != second[0]


async def test_a_draw_that_is_rolled_back_stays_in_the_bag(room: Room) -> None:
    schedule = await room.add_schedule()
    with pytest.raises(ZeroDivisionError):
        async with room.database.transaction() as tx:
            await room.announcer.choose(tx, schedule, SLOT)
            raise ZeroDivisionError
    assert await store.fetch_bag(room.database, schedule.schedule_id) == Bag()


async def test_schedules_have_bags_of_their_own(room: Room) -> None:
    one, two = await room.add_schedule(), await room.add_schedule()
    for schedule in (one, two):
        assert {await room.draw(schedule) for _ in NAMES} == set(NAMES)


async def test_only_the_chosen_topics_are_drawn_and_none_is_explained(room: Room) -> None:
    schedule = await room.add_schedule("sleep")
    assert {await room.draw(schedule) for _ in range(3)} == {NAMES[0]}
    nothing = await room.draw(await room.add_schedule("work"))
    assert isinstance(nothing, Nothing)
    assert nothing.reason is not None
    assert "Work and rest" in nothing.reason


async def test_what_an_update_removed_is_not_composed(room: Room) -> None:
    schedule = await room.add_schedule()
    assert (await room.announcer.compose(schedule, NAMES[0])).id == NAMES[0]
    with pytest.raises(LookupError, match="gone"):
        await room.announcer.compose(schedule, "gone")


async def test_a_bag_goes_with_its_schedule(room: Room) -> None:
    schedule = await room.add_schedule()
    await room.draw(schedule)
    await room.scheduling.delete(MODERATOR, schedule)
    assert await room.database.fetch_one(store.SELECT_BAG, schedule_id=schedule.schedule_id) is None


async def test_the_log_names_the_kind_of_schedule_that_was_changed(room: Room) -> None:
    schedule = await room.add_schedule()
    await room.scheduling.skip_next(MODERATOR, schedule)
    await room.scheduling.pause(MODERATOR, schedule)
    number = schedule.schedule_id
    assert [entry.change.action for entry in await room.audit.latest(1)] == [
        f"myths.schedule {number}",
        f"myths.skip {number}",
        f"myths.schedule {number}",
    ]
