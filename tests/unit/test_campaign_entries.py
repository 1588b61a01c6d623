"""Campaigns in calendars: the same ids in every file, the chosen steps, help named where needed."""

from datetime import date, timedelta

from bot.campaigns.entries import HELP, make_entries
from bot.content.campaigns import load_campaigns
from tests.conftest import ROOT
from tests.unit.test_campaign_rules import campaign, step


def test_each_step_of_two_rounds_is_a_day_with_an_id_of_its_own() -> None:
    one = campaign(step(-14), step(0), step(1), month=1, day=5)
    entries = make_entries(one, 2027)
    assert [(entry.uid, entry.starts) for entry in entries] == [
        ("quiet-day-2027--14@breather.invalid", date(2026, 12, 22)),
        ("quiet-day-2027-0@breather.invalid", date(2027, 1, 5)),
        ("quiet-day-2027-1@breather.invalid", date(2027, 1, 6)),
        ("quiet-day-2028--14@breather.invalid", date(2027, 12, 22)),
        ("quiet-day-2028-0@breather.invalid", date(2028, 1, 5)),
        ("quiet-day-2028-1@breather.invalid", date(2028, 1, 6)),
    ]
    assert entries[1].summary == "Quiet Day"
    assert entries[0].summary.startswith("Text ")


def test_the_next_years_file_changes_entries_and_doubles_none() -> None:
    one = campaign(step(0))
    first, second = make_entries(one, 2027), make_entries(one, 2028)
    assert first[1] == second[0]


def test_steps_that_were_not_chosen_or_are_left_out_are_not_there() -> None:
    one = campaign(step(-7), step(0), step(1))
    entries = make_entries(one, 2027, [-7, 0, 5], {"2027-10-03"})
    assert [entry.starts for entry in entries] == [
        date(2027, 10, 10),
        date(2028, 10, 3),
        date(2028, 10, 10),
    ]


def test_whatever_names_the_subject_names_help_in_the_calendar_too() -> None:
    found = load_campaigns(ROOT / "data").by_id
    for one in found.values():
        (described,) = {entry.description for entry in make_entries(one, 2027)}
        assert (HELP in described) == one.has_help
        assert "`" not in described
        assert described.endswith(" ".join(one.hashtags))
    assert found["world-suicide-prevention-day"].has_help


def test_every_entry_that_ships_is_one_whole_day() -> None:
    for one in load_campaigns(ROOT / "data").by_id.values():
        entries = make_entries(one, 2027)
        assert len({entry.uid for entry in entries}) == 2 * len(one.steps)
        assert all(entry.end == entry.starts + timedelta(days=1) for entry in entries)
