"""The sender: each slot once, whatever dies in between, and moderators told once."""

import asyncio
import logging
from dataclasses import replace

import pytest

from bot.clock import MovableClock
from bot.delivery import rules
from bot.delivery.planner import plan
from bot.delivery.ports import Nothing, Post, Schedule, Turn
from bot.storage import Database, Transaction
from bot.tips.rules import Bag
from bot.tips.store import fetch_bag, save_bag
from tests.store.delivering import (
    DAY,
    DUE,
    HOUR,
    MINUTE,
    Discord,
    Quotes,
    Station,
    at_five,
    dropped,
    killed,
    lost,
    refused,
    rejected,
    unreadable,
)


async def test_a_due_slot_is_posted_once_with_everything_it_needs(station: Station) -> None:
    (schedule,) = await station.add(at_five(7))
    await station.tick(DUE - 1)
    assert station.discord.posts == []
    await station.tick(DUE)
    await station.tick(DUE + 1)

    (post,) = station.discord.posts
    assert (post.guild_id, post.channel_id, post.kind, post.body) == (7, 70, "quotes", "hello")
    assert (post.role_id, post.is_silent) == (700, False)
    (row,) = await station.ledger(schedule)
    assert (row.slot, row.due_at, row.state, row.key) == ("2027-03-14", DUE, "sent", post.key)
    assert (row.message_id, row.attempts, row.content_id) == (0, 1, "hello")
    assert row.finished_at == DUE


async def test_every_day_has_a_slot_and_a_key_of_its_own(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    for day in range(5):
        await station.tick(DUE + day * DAY)
    assert [row.slot for row in await station.ledger(schedule)] == [
        f"2027-03-{14 + day}" for day in range(5)
    ]
    assert len({post.key for post in station.discord.posts}) == 5


async def test_two_processes_on_one_database_post_every_slot_once(
    station: Station, other: Database
) -> None:
    schedules = await station.add(*(at_five(number) for number in range(1, 251)))
    second = station.successor(other)
    for day in range(2):
        station.clock.move_to(DUE + day * DAY)
        await asyncio.gather(station.engine.tick(), second.engine.tick())
    keys = [post.key for post in station.discord.posts]
    channels = sorted(post.channel_id for post in station.discord.posts)
    assert channels == sorted([schedule.channel_id for schedule in schedules] * 2)
    assert len(set(keys)) == len(keys) == 500
    assert (await station.schedules.backlog()).waiting == 0


@pytest.mark.parametrize("outcome", [lost, dropped, killed])
@pytest.mark.parametrize("later", [31, 100, 121, 10 * MINUTE, 2 * HOUR])
async def test_whatever_became_of_the_first_attempt_the_slot_is_posted_once(
    station: Station, outcome: object, later: int
) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.append(outcome)  # type: ignore[arg-type]
    await station.tick(DUE)
    successor = station.successor()
    await successor.tick(DUE + later)
    await successor.tick(DUE + later + HOUR - MINUTE)
    assert len(station.discord.posts) == 1
    assert [row.state for row in await station.ledger(schedule)] == ["sent"]


@pytest.mark.parametrize(
    ("later", "searches"), [(rules.NONCE_SECONDS, 0), (rules.NONCE_SECONDS + 1, 1)]
)
async def test_a_repeat_searches_first_only_when_the_nonce_may_be_forgotten(
    station: Station, later: int, searches: int
) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.append(lost)
    await station.tick(DUE)
    await station.tick(DUE + later)
    assert station.discord.searches == searches
    assert len(station.discord.posts) == 1
    assert [row.attempts for row in await station.ledger(schedule)] == [2 - searches]


async def test_a_lease_keeps_others_away_until_it_ends(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.append(killed)
    await station.tick(DUE)
    successor = station.successor()
    await successor.tick(DUE + rules.LEASE_SECONDS - 1)
    assert [row.state for row in await station.ledger(schedule)] == ["sending"]
    await successor.tick(DUE + rules.LEASE_SECONDS)
    assert [row.state for row in await station.ledger(schedule)] == ["sent"]


async def test_an_unknown_outcome_is_tried_again_after_a_while_by_the_same_process(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.extend([dropped] * 3)
    at, attempts = DUE, []
    await station.tick(at)
    for delay in rules.RETRY_SECONDS[:3]:
        await station.tick(at + delay - 1)
        attempts.append((await station.ledger(schedule))[0].attempts)
        at += delay
        await station.tick(at)
    assert attempts == [1, 2, 3]
    assert len(station.discord.posts) == 1


async def test_where_nobody_can_tell_nothing_is_posted_and_moderators_are_told_once(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.append(lost)
    await station.tick(DUE)
    station.discord.history = unreadable
    for minutes in range(3, 60):
        await station.tick(DUE + minutes * MINUTE)
    assert len(station.discord.posts) == 1
    assert [text for _, text in station.moderators.told] == [
        "Breather may not read the history. Allow it, then press Resume."
    ]
    kept = await station.found(schedule)
    assert (kept.state, kept.problem) == ("broken", station.moderators.told[0][1])
    assert [row.state for row in await station.ledger(schedule)] == ["sending"]


async def test_a_held_post_is_found_once_the_history_can_be_read(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.append(lost)
    await station.tick(DUE)
    station.discord.history = unreadable
    await station.tick(DUE + 5 * MINUTE)
    station.discord.history = None
    await station.tick(DUE + HOUR)
    assert [row.state for row in await station.ledger(schedule)] == ["sent"]
    assert len(station.discord.posts) == 1


async def test_a_post_that_stayed_unknown_until_it_was_too_late_is_given_up(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.append(dropped)
    await station.tick(DUE)
    station.discord.history = unreadable
    await station.tick(DUE + 3 * HOUR + 1)
    (row,) = await station.ledger(schedule)
    assert (row.state, row.note) == ("failed", "refused")


async def test_a_refused_channel_stops_its_schedule_and_moderators_are_told_once(
    station: Station,
) -> None:
    good, bad = await station.add(at_five(1), at_five(2))
    station.discord.outcomes.append(refused)
    await station.tick(DUE)
    for day in range(1, 4):
        await station.tick(DUE + day * DAY)
    stopped, going = sorted(
        [await station.found(good), await station.found(bad)],
        key=lambda item: item.state != "broken",
    )
    assert (stopped.state, stopped.next_run_at) == ("broken", None)
    assert (going.state, going.next_run_at) == ("active", DUE + 4 * DAY)
    assert [guild_id for guild_id, _ in station.moderators.told] == [stopped.guild_id]
    assert [(row.state, row.note) for row in await station.ledger(stopped)] == [
        ("failed", "refused")
    ]
    assert len(station.discord.posts) == 4


async def test_an_answer_about_the_old_channel_leaves_a_schedule_with_a_new_one_alone(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.extend([dropped, refused])
    await station.tick(DUE)
    await station.add(replace(schedule, channel_id=77))
    await station.tick(DUE + MINUTE)
    await station.tick(DUE + DAY)

    kept = await station.found(schedule)
    assert (kept.state, kept.problem) == ("active", None)
    assert station.moderators.told == []
    assert [post.channel_id for post in station.discord.posts] == [77]
    assert [(row.state, row.note) for row in await station.ledger(schedule)] == [
        ("failed", "refused"),
        ("sent", None),
    ]


async def test_a_history_of_the_old_channel_leaves_a_schedule_with_a_new_one_alone(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.append(lost)
    await station.tick(DUE)
    await station.add(replace(schedule, channel_id=77))
    station.discord.history = unreadable
    await station.tick(DUE + 5 * MINUTE)
    assert (await station.found(schedule)).state == "active"
    assert [row.state for row in await station.ledger(schedule)] == ["sending"]


async def test_a_channel_that_is_chosen_while_the_old_one_refuses_is_kept(
    database: Database, clock: MovableClock
) -> None:
    discord = Gated(clock)
    station = Station(database, clock, discord)
    (schedule,) = await station.add(at_five(1))
    discord.outcomes.append(refused)
    clock.move_to(DUE)
    minute = asyncio.create_task(station.engine.tick())
    while not discord.asked:
        await asyncio.sleep(0)
    await station.add(replace(schedule, channel_id=20))
    discord.gates[10].set()
    await minute
    kept = await station.found(schedule)
    assert (kept.state, kept.channel_id, kept.next_run_at) == ("active", 20, DUE + DAY)
    assert station.moderators.told == []


async def test_of_posts_that_discord_rejects_one_after_the_other_the_first_is_told(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.extend([rejected] * 3)
    for day in range(4):
        await station.tick(DUE + day * DAY)
    ((guild_id, words),) = station.moderators.told
    assert guild_id == schedule.guild_id
    assert f"<#{schedule.channel_id}>" in words
    assert f"<t:{DUE}:f>" in words
    assert (await station.found(schedule)).state == "active"
    assert [row.note for row in await station.ledger(schedule)] == ["rejected"] * 3 + [None]

    station.discord.outcomes.append(rejected)
    await station.tick(DUE + 4 * DAY)
    assert len(station.moderators.told) == 2


async def test_a_rejected_post_is_told_although_one_to_come_is_left_out(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.append(rejected)
    async with station.database.transaction() as tx:
        assert await station.schedules.skip(tx, schedule, "2027-03-15")
    await station.tick(DUE)
    await station.tick(DUE + DAY)
    assert len(station.moderators.told) == 1


async def test_a_rejected_post_is_finished_only_when_moderators_were_told(station: Station) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.extend([rejected] * 2)
    station.moderators.outcomes.append(dropped)
    await station.tick(DUE)
    assert [row.state for row in await station.ledger(schedule)] == ["sending"]
    await station.tick(DUE + MINUTE)
    assert [row.note for row in await station.ledger(schedule)] == ["rejected"]
    assert len(station.moderators.told) == 1
    assert station.discord.posts == []


@pytest.mark.parametrize(
    ("late", "is_silent", "role_id"), [(10 * MINUTE, False, 100), (10 * MINUTE + 1, True, None)]
)
async def test_a_late_post_is_silent_and_pings_nobody(
    station: Station,
    late: int,
    is_silent: bool,
    role_id: int | None,
) -> None:
    await station.add(at_five())
    await station.tick(DUE + late)
    (post,) = station.discord.posts
    assert (post.is_silent, post.role_id) == (is_silent, role_id)


@pytest.mark.parametrize(("late", "state"), [(3 * HOUR, "sent"), (3 * HOUR + 1, "skipped")])
async def test_a_post_that_was_planned_in_time_is_skipped_when_it_is_too_late_to_send(
    station: Station, late: int, state: str
) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.append(dropped)
    await station.tick(DUE)
    await station.tick(DUE + late)
    (row,) = await station.ledger(schedule)
    assert (row.state, row.note) == (state, None if state == "sent" else "late")


def letter() -> Schedule:
    """A schedule of a kind whose late posts moderators are told of."""
    return replace(at_five(3), kind="letters")


async def test_a_late_post_is_left_out_only_when_moderators_were_told(station: Station) -> None:
    (schedule,) = await station.add(letter())
    station.moderators.outcomes.append(dropped)
    late = DUE + 3 * HOUR + 1
    await station.tick(late)
    assert [row.state for row in await station.ledger(schedule)] == ["sending"]
    await station.tick(late + MINUTE)
    await station.tick(late + 2 * MINUTE)

    (row,) = await station.ledger(schedule)
    assert (row.state, row.note) == ("skipped", "late")
    assert station.moderators.told == [(3, f"hello was due at {DUE}")]


async def test_of_several_late_posts_moderators_are_told_of_the_latest(station: Station) -> None:
    await station.add(letter())
    await station.tick(DUE + 2 * DAY + 4 * HOUR)
    assert station.moderators.told == [(3, f"hello was due at {DUE + 2 * DAY}")]


async def test_they_are_told_although_a_later_one_is_posted_in_time(station: Station) -> None:
    await station.add(letter())
    await station.tick(DUE + DAY + HOUR)
    assert station.moderators.told == [(3, f"hello was due at {DUE}")]
    assert len(station.discord.posts) == 1


async def test_they_are_told_although_one_to_come_is_left_out(station: Station) -> None:
    (schedule,) = await station.add(letter())
    async with station.database.transaction() as tx:
        assert await station.schedules.skip(tx, schedule, "2027-03-15")
    await station.tick(DUE + 4 * HOUR)
    assert station.moderators.told == [(3, f"hello was due at {DUE}")]


async def test_a_schedule_with_nothing_to_say_skips_the_day_and_says_why(station: Station) -> None:
    (schedule,) = await station.add(at_five(3, text=""))
    await station.tick(DUE)
    (row,) = await station.ledger(schedule)
    assert (row.state, row.note) == ("skipped", "nothing fits")
    assert station.moderators.told == [(3, "There is nothing to say.")]
    assert (await station.found(schedule)).state == "active"


async def test_one_bad_community_does_not_stop_the_others(
    station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "bot.delivery.sender")

    def burst() -> None:
        message = "a bug"
        raise ZeroDivisionError(message)

    await station.add(*(at_five(number) for number in range(1, 6)))
    station.discord.outcomes.append(burst)
    await station.tick(DUE)
    await station.tick(DUE + MINUTE)
    assert sorted(post.channel_id for post in station.discord.posts) == [10, 20, 30, 40, 50]


async def test_closing_finishes_the_posts_in_flight_and_takes_no_new_ones(
    station: Station,
) -> None:
    await station.add(*(at_five(number) for number in range(1, 41)))
    station.clock.move_to(DUE)
    ticking = asyncio.create_task(station.engine.tick())
    while not station.discord.posts:
        await asyncio.sleep(0)
    await station.engine.close()
    await ticking
    assert (await station.schedules.backlog()).waiting == 0
    assert await station.sender.drain() == 0


async def test_a_delivery_whose_schedule_was_deleted_meanwhile_is_gone_with_it(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    station.discord.outcomes.append(dropped)
    await station.tick(DUE)
    async with station.database.transaction() as tx:
        await station.schedules.remove(tx, schedule.schedule_id)
    await station.tick(DUE + MINUTE)
    assert station.discord.posts == []
    assert await station.ledger(schedule) == []


class Drawer(Quotes):
    """Writes something down whenever it chooses, as a shuffle bag does."""

    async def choose(self, tx: Transaction, schedule: Schedule, slot: str) -> str | Nothing:
        """Keep a bag, then choose."""
        await save_bag(tx, schedule.schedule_id, Bag(("drawn",), "drawn"))
        return await super().choose(tx, schedule, slot)


async def test_what_was_drawn_goes_back_when_another_process_took_the_delivery_over(
    station: Station,
) -> None:
    (schedule,) = await station.add(at_five())
    station.sender.announcers.by_kind["quotes"] = Drawer()
    station.clock.move_to(DUE)
    await plan(station.database, DUE)
    (mine,) = await station.sender._ledger.lease(1, letters=False)

    successor = station.successor()
    await successor.tick(DUE + rules.LEASE_SECONDS + 1)
    await station.sender._deliver_guarded(replace(mine, content_id=None))

    assert len(station.discord.posts) == 1
    assert await fetch_bag(station.database, schedule.schedule_id) == (Bag(), None)


class Gated(Discord):
    """Holds messages back until their channel's gate is opened."""

    def __init__(self, clock: MovableClock) -> None:
        super().__init__(clock)
        self.gates = {10: asyncio.Event(), 20: asyncio.Event()}
        self.asked: list[int] = []

    async def post(self, post: Post, turn: Turn) -> int:
        """Wait at the channel's gate."""
        self.asked.append(post.channel_id)
        await self.gates[post.channel_id].wait()
        return await super().post(post, turn)


async def test_a_post_under_way_is_not_begun_again_when_the_machine_slept_past_its_lease(
    station: Station,
) -> None:
    discord = Gated(station.clock)
    slow = Station(station.database, station.clock, discord)
    await slow.add(at_five(1), at_five(2))
    slow.clock.move_to(DUE)
    minute = asyncio.create_task(slow.engine.tick())
    while len(discord.asked) < 2:
        await asyncio.sleep(0)
    slow.clock.move_to(DUE + HOUR)
    discord.gates[20].set()
    while (await slow.schedules.backlog()).waiting > 1:
        await asyncio.sleep(0)
    await slow.schedules.backlog()  # meanwhile the sender leases what is due
    discord.gates[10].set()
    await minute

    assert sorted(discord.asked) == [10, 20]
    assert discord.searches == 0
