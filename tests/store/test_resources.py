"""Communities' own resources in the database: kept, changed, removed, imported, forgotten."""

import asyncio
from dataclasses import replace

import pytest

from bot.clock import MovableClock
from bot.errors import RefusalError
from bot.guilds import store as guilds_store
from bot.resources import curation as curating
from bot.resources import rules, store
from bot.resources.rules import CommunityResource
from bot.storage import Database
from tests.conftest import NOON
from tests.store.resourcing import AWAY, HOME, MODERATOR, ROOM, WALK, Room


@pytest.fixture
def room(database: Database, clock: MovableClock) -> Room:
    """The room."""
    return Room(database, clock)


@pytest.fixture
def room_elsewhere(other: Database, clock: MovableClock) -> Room:
    """The same in another process."""
    return Room(other, clock)


async def test_what_is_added_is_there_as_it_was_written(room: Room) -> None:
    kept = await room.add()
    assert kept == replace(ROOM, row_id=kept.row_id, changed_at=NOON)
    assert await room.resources.own(HOME) == [kept]
    assert await room.resources.find(HOME, kept.id) == kept
    assert await room.changes() == [("resources.add", None, ROOM.title)]


async def test_resources_come_oldest_first(room: Room) -> None:
    await room.add()
    await room.add(WALK)
    assert await room.titles() == [ROOM.title, WALK.title]


async def test_an_edit_changes_the_words_and_the_instant(room: Room, clock: MovableClock) -> None:
    kept = await room.add()
    clock.move_to(NOON + 60)
    changed = replace(WALK, row_id=kept.row_id)
    assert await room.curation.edit(HOME, MODERATOR, changed) == replace(
        changed, changed_at=NOON + 60
    )
    assert await room.resources.own(HOME) == [replace(changed, changed_at=NOON + 60)]
    assert (await room.changes())[1:] == [("resources.edit", ROOM.title, WALK.title)]


async def test_an_edit_that_changes_nothing_leaves_no_trace(
    room: Room, clock: MovableClock
) -> None:
    kept = await room.add()
    clock.move_to(NOON + 60)
    assert await room.curation.edit(HOME, MODERATOR, kept) == kept
    assert len(await room.changes()) == 1


async def test_a_removed_resource_is_found_no_more_and_comes_back(room: Room) -> None:
    kept = await room.add()
    assert await room.curation.remove(HOME, MODERATOR, kept.row_id)
    assert await room.titles() == []
    assert await room.resources.find(HOME, kept.id) is None
    assert (await room.resources.ask(HOME, "quiet")).hits == ()
    assert await room.curation.restore(HOME, MODERATOR, kept.row_id)
    assert await room.resources.own(HOME) == [kept]
    assert (await room.changes())[1:] == [
        ("resources.remove", "kept", "removed"),
        ("resources.remove", "removed", "kept"),
    ]


async def test_removing_and_restoring_twice_does_it_once(room: Room) -> None:
    kept = await room.add()
    moderator = room.curation
    removed = await asyncio.gather(
        *(moderator.remove(HOME, MODERATOR, kept.row_id) for _ in range(10))
    )
    restored = await asyncio.gather(
        *(moderator.restore(HOME, MODERATOR, kept.row_id) for _ in range(10))
    )
    assert (sum(removed), sum(restored)) == (1, 1)
    assert len(await room.changes()) == 3


async def test_a_removed_resource_can_not_be_edited(room: Room) -> None:
    kept = await room.add()
    await room.curation.remove(HOME, MODERATOR, kept.row_id)
    with pytest.raises(RefusalError, match="removed meanwhile"):
        await room.curation.edit(HOME, MODERATOR, replace(WALK, row_id=kept.row_id))
    assert await room.curation.restore(HOME, MODERATOR, kept.row_id)
    assert await room.titles() == [ROOM.title]


async def test_another_communitys_rows_are_out_of_reach(room: Room) -> None:
    kept = await room.add()
    assert await room.resources.find(AWAY, kept.id) is None
    assert await room.resources.find(None, kept.id) is None
    assert await room.titles(AWAY) == []
    with pytest.raises(RefusalError, match="gone"):
        await room.curation.edit(AWAY, MODERATOR, replace(WALK, row_id=kept.row_id))
    assert not await room.curation.remove(AWAY, MODERATOR, kept.row_id)
    await room.curation.remove(HOME, MODERATOR, kept.row_id)
    assert not await room.curation.restore(AWAY, MODERATOR, kept.row_id)
    assert await room.changes(AWAY) == []


async def test_two_communities_may_use_the_same_title(room: Room) -> None:
    home, away = await room.add(), await room.add(guild_id=AWAY)
    assert home.row_id != away.row_id
    await room.curation.import_all(AWAY, MODERATOR, [replace(WALK, title=ROOM.title)])
    assert await room.resources.own(HOME) == [home]
    assert [found.body for found in await room.resources.own(AWAY)] == [WALK.body]


async def test_a_title_is_there_once_whatever_its_case(room: Room) -> None:
    await room.add()
    walk = await room.add(WALK)
    for taken in (ROOM.title, ROOM.title.upper()):
        with pytest.raises(RefusalError, match="with this title already"):
            await room.add(replace(WALK, title=taken))
        with pytest.raises(RefusalError, match="with this title already"):
            await room.curation.edit(HOME, MODERATOR, replace(walk, title=taken))
    renamed = await room.curation.edit(HOME, MODERATOR, replace(walk, title="A WALK"))
    assert renamed.title == "A WALK"


async def test_a_title_that_was_taken_meanwhile_keeps_a_removal_from_being_undone(
    room: Room,
) -> None:
    first = await room.add()
    await room.curation.remove(HOME, MODERATOR, first.row_id)
    second = await room.add()
    with pytest.raises(RefusalError, match="with this title already"):
        await room.curation.restore(HOME, MODERATOR, first.row_id)
    assert await room.resources.own(HOME) == [second]


async def test_the_same_resource_added_by_two_moderators_at_once_is_there_once(
    room: Room, room_elsewhere: Room
) -> None:
    both = (room, room_elsewhere)
    results = await asyncio.gather(
        *(both[number % 2].add() for number in range(10)), return_exceptions=True
    )
    assert sum(isinstance(result, CommunityResource) for result in results) == 1
    assert all(isinstance(result, RefusalError | CommunityResource) for result in results)
    assert await room.titles() == [ROOM.title]


async def test_three_hundred_are_kept_and_not_one_more(room: Room) -> None:
    await room.fill(rules.MOST_RESOURCES)
    with pytest.raises(RefusalError, match="300 resources of its own, and this would make 301"):
        await room.add()
    await room.add(guild_id=AWAY)
    (last, *_) = await room.resources.own(HOME)
    await room.curation.remove(HOME, MODERATOR, last.row_id)
    await room.add()
    with pytest.raises(RefusalError, match="would make 301"):
        await room.curation.restore(HOME, MODERATOR, last.row_id)
    assert len(await room.resources.own(HOME)) == rules.MOST_RESOURCES


async def test_the_limit_holds_however_many_come_at_once(
    room: Room, room_elsewhere: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curating, "MOST_RESOURCES", 12)
    await room.fill(5)
    removed = await room.add()
    await room.curation.remove(HOME, MODERATOR, removed.row_id)
    both = (room, room_elsewhere)
    work = [
        both[number % 2].add(replace(WALK, title=f"One of many {number}")) for number in range(10)
    ]
    results = await asyncio.gather(
        *work,
        room.curation.restore(HOME, MODERATOR, removed.row_id),
        room_elsewhere.fill(9),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, BaseException)]
    assert all(isinstance(error, RefusalError) for error in refused), refused
    assert len(await room.resources.own(HOME)) == 12


async def test_a_forgotten_communitys_resources_are_gone_and_others_stay(room: Room) -> None:
    kept, removed = await room.add(), await room.add(WALK)
    await room.curation.remove(HOME, MODERATOR, removed.row_id)
    away = await room.add(guild_id=AWAY)
    async with room.database.transaction() as tx:
        await tx.execute(store.FORGET_GUILD, guild_id=HOME)
    assert await room.titles() == []
    assert not await room.curation.restore(HOME, MODERATOR, removed.row_id)
    assert await room.resources.own(AWAY) == [away]
    again = await room.add()
    assert again.row_id > max(kept.row_id, removed.row_id, away.row_id)


async def test_looking_creates_nothing(room: Room) -> None:
    await room.resources.own(HOME)
    await room.resources.ask(HOME, "anything")
    await room.curation.plan(HOME, [ROOM])
    assert not await room.curation.remove(HOME, MODERATOR, 1)
    assert not await room.curation.restore(HOME, MODERATOR, 1)
    assert await room.database.fetch_all(store.SELECT_ALL, guild_id=HOME) == []
    assert await room.database.fetch_all(guilds_store.SELECT_KNOWN) == []
