"""The real bot with one more cog, for the wire benchmarks.

It is made and served as ``python -m bot run`` does it; the sockets lead to the stand-in, and the
clock is the stand-in's. ``/ping`` does nothing, ``/read`` reads its community's settings, and
``/plan`` plans what is due at an instant.
"""

import argparse
import asyncio
import json
import time
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import App
from bot.client import BreatherClient
from bot.delivery.planner import plan
from bot.logs import set_up_logs
from bot.serve import serve
from bot.services import Services
from bot.settings import Settings, load_settings
from tests.benchmarks.heart import Heart
from tests.wire.launch import SharedClock
from tests.wire.standin.connector import make_connector

QUIET_SECONDS = 0.2


class BenchmarkCog(commands.Cog):
    """Three commands that no feature has."""

    def __init__(self, services: Services) -> None:
        self._guilds = services.guilds
        self._database = services.database

    @app_commands.command(description="Do nothing")
    async def ping(self, interaction: discord.Interaction[Any]) -> None:
        """Answer privately at once."""
        await interaction.response.send_message("Pong.", ephemeral=True)

    @app_commands.command(description="Read the database")
    async def read(self, interaction: discord.Interaction[Any]) -> None:
        """Answer with the community's time zone."""
        settings = await self._guilds.settings(interaction.guild_id or 0)
        await interaction.response.send_message(settings.zone, ephemeral=True)

    @app_commands.command(description="Plan what is due")
    async def plan(self, interaction: discord.Interaction[Any], at: int) -> None:
        """Answer with what it took, as JSON; ``at`` in UTC epoch seconds."""
        async with Heart() as quiet:
            await asyncio.sleep(QUIET_SECONDS)
        async with Heart() as busy:
            started = time.perf_counter()
            planned = await plan(self._database, at)
            taken = time.perf_counter() - started
        facts = {
            "planned": planned,
            "taken_ms": taken * 1000,
            "blocked_ms": busy.longest_ms,
            "quiet_ms": quiet.longest_ms,
        }
        await interaction.response.send_message(json.dumps(facts), ephemeral=True)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Tell the benchmark."""
        print("ready", flush=True)


class BenchmarkApp(App):
    """The app with the benchmark's cog."""

    async def open(self) -> None:
        """Open everything, then add the cog. Help-only mode is a fault here."""
        await super().open()
        services = self.services
        if services is None:
            raise RuntimeError(self.problem)

        def benchmark(_client: BreatherClient) -> commands.Cog:
            return BenchmarkCog(services)

        self.client.add_cogs([benchmark])


async def run(arguments: argparse.Namespace, settings: Settings) -> None:
    """Make the app inside the loop, as its connector needs one."""
    connector = make_connector(arguments.port, arguments.ca)
    app = BenchmarkApp(settings, SharedClock(arguments.clock), connector=connector)
    await serve(app, tick_seconds=arguments.tick)


def main() -> None:
    """Run against a stand-in until a signal; settings come from the environment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ca", required=True)
    parser.add_argument("--clock", required=True)
    parser.add_argument("--tick", type=float)
    arguments = parser.parse_args()
    settings = load_settings(None)
    set_up_logs(settings.log_format, settings.log_level)
    asyncio.run(run(arguments, settings))


if __name__ == "__main__":
    main()
