"""Moderators set daily tips up, and the tips come."""

from tests.flows.conftest import Community
from tests.flows.reading import choose, labels, press, words

DAY = 86_400


async def open_panel(community: Community):  # noqa: ANN201
    """The panel of a new schedule with its channel chosen."""
    panel = await community.moderator.slash(community.desk, "tips schedule", zone="Europe/Berlin")
    return await choose(community.moderator, panel, "schedule:channel", [community.general])


async def save_schedule(community: Community):  # noqa: ANN201
    """A schedule at 09:00 in Berlin, saved."""
    return await press(community.moderator, await open_panel(community), "Save")


async def test_a_saved_schedule_shows_its_next_three_runs_in_both_times(community: Community) -> None:
    saved = await save_schedule(community)

    assert "Mon 15 Mar 2027, 09:00 (Europe/Berlin)" in words(saved)
    assert words(saved).count("<t:") == 3


async def test_a_tip_is_posted_when_it_is_due_and_only_once(community: Community) -> None:
    await save_schedule(community)

    await community.travel_to(community.clock.now() + DAY)
    await community.travel_to(community.clock.now() + 60)

    (post,) = community.general.history()
    assert "Try this" in words(post)


async def test_old_buttons_answer_after_a_restart(community: Community) -> None:
    await save_schedule(community)
    await community.travel_to(community.clock.now() + DAY)
    (post,) = community.general.history()

    await community.restart()
    saved = await community.member.click(post, label="Save")

    assert "Saved" in words(saved)
    assert saved.ephemeral


async def test_a_member_cannot_open_the_panel(community: Community) -> None:
    refused = await community.member.slash(community.general, "tips schedule")

    assert "Manage Server" in words(refused)
    assert labels(refused) == []
