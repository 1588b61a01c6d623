"""The JSON that Discord sends, with every field that discord.py 2.7.1 needs."""

# pyright: reportUnknownVariableType=false

from datetime import UTC, datetime
from typing import Any

from .model import (
    BOT_ID,
    DM,
    GROUP,
    MEMBER_PERMISSIONS,
    THREAD,
    Channel,
    Guild,
    Json,
    Message,
    compact,
    user_id,
)
from .world import World

JOINED_AT = 1_577_836_800.0
"""2020-01-01: when everybody joined, unless a test says otherwise."""


def iso(moment: float) -> str:
    """A moment as Discord writes it."""
    return datetime.fromtimestamp(moment, UTC).isoformat()


def user(person_id: int) -> Json:
    """A user object; the name follows from the id."""
    is_bot = person_id == BOT_ID
    number = (person_id >> 22) - (user_id(0) >> 22)
    return {
        "id": str(person_id),
        "username": "breather" if is_bot else f"person{number}",
        "global_name": None if is_bot else f"Person {number}",
        "discriminator": "0",
        "avatar": None,
        "bot": is_bot,
        "flags": 0,
        "public_flags": 0,
    }


def member(person_id: int, role_ids: list[int], joined_at: float = JOINED_AT) -> Json:
    """A member object with its user."""
    return {
        "user": user(person_id),
        "roles": [str(role_id) for role_id in role_ids],
        "joined_at": iso(joined_at),
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def application(world: World) -> Json:
    """The application, as the login asks for it."""
    return {
        "id": str(BOT_ID),
        "name": "Breather",
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": user(user_id(0)),
        "team": None,
        "bot": user(BOT_ID),
        "approximate_guild_count": len(world.guilds),
        "integration_types_config": {"0": {}, "1": {}},
    }


def role(
    role_id: int, name: str, permissions: int, position: int, *, managed: bool = False
) -> Json:
    """A role object."""
    tags = {"tags": {"bot_id": str(BOT_ID)}} if managed else {}
    return {
        "id": str(role_id),
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": managed,
        "mentionable": False,
        "flags": 0,
        **tags,
    }


def channel(place: Channel) -> Json:
    """A channel object of any kind that the stand-in knows."""
    if place.kind in (DM, GROUP):
        recipients = [user(place.person_id)] if place.person_id else []
        return {"id": str(place.id), "type": place.kind, "recipients": recipients, "flags": 0}
    shared: Json = {
        "id": str(place.id),
        "guild_id": str(place.guild_id),
        "name": place.name,
        "type": place.kind,
        "parent_id": None if place.parent_id is None else str(place.parent_id),
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }
    if place.kind == THREAD:
        return shared | {
            "owner_id": str(BOT_ID),
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": iso(JOINED_AT),
                "locked": False,
            },
        }
    denied = {"id": str(BOT_ID), "type": 1, "allow": "0", "deny": str(place.denied)}
    return shared | {
        "position": (place.id & 0xFFFF) - 1,
        "topic": None,
        "nsfw": False,
        "permission_overwrites": [denied] if place.denied else [],
    }


def scheduled_event(event_id: int, community: Guild, wanted: Json) -> Json:
    """A scheduled event that the bot asked for."""
    unset: Json = {"channel_id": None, "description": None, "scheduled_end_time": None}
    return {
        **unset,
        "entity_metadata": None,
        **wanted,
        "id": str(event_id),
        "guild_id": str(community.id),
        "creator_id": str(BOT_ID),
        "entity_id": None,
        "status": 1,
        "image": None,
        "user_count": 0,
    }


def guild(world: World, community: Guild) -> Json:
    """A community object, as GUILD_CREATE and GET /guilds/{id} hold it."""
    everyone, own = community.id, community.id + 99_999
    roles = [
        role(everyone, "@everyone", MEMBER_PERMISSIONS, 0),
        *(role(role_id, name, 0, 1) for role_id, name in community.roles.items()),
        role(own, "Breather", world.bot_permissions, 2, managed=True),
    ]
    places = [world.channels[one] for one in community.channel_ids + community.thread_ids]
    seen = [channel(place) for place in places if not place.missing]
    return {
        "id": str(community.id),
        "name": community.name,
        "owner_id": str(user_id(0)),
        "unavailable": False,
        "member_count": 100,
        "large": False,
        "joined_at": iso(JOINED_AT),
        "icon": None,
        "splash": None,
        "banner": None,
        "description": None,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "afk_timeout": 300,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "system_channel_flags": 0,
        "features": ["COMMUNITY"],
        "emojis": [],
        "stickers": [],
        "roles": roles,
        "channels": [one for one in seen if one["type"] != THREAD],
        "threads": [one for one in seen if one["type"] == THREAD],
        "members": [member(BOT_ID, [own])],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": community.events,
    }


def guild_text(world: World, community: Guild) -> str:
    """The community as JSON text, built once until something about it changes."""
    if community.text is None:
        community.text = compact(guild(world, community))
    return community.text


def message(said: Message) -> Json:
    """A message object. Components get their numbers and uploads their addresses, as at Discord."""
    attachments: list[Json] = [
        {
            "id": str(said.id + 1 + index),
            "filename": upload.name,
            "size": len(upload.data),
            "content_type": upload.content_type,
            "url": f"https://cdn.discordapp.com/attachments/{said.channel_id}/{said.id}/{upload.name}",
            "proxy_url": f"https://media.discordapp.net/attachments/{said.channel_id}/{said.id}/{upload.name}",
        }
        for index, upload in enumerate(said.files)
    ]
    addresses = {f"attachment://{one['filename']}": one["url"] for one in attachments}
    return {
        "id": str(said.id),
        "channel_id": str(said.channel_id),
        "type": 0,
        "author": user(said.author_id),
        "content": said.current.get("content") or "",
        "timestamp": iso(said.at),
        "edited_timestamp": None if said.edited_at is None else iso(said.edited_at),
        "tts": False,
        "pinned": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": attachments,
        "embeds": _resolve(said.current.get("embeds") or [], addresses, None),
        "components": _resolve(said.current.get("components") or [], addresses, [0]),
        "flags": said.current.get("flags") or 0,
        **({} if said.nonce is None else {"nonce": said.nonce}),
        **said.extra,
    }


def _resolve(node: Any, addresses: dict[str, str], last_number: list[int] | None) -> Any:
    """A copy with uploads' addresses filled in and, in components, the missing numbers."""
    if isinstance(node, list):
        several: list[Any] = node
        return [_resolve(one, addresses, last_number) for one in several]
    if not isinstance(node, dict):
        return addresses.get(node, node) if isinstance(node, str) else node
    whole: Json = node
    numbered: Json = {}
    if last_number is not None and isinstance(whole.get("type"), int) and not whole.get("id"):
        last_number[0] += 1
        numbered["id"] = last_number[0]
    return numbered | {
        key: _resolve(value, addresses, last_number)
        for key, value in whole.items()
        if not (key == "id" and "id" in numbered)
    }
