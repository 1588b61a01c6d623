"""What simcord has no verb for: the bot coming and going, commands that Discord would hide."""

from typing import Any

import discord
from simcord.actors import _dispatch_actor_interaction
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.enums import InteractionType, OverwriteType
from simcord.results import InteractionResult
from sqlalchemy import func, select

from bot.storage import metadata
from tests.flows.conftest import Community
from tests.flows.reading import answer, parts

UNKNOWN_GUILD = 10004


async def run_hidden(actor: Any, channel: Any, name: str) -> InteractionResult:
    """Send a command although Discord would not offer it to this person or in this place."""
    command = actor._env.backend.find_command(name, None, type=1)
    data = {"id": command["id"], "name": name, "type": 1, "options": []}
    return await _dispatch_actor_interaction(
        actor, InteractionType.APPLICATION_COMMAND, channel, data
    )


async def press_older(actor: Any, channel: Any, result: Any, custom_id: str) -> InteractionResult:
    """Press the first button of an answer as if an older version had made it, with its own id."""
    backend = actor._env.backend
    stored = backend.get_message(channel.id, answer(result).id)
    message = dict(serializers.message_payload(backend, stored))
    button = next(part for part in parts(message["components"]) if part.get("type") == 2)
    button["custom_id"] = custom_id
    return await _dispatch_actor_interaction(
        actor,
        InteractionType.MESSAGE_COMPONENT,
        channel,
        {"custom_id": custom_id, "component_type": 2},
        extra={"message": message},
        source_message_id=stored.id,
    )


async def use_control(actor: Any, result: Any, custom_id: str, values: dict[int, Any]) -> Any:
    """Press a button, or choose in a select: its first option, or the value for its kind."""
    found = [part for part in controls(result) if part["custom_id"] == custom_id]
    assert len(found) == 1, custom_id
    message = answer(result).message
    if found[0]["type"] == 2:
        return await actor.click(message, custom_id=custom_id)
    options = found[0].get("options")
    chosen = options[0]["value"] if options else values[found[0]["type"]]
    return await actor.select(message, [chosen], custom_id=custom_id)


def controls(result: Any) -> list[dict[str, Any]]:
    """Every button and select of an answer that leads somewhere and can be used."""
    return [
        part
        for part in parts(answer(result).components)
        if "custom_id" in part and not part.get("disabled")
    ]


async def lose_sight(community: Community) -> None:
    """The gateway says that the guild is gone; asked over REST, Discord still has it."""
    community.env.backend.emit("GUILD_DELETE", {"id": str(community.guild.id)})
    await community.env.settle()


async def remove_bot(community: Community, *, status: int = 404) -> None:
    """A moderator removes the bot: REST answers 404 or 403 from now on."""
    community.env.inject_error(
        "GET",
        f"/guilds/{community.guild.id}",
        status=status,
        code=UNKNOWN_GUILD if status == 404 else 50001,
        times=None,
    )
    await lose_sight(community)


async def add_bot(community: Community, *, ends_faults: bool = True) -> None:
    """A moderator adds the bot (again)."""
    if ends_faults:
        community.env.backend.faults.clear()
    guild = community.env.backend.get_guild(community.guild.id)
    payload = dict(serializers.guild_create_payload(community.env.backend, guild))
    del payload["unavailable"]
    community.env.backend.emit("GUILD_CREATE", payload)
    await community.env.settle()


async def keep_house(community: Community) -> None:
    """The daily round."""
    cog: Any = community.app.client.get_cog("CommunitiesCog")
    await cog.keep_house()
    await community.env.settle()


def forbid(community: Community, channel: Any, *names: str) -> None:
    """Take permissions from the bot in a channel; no name gives all of them back."""
    backend = community.env.backend
    deny = discord.Permissions(**dict.fromkeys(names, True)).value
    overwrite = Overwrite(
        target_id=backend.bot_user.id, type=OverwriteType.MEMBER, allow=0, deny=deny
    )
    backend.set_overwrite(channel.id, overwrite)


def demote(community: Community) -> None:
    """The moderator loses the role that made them one."""
    role = community.guild.roles["Moderators"]
    community.env.backend.remove_member_role(community.guild.id, community.moderator.id, role.id)


async def count_rows(community: Community) -> dict[str, int]:
    """How many rows each table has, but for the one that tells the operator's keys apart."""
    database = community.services.database
    counts = {}
    for table in metadata.sorted_tables:
        if table.name == "key_canaries":
            continue
        row = await database.fetch_one(select(func.count().label("n")).select_from(table))
        counts[table.name] = row["n"] if row else 0
    return counts
