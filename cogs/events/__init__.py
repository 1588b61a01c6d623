"""Live events: moderators plan them, members say that they come, hosts lead them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cogs.events.commands import EventsCog
from cogs.events.member import ComingCog
from cogs.events.mirror import DiscordMirror
from cogs.events.watching import WatchingCog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord.ext import commands

    from bot.client import BreatherClient, CogMaker
    from bot.services import Services


def events_cogs(services: Services) -> Sequence[CogMaker]:
    """The moderators' and the members' side, and what watches Discord's own events."""

    @cache
    def mirror(client: BreatherClient) -> DiscordMirror:
        return DiscordMirror(client)

    @cache
    def watching(client: BreatherClient) -> WatchingCog:
        return WatchingCog(services, mirror(client))

    def events(client: BreatherClient) -> commands.Cog:
        return EventsCog(client, services, watching(client), mirror(client))

    def coming(client: BreatherClient) -> commands.Cog:
        return ComingCog(client, services)

    return [watching, events, coming]
