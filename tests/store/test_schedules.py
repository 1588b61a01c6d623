"""Schedules: saved, changed, paused, skipped, and what comes next."""

from dataclasses import replace

from bot.delivery import days
from bot.delivery.ports import Schedule
from bot.delivery.rules import ScheduleState
from bot.delivery.schedules import LEDGER_KEPT
from bot.delivery.times import Recurrence, Run
from tests.store.delivering import DAY, DUE, EVERY_DAY, HOUR, MINUTE, Station, at_five, dropped
from tests.store.postgres import run_statement


def at(schedule: Schedule, minute: int, zone: str = "UTC") -> Schedule:
    return replace(schedule, recurrence=Recurrence(minute, zone, EVERY_DAY))


async def pause(station: Station, schedule: Schedule) -> bool:
    async with station.database.transaction() as tx:
        return await station.schedules.pause(tx, schedule)


async def resume(station: Station, schedule: Schedule) -> bool:
    kept = await station.found(schedule)
    async with station.database.transaction() as tx:
        return await station.schedules.resume(tx, kept)


async def skip(station: Station, schedule: Schedule) -> Run:
    async with station.database.transaction() as tx:
        return await station.schedules.skip_next(tx, schedule)


async def unskip(station: Station, schedule: Schedule, slot: str) -> bool:
    async with station.database.transaction() as tx:
        return await station.schedules.unskip(tx, schedule, slot)


async def test_a_schedule_comes_back_as_it_was_saved(station: Station) -> None:
    large = 2**63 - 1
    wanted = replace(
        at_five(),
        guild_id=large,
        channel_id=large - 1,
        role_id=None,
        is_silent=True,
        recurrence=Recurrence(0, "Asia/Kathmandu", frozenset({0, 6})),
        options={"text": "häppy 🫧", "topics": ["a", "b"]},
    )
    (saved,) = await station.add(wanted)
    assert saved.schedule_id > 0
    assert await station.found(saved) == saved
    assert await station.schedules.in_guild(large) == [saved]
    assert replace(saved, schedule_id=0, next_run_at=None) == wanted
    assert await station.schedules.find(saved.schedule_id + 1) is None


async def test_a_community_lists_its_own_schedules_of_a_kind_or_all(station: Station) -> None:
    mine, other_kind, _ = await station.add(
        at_five(1), replace(at_five(1), kind="songs"), at_five(2)
    )
    assert await station.schedules.in_guild(1) == [mine, other_kind]
    assert await station.schedules.in_guild(1, "songs") == [other_kind]
    assert await station.schedules.in_guild(3) == []


async def test_a_changed_time_does_not_post_the_same_day_again(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    await station.tick(DUE)
    (changed,) = await station.add(at(await station.found(schedule), 18 * 60))
    assert changed.next_run_at == DUE + DAY + 5 * HOUR + 55 * MINUTE
    for hours in range(1, 24):
        await station.tick(DUE + hours * HOUR)
    assert len(station.discord.posts) == 1
    await station.tick(changed.next_run_at)
    assert [row.slot for row in await station.ledger(schedule)] == ["2027-03-14", "2027-03-15"]


async def test_a_time_that_is_changed_before_it_came_is_used_the_same_day(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    (changed,) = await station.add(at(schedule, 13 * 60))
    await station.tick(DUE)
    assert station.discord.posts == []
    assert changed.next_run_at == DUE + 55 * MINUTE
    await station.tick(changed.next_run_at)
    assert len(station.discord.posts) == 1


async def test_a_change_of_zone_gives_no_local_date_two_posts(station: Station) -> None:
    (schedule,) = await station.add(at_five(zone="Pacific/Kiritimati"))
    first = (await station.schedules.upcoming(schedule, 1))[0]
    await station.tick(first.at)
    (changed,) = await station.add(at(await station.found(schedule), 12 * 60 + 5, "Pacific/Niue"))
    assert changed.next_run_at is not None
    await station.tick(changed.next_run_at)
    slots = [row.slot for row in await station.ledger(schedule)]
    assert len(slots) == len(set(slots)) == 2


async def test_a_paused_schedule_posts_nothing_and_makes_up_for_nothing(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    assert await pause(station, schedule)
    kept = await station.found(schedule)
    assert (kept.state, kept.next_run_at) == ("paused", None)
    assert not await pause(station, schedule)
    await station.tick(DUE + 2 * DAY + HOUR)
    assert await resume(station, schedule)
    assert not await resume(station, schedule)
    await station.tick(DUE + 2 * DAY + 2 * HOUR)
    assert station.discord.posts == []
    assert await station.ledger(schedule) == []
    assert (await station.found(schedule)).next_run_at == DUE + 3 * DAY


async def test_a_pause_also_stops_what_was_planned_already(station: Station) -> None:
    waiting, trying = await station.add(at_five(1), at_five(2))
    station.discord.outcomes.extend([dropped, dropped])
    await station.tick(DUE)
    assert await pause(station, waiting)
    assert await pause(station, trying)
    await station.tick(DUE + MINUTE)
    for schedule in (waiting, trying):
        (row,) = await station.ledger(schedule)
        assert (row.state, row.note) == ("skipped", "paused")
    assert station.discord.posts == []


async def test_a_broken_schedule_starts_again_with_the_next_free_day(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    await station.tick(DUE)
    await station.sender._stop(schedule, None, "No permission. Allow it, then press Resume.")
    assert (await station.found(schedule)).state == "broken"
    assert await resume(station, schedule)
    kept = await station.found(schedule)
    assert (kept.state, kept.problem, kept.next_run_at) == ("active", None, DUE + DAY)


async def test_a_skipped_day_is_left_out_and_the_next_one_posts(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    assert await skip(station, schedule) == Run("2027-03-14", DUE)
    assert await skip(station, schedule) == Run("2027-03-15", DUE + DAY)
    assert [run.slot for run in await station.schedules.upcoming(schedule, 2)] == [
        "2027-03-16",
        "2027-03-17",
    ]
    for day in range(3):
        await station.tick(DUE + day * DAY)
    assert [(row.slot, row.state, row.note) for row in await station.ledger(schedule)] == [
        ("2027-03-14", "skipped", "by a moderator"),
        ("2027-03-15", "skipped", "by a moderator"),
        ("2027-03-16", "sent", None),
    ]
    assert len(station.discord.posts) == 1


async def test_a_skip_outlives_a_change_of_time_and_a_pause(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    await skip(station, schedule)
    (changed,) = await station.add(at(await station.found(schedule), 13 * 60))
    assert changed.next_run_at == DUE + DAY + 55 * MINUTE
    await pause(station, changed)
    assert await resume(station, changed)
    assert (await station.found(schedule)).next_run_at == DUE + DAY + 55 * MINUTE


async def test_a_skip_can_be_taken_back_before_its_time(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    run = await skip(station, schedule)
    assert await unskip(station, schedule, run.slot)
    assert not await unskip(station, schedule, run.slot)
    assert (await station.found(schedule)).next_run_at == DUE
    await station.tick(DUE)
    assert len(station.discord.posts) == 1


async def test_what_was_posted_or_missed_cannot_be_taken_back(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    await station.tick(DUE + DAY + HOUR)
    for slot in ("2027-03-14", "2027-03-15", "2027-03-16"):
        assert not await unskip(station, schedule, slot)
    assert len(await station.ledger(schedule)) == 2


async def test_a_skip_whose_time_has_passed_stays(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    run = await skip(station, schedule)
    await station.tick(DUE + HOUR)
    assert not await unskip(station, schedule, run.slot)


async def test_what_was_switched_off_comes_back_and_what_was_paused_stays_paused(
    station: Station,
) -> None:
    going, paused, songs = await station.add(
        at_five(1), at_five(1), replace(at_five(1), kind="songs")
    )
    await pause(station, paused)
    async with station.database.transaction() as tx:
        await station.schedules.switch_off(tx, 1, "quotes")
    states = [(await station.found(item)).state for item in (going, paused, songs)]
    assert states == [ScheduleState.AWAY, ScheduleState.PAUSED, ScheduleState.ACTIVE]
    async with station.database.transaction() as tx:
        await station.schedules.switch_on(tx, 1)
    states = [(await station.found(item)).state for item in (going, paused, songs)]
    assert states == [ScheduleState.ACTIVE, ScheduleState.PAUSED, ScheduleState.ACTIVE]
    assert (await station.found(going)).next_run_at == DUE


async def test_a_deleted_schedule_takes_its_ledger_along(station: Station) -> None:
    gone, mine, kept = await station.add(at_five(1), at_five(1), at_five(2))
    await station.tick(DUE)
    async with station.database.transaction() as tx:
        await station.schedules.remove(tx, gone.schedule_id)
    assert await station.ledger(gone) == []
    assert len(await station.ledger(mine)) == 1
    async with station.database.transaction() as tx:
        await station.schedules.remove_guild(tx, 1)
    assert await station.ledger(mine) == []
    assert len(await station.ledger(kept)) == 1


async def test_the_ledger_forgets_what_was_finished_ninety_days_ago(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    for day in range(3):
        await station.tick(DUE + day * DAY)
    station.clock.move_to(DUE + DAY + LEDGER_KEPT)
    await station.schedules.prune()
    assert [row.slot for row in await station.ledger(schedule)] == ["2027-03-15", "2027-03-16"]


async def test_a_slot_that_was_left_out_long_ahead_stays_left_out(station: Station) -> None:
    rule = days.around(10, 10, [-14, -1])
    yearly = replace(at_five(), recurrence=Recurrence(725, "UTC", days=rule))
    (schedule,) = await station.add(yearly)
    first, second = station.schedules.all_runs(schedule, 2)
    async with station.database.transaction() as tx:
        assert await station.schedules.skip(tx, schedule, second.slot)

    station.clock.move_to(DUE + DAY + LEDGER_KEPT)
    await station.schedules.prune()
    await station.tick(first.at)
    await station.tick(second.at)

    assert len(station.discord.posts) == 1
    station.clock.move_to(second.at + DAY + LEDGER_KEPT)
    await station.schedules.prune()
    assert await station.ledger(schedule) == []


async def test_the_ledger_keeps_what_another_part_of_the_bot_forgets_itself(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    await station.tick(DUE)
    station.clock.move_to(DUE + DAY + LEDGER_KEPT)

    await station.schedules.prune(kept_kind=schedule.kind)

    assert len(await station.ledger(schedule)) == 1


async def test_the_backlog_tells_how_much_waits_and_since_when(station: Station) -> None:
    assert (await station.schedules.backlog()).waiting == 0
    assert await station.schedules.next_due_at() is None
    await station.add(at_five(1), at_five(2))
    station.discord.outcomes.extend([dropped, dropped])
    await station.tick(DUE)
    backlog = await station.schedules.backlog()
    assert (backlog.waiting, backlog.oldest_at) == (2, DUE)


async def test_a_community_still_lists_its_schedules_when_one_has_a_zone_no_more(
    station: Station, database_url: str
) -> None:
    good, bad = await station.add(at_five(1), at_five(1))
    statement = f"UPDATE schedules SET zone = 'Mars/Olympus' WHERE id = {bad.schedule_id}"
    await run_statement(database_url, statement)
    assert good in await station.schedules.in_guild(1)
