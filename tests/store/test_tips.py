"""Tips in the database: the shuffle bag, pins and mutes, own tips, saved tips, votes."""

import asyncio
from dataclasses import replace
from random import Random

import pytest

from bot.clock import MovableClock
from bot.content.tips import Tip, TipLibrary
from bot.delivery.ports import Nothing, Schedule
from bot.delivery.schedules import Schedules
from bot.errors import RefusalError
from bot.guilds.audit import AuditLog
from bot.storage import Database
from bot.storage.database import Value
from bot.tips import curation as curating
from bot.tips import store
from bot.tips.announcer import TipAnnouncer
from bot.tips.curation import Curation, Draft
from bot.tips.rules import Bag
from bot.tips.service import MOST_SAVED, Tips, Votes
from tests.conftest import NOON
from tests.store.delivering import at_five

NAMES = [f"tip-{number}" for number in range(6)]
PERSON = 2**62 + 1
MODERATOR = 7
DRAFT = Draft(("sleep",), "Rest, 'really'", "Füße hoch 🫧 " * 8, "Sit down.", 2)

SLOT = "2027-03-14"


def make_tip(name: str) -> Tip:
    topics = ("sleep",) if name == NAMES[0] else ("breath",)
    return Tip.model_construct(
        id=name,
        topics=topics,
        title=name,
        body=name,
        try_this=name,
        minutes=1,
        basis="common practice",
    )


class Room:
    """The tips room on a database, with a chance that always falls the same way."""

    def __init__(self, database: Database, clock: MovableClock, seed: int = 1) -> None:
        self.database = database
        library = TipLibrary({name: make_tip(name) for name in NAMES})
        self.tips = Tips(database, library, clock, Random(seed))
        self.curation = Curation(database, AuditLog(database, clock), clock)
        self.schedules = Schedules(database, clock)
        self.announcer = TipAnnouncer(self.tips, Random(seed))

    async def add_schedule(self, *topics: str) -> Schedule:
        """A schedule of community 1."""
        wanted = replace(at_five(1), kind="tips", options={"topics": list(topics)})
        async with self.database.transaction() as tx:
            return await self.schedules.save(tx, wanted)

    async def draw(self, schedule: Schedule) -> str | Nothing:
        """What the schedule would post next."""
        async with self.database.transaction() as tx:
            return await self.announcer.choose(tx, schedule, SLOT)


@pytest.fixture
def room(database: Database, clock: MovableClock) -> Room:
    """The room."""
    return Room(database, clock)


async def test_no_tip_comes_twice_before_all_came_also_over_a_restart(
    room: Room, clock: MovableClock
) -> None:
    schedule = await room.add_schedule()
    first = [await room.draw(schedule) for _ in range(4)]
    again = Room(room.database, clock, seed=99)
    first += [await again.draw(schedule) for _ in range(2)]
    second = [await again.draw(schedule) for _ in range(6)]
    assert sorted(map(str, first)) == sorted(map(str, second)) == NAMES
    assert first[-1] != second[0]


async def test_a_draw_that_is_rolled_back_stays_in_the_bag(room: Room) -> None:
    schedule = await room.add_schedule()
    for _ in range(10):
        with pytest.raises(ZeroDivisionError):
            async with room.database.transaction() as tx:
                await room.announcer.choose(tx, schedule, SLOT)
                raise ZeroDivisionError
    assert await store.fetch_bag(room.database, schedule.schedule_id) == (Bag(), None)


async def test_schedules_have_bags_of_their_own(room: Room) -> None:
    one, two = await room.add_schedule(), await room.add_schedule()
    for schedule in (one, two):
        drawn = {await room.draw(schedule) for _ in NAMES}
        assert drawn == set(NAMES)


async def test_a_pinned_tip_comes_next_and_once(room: Room) -> None:
    schedule = await room.add_schedule()
    assert await room.curation.pin(MODERATOR, schedule, NAMES[3]) is None
    assert await room.curation.pin(MODERATOR, schedule, NAMES[2]) == NAMES[3]
    assert await room.curation.pinned(schedule.schedule_id) == NAMES[2]
    drawn = [await room.draw(schedule) for _ in NAMES]
    assert drawn[0] == NAMES[2]
    assert sorted(map(str, drawn)) == NAMES
    assert await room.curation.pinned(schedule.schedule_id) is None


async def test_a_pin_keeps_what_the_bag_remembers(room: Room) -> None:
    schedule = await room.add_schedule()
    drawn = [await room.draw(schedule) for _ in range(3)]
    left = next(name for name in NAMES if name not in drawn)
    await room.curation.pin(MODERATOR, schedule, left)
    drawn += [await room.draw(schedule) for _ in range(3)]
    assert sorted(map(str, drawn)) == NAMES


async def test_a_muted_tip_never_comes_not_even_pinned(room: Room) -> None:
    schedule = await room.add_schedule()
    assert await room.curation.mute(1, MODERATOR, NAMES[0])
    assert not await room.curation.mute(1, MODERATOR, NAMES[0])
    await room.curation.pin(MODERATOR, schedule, NAMES[0])
    drawn = [await room.draw(schedule) for _ in range(12)]
    assert NAMES[0] not in drawn
    assert NAMES[0] in await room.tips.eligible(2, ())
    assert await room.curation.unmute(1, MODERATOR, NAMES[0])
    assert not await room.curation.unmute(1, MODERATOR, NAMES[0])
    assert NAMES[0] in await room.tips.eligible(1, ())


async def test_a_schedule_of_one_topic_says_why_nothing_is_left(room: Room) -> None:
    schedule = await room.add_schedule("sleep")
    assert await room.draw(schedule) == await room.draw(schedule) == NAMES[0]
    await room.curation.mute(1, MODERATOR, NAMES[0])
    nothing = await room.draw(schedule)
    assert isinstance(nothing, Nothing)
    assert nothing.reason is not None
    assert "Sleep" in nothing.reason


async def test_a_communitys_own_tip_takes_part_there_and_nowhere_else(room: Room) -> None:
    tip = await room.curation.add(1, MODERATOR, DRAFT)
    assert (await room.tips.eligible(1, ["sleep"])).keys() == {NAMES[0], tip.id}
    assert (await room.tips.eligible(2, ["sleep"])).keys() == {NAMES[0]}
    found = await room.tips.find(tip.id)
    assert found is not None
    assert (found.title, found.body, found.minutes) == (DRAFT.title, DRAFT.body, 2)
    assert await room.curation.own_tips(1) == [found]


async def test_a_removed_tip_is_drawn_no_more_and_stays_readable(room: Room) -> None:
    tip = await room.curation.add(1, MODERATOR, DRAFT)
    assert not await room.curation.remove(2, MODERATOR, tip.id)
    assert await room.curation.remove(1, MODERATOR, tip.id)
    assert await room.curation.own_tips(1) == []
    assert await room.tips.find(tip.id) is not None
    assert await room.curation.restore(1, MODERATOR, tip.id)
    assert len(await room.curation.own_tips(1)) == 1


async def test_a_community_has_no_more_tips_of_its_own_than_allowed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curating, "MOST_COMMUNITY_TIPS", 2)
    for _ in range(2):
        await room.curation.add(1, MODERATOR, DRAFT)
    with pytest.raises(RefusalError, match="2 tips of its own"):
        await room.curation.add(1, MODERATOR, DRAFT)
    await room.curation.add(2, MODERATOR, DRAFT)


async def test_added_by_many_at_once_own_tips_stay_within_the_limit(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curating, "MOST_COMMUNITY_TIPS", 2)

    done = await asyncio.gather(
        *(room.curation.add(1, MODERATOR, DRAFT) for _ in range(6)), return_exceptions=True
    )

    assert sum(isinstance(item, RefusalError) for item in done) == 4
    assert len(await room.curation.own_tips(1)) == 2


@pytest.mark.parametrize(
    "tip_id",
    [
        "",
        "other-1",
        "community-",
        "community-x",
        "community--1",
        "community-1.5",
        "community-²",
        f"community-{2**63}",
        f"community-{10**30}",
    ],
)
async def test_an_id_that_no_tip_has_finds_nothing(room: Room, tip_id: str) -> None:
    assert await room.tips.find(tip_id) is None
    assert not await room.curation.remove(1, MODERATOR, tip_id)


async def test_a_person_votes_once_however_often_they_press(room: Room) -> None:
    words = await asyncio.gather(
        *(room.tips.vote(PERSON, NAMES[0], is_helpful=True) for _ in range(30))
    )
    assert sum(words) == 1
    assert await room.tips.votes(NAMES[0]) == Votes(1, 0)
    assert await room.tips.vote(PERSON, NAMES[0], is_helpful=False)
    assert await room.tips.votes(NAMES[0]) == Votes(0, 1)
    assert await room.tips.unvote(PERSON, NAMES[0])
    assert not await room.tips.unvote(PERSON, NAMES[0])
    assert await room.tips.votes(NAMES[0]) == Votes(0, 0)


async def test_votes_are_counted_per_tip_over_people(room: Room) -> None:
    for person in range(5):
        await room.tips.vote(person, NAMES[0], is_helpful=person < 3)
        await room.tips.vote(person, NAMES[1], is_helpful=True)
    assert await room.tips.votes(NAMES[0]) == Votes(3, 2)
    assert await room.tips.votes(NAMES[1]) == Votes(5, 0)


async def test_saved_tips_come_newest_first_and_once(room: Room, clock: MovableClock) -> None:
    for number, name in enumerate([NAMES[1], NAMES[0], NAMES[2]]):
        clock.move_to(NOON + number)
        assert await room.tips.save(PERSON, name)
    assert not await room.tips.save(PERSON, NAMES[1])
    assert [tip.id for tip in await room.tips.saved(PERSON)] == [NAMES[2], NAMES[0], NAMES[1]]
    assert await room.tips.unsave(PERSON, NAMES[0])
    assert not await room.tips.unsave(PERSON, NAMES[0])
    assert [tip.id for tip in await room.tips.saved(PERSON)] == [NAMES[2], NAMES[1]]
    assert await room.tips.saved(PERSON + 1) == []


async def test_a_saved_tip_that_an_update_removed_is_passed_over(room: Room) -> None:
    await room.tips.save(PERSON, "gone")
    await room.tips.save(PERSON, NAMES[0])
    assert [tip.id for tip in await room.tips.saved(PERSON)] == [NAMES[0]]


async def test_nobody_saves_more_tips_than_are_kept(room: Room) -> None:
    async with room.database.transaction() as tx:
        rows: list[dict[str, Value]] = [
            {"user_id": PERSON, "tip_id": f"t{n}", "now": n} for n in range(MOST_SAVED)
        ]
        await tx.execute_many(store.INSERT_SAVED, rows)
    with pytest.raises(RefusalError, match="as many as I keep"):
        await room.tips.save(PERSON, NAMES[0])
    assert not await room.tips.save(PERSON, "t0")
    assert await room.tips.unsave(PERSON, "t0")
    assert await room.tips.save(PERSON, NAMES[0])


async def test_what_is_kept_about_a_person_can_be_exported(room: Room) -> None:
    await room.tips.save(PERSON, NAMES[0])
    await room.tips.vote(PERSON, NAMES[1], is_helpful=False)
    await room.tips.vote(PERSON + 1, NAMES[1], is_helpful=True)
    assert await store.export_person(room.database, PERSON) == {
        "saved_tips": [{"tip_id": NAMES[0], "saved_at": NOON}],
        "tip_votes": [{"tip_id": NAMES[1], "helpful": False}],
    }
