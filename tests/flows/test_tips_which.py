"""Which schedule is meant, where there is none, one or several."""

from tests.flows.conftest import Community
from tests.flows.reading import answer, choose, press, words
from tests.flows.tips import (
    demote,
    labels_of,
    run,
    save_schedule,
    save_two,
    some_tip,
    the_schedule,
)


async def test_words_that_fit_no_tip_or_many_are_refused_with_a_hint(
    community: Community,
) -> None:
    await save_two(community)

    nothing = await run(community, "pin", tip="x:y " * 60)
    assert "I have no such tip here" in words(nothing)
    many = await run(community, "pin", tip="sleep")
    assert "tips fit those words" in words(many)
    blank = await run(community, "pin", tip=" ")
    assert "I have no such tip here" in words(blank)


async def test_with_several_schedules_each_command_asks_which_one(community: Community) -> None:
    one, two = await save_two(community)
    tip = some_tip(community)

    for command, options, done in (
        ("skip", {}, "is left out"),
        ("pin", {"tip": tip.id}, "is posted next"),
        ("pause", {}, "Paused"),
        ("resume", {}, "Running"),
        ("history", {}, "History"),
    ):
        asked = await run(community, command, **options)
        assert "Which schedule?" in words(asked)
        chosen = await choose(community.moderator, asked, "queue:choose", [two])
        assert done in words(chosen)
        assert answer(chosen).id == answer(asked).id

    assert await community.services.curation.pinned(int(two)) == tip.id
    assert await community.services.curation.pinned(int(one)) is None


async def test_a_schedule_that_is_not_there_is_refused(community: Community) -> None:
    await save_schedule(community)

    for wanted in ("999", "#community", "x" * 200):
        refused = await run(community, "pause", schedule=wanted)
        assert "That schedule is not there" in words(refused)


async def test_a_choice_among_schedules_survives_a_restart(community: Community) -> None:
    _, two = await save_two(community)
    asked = await run(community, "pin", tip=some_tip(community).id)
    await community.restart()

    chosen = await choose(community.moderator, asked, "queue:choose", [two])

    assert "is posted next" in words(chosen)


async def test_without_any_schedule_each_command_offers_to_make_one(community: Community) -> None:
    tip = some_tip(community).id
    for command, options in (
        ("skip", {}),
        ("pin", {"tip": tip}),
        ("pause", {}),
        ("resume", {}),
        ("history", {}),
        ("pause", {"schedule": "1"}),
    ):
        told = await run(community, command, **options)
        if "schedule" in options:
            assert "That schedule is not there" in words(told)
            continue
        assert "There are no daily tips here yet" in words(told)

    panel = await press(community.moderator, await run(community, "skip"), "Schedule daily tips")
    assert "a new schedule" in words(panel)


async def test_a_deleted_schedules_buttons_say_that_it_is_gone(community: Community) -> None:
    await save_schedule(community)
    skipped = await run(community, "skip")
    pinned = await run(community, "pin", tip=some_tip(community).id)
    paused = await run(community, "pause")
    async with community.services.database.transaction() as tx:
        await community.services.schedules.remove(tx, (await the_schedule(community)).schedule_id)

    for result, label in ((skipped, "Undo"), (pinned, "Undo"), (paused, "Resume")):
        assert "not there" in words(await press(community.moderator, result, label))


async def test_who_is_no_moderator_any_more_undoes_nothing(community: Community) -> None:
    await save_schedule(community)
    skipped = await run(community, "skip")
    pinned = await run(community, "pin", tip=some_tip(community).id)
    paused = await run(community, "pause")
    await demote(community)

    for result, label in ((skipped, "Undo"), (pinned, "Undo"), (paused, "Resume")):
        assert "Manage Server" in words(await press(community.moderator, result, label))
        assert label in labels_of(answer(result))
