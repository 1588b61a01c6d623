"""Resources in the database: imports, all or nothing, and the index that is made of them."""

import asyncio
from dataclasses import replace

import pytest

from bot.clock import MovableClock
from bot.errors import ConflictError, RefusalError
from bot.resources import curation as curating
from bot.resources import service as serving
from bot.storage import Database
from tests.conftest import NOON
from tests.store.resourcing import HOME, MODERATOR, ROOM, WALK, Room


@pytest.fixture
def room(database: Database, clock: MovableClock) -> Room:
    """The room."""
    return Room(database, clock)


@pytest.fixture
def room_elsewhere(other: Database, clock: MovableClock) -> Room:
    """The same in another process."""
    return Room(other, clock)


async def test_two_imports_into_an_empty_community_do_not_exceed_the_limit_together(
    room: Room, room_elsewhere: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curating, "MOST_RESOURCES", 5)
    one = [replace(WALK, title=f"One {number}") for number in range(4)]
    two = [replace(WALK, title=f"Two {number}") for number in range(4)]
    results = await asyncio.gather(
        room.curation.import_all(HOME, MODERATOR, one),
        room_elsewhere.curation.import_all(HOME, MODERATOR, two),
        return_exceptions=True,
    )
    assert sum(isinstance(result, RefusalError) for result in results) == 1
    assert len(await room.resources.own(HOME)) == 4


async def test_an_import_changes_what_is_there_adds_what_is_not_and_removes_nothing(
    room: Room, clock: MovableClock
) -> None:
    kept, walk = await room.add(), await room.add(WALK)
    stays = await room.add(replace(WALK, title="Stays"))
    clock.move_to(NOON + 60)
    wanted = [
        replace(WALK, title=ROOM.title.upper()),
        WALK,
        replace(WALK, title="New", asked=("a",)),
    ]
    plan = await room.curation.plan(HOME, wanted)
    assert await room.titles() == [ROOM.title, WALK.title, "Stays"]
    assert await room.curation.import_all(HOME, MODERATOR, wanted) == plan
    assert ([item.title for item in plan.new], len(plan.changed), plan.same) == (["New"], 1, 1)
    own = {resource.row_id: resource for resource in await room.resources.own(HOME)}
    assert own.pop(kept.row_id) == replace(wanted[0], row_id=kept.row_id, changed_at=NOON + 60)
    assert own.pop(walk.row_id) == walk
    assert own.pop(stays.row_id) == stays
    assert [new.title for new in own.values()] == ["New"]


async def test_an_import_twice_changes_nothing_the_second_time(room: Room) -> None:
    await room.fill(3)
    changes = await room.changes()
    await room.fill(3)
    assert await room.changes() == changes
    assert len(await room.titles()) == 3


async def test_an_import_brings_a_removed_title_back_as_a_new_one(room: Room) -> None:
    kept = await room.add()
    await room.curation.remove(HOME, MODERATOR, kept.row_id)
    plan = await room.curation.import_all(HOME, MODERATOR, [ROOM])
    assert len(plan.new) == 1
    assert await room.titles() == [ROOM.title]


async def test_an_import_that_does_not_fit_changes_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await room.add()
    monkeypatch.setattr(curating, "MOST_RESOURCES", 2)
    wanted = [replace(WALK, title=title) for title in (ROOM.title, "one", "two")]
    for attempt in (room.curation.plan(HOME, wanted), room.curation.import_all(HOME, 1, wanted)):
        with pytest.raises(RefusalError, match="would make 3, so nothing was changed"):
            await attempt
    assert await room.resources.own(HOME) == [kept]


async def test_an_import_that_breaks_in_the_middle_changes_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await room.add()
    changes = await room.changes()
    broken = replace(WALK, title="Broken", summary=None)  # type: ignore[arg-type]
    with pytest.raises(ConflictError):
        await room.curation.import_all(
            HOME, MODERATOR, [replace(WALK, title=ROOM.title), WALK, broken]
        )
    assert await room.resources.own(HOME) == [kept]
    assert await room.changes() == changes


async def test_a_communitys_index_is_made_again_only_when_its_resources_changed(
    room: Room,
) -> None:
    await room.resources.ask(HOME, "nothing yet")
    kept = await room.add()
    for _ in range(3):
        found = await room.resources.ask(HOME, "quiet")
    assert [hit.id for hit in found.hits] == [kept.id]
    await room.curation.edit(HOME, MODERATOR, replace(kept, title="Edited"))
    await room.resources.ask(HOME, "quiet")
    await room.curation.remove(HOME, MODERATOR, kept.row_id)
    assert (await room.resources.ask(HOME, "quiet")).hits == ()
    await room.curation.restore(HOME, MODERATOR, kept.row_id)
    await room.resources.ask(HOME, "quiet")
    assert room.librarian.indexed == [[ROOM.title], ["Edited"], ["Edited"]]


async def test_another_processs_change_is_found_at_once(room: Room, room_elsewhere: Room) -> None:
    await room.add()
    await room.resources.ask(HOME, "quiet")
    await room_elsewhere.add(WALK)
    found = await room.resources.ask(HOME, "walk")
    assert [hit.title for hit in found.hits] == [ROOM.title, WALK.title]


async def test_only_so_many_communities_stay_indexed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "MOST_COMMUNITIES", 2)
    for guild_id in (1, 2, 3):
        await room.add(replace(WALK, title=str(guild_id)), guild_id)
    for guild_id in (1, 2, 1, 3, 1, 2):
        await room.resources.ask(guild_id, "walk")
    assert room.librarian.indexed == [["1"], ["2"], ["3"], ["2"]]


async def test_the_library_still_answers_when_the_database_does_not(room: Room) -> None:
    await room.add()
    await room.database.close()
    found = await room.resources.ask(HOME, "quiet")
    assert (found.hits, found.is_confident) == ((), True)


async def test_without_a_community_only_the_library_is_asked(room: Room) -> None:
    await room.add()
    assert (await room.resources.ask(None, "quiet")).hits == ()
    assert await room.resources.own(None) == ()
