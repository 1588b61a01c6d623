"""Reminders to oneself: set, changed, stopped, taken back; and the message on the day."""

from typing import Any

from tests.flows.conftest import Community
from tests.flows.reading import answer, labels, press, words
from tests.flows.reading import choose as choose_in
from tests.flows.test_campaign import WMHD, at

ON_THE_DAY = {"days": ["day"], "time": "9", "zone": "Asia/Kathmandu", "often": ["yearly"]}


async def open_form(community: Community) -> Any:
    """``/wmhd``, Remind me."""
    shown = await community.member.slash(community.general, "wmhd")
    return await press(community.member, shown, "Remind me")


async def remind(community: Community, **changes: Any) -> Any:
    """A reminder that is set."""
    form = await open_form(community)
    return await community.member.submit_modal(form, ON_THE_DAY | changes)


def letters(community: Community) -> list[Any]:
    """The direct messages that the member got."""
    return list(community.member.user.dm_channel.history())


async def test_it_is_set_shown_changed_and_comes_once(community: Community) -> None:
    panel = await remind(community)
    assert "every year until you stop it" in words(panel)
    assert "Sun 10 Oct 2027, 09:00" in words(panel)
    assert answer(panel).ephemeral

    again = await open_form(community)
    assert "09:00 (Asia/Kathmandu)" in words(again)
    form = await press(community.member, again, "Change")
    changed = await community.member.submit_modal(
        form, {"days": ["both"], "time": "18:30", "zone": "Asia/Kathmandu", "often": ["yearly"]}
    )
    assert "the day before, and on the day" in words(changed)

    await community.travel_to(at(2027, 10, 12, 0))

    eve, day = letters(community)
    assert "Tomorrow is World Mental Health Day." in words(eve)
    assert "Today is World Mental Health Day." in words(day)
    assert "One way to take part" in words(day)
    await community.restart()
    stopped = await community.member.user.click(day, label="Don't remind me again")
    assert "Stopped" in words(stopped)
    assert "Today is" in words(letters(community)[1])
    second = await community.member.user.click(day, label="Don't remind me again")
    assert "nothing was changed" in words(second)
    assert await community.services.reminders.find(community.member.id, WMHD) is None


async def test_a_zone_is_offered_from_what_was_typed_and_faults_keep_it(
    community: Community,
) -> None:
    fault = await remind(community, time="soon")
    assert "I can't read" in words(fault)
    form = await press(community.member, fault, "Edit")
    zones = await community.member.submit_modal(form, ON_THE_DAY | {"zone": "Berlin"})
    assert "Which of these" in words(zones)
    assert await community.services.reminders.find(community.member.id, WMHD) is None

    panel = await choose_in(community.member, zones, "reminder:zone", ["Europe/Berlin"])

    assert "09:00 (Europe/Berlin)" in words(panel)
    unknown = await remind_anew(community, zone="Nowhereville")
    assert "I know no time zone" in words(unknown)


async def remind_anew(community: Community, **changes: Any) -> Any:
    """Change what is set."""
    form = await press(community.member, await open_form(community), "Change")
    return await community.member.submit_modal(form, ON_THE_DAY | changes)


async def test_once_in_a_direct_message_and_a_stop_can_be_taken_back(community: Community) -> None:
    user = community.member.user
    form = await press(user, await user.slash("wmhd"), "Remind me")
    panel = await user.submit_modal(form, ON_THE_DAY | {"often": ["once"]})
    assert "once, in 2027" in words(panel)
    before = len(letters(community))

    stopped = await press(user, panel, "Stop")
    assert "Undo" in labels(stopped)
    undone = await press(user, stopped, "Undo")
    assert "once, in 2027" in words(undone)
    await community.travel_to(at(2028, 11, 1, 0))

    (letter,) = letters(community)[before:]
    assert "for this year only" in words(letter)


async def test_it_outlives_the_community_and_a_closed_inbox_harms_nothing(
    community: Community,
) -> None:
    await remind(community)
    await community.services.guilds.forget(community.guild.id)
    community.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)

    await community.travel_to(at(2027, 10, 11, 0))

    assert letters(community) == []
    panel = await open_form(community)
    assert "could not be delivered" in words(panel)
    assert "10 Oct 2028" in words(panel)


async def test_my_data_lists_and_erases_it(community: Community) -> None:
    await remind(community)
    shown = await community.member.slash(community.general, "my-data")
    assert "Reminders you set" in words(shown)

    await press(community.member, await press(community.member, shown, "Erase everything"), "Erase")
    await community.travel_to(at(2027, 10, 11, 0))

    assert letters(community) == []
