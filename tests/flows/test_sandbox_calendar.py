"""Two years in the sandbox, post by post as ``python -m bot calendar`` says beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.campaigns.calendar import span_of, with_defaults
from bot.clock import DAY
from bot.content.campaigns import load_campaigns
from bot.sandbox.serving import serve_sandbox
from bot.sandbox.travel import travel_to
from tests.conftest import ROOT

if TYPE_CHECKING:
    from bot.campaigns.service import Choice
    from bot.settings import Settings

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
BEGIN = int(datetime(2025, 12, 30, 12, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns"])
async def test_what_the_sandbox_posts_in_2026_and_2027_is_what_the_calendar_says(
    settings: Settings, zone: str
) -> None:
    library = load_campaigns(ROOT / "data")
    begin, end = span_of(FIRST, LAST, zone)
    said = with_defaults(library, zone, begin, end)

    async with serve_sandbox(settings, port=0, start_at=BEGIN, tell=str) as serving:
        sandbox = serving.sandbox
        services = sandbox.app.services
        assert services is not None
        channel = sandbox.world.find_place("announcements").channel.id

        def turn_on(choice: Choice) -> Choice:
            return replace(choice, channel_id=channel)

        for campaign in library.by_id.values():
            await services.campaigns.change(1, sandbox.world.guild.id, campaign, zone, turn_on)
        posts = []
        for target in (BEGIN + 380 * DAY, end + 1):
            posts += (await travel_to(sandbox, target)).posts

    seen = [datetime.fromtimestamp(post.at, UTC).astimezone(ZoneInfo(zone)) for post in posts]
    assert [f"{at:%Y-%m-%dT%H:%M}" for at in seen] == [entry.local[:16] for entry in said]
    assert len(said) > 20
