"""Discord's own scheduled events, as :mod:`bot.events.syncing` asks for them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.clock import MINUTE, to_datetime
from bot.events.mirrors import MirrorError, Remote, Status
from bot.events.rules import Outline, Place

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeVar

    from bot.client import BreatherClient
    from bot.events.rules import Event

    Result = TypeVar("Result")

TOO_MANY = 30038
"""Discord's code for 100 events that are open already."""
UNKNOWN_EVENT = 10070
"""Discord's code for an event that is gone. Another 404 says something of the community."""
STATUSES = {
    discord.EventStatus.scheduled: Status.SCHEDULED,
    discord.EventStatus.active: Status.ACTIVE,
    discord.EventStatus.completed: Status.OVER,
    discord.EventStatus.cancelled: Status.GONE,
}
TYPES = {
    Place.STAGE: discord.EntityType.stage_instance,
    Place.VOICE: discord.EntityType.voice,
    Place.LINK: discord.EntityType.external,
}
PLACES = {kind: place for place, kind in TYPES.items()}
NEEDED = {
    Place.STAGE: "Create Events, and in that stage channel View Channel, Connect, Manage Channels, "
    "Mute Members and Move Members",
    Place.VOICE: "Create Events, and in that voice channel View Channel and Connect",
    Place.LINK: "Create Events",
}
"""What Discord asks of a bot that makes an event (its documentation, Guild Scheduled Event)."""


class DiscordMirror:
    """Asks Discord through the client."""

    def __init__(self, client: BreatherClient) -> None:
        self._client = client

    def sees(self, guild_id: int) -> bool:
        """Whether the community is this process's, and is there."""
        guild = self._client.get_guild(guild_id)
        return self._client.is_ready() and guild is not None and not guild.unavailable

    def recall(self, event: Event) -> Remote | None:
        """What the gateway last told of it; None where it told nothing."""
        guild = self._client.get_guild(event.guild_id)
        found = guild and guild.get_scheduled_event(event.discord_event_id or 0)
        return None if not found else to_remote(found, event)

    async def look(self, event: Event) -> Remote:
        """The event as Discord has it now."""
        number = event.discord_event_id or 0
        try:
            found = await self._guild(event).fetch_scheduled_event(number, with_counts=False)
        except _TROUBLE as error:
            if isinstance(error, discord.NotFound) and error.code == UNKNOWN_EVENT:
                return Remote(number, Status.GONE)
            raise _judge(error, event) from error
        return to_remote(found, event)

    async def search(self, event: Event) -> Remote | None:
        """One with its title and time that this bot made."""
        own_id = self._client.user.id if self._client.user else 0

        async def ask() -> Remote | None:
            wanted = event.outline()
            for one in await self._guild(event).fetch_scheduled_events(with_counts=False):
                starts_at = int(one.start_time.timestamp())
                is_same = (one.name, starts_at) == (wanted.title, wanted.starts_at)
                if is_same and one.creator_id == own_id:
                    return to_remote(one, event)
            return None

        return await _guard(ask, event)

    async def create(self, event: Event) -> Remote:
        """Make one."""

        async def ask() -> Remote:
            made = await self._guild(event).create_scheduled_event(
                privacy_level=discord.PrivacyLevel.guild_only, **_values(event)
            )
            return to_remote(made, event)

        return await _guard(ask, event)

    async def change(self, event: Event) -> Remote:
        """Show the event as it is now. What is on keeps its beginning."""

        async def ask() -> Remote:
            found = await self._fetch(event)
            values = _values(event)
            if found.status is discord.EventStatus.active:
                del values["start_time"]
            return to_remote(await found.edit(**values), event)

        return await _guard(ask, event)

    async def start(self, event: Event) -> Remote:
        """Begin it."""

        async def ask() -> Remote:
            found = await self._fetch(event)
            if found.status is discord.EventStatus.scheduled:
                found = await found.start()
            return to_remote(found, event)

        return await _guard(ask, event)

    async def end(self, event: Event, status: Status) -> Remote:
        """End one that is on, cancel one that is not."""

        async def ask() -> Remote:
            found = await self._fetch(event)
            is_on = status is Status.ACTIVE
            return to_remote(await (found.end() if is_on else found.cancel()), event)

        return await _guard(ask, event)

    async def count(self, event: Event, coming: set[int]) -> int:
        """How many come: those who told the bot together with those who told Discord.

        Discord's list is paged through and not kept. Without it, those who told the bot.
        """
        if event.discord_event_id is None:
            return len(coming)
        people = set(coming)
        try:
            found = await self._fetch(event)
            async for user in found.users():
                people.add(user.id)
        except _TROUBLE:
            return len(coming)
        return len(people)

    async def _fetch(self, event: Event) -> discord.ScheduledEvent:
        guild = self._guild(event)
        number = event.discord_event_id or 0
        return await guild.fetch_scheduled_event(number, with_counts=False)

    def _guild(self, event: Event) -> discord.Guild:
        guild = self._client.get_guild(event.guild_id)
        if guild is None:
            raise MirrorError
        return guild


def to_remote(found: discord.ScheduledEvent, event: Event) -> Remote:
    """Discord's event as a value. One without an end lasts as long as ours.

    Discord may invent kinds and statuses: what is not known by name is neither on nor gone.
    """
    starts_at = int(found.start_time.timestamp())
    ends_at = (
        starts_at + event.minutes * MINUTE
        if found.end_time is None
        else int(found.end_time.timestamp())
    )
    outline = Outline(
        title=found.name,
        body=found.description or "",
        starts_at=starts_at,
        ends_at=ends_at,
        place=PLACES.get(found.entity_type, event.outline().place),
        channel_id=found.channel_id,
        link=found.location,
    )
    return Remote(found.id, STATUSES.get(found.status, Status.SCHEDULED), outline)


def _values(event: Event) -> dict[str, Any]:
    wanted = event.outline()
    values: dict[str, Any] = {
        "name": wanted.title,
        "description": wanted.body,
        "start_time": _instant(wanted.starts_at),
        "end_time": _instant(wanted.ends_at),
        "entity_type": TYPES[wanted.place],
    }
    if wanted.place is Place.LINK:
        return values | {"location": wanted.link}
    return values | {"channel": discord.Object(wanted.channel_id or 0)}


def _instant(at: int) -> datetime:
    return to_datetime(at)


_TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError)


async def _guard(ask: Callable[[], Awaitable[Result]], event: Event) -> Result:
    try:
        return await ask()
    except _TROUBLE as error:
        raise _judge(error, event) from error


def _judge(error: BaseException, event: Event) -> MirrorError:
    if isinstance(error, discord.Forbidden):
        needed = NEEDED[event.place or Place.LINK]
        return MirrorError(
            "Discord doesn't let me add it to the community's events. Fix: allow my role "
            f"{needed}; then press Try again. Its card and reminders work all the same."
        )
    if isinstance(error, discord.HTTPException) and error.code == TOO_MANY:
        return MirrorError(
            "The community has 100 open events, and Discord allows no more. Fix: cancel some; "
            "then press Try again. Its card and reminders work all the same."
        )
    if isinstance(error, discord.HTTPException) and error.status == 400:  # noqa: PLR2004
        return MirrorError(
            "Discord doesn't take the event as it is. Fix: look at its place and its time; then "
            "press Try again. Its card and reminders work all the same."
        )
    return MirrorError()
