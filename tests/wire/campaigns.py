"""Campaigns in a bot's database before it starts, turned on as moderators do it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bot.campaigns.service import Campaigns, Choice
from bot.clock import MovableClock
from bot.content.campaigns import load_campaigns
from bot.delivery.schedules import Schedules
from bot.guilds.audit import AuditLog
from bot.storage.opening import open_database
from tests.conftest import ROOT
from tests.wire.standin.model import channel_id, guild_id


async def turn_on(url: str, folder: Path, communities: Sequence[tuple[str, int]], at: int) -> None:
    """Let communities turn World Mental Health Day on, each in its zone for its minute.

    The day alone is chosen, of all its steps. ``at`` is when they do it.
    """
    library = load_campaigns(ROOT / "data")
    clock = MovableClock(at)
    database = await open_database(url, folder / "backups", clock.now)
    try:
        schedules = Schedules(database, clock)
        campaigns = Campaigns(database, schedules, AuditLog(database, clock), clock, library)
        for index, (zone, minute) in enumerate(communities):
            choice = Choice(channel_id(index), minute, (0,))
            day = library.by_id["world-mental-health-day"]
            await campaigns.change(1, guild_id(index), day, zone, partial(_take, choice))
    finally:
        await database.close()


def _take(wanted: Choice, _before: Choice) -> Choice:
    return wanted
