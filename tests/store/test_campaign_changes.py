"""Two moderators at one campaign in the same moment: one schedule, and nobody's words are lost."""

import asyncio

import pytest

from bot.campaigns.rules import KIND, Words
from bot.campaigns.service import Campaigns, Choice
from bot.clock import MovableClock
from bot.content.campaigns import load_campaigns
from bot.delivery.schedules import Schedules
from bot.guilds.audit import AuditLog
from bot.storage import Database
from tests.conftest import NOON, ROOT

HOME, ONE, OTHER = 7, 900_001, 900_002
WMHD = "world-mental-health-day"
CHOICE = Choice(channel_id=5, minute_of_day=600, offsets=(-14, -7, -1, 0, 1))


def choose(_now: Choice) -> Choice:
    """What both moderators choose."""
    return CHOICE


@pytest.fixture
def campaigns(database: Database) -> Campaigns:
    """The campaigns that ship, at noon on 14 March 2027."""
    clock = MovableClock(NOON)
    schedules = Schedules(database, clock)
    library = load_campaigns(ROOT / "data")
    return Campaigns(database, schedules, AuditLog(database, clock), clock, library)


async def test_turned_on_by_two_at_once_it_is_one_schedule(
    campaigns: Campaigns, database: Database
) -> None:
    campaign = campaigns.find(WMHD)

    await asyncio.gather(
        *(campaigns.change(who, HOME, campaign, "UTC", choose) for who in (ONE, OTHER) * 4)
    )

    assert len(await Schedules(database, MovableClock(NOON)).in_guild(HOME, KIND)) == 1


async def test_two_who_edit_different_steps_from_the_same_card_lose_no_word(
    campaigns: Campaigns,
) -> None:
    seen = await campaigns.change(ONE, HOME, campaigns.find(WMHD), "UTC", choose)

    await campaigns.rewrite(ONE, seen, "2027-10-09", Words("Tomorrow", "We meet tomorrow at six."))
    await campaigns.rewrite(OTHER, seen, "2027-10-10", Words("Today", "We meet today at six."))

    kept = (await campaigns.in_guild(HOME))[WMHD].options["words"]
    assert {words["title"] for words in kept.values()} == {"Tomorrow", "Today"}
