"""``/status`` on campaigns, announcements and events, which have panels of their own."""

from tests.flows.announcing import planned
from tests.flows.conftest import Community
from tests.flows.moderating import open_status
from tests.flows.presence import forbid
from tests.flows.reading import labels, press, words

DAY = 86_400


async def test_status_counts_what_is_planned_elsewhere(community: Community) -> None:
    before = words(await open_status(community))
    assert "**Campaigns:** nothing is planned (/campaign)" in before
    assert "**Live events:** nothing is planned (/event manage)" in before
    await planned(community)
    assert "**Announcements:** 1 planned, next <t:1805112000:R>" in words(
        await open_status(community)
    )


async def test_an_announcement_whose_channel_refused_it_is_started_again_from_status(
    community: Community,
) -> None:
    await planned(community, "weeks", weekdays=["0"], weeks="1", time="12:00", start="2027-03-15")
    forbid(community, community.general, "send_messages")
    await community.travel_to(community.clock.now() + DAY)

    shown = await open_status(community)
    assert "**Announcement** (/announcements)" in words(shown)
    assert "Discord doesn't let me post" in words(shown)
    still = await press(community.moderator, shown, "Retry")
    assert "Send Messages" in words(still)

    forbid(community, community.general)
    mended = await press(community.moderator, shown, "Retry")
    assert "**Announcements:** 1 planned" in words(mended)
    assert "Retry" not in labels(mended)
