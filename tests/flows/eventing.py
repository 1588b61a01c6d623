"""Steps that the flows of live events share."""

from typing import Any

from bot.events.rsvps import Way
from bot.events.rules import Event
from tests.conftest import NOON
from tests.flows.conftest import Community
from tests.flows.reading import choose, press
from tests.flows.tips import posts

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
ELSEWHERE = "https://example.org/live"


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
    panel = await moved(community, panel, **TOMORROW)
    form = await press(community.moderator, panel, "Length and line-up")
    return await community.moderator.submit_modal(form, LENGTHS)


async def moved(community: Community, panel: Any, repeat: str = "once", **values: Any) -> Any:
    """The panel after its form for the time was filled in."""
    form = await choose(community.moderator, panel, "event:repeat", [repeat])
    return await community.moderator.submit_modal(form, values)


async def published(community: Community, **changes: str) -> Any:
    """The panel of a planned event, whose card is posted."""
    panel = await press(community.moderator, await drafted(community, **changes), "Publish")
    await community.travel_to(NOON + MINUTE)
    return panel


async def closed(community: Community) -> Any:
    """The host's panel after the event."""
    panel = await press(community.moderator, await published(community), "Host's panel")
    await community.travel_to(BEGINS)
    panel = await press(community.moderator, panel, "Look again")
    return await press(community.moderator, panel, "Close")


async def ensure_closed(community: Community) -> Any:
    """The same, whether it is over already or not."""
    if not await community.services.events.past(community.guild.id):
        return await closed(community)
    shown = await community.moderator.slash(community.desk, "event manage")
    number = str((await the_event(community)).event_id)
    panel = await choose(community.moderator, shown, "event:open", [number])
    return await press(community.moderator, panel, "Host's panel")


async def the_event(community: Community) -> Event:
    """The one event there is, drafts and those that are over among them."""
    events = community.services.events
    guild_id = community.guild.id
    (event,) = [*await events.open(guild_id), *await events.past(guild_id)]
    return event


async def ways(community: Community, *actors: Any) -> list[Way | None]:
    """How people are reminded, as it is kept."""
    event = await the_event(community)
    return [await community.services.events.rsvps.find(event.event_id, one.id) for one in actors]


def cards(community: Community) -> list[Any]:
    """What the bot posted in the community's channel, oldest first."""
    own_id = community.env.backend.bot_user.id
    return [
        message
        for message in posts(community.general)
        if message.author.id == own_id and message.components
    ]


def letters(actor: Any) -> list[Any]:
    """The direct messages that somebody got, oldest first."""
    history: list[Any] = actor.user.dm_channel.history()
    return history


async def reload(community: Community) -> None:
    """One more minute: what is due is posted, and stale cards are renewed."""
    await community.travel_to(community.clock.now() // MINUTE * MINUTE + MINUTE)


def at_discord(community: Community) -> list[Any]:
    """Discord's own events."""
    return list(community.env.backend.get_guild(community.guild.id).scheduled_events.values())
