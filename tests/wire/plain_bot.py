"""A small discord.py client for trying the stand-in: no Breather code, no patches."""

# pyright: reportUnknownArgumentType=false

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import discord
from discord import app_commands, ui

from tests.wire.standin.clock import MovableClock
from tests.wire.standin.connector import make_connector
from tests.wire.standin.model import channel_id
from tests.wire.standin.server import StandIn


class More(ui.Button["Card"]):
    """Shows more in place."""

    async def callback(self, interaction: discord.Interaction) -> None:
        """Change the card."""
        await interaction.response.edit_message(view=Card("And another one."))


class Where(ui.ChannelSelect["Card"]):
    """Names the chosen channel."""

    async def callback(self, interaction: discord.Interaction) -> None:
        """Answer with its id."""
        await interaction.response.send_message(str(self.values[0].id))


class Card(ui.LayoutView):
    """A Components V2 message with a button."""

    def __init__(self, text: str = "Take a breath.") -> None:
        super().__init__(timeout=None)
        button = More(label="More", custom_id="card:more")
        picker = Where(custom_id="card:where")
        self.add_item(
            ui.Container(ui.TextDisplay(text), ui.ActionRow(button), ui.ActionRow(picker))
        )


class Note(ui.Modal, title="A note"):
    """A form with a text field and a choice."""

    words = ui.Label[ui.Modal](
        text="Words", component=ui.TextInput[ui.Modal](custom_id="words", required=False)
    )
    mood = ui.Label[ui.Modal](
        text="Colour",
        component=ui.Select[ui.Modal](
            custom_id="colour", options=[discord.SelectOption(label=one) for one in ("red", "blue")]
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Repeat what was entered."""
        text, colour = self.words.component, self.mood.component
        assert isinstance(text, ui.TextInput)
        assert isinstance(colour, ui.Select)
        await interaction.response.send_message(f"{text.value} in {colour.values[0]}")


@app_commands.command(description="Say hello")
async def hello(interaction: discord.Interaction, name: str) -> None:
    """Answer privately at once."""
    await interaction.response.send_message(f"Hello, {name}.", ephemeral=True)


@hello.autocomplete("name")
async def suggest(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Two suggestions."""
    return [app_commands.Choice(name=typed + one, value=typed + one) for one in ("a", "b")]


@app_commands.command(description="Defer, answer, add")
async def slow(interaction: discord.Interaction) -> None:
    """Defer, fill in, add."""
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(view=Card("Here you are."))
    await interaction.followup.send("One more thing.", ephemeral=True)


@app_commands.command(description="Open a form")
async def write(interaction: discord.Interaction) -> None:
    """Open a form."""
    await interaction.response.send_modal(Note())


@app_commands.command(description="Say where this is")
async def where(interaction: discord.Interaction) -> None:
    """Context and installation."""
    context = interaction.context
    kind = "dm" if context.dm_channel else "group" if context.private_channel else "guild"
    owner = "user" if interaction.is_user_integration() else "guild"
    await interaction.response.send_message(f"{kind} {interaction.guild_id} {owner}")


@app_commands.command(description="Name a channel")
async def pick(interaction: discord.Interaction, place: discord.TextChannel) -> None:
    """What the options and the member resolve to."""
    member = interaction.user
    assert isinstance(member, discord.Member)
    roles = [role.name for role in member.roles]
    await interaction.response.send_message(f"{place.id} {roles} {member.joined_at}")


@app_commands.context_menu(name="Read")
async def read(interaction: discord.Interaction, message: discord.Message) -> None:
    """Repeat the message."""
    await interaction.response.send_message(f"Read: {message.content}")


class PlainBot(discord.Client):
    """discord.py with a few commands, redirected by its public ``connector`` alone."""

    def __init__(self, port: int, ca_file: str | Path, **options: Any) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            connector=make_connector(port, ca_file),
            guild_ready_timeout=0.05,
            member_cache_flags=discord.MemberCacheFlags.none(),
            **options,
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(hello)
        self.tree.add_command(slow)
        self.tree.add_command(write)
        self.tree.add_command(where)
        self.tree.add_command(pick)
        self.tree.add_command(read)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: one bot, no other process to wait for."""


@asynccontextmanager
async def running_bot(standin: StandIn, **options: Any) -> AsyncGenerator[PlainBot]:
    """A bot that is ready."""
    identified = standin.gateway.identifies
    client = PlainBot(standin.port, standin.ca_file, **options)
    task = asyncio.create_task(client.start(standin.world.token))
    try:
        await standin.wait_until(lambda: standin.gateway.identifies > identified)
        await client.wait_until_ready()
        yield client
    finally:
        await client.close()
        with suppress(Exception):
            await task


def text_channel(bot: discord.Client, index: int = 0, number: int = 0) -> discord.TextChannel:
    """A channel as the bot knows it."""
    channel = bot.get_channel(channel_id(index, number))
    assert isinstance(channel, discord.TextChannel)
    return channel


async def post_once(port: int, ca_file: str, clock_file: str, nonce: str) -> None:
    """What a process does in the kill test: log in, post with a nonce, say the time."""
    async with PlainBot(port, ca_file) as client:
        await client.login("stand-in.token")
        await client.get_partial_messageable(channel_id(0)).send(view=Card(), nonce=nonce)
        print(MovableClock(clock_file).now(), flush=True)


if __name__ == "__main__":
    asyncio.run(post_once(int(sys.argv[1]), *sys.argv[2:5]))
