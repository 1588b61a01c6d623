"""``/claim`` for members, ``/claims`` for moderators. Codes are shown to their claimant alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cogs.claims.chores import ClaimChores
from cogs.claims.commands import ClaimCog
from cogs.claims.group import ClaimsGroup
from cogs.claims.queue import Queue
from cogs.claims.replacing import Replacements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord.ext import commands

    from bot.client import BreatherClient, CogMaker
    from bot.services import Services


def claims_cogs(services: Services) -> Sequence[CogMaker]:
    """The cogs of claims, which share one queue."""

    @cache
    def queue(client: BreatherClient) -> Queue:
        queue = Queue(client, services)
        Replacements(client, services, queue)
        services.engine.each_minute.append(ClaimChores(client, services).run)
        return queue

    def claim(client: BreatherClient) -> commands.Cog:
        return ClaimCog(client, services, queue(client))

    def claims(client: BreatherClient) -> commands.Cog:
        return ClaimsGroup(client, services, queue(client))

    return [claim, claims]
