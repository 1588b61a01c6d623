"""What of its campaigns a community has in its calendar: what is on and left in, and no words."""

from datetime import date

import pytest

from bot.campaigns.entries import CampaignEntries
from bot.campaigns.rules import KIND, Words
from bot.campaigns.service import Campaigns, Choice
from bot.clock import MovableClock
from bot.content.campaigns import load_campaigns
from bot.delivery.schedules import Schedules
from bot.guilds.audit import AuditLog
from bot.storage import Database
from tests.conftest import NOON, ROOT

HOME, MODERATOR = 7, 900_001
WMHD, OTHER = "world-mental-health-day", "mental-health-awareness-month"


@pytest.fixture
def clock() -> MovableClock:
    """Noon on 14 March 2027 (UTC)."""
    return MovableClock(NOON)


@pytest.fixture
def campaigns(database: Database, clock: MovableClock) -> Campaigns:
    """The campaigns that ship."""
    library = load_campaigns(ROOT / "data")
    schedules = Schedules(database, clock)
    return Campaigns(database, schedules, AuditLog(database, clock), clock, library)


async def test_a_community_has_the_days_that_it_turned_on_and_left_in(
    campaigns: Campaigns, database: Database, clock: MovableClock
) -> None:
    schedules = Schedules(database, clock)
    entries = CampaignEntries(schedules, campaigns.library, clock)
    assert await entries.of_community(HOME) == []
    choice = Choice(channel_id=5, minute_of_day=600, offsets=(-1, 0))
    for campaign_id in (WMHD, OTHER):
        one = campaigns.find(campaign_id)
        await campaigns.change(MODERATOR, HOME, one, "Asia/Tokyo", lambda _now: choice)
    on = await campaigns.in_guild(HOME)
    await campaigns.turn_off(MODERATOR, on[OTHER])
    await campaigns.skip(MODERATOR, on[WMHD], "2027-10-09")
    secret = Words("Not yet said", "What moderators wrote is theirs until it is posted.")
    await campaigns.rewrite(MODERATOR, on[WMHD], "2027-10-10", secret)

    found = await entries.of_community(HOME)

    assert [entry.starts for entry in found] == [
        date(2027, 10, 10),
        date(2028, 10, 9),
        date(2028, 10, 10),
    ]
    assert "Not yet said" not in repr(found)
    assert await entries.of_community(HOME + 1) == []
    every = [entry.uid for entry in entries.of_everyone()]
    assert {entry.uid for entry in found} < set(every)
    assert len(every) == len(set(every)) == 2 * 13

    async with database.transaction() as tx:
        await schedules.switch_off(tx, HOME, kind=KIND)  # the bot was removed
    assert await entries.of_community(HOME) == []
