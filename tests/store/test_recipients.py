"""Posts for people: a copy for each who asked, once, and nobody's name is kept afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.delivery.personal_data import DeliveriesPersonalData
from bot.delivery.ports import Nothing, Recipient, Schedule, UnreachableError, WithdrawnError
from bot.delivery.rules import reference_of
from bot.storage import Database, Transaction
from tests.store.delivering import DUE, HOUR, Station, at_five, killed, lost, rejected

ASKED = (Recipient(1, 501), Recipient(2, 502), Recipient(3, 503))


@dataclass
class Letters:
    """A feature whose posts are for people."""

    people: list[Recipient] = field(default_factory=lambda: list(ASKED))
    is_over: bool = False

    async def find(self, tx: Transaction, schedule: Schedule) -> Sequence[Recipient]:
        """Everybody who asked, in the planner's transaction."""
        assert schedule.kind == "notes"
        return self.people

    async def choose(self, tx: Transaction, schedule: Schedule, slot: str) -> str | Nothing:
        """A letter for whoever still asks for it."""
        references = {one.reference for one in self.people}
        return f"letter {slot}" if reference_of(slot) in references else Nothing()

    async def compose(self, schedule: Schedule, content_id: str) -> str:
        """The letter, unless it is not wanted any more."""
        if self.is_over:
            raise WithdrawnError
        return content_id


@pytest.fixture
def letters(station: Station) -> Letters:
    feature = Letters()
    station.sender.announcers.register("notes", feature, recipients=feature.find)
    return feature


async def add_letter(station: Station) -> Schedule:
    (schedule,) = await station.add(replace(at_five(), kind="notes", channel_id=0, role_id=None))
    return schedule


async def test_everybody_who_asked_gets_a_copy_once(station: Station, letters: Letters) -> None:
    schedule = await add_letter(station)
    await station.tick(DUE)
    await station.tick(DUE + 60)

    assert sorted(post.recipient_id or 0 for post in station.discord.posts) == [501, 502, 503]
    assert {post.body for post in station.discord.posts} == {
        f"letter 2027-03-14#{one.reference}" for one in ASKED
    }
    assert {row.state for row in await station.ledger(schedule)} == {"sent"}


async def test_nobodys_id_stays_in_the_ledger_once_it_is_finished(
    station: Station, letters: Letters
) -> None:
    schedule = await add_letter(station)
    await station.tick(DUE)
    assert [row.recipient_id for row in await station.ledger(schedule)] == [None] * 3


async def test_a_copy_is_found_again_after_a_crash_instead_of_being_sent_twice(
    station: Station, letters: Letters
) -> None:
    schedule = await add_letter(station)
    station.discord.outcomes.extend([killed, lost, killed])
    await station.tick(DUE)
    after = station.successor()
    after.sender.announcers.register("notes", letters, recipients=letters.find)
    await after.tick(DUE + 10 * 60)

    assert len(station.discord.posts) == 3
    assert station.discord.searches == 3
    assert {row.state for row in await station.ledger(schedule)} == {"sent"}


async def test_who_asks_no_more_before_it_is_sent_gets_nothing_and_nobody_is_told(
    station: Station, letters: Letters
) -> None:
    schedule = await add_letter(station)

    async def leave(tx: Transaction, schedule: Schedule) -> Sequence[Recipient]:
        found = list(letters.people)
        del letters.people[1]
        return found

    station.sender.announcers.recipients["notes"] = leave
    await station.tick(DUE)
    assert sorted(post.recipient_id or 0 for post in station.discord.posts) == [501, 503]
    assert station.moderators.told == []
    assert {row.state for row in await station.ledger(schedule)} == {"sent", "skipped"}


async def test_one_person_who_cannot_be_written_to_stops_nothing(
    station: Station, letters: Letters
) -> None:
    schedule = await add_letter(station)

    def unreachable() -> None:
        raise UnreachableError

    station.discord.outcomes.append(unreachable)
    station.discord.refusals.add(unreachable)
    await station.tick(DUE)
    assert len(station.discord.posts) == 2
    assert (await station.found(schedule)).state == "active"
    assert station.moderators.told == []
    notes = sorted(row.note or "" for row in await station.ledger(schedule))
    assert notes == ["", "", "unreachable"]


async def test_no_desk_is_told_of_a_letter_that_discord_rejects(
    station: Station, letters: Letters
) -> None:
    schedule = await add_letter(station)
    station.discord.outcomes.append(rejected)
    await station.tick(DUE)
    assert sorted(row.note or "" for row in await station.ledger(schedule)) == ["", "", "rejected"]
    assert station.moderators.told == []


async def test_what_was_tried_and_is_not_wanted_any_more_is_never_sent(
    station: Station, letters: Letters
) -> None:
    schedule = await add_letter(station)
    letters.is_over = True
    await station.tick(DUE)
    assert station.discord.posts == []
    assert {row.note for row in await station.ledger(schedule)} == {"withdrawn"}


async def test_nobody_is_written_down_for_what_is_too_late(
    station: Station, letters: Letters
) -> None:
    schedule = await add_letter(station)
    await station.tick(DUE + 4 * HOUR)
    assert station.discord.posts == []
    assert await station.ledger(schedule) == []


async def test_a_person_sees_what_waits_for_them_and_takes_it_back(
    station: Station, letters: Letters, database: Database
) -> None:
    schedule = await add_letter(station)
    station.discord.outcomes.extend([killed] * 3)
    await station.tick(DUE)
    own = DeliveriesPersonalData()
    assert await own.export(database, 502) == {"deliveries": [{"kind": "notes", "due_at": DUE}]}
    async with database.transaction() as tx:
        assert await own.erase(tx, 502) is None
    assert await own.export(database, 502) == {"deliveries": []}
    assert len(await station.ledger(schedule)) == 2


@pytest.mark.parametrize("change", ["pause", "restored"])
async def test_stopping_a_schedule_forgets_who_waited(
    station: Station, letters: Letters, change: str
) -> None:
    schedule = await add_letter(station)
    station.sender.announcers.by_kind.pop("notes")
    station.clock.move_to(DUE)
    station.sender._closing.set()
    await station.engine.tick()
    assert {row.recipient_id for row in await station.ledger(schedule)} == {501, 502, 503}
    if change == "pause":
        async with station.database.transaction() as tx:
            await station.schedules.pause(tx, await station.found(schedule))
    else:
        await station.schedules.skip_missed()
    assert {row.recipient_id for row in await station.ledger(schedule)} == {None}
