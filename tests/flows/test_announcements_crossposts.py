"""Publishing an announcement to the servers that follow its channel."""

from typing import Any

import pytest

from tests.flows.announcing import DAY, planned, reopened, write
from tests.flows.conftest import Community
from tests.flows.presence import press_older
from tests.flows.reading import choose, labels, press, words
from tests.flows.tips import posts

PUBLISH = "Also publish to following servers"
NO_NEWS_CHANNEL, MISSING_PERMISSIONS, UNKNOWN_MESSAGE, ALREADY_PUBLISHED = (
    50024,
    50013,
    10008,
    40033,
)
DONT = "Don't publish to following servers"


@pytest.fixture
def news(community: Community) -> Any:
    """An announcement channel."""
    return community.guild.create_news_channel("news")


async def sent_now(community: Community, channel: Any) -> Any:
    """One that is published, to be sent within a minute."""
    panel = await choose(community.moderator, await write(community), "announce:channel", [channel])
    panel = await press(community.moderator, panel, PUBLISH)
    return await press(community.moderator, panel, "Send now")


def crossposts(community: Community) -> int:
    """How often publishing was asked for."""
    return sum(one.path.endswith("/crosspost") for one in community.env.http_requests)


async def test_in_an_announcement_channel_it_is_published_once_it_is_posted(
    community: Community, news: Any
) -> None:
    panel = await sent_now(community, news)
    assert "Also published to the servers that follow the channel" in words(panel)

    await community.travel_to(community.clock.now() + 60)
    await community.travel_to(community.clock.now() + DAY)

    assert len(posts(news)) == 1
    assert crossposts(community) == 1
    assert "Published to following servers" in words(await reopened(community))


async def test_it_is_not_published_unless_a_moderator_chose_so(
    community: Community, news: Any
) -> None:
    panel = await choose(community.moderator, await write(community), "announce:channel", [news])
    panel = await press(community.moderator, panel, PUBLISH)
    panel = await press(community.moderator, panel, DONT)
    await press(community.moderator, panel, "Send now")

    await community.travel_to(community.clock.now() + 60)

    assert len(posts(news)) == 1
    assert crossposts(community) == 0


async def test_elsewhere_it_is_not_offered_and_another_channel_switches_it_off(
    community: Community, news: Any
) -> None:
    assert PUBLISH not in labels(await planned(community))

    panel = await choose(
        community.moderator, await write(community, link=""), "announce:channel", [news]
    )
    older = await press(community.moderator, panel, PUBLISH)
    moved = await choose(community.moderator, older, "announce:channel", [community.general])

    assert {PUBLISH, DONT}.isdisjoint(labels(moved))
    refused = await press_older(community.moderator, community.desk, moved, "announce:crosspost:2")
    assert "Only posts in an announcement channel" in words(refused)


@pytest.mark.parametrize(
    ("status", "code", "times_told", "said"),
    [
        (400, NO_NEWS_CHANNEL, 1, "as Discord refused it"),
        (403, MISSING_PERMISSIONS, 1, "as Discord refused it"),
        (404, UNKNOWN_MESSAGE, 0, "as the post was deleted"),
        (400, ALREADY_PUBLISHED, 0, "Published to following servers"),
    ],
)
async def test_where_discord_refuses_it_the_post_stays_and_moderators_hear_of_it_once(
    community: Community, news: Any, status: int, code: int, times_told: int, said: str
) -> None:
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, staff_channel_id=community.desk.id
    )
    await sent_now(community, news)
    community.env.inject_error(
        "POST", f"/channels/{news.id}/messages/*/crosspost", status=status, code=code
    )

    await community.travel_to(community.clock.now() + 60)
    await community.travel_to(community.clock.now() + DAY)

    assert len(posts(news)) == 1
    told = [post.content for post in posts(community.desk) if "publish it" in post.content]
    assert len(told) == times_told
    assert all("press Publish below the post" in words for words in told)
    assert crossposts(community) == 1
    assert said in words(await reopened(community))
