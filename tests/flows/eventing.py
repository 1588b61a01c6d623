"""Steps that the flows of live events share."""

from typing import Any

from tests.conftest import NOON
from tests.flows.conftest import Community
from tests.flows.reading import choose, press

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WORDS = {
    "title": "Take A Moment",
    "body": "A quiet hour with creators of this community.",
    "link": "",
}
TOMORROW = {"date": "2027-03-16", "time": "18:00"}
BEGINS = NOON + 2 * DAY + 6 * HOUR
"""When an event begins here, if nothing else is said: 16 March 2027 at 18:00 UTC."""
LENGTHS = {"minutes": "60", "line_up": "Ana, 20\nBo and Cy: 25", "therapist": ["yes"]}


async def written(community: Community, **changes: str) -> Any:
    """The panel of a new draft."""
    form = await community.moderator.slash(community.desk, "event create")
    return await community.moderator.submit_modal(form, WORDS | changes)


async def drafted(community: Community, **changes: str) -> Any:
    """The panel of a draft that lacks nothing."""
    panel = await written(community, **changes)
    if not changes.get("link"):
        stage = community.guild.create_stage_channel("Stage")
        panel = await choose(community.moderator, panel, "event:place", [stage])
    panel = await choose(community.moderator, panel, "event:channel", [community.general])
    form = await choose(community.moderator, panel, "event:repeat", ["once"])
    panel = await community.moderator.submit_modal(form, TOMORROW)
    form = await press(community.moderator, panel, "Length and line-up")
    return await community.moderator.submit_modal(form, LENGTHS)


async def published(community: Community, **changes: str) -> Any:
    """The panel of a planned event, whose card is posted."""
    panel = await press(community.moderator, await drafted(community, **changes), "Publish")
    await community.travel_to(NOON + MINUTE)
    return panel
