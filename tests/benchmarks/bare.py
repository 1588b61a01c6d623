"""The floor of the wire benchmarks: discord.py as it comes, with two commands."""

import argparse
import asyncio
from typing import Any

import discord
from discord import app_commands

from tests.wire.standin.connector import make_connector


@app_commands.command(description="Do nothing")
async def ping(interaction: discord.Interaction[Any]) -> None:
    """Answer privately at once."""
    await interaction.response.send_message("Pong.", ephemeral=True)


@app_commands.command(description="Acknowledge, then answer")
async def slow(interaction: discord.Interaction[Any]) -> None:
    """Defer privately, and answer in place of it."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(content="Pong.")


class BareBot(discord.Client):
    """The guilds intent and no member cache; everything else is discord.py's default."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            connector=make_connector(arguments.port, arguments.ca),
            shard_id=arguments.shard,
            shard_count=arguments.shards,
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(ping)
        self.tree.add_command(slow)

    async def on_ready(self) -> None:
        """Tell the benchmark."""
        print("ready", flush=True)


async def run(arguments: argparse.Namespace) -> None:
    """Connect and stay until killed."""
    async with BareBot(arguments) as client:
        await client.start(arguments.token)


def main() -> None:
    """Run against a stand-in."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ca", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--shard", type=int)
    parser.add_argument("--shards", type=int)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
