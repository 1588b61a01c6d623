"""A second moderator's approval on both engines: who may, what a change ends, and races."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.announcements.announcer import AnnouncementAnnouncer
from bot.announcements.planning import choice_of
from bot.announcements.rules import Announcement, Words
from bot.announcements.service import AnnouncementsPersonalData
from bot.clock import DAY, HOUR, MovableClock
from bot.delivery.ports import Nothing
from bot.errors import RefusalError
from bot.guilds.service import Guilds
from bot.storage import Database
from tests.store.announcing import AUTHOR, DAILY, HOME, TOMORROW, WORDS, Room

SECOND, THIRD = AUTHOR + 1, AUTHOR + 2
OTHER = Words("Quiet hour", "We sit together, a little later.", "https://example.org/x")


class Strict(Room):
    """A community that asks for a second moderator's approval."""

    async def switch(self, *, is_on: bool) -> None:
        """Ask for approval, or no more."""
        guilds = Guilds(self.database, self.audit, self.clock, ())
        await guilds.change(HOME, AUTHOR, needs_approval=is_on)

    async def find(self, item: Announcement) -> Announcement:
        """It as it is kept."""
        return await self.service.find(HOME, item.announcement_id)

    async def asked(self, plan: object = TOMORROW) -> Announcement:
        """One that waits."""
        item = await self.draft(plan)  # type: ignore[arg-type]
        asked = await self.service.plans.start(HOME, AUTHOR, item.announcement_id)
        assert asked is not None
        return asked

    async def approve(self, item: Announcement, who: int = SECOND) -> Announcement:
        """Approve the version that was looked at."""
        return await self.service.approvals.approve(HOME, who, item.announcement_id, item.version)

    async def state(self, item: Announcement) -> str:
        """How it stands."""
        return (await self.service.look(await self.find(item))).state

    async def next_run(self) -> int | None:
        """When something is posted next."""
        return await self.schedules.next_due_at()


@pytest.fixture
async def room(database: Database, clock: MovableClock) -> Strict:
    """At noon on 14 March 2027."""
    made = Strict(database, clock)
    await made.switch(is_on=True)
    return made


async def test_what_waits_is_posted_only_once_a_second_person_approved_it(room: Strict) -> None:
    item = await room.asked()
    assert (await room.state(item), await room.next_run()) == ("waiting", None)

    approved = await room.approve(item)

    assert (await room.state(item), await room.next_run()) == ("active", room.clock.now() + DAY)
    assert approved == await room.find(item)
    assert (approved.approved_by, approved.asked_by, approved.asked_at) == (SECOND, None, None)


@pytest.mark.parametrize("asker", [AUTHOR, SECOND])
async def test_neither_who_wrote_it_nor_who_asked_can_approve(room: Strict, asker: int) -> None:
    item = await room.draft()
    asked = await room.service.plans.start(HOME, asker, item.announcement_id)
    assert asked is not None

    for who in {AUTHOR, asker}:
        with pytest.raises(RefusalError, match="a second person approves it: any other moderator"):
            await room.approve(asked, who)

    assert await room.next_run() is None
    await room.approve(asked, THIRD)
    assert await room.next_run() is not None


async def test_asking_twice_asks_once(room: Strict) -> None:
    item = await room.draft()
    plans = room.service.plans

    results = await asyncio.gather(
        *(plans.start(HOME, AUTHOR, item.announcement_id) for _ in range(4)),
        *(plans.send_now(HOME, SECOND, item.announcement_id) for _ in range(4)),
        return_exceptions=True,
    )

    assert sum(isinstance(result, Announcement) for result in results) == 1
    assert sum(isinstance(result, RefusalError) for result in results) == 7


async def test_of_many_who_approve_at_once_one_does(room: Strict) -> None:
    item = await room.asked()

    results = await asyncio.gather(
        *(room.approve(item, SECOND + number) for number in range(8)), return_exceptions=True
    )

    (won,) = [result for result in results if isinstance(result, Announcement)]
    refused = [str(result) for result in results if isinstance(result, RefusalError)]
    assert len(refused) == 7
    assert all("doesn't wait for approval any more" in reason for reason in refused)
    assert (await room.find(item)).approved_by == won.approved_by
    assert await room.count() == (1, 1, 1)


Change = Callable[[Strict, Announcement], Awaitable[object]]


async def rewrite(room: Strict, item: Announcement) -> None:
    """Other words."""
    await room.service.rewrite(HOME, AUTHOR, item.announcement_id, OTHER)


async def take_picture_out(room: Strict, item: Announcement) -> None:
    """No picture."""
    await room.service.take_picture_out(HOME, AUTHOR, item.announcement_id)


def choosing(**choice: object) -> Change:
    """Another choice."""

    async def choose(room: Strict, item: Announcement) -> None:
        chosen = replace(choice_of(await room.find(item)), **choice)  # type: ignore[arg-type]
        await room.service.plans.choose(HOME, AUTHOR, item.announcement_id, chosen)

    return choose


LATER = replace(TOMORROW, start=date(2027, 3, 16))
CHANGES = {
    "words": rewrite,
    "picture": take_picture_out,
    "channel": choosing(channel_id=11),
    "role": choosing(role_id=12),
    "time": choosing(plan=LATER),
    "publishing": choosing(is_crossposted=True),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_whatever_is_changed_after_approval_is_not_posted_until_approved_again(
    room: Strict, what: str
) -> None:
    item = await room.approve(await room.asked())

    await CHANGES[what](room, item)

    assert (await room.state(item), await room.next_run()) == ("held", None)
    assert (await room.find(item)).approved_by is None
    with pytest.raises(RefusalError, match="changed since"):
        await room.service.plans.resume(HOME, AUTHOR, item.announcement_id)
    asked = await room.service.plans.start(HOME, AUTHOR, item.announcement_id)
    assert asked is not None
    assert (await room.state(item), await room.next_run()) == ("waiting", None)
    await room.approve(asked)
    assert await room.state(item) == "active"
    assert await room.next_run() == room.clock.now() + (2 * DAY if what == "time" else DAY)
    assert await room.count() == (1, 0 if what == "picture" else 1, 1)


async def test_choosing_the_same_again_keeps_what_was_approved(room: Strict) -> None:
    item = await room.approve(await room.asked())

    await choosing()(room, item)
    await room.service.rewrite(HOME, AUTHOR, item.announcement_id, WORDS)

    assert await room.find(item) == item
    assert await room.state(item) == "active"


@pytest.mark.parametrize("what", CHANGES)
async def test_a_change_while_it_waits_makes_it_a_draft_and_the_old_card_void(
    room: Strict, what: str
) -> None:
    item = await room.asked()

    await CHANGES[what](room, item)

    assert await room.state(item) == "draft"
    with pytest.raises(RefusalError, match="changed meanwhile"):
        await room.approve(item)
    asked = await room.service.plans.start(HOME, AUTHOR, item.announcement_id)
    assert asked is not None
    with pytest.raises(RefusalError, match="this is not what would be posted"):
        await room.approve(item)
    await room.approve(asked)


async def test_approved_and_changed_at_once_nothing_unapproved_is_posted(room: Strict) -> None:
    for number in range(6):
        item = await room.asked(DAILY)
        change = list(CHANGES.values())[number]

        await asyncio.gather(room.approve(item), change(room, item), return_exceptions=True)

        assert await room.state(item) in {"held", "draft"}
        assert await room.next_run() is None


async def test_deleted_or_sent_back_meanwhile_it_is_not_approved(room: Strict) -> None:
    deleted, returned = await room.asked(), await room.asked()
    await room.service.remove(HOME, AUTHOR, deleted.announcement_id)
    await room.service.approvals.send_back(
        HOME, SECOND, returned.announcement_id, returned.version, "  Name the \u200b day. "
    )

    with pytest.raises(RefusalError, match="somebody deleted it"):
        await room.approve(deleted)
    with pytest.raises(RefusalError, match="sent back"):
        await room.approve(returned)

    assert (await room.find(returned)).sent_back == "Name the day."
    assert await room.state(returned) == "draft"
    await room.service.restore(HOME, AUTHOR, deleted.announcement_id)
    assert await room.state(deleted) == "waiting"
    await room.approve(deleted)


async def test_a_time_that_passed_meanwhile_is_refused_and_it_still_waits(room: Strict) -> None:
    once, daily = await room.asked(), await room.asked(DAILY)
    room.clock.move_to(room.clock.now() + DAY + HOUR)

    with pytest.raises(RefusalError, match="Its time passed while it waited"):
        await room.approve(once)

    assert await room.state(once) == "waiting"
    assert await room.next_run() is None
    await room.approve(daily)
    assert await room.next_run() == room.clock.now() + DAY - HOUR


async def test_what_was_to_be_sent_at_once_is_sent_within_a_minute_of_its_approval(
    room: Strict,
) -> None:
    item = await room.draft()
    asked = await room.service.plans.send_now(HOME, AUTHOR, item.announcement_id)
    assert asked is not None
    room.clock.move_to(room.clock.now() + 2 * DAY + 30)

    await room.approve(asked)

    assert await room.next_run() == room.clock.now() + 30


async def test_switched_off_meanwhile_somebody_presses_plan_it(room: Strict) -> None:
    waiting = await room.asked()
    held = await room.approve(await room.asked(DAILY))
    await rewrite(room, held)
    await room.switch(is_on=False)
    assert await room.next_run() is None

    for item in (waiting, held):
        assert await room.service.plans.start(HOME, AUTHOR, item.announcement_id) is None
        assert await room.state(item) == "active"
        assert (await room.find(item)).approved_by is None
    await rewrite(room, waiting)
    assert await room.state(waiting) == "active"


async def test_switched_on_later_what_is_planned_goes_on_until_it_is_changed(
    room: Strict,
) -> None:
    await room.switch(is_on=False)
    item = await room.planned(DAILY)
    await room.switch(is_on=True)
    assert await room.state(item) == "active"

    await rewrite(room, item)

    assert await room.state(item) == "held"


async def test_words_that_nobody_approved_are_not_composed_even_in_the_middle_of_posting(
    room: Strict,
) -> None:
    item = await room.approve(await room.asked(DAILY))
    (schedule,) = await room.schedules.in_guild(HOME)
    announcer = AnnouncementAnnouncer(room.database)
    await announcer.compose(schedule, "1")

    await rewrite(room, item)

    async with room.database.transaction() as tx:
        assert isinstance(await announcer.choose(tx, schedule, "2027-03-15"), Nothing)
    with pytest.raises(LookupError):
        await announcer.compose(schedule, "1")


async def test_who_asked_and_who_approved_is_shown_and_erased(room: Strict) -> None:
    asked = await room.asked()
    approved = await room.approve(await room.asked(DAILY))
    personal = AnnouncementsPersonalData()
    exported = await personal.export(room.database, SECOND)
    assert exported == {
        "announcements": [
            {
                "guild_id": HOME,
                "title": WORDS.title,
                "changed_at": room.clock.now(),
                "wrote": False,
                "asked_for_approval": False,
                "approved": True,
            }
        ]
    }

    async with room.database.transaction() as tx:
        for person in (SECOND, AUTHOR):
            assert "without your id" in (await personal.erase(tx, person) or "")

    for person in (SECOND, AUTHOR):
        assert await personal.export(room.database, person) == {"announcements": []}
    assert (await room.find(approved)).approved_by is None
    assert await room.state(approved) == "active"
    with pytest.raises(RefusalError, match="has erased their data"):
        await room.approve(asked, AUTHOR)


async def test_a_duplicate_is_approved_by_itself(room: Strict) -> None:
    item = await room.approve(await room.asked(DAILY))

    twin = await room.service.copy(HOME, SECOND, item.announcement_id)

    assert (twin.approved_by, twin.asked_at, twin.author_id) == (None, None, SECOND)
    assert await room.state(twin) == "draft"


async def test_asking_approving_and_sending_back_are_in_the_log(room: Strict) -> None:
    item = await room.asked()
    await room.service.approvals.send_back(
        HOME, SECOND, item.announcement_id, item.version, "Name the day."
    )
    asked = await room.service.plans.start(HOME, AUTHOR, item.announcement_id)
    assert asked is not None
    await room.approve(asked)

    entries = [
        entry for entry in await room.audit.latest(HOME) if "approval" in entry.change.action
    ]

    said = [(entry.actor_id, (entry.change.new or "").split(":")[0]) for entry in entries[::-1]]
    assert said == [
        (AUTHOR, "on"),
        (AUTHOR, "asked"),
        (SECOND, "sent back"),
        (AUTHOR, "asked"),
        (SECOND, "approved"),
    ]
