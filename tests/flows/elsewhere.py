"""The app installed by a person, used where the bot was not added."""

from typing import Any

import discord
from simcord import interactions
from simcord.enums import InteractionType
from simcord.results import InteractionResult

from tests.flows.conftest import Community

STRANGE_GUILD = 777_777_777_777_777_777


async def run_elsewhere(community: Community, *path: str) -> Any:
    """A command in a community that the bot never joined: Discord sends the member along."""
    backend = community.env.backend
    user = community.member.user
    root = backend.find_command(path[0], None)
    assert root is not None
    options = [{"name": name, "type": 1, "options": []} for name in path[1:]]
    channel = user.dm_channel
    record, payload = interactions.base_payload(
        backend,
        type=InteractionType.APPLICATION_COMMAND,
        channel_id=channel.id,
        guild_id=None,
        user_id=user.id,
        data={"id": root["id"], "name": root["name"], "type": 1, "options": options},
    )
    payload |= {
        "guild_id": str(STRANGE_GUILD),
        "guild": {"id": str(STRANGE_GUILD), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "context": 0,
        "authorizing_integration_owners": {"1": str(user.id)},
        "channel": {
            "id": str(channel.id),
            "type": 0,
            "guild_id": str(STRANGE_GUILD),
            "name": "elsewhere",
            "position": 0,
            "permission_overwrites": [],
        },
        "member": {
            "user": payload.pop("user"),
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": str(discord.Permissions.all().value),
        },
    }
    backend.emit("INTERACTION_CREATE", payload)
    await community.env.settle()
    return InteractionResult(community.env, record)
