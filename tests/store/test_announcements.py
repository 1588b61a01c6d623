"""Announcements on both engines: planned once, kept apart, deleted for good, forgotten."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.announcements.announcer import AnnouncementAnnouncer
from bot.announcements.planning import choice_of
from bot.announcements.rules import KEPT_SECONDS, MOST, AnnouncementPost, Words
from bot.announcements.service import AnnouncementsPersonalData
from bot.clock import DAY, MovableClock
from bot.delivery.ports import Nothing
from bot.errors import RefusalError
from bot.storage import Database
from tests.store.announcing import AUTHOR, AWAY, CAT, DAILY, HOME, TOMORROW, WORDS, Room


@pytest.fixture
def room(database: Database, clock: MovableClock) -> Room:
    """At noon on 14 March 2027."""
    return Room(database, clock)


async def test_what_goes_in_comes_out(room: Room) -> None:
    item = await room.draft()

    assert item.words == replace(WORDS, alt="A cat.")
    assert item.plan == TOMORROW
    assert await room.service.picture(item) == CAT
    assert list(await room.service.in_guild(HOME)) == [item]


async def test_planned_by_many_at_once_there_is_one_schedule(room: Room) -> None:
    item = await room.draft()

    results = await asyncio.gather(
        *(room.service.plans.start(HOME, AUTHOR, item.announcement_id) for _ in range(8)),
        *(room.service.plans.send_now(HOME, AUTHOR, item.announcement_id) for _ in range(8)),
        return_exceptions=True,
    )

    assert sum(result is None for result in results) == 1
    assert all(isinstance(result, RefusalError) for result in results if result is not None)
    assert await room.count() == (1, 1, 1)


async def test_another_community_finds_and_changes_nothing(room: Room) -> None:
    item = await room.planned()
    number = item.announcement_id
    plans = room.service.plans
    for attempt in (
        room.service.find(AWAY, number),
        room.service.rewrite(AWAY, AUTHOR, number, Words("No", "No no no")),
        room.service.copy(AWAY, AUTHOR, number),
        room.service.take_picture_out(AWAY, AUTHOR, number),
        room.service.restore(AWAY, AUTHOR, number),
        plans.choose(AWAY, AUTHOR, number, choice_of(item)),
        plans.start(AWAY, AUTHOR, number),
        plans.pause(AWAY, AUTHOR, number),
        plans.skip(AWAY, AUTHOR, number, "2027-03-15"),
    ):
        with pytest.raises(RefusalError):
            await attempt
    assert not await room.service.remove(AWAY, AUTHOR, number)

    assert await room.service.find(HOME, number) == item


async def test_a_refused_plan_changes_nothing(room: Room) -> None:
    item = await room.planned()
    choice = replace(choice_of(item), plan=replace(TOMORROW, start=date(2027, 3, 13)))

    with pytest.raises(RefusalError, match="past"):
        await room.service.plans.choose(HOME, AUTHOR, item.announcement_id, choice)

    assert await room.service.find(HOME, item.announcement_id) == item
    (schedule,) = await room.schedules.in_guild(HOME)
    assert schedule.next_run_at == room.clock.now() + DAY


async def test_a_new_plan_takes_back_what_was_left_out_of_the_old_one(room: Room) -> None:
    item = await room.planned()
    number = item.announcement_id
    await room.service.plans.skip(HOME, AUTHOR, number, "2027-03-15")
    choice = replace(choice_of(item), plan=replace(TOMORROW, minute_of_day=13 * 60))

    await room.service.plans.choose(HOME, AUTHOR, number, choice)

    look = await room.service.look(await room.service.find(HOME, number))
    assert [run.slot for run in look.runs] == ["2027-03-15"]
    assert look.left_out == ()


async def test_a_slot_is_left_out_once_however_often_it_is_pressed(room: Room) -> None:
    number = (await room.planned(DAILY)).announcement_id
    await room.service.plans.skip(HOME, AUTHOR, number, "2027-03-15")

    with pytest.raises(RefusalError, match="left out already"):
        await room.service.plans.skip(HOME, AUTHOR, number, "2027-03-15")

    look = await room.service.look(await room.service.find(HOME, number))
    assert [run.slot for run in look.runs] == ["2027-03-16", "2027-03-17", "2027-03-18"]


async def test_a_deleted_one_is_swept_away_with_its_picture_and_its_schedule(room: Room) -> None:
    item = await room.planned()
    await room.service.remove(HOME, AUTHOR, item.announcement_id)
    room.clock.move_to(room.clock.now() + KEPT_SECONDS - 1)
    await room.service.sweep()
    assert await room.count() == (1, 1, 1)

    room.clock.move_to(room.clock.now() + 1)
    await room.service.sweep()

    assert await room.count() == (0, 0, 0)
    with pytest.raises(RefusalError, match="gone for good"):
        await room.service.restore(HOME, AUTHOR, item.announcement_id)


async def test_a_deleted_one_is_posted_no_more_and_composes_nothing(room: Room) -> None:
    item = await room.planned(DAILY)
    (schedule,) = await room.schedules.in_guild(HOME)
    announcer = AnnouncementAnnouncer(room.database)
    post = await announcer.compose(schedule, "1")
    assert isinstance(post, AnnouncementPost)
    assert post.files == (CAT,)

    await room.service.remove(HOME, AUTHOR, item.announcement_id)

    async with room.database.transaction() as tx:
        assert isinstance(await announcer.choose(tx, schedule, "2027-03-15"), Nothing)
    with pytest.raises(LookupError):
        await announcer.compose(schedule, "1")
    assert await room.schedules.next_due_at() is None


async def test_a_community_keeps_as_many_as_allowed_and_a_restored_one_needs_room(
    room: Room,
) -> None:
    first = await room.draft()
    await room.service.remove(HOME, AUTHOR, first.announcement_id)
    for _ in range(MOST):
        await room.service.write(HOME, AUTHOR, WORDS)
    await room.service.write(AWAY, AUTHOR, WORDS)

    for attempt in (
        room.service.write(HOME, AUTHOR, WORDS),
        room.service.restore(HOME, AUTHOR, first.announcement_id),
    ):
        with pytest.raises(RefusalError, match=f"keep {MOST} announcements"):
            await attempt


async def test_erasing_a_person_leaves_the_announcement_without_its_author(room: Room) -> None:
    await room.planned()
    personal = AnnouncementsPersonalData()
    exported = await personal.export(room.database, AUTHOR)
    assert [row["title"] for row in exported["announcements"]] == [WORDS.title]

    async with room.database.transaction() as tx:
        assert "without your id" in (await personal.erase(tx, AUTHOR) or "")

    assert await personal.export(room.database, AUTHOR) == {"announcements": []}
    (item,) = await room.service.in_guild(HOME)
    assert (item.author_id, item.words.title) == (None, WORDS.title)


async def test_each_change_is_in_the_log(room: Room) -> None:
    item = await room.planned(DAILY)
    number = item.announcement_id
    await room.service.rewrite(HOME, AUTHOR, number, replace(WORDS, title="Later"))
    await room.service.plans.skip(HOME, AUTHOR, number, "2027-03-15")
    await room.service.plans.unskip(HOME, AUTHOR, number, "2027-03-15")
    await room.service.plans.pause(HOME, AUTHOR, number)
    await room.service.plans.resume(HOME, AUTHOR, number)
    await room.service.take_picture_out(HOME, AUTHOR, number)
    await room.service.remove(HOME, AUTHOR, number)
    await room.service.restore(HOME, AUTHOR, number)

    entries = [entry.change for entry in reversed(await room.audit.latest(HOME))]

    assert [(change.action, change.new) for change in entries[3:]] == [
        ("announcement.words", "Later"),
        ("announcement.skip 2027-03-15", "left out"),
        ("announcement.skip 2027-03-15", "planned"),
        ("announcement", "paused"),
        ("announcement", "active"),
        ("announcement.picture", "removed"),
        ("announcement", "deleted"),
        ("announcement", "kept"),
    ]
    assert [change.action for change in entries[:3]] == [
        "announcement.words",
        "announcement.plan",
        "announcement.plan",
    ]
