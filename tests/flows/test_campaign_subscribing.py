"""``/wmhd``, Subscribe: the addresses of calendars, where the operator serves them."""

import re
from typing import Any

import pytest

from bot.settings import Settings
from tests.flows.conftest import Community
from tests.flows.reading import answer, labels, parts, press, words

BASE = "https://days.example.org"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An operator who serves calendars."""
    return settings.model_copy(update={"feed_url": BASE})


def links(result: Any) -> list[str]:
    """The addresses of an answer's buttons."""
    return [part["url"] for part in parts(answer(result).components) if "url" in part]


async def test_a_member_gets_the_communitys_address_and_everyones(community: Community) -> None:
    shown = await community.member.slash(community.general, "wmhd")
    assert "Add to my calendar" in labels(shown)

    subscribe = await press(community.member, shown, "Subscribe")

    assert subscribe.ephemeral
    ours, everyones = re.findall(r"```\n(\S+)\n```", words(subscribe))
    token = community.services.feeds.tokens.make(community.guild.id)
    assert ours == f"{BASE}/calendar/{token}.ics"
    assert everyones == f"{BASE}/campaigns.ics"
    assert links(subscribe) == [f"{BASE}/calendar/{token}", f"{BASE}/campaigns"]
    assert "Nothing is kept about who subscribes" in words(subscribe)
    page = await community.services.feeds.of_community(community.guild.id)
    assert b"X-WR-CALNAME:Example Creators\r\n" in page.body


async def test_in_a_direct_message_there_is_everyones_alone(community: Community) -> None:
    user = community.member.user
    shown = await user.slash("wmhd")

    subscribe = await press(user, shown, "Subscribe")

    assert links(subscribe) == [f"{BASE}/campaigns"]


async def test_an_old_card_says_that_calendars_are_not_served_any_more(
    community: Community,
) -> None:
    shown = await community.member.slash(community.general, "wmhd")
    community.services.feeds._base = ""

    refused = await press(community.member, shown, "Subscribe")

    assert "“Add to my calendar” gives you a file" in words(refused)
