"""Moderators leave the next tip out, and take that back."""

from tests.flows.conftest import Community
from tests.flows.reading import press, words
from tests.flows.tips import (
    DAY,
    HOUR,
    NINE_IN_UTC,
    posts,
    run,
    save_schedule,
    some_tip,
    the_schedule,
)


async def test_a_skipped_tip_is_left_out_and_the_next_one_comes(community: Community) -> None:
    await save_schedule(community)

    skipped = await run(community, "skip")
    assert "The tip of Mon 15 Mar 2027, 09:00" in words(skipped)
    assert f"<#{community.general.id}>" in words(skipped)
    assert "Tue 16 Mar 2027, 09:00 in UTC" in words(skipped)

    await community.travel_to(NINE_IN_UTC)
    assert posts(community.general) == []
    await community.travel_to(NINE_IN_UTC + DAY)
    assert len(posts(community.general)) == 1
    assert "2027-03-15 · skipped by a moderator" in words(await run(community, "history"))


async def test_a_skip_can_be_undone(community: Community) -> None:
    await save_schedule(community)
    skipped = await run(community, "skip")

    undone = await press(community.moderator, skipped, "Undo")

    assert "Undone: the tip of Mon 15 Mar 2027, 09:00 will be posted" in words(undone)
    await community.travel_to(NINE_IN_UTC)
    assert len(posts(community.general)) == 1


async def test_a_skip_can_be_undone_after_a_restart(community: Community) -> None:
    await save_schedule(community)
    skipped = await run(community, "skip")
    await community.restart()

    assert "Undone" in words(await press(community.moderator, skipped, "Undo"))


async def test_each_skip_leaves_one_more_day_out(community: Community) -> None:
    await save_schedule(community)
    await run(community, "skip")

    skipped = await run(community, "skip")

    assert "The tip of Tue 16 Mar 2027" in words(skipped)
    assert "Wed 17 Mar 2027" in words(skipped)


async def test_a_skip_whose_time_has_passed_cannot_be_undone(community: Community) -> None:
    await save_schedule(community)
    skipped = await run(community, "skip")
    await community.travel_to(NINE_IN_UTC + HOUR)

    late = await press(community.moderator, skipped, "Undo")

    assert "nothing to undo" in words(late)
    assert "skipped by a moderator" in words(await run(community, "history"))


async def test_a_skip_that_was_undone_elsewhere_is_not_undone_twice(community: Community) -> None:
    await save_schedule(community)
    skipped = await run(community, "skip")
    async with community.services.database.transaction() as tx:
        schedule = await the_schedule(community)
        await community.services.schedules.unskip(tx, schedule, "2027-03-15")

    assert "nothing to undo" in words(await press(community.moderator, skipped, "Undo"))


async def test_undoing_a_skip_of_a_paused_schedule_says_that_it_is_paused(
    community: Community,
) -> None:
    await save_schedule(community)
    skipped = await run(community, "skip")
    await run(community, "pause")

    undone = await press(community.moderator, skipped, "Undo")

    assert "The schedule is paused, though" in words(undone)


async def test_nothing_can_be_skipped_while_the_schedule_stands_still(
    community: Community,
) -> None:
    await save_schedule(community)
    await run(community, "pause")

    assert "Nothing is coming up: this schedule is paused." in words(await run(community, "skip"))


async def test_skips_pins_and_pauses_are_in_the_log(community: Community) -> None:
    await save_schedule(community)
    tip = some_tip(community).id
    await press(community.moderator, await run(community, "skip"), "Undo")
    await press(community.moderator, await run(community, "pin", tip=tip), "Undo")
    await press(community.moderator, await run(community, "pause"), "Resume")

    entries = [entry.change for entry in await community.services.audit.latest(community.guild.id)]

    changes = [(change.old, change.new) for change in entries][-2::-1]
    assert changes == [
        ("planned", "skipped"),
        ("skipped", "planned"),
        (None, tip),
        (tip, None),
        ("active", "paused"),
        ("paused", "active"),
    ]
