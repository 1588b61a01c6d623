"""The panel of a schedule: each choice, and what outlives a restart."""

from typing import Any

import pytest

from tests.flows.conftest import Community
from tests.flows.presence import press_older
from tests.flows.reading import choose, labels, press, words
from tests.flows.tips import (
    open_panel,
    save_schedule,
    the_schedule,
)


async def type_time(community: Community, panel: Any, text: str) -> Any:
    """Fill in the form behind the button Time."""
    form = await press(community.moderator, panel, "Time")
    return await community.moderator.submit_modal(form, {"text": text})


async def type_zone(community: Community, panel: Any, text: str) -> Any:
    """Fill in the form behind the button Zone."""
    form = await press(community.moderator, panel, "Zone")
    return await community.moderator.submit_modal(form, {"text": text})


async def test_the_first_command_opens_a_panel_for_a_new_schedule(community: Community) -> None:
    panel = await community.moderator.slash(community.desk, "tips schedule")

    assert panel.ephemeral
    assert "a new schedule" in words(panel)
    assert "Choose a channel or thread first" in words(panel)
    assert "At **09:00** in **UTC**, every day" in words(panel)
    assert "Delete" not in labels(panel)


async def test_the_panel_begins_with_what_setup_knows(community: Community) -> None:
    await community.services.guilds.change(
        community.guild.id, 1, zone="Asia/Kolkata", community_channel_id=community.general.id
    )

    panel = await community.moderator.slash(community.desk, "tips schedule")

    assert "Asia/Kolkata" in words(panel)
    assert f"In <#{community.general.id}>." in words(panel)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("EST", "America/New_York"),
        ("UTC", "UTC"),
        ("Kolkata", "Asia/Kolkata"),
    ],
)
async def test_people_find_their_zone_while_they_type(
    community: Community, typed: str, zone: str
) -> None:
    choices = await community.moderator.autocomplete(community.desk, "tips schedule", "zone", typed)

    assert zone in [choice["value"] for choice in choices]


async def test_a_zone_that_was_typed_and_not_chosen_leads_to_a_choice(
    community: Community,
) -> None:
    asked = await community.moderator.slash(community.desk, "tips schedule", zone="buenos aires")
    assert "Which of these is it?" in words(asked)

    panel = await choose(
        community.moderator, asked, "schedule:pick", ["America/Argentina/Buenos_Aires"]
    )

    assert "America/Argentina/Buenos_Aires" in words(panel)


async def test_a_zone_that_nobody_knows_can_be_typed_again(community: Community) -> None:
    asked = await community.moderator.slash(community.desk, "tips schedule", zone="@here 123 qq")

    assert "no time zone like" in words(asked)
    assert "@here" not in words(asked)
    form = await press(community.moderator, asked, "Type again")
    panel = await community.moderator.submit_modal(form, {"text": "Europe/Lisbon"})
    assert "Europe/Lisbon" in words(panel)


async def test_every_choice_is_kept_and_shown(community: Community) -> None:
    moderator = community.moderator
    panel = await open_panel(community)
    panel = await choose(moderator, panel, "schedule:days", ["0", "2"])
    panel = await choose(moderator, panel, "schedule:topics", ["sleep", "breath"])
    panel = await choose(moderator, panel, "schedule:role", [community.opt_in])
    panel = await press(moderator, panel, "Silent: off")
    panel = await type_time(community, panel, "7:45 pm")
    panel = await type_zone(community, panel, "Asia/Kolkata")

    assert (
        f"In <#{community.general.id}>. At **19:45** in **Asia/Kolkata**, Monday, Wednesday, "
        f"silently. Pings <@&{community.opt_in.id}>."
    ) in words(panel)
    saved = await press(moderator, panel, "Save")
    assert "They come silently" in words(saved)
    assert f"ping <@&{community.opt_in.id}>" in words(saved)
    schedule = await the_schedule(community)
    assert schedule.recurrence.minute_of_day == 19 * 60 + 45
    assert schedule.recurrence.zone == "Asia/Kolkata"
    assert schedule.recurrence.weekdays == {0, 2}
    assert schedule.options == {"topics": ["sleep", "breath"]}
    assert schedule.role_id == community.opt_in.id
    assert schedule.is_silent


async def test_a_choice_can_be_taken_back_before_saving(community: Community) -> None:
    moderator = community.moderator
    panel = await open_panel(community)
    panel = await choose(moderator, panel, "schedule:topics", ["sleep"])
    panel = await choose(moderator, panel, "schedule:role", [community.opt_in])
    panel = await press(moderator, panel, "Silent: off")

    panel = await choose(moderator, panel, "schedule:topics", [])
    panel = await choose(moderator, panel, "schedule:role", [])
    panel = await press(moderator, panel, "Silent: on")
    await press(moderator, panel, "Save")

    schedule = await the_schedule(community)
    assert schedule.options == {"topics": []}
    assert schedule.role_id is None
    assert not schedule.is_silent


async def test_a_time_that_cannot_be_read_leaves_the_panel_as_it_was(
    community: Community,
) -> None:
    panel = await open_panel(community)

    refused = await type_time(community, panel, "half past nine")

    assert "I can't read" in words(refused)
    assert "09:30" in words(refused)
    again = await type_time(community, panel, "21.15")
    assert "**21:15**" in words(again)


async def test_a_city_in_the_form_leads_to_a_choice_and_back_to_the_panel(
    community: Community,
) -> None:
    panel = await open_panel(community)
    asked = await type_zone(community, panel, "paris")
    assert "Which of these is it?" in words(asked)

    assert "in **UTC**" in words(await press(community.moderator, asked, "Back"))

    asked = await type_zone(community, panel, "paris")
    chosen = await choose(community.moderator, asked, "schedule:pick", ["Europe/Paris"])
    assert "in **Europe/Paris**" in words(chosen)


async def test_closing_keeps_nothing(community: Community) -> None:
    panel = await open_panel(community)

    closed = await press(community.moderator, panel, "Close without saving")

    assert "Nothing was changed" in words(closed)
    assert await community.services.schedules.in_guild(community.guild.id) == []


@pytest.mark.parametrize("label", ["Save", "Time", "Zone", "Silent: off", "Close without saving"])
async def test_a_panel_from_before_a_restart_says_how_to_begin_again(
    community: Community, label: str
) -> None:
    panel = await open_panel(community)
    await community.restart()

    told = await press(community.moderator, panel, label)

    if label == "Close without saving":
        assert "Nothing was changed" in words(told)
    else:
        assert "Run /tips schedule for a fresh one" in words(told)
        assert "I was restarted" in words(told)


@pytest.mark.parametrize("label", ["Time", "Zone"])
async def test_a_form_that_was_open_over_a_restart_says_how_to_begin_again(
    community: Community, label: str
) -> None:
    panel = await open_panel(community)
    form = await press(community.moderator, panel, label)
    await community.restart()

    told = await community.moderator.submit_modal(form, {"text": "10:00"})

    assert "Run /tips schedule for a fresh one" in words(told)


@pytest.mark.parametrize(
    ("custom_id", "told"),
    [
        ("schedule:new", "Daily tips: a new schedule"),
        ("schedule:silent:0123abcd", "Run /tips schedule for a fresh one"),
        ("schedule:close:0123abcd", "/tips schedule opens it again"),
    ],
)
async def test_buttons_from_before_there_were_other_kinds_are_those_of_tips(
    community: Community, custom_id: str, told: str
) -> None:
    card = await save_schedule(community)

    shown = await press_older(community.moderator, community.desk, card, custom_id)

    assert told in words(shown)


async def test_the_buttons_of_a_saved_schedule_work_after_a_restart(community: Community) -> None:
    saved = await save_schedule(community)
    await community.restart()

    assert "Change this schedule" in words(await press(community.moderator, saved, "Change"))


async def test_a_panel_is_kept_for_a_quarter_of_an_hour(community: Community) -> None:
    panel = await open_panel(community)
    at = community.clock.now()

    community.clock.move_to(at + 14 * 60)
    panel = await press(community.moderator, panel, "Silent: off")
    community.clock.move_to(at + 28 * 60)
    assert "## Saved" in words(await press(community.moderator, panel, "Save"))

    late = await open_panel(community)
    community.clock.move_to(at + 44 * 60)
    assert "older than 15 minutes" in words(await press(community.moderator, late, "Save"))
