"""**Send now**: said in the community's time, and that it is about to go out."""

from bot.clock import MINUTE
from tests.flows.announcing import in_channel, listed, reopened, write
from tests.flows.conftest import Community
from tests.flows.reading import labels, press, words
from tests.flows.tips import posts

SOON = "It goes out within the next minute."


async def test_sent_now_it_says_so_until_it_is_posted_and_its_time_is_the_communitys(
    community: Community,
) -> None:
    guilds = community.services.guilds
    await guilds.change(community.guild.id, community.moderator.id, zone="America/New_York")
    panel = await in_channel(community, await write(community))

    sent = await press(community.moderator, panel, "Send now")

    for shown in (sent, await listed(community)):
        assert SOON in words(shown)
        assert "once, on 14 Mar 2027 at 08:01 (America/New_York)" in words(shown)
        assert "UTC" not in words(shown)
    assert "Skip the next" not in labels(sent)
    await community.travel_to(community.clock.now() + MINUTE)
    assert len(posts(community.general)) == 1
    after = await reopened(community)
    assert SOON not in words(after)
    assert "Last: posted" in words(after)


async def test_one_that_is_paused_in_that_minute_does_not_say_that_it_goes_out(
    community: Community,
) -> None:
    panel = await in_channel(community, await write(community))
    sent = await press(community.moderator, panel, "Send now")

    paused = await press(community.moderator, sent, "Pause")
    await community.travel_to(community.clock.now() + MINUTE)

    assert SOON not in words(paused)
    assert posts(community.general) == []
