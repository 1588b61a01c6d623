"""One call to the API, and the routes of login, communities, commands and users.

Handlers are plain functions: a call is read whole, then takes effect at once and entirely, so no
two calls interleave and a fault is either before or after it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import payloads
from .model import BOT_ID, VIEW, Channel, Guild, Json, Upload
from .world import World


class Refusal(Exception):
    """An error that Discord answers with: HTTP status, JSON error code, words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(slots=True)
class Call:
    """A request after its path was taken apart. ``ids`` are the path's numbers and tokens.

    ``arrived`` is real monotonic time; ``now`` is what the movable clock shows.
    """

    world: World
    ids: Sequence[str]
    query: Mapping[str, str]
    payload: Any
    files: Sequence[Upload]
    now: float
    arrived: float


Handler = Callable[[Call], tuple[int, Any]]
Routes = Mapping[tuple[str, str], Handler]


def find_channel(call: Call) -> Channel:
    """The channel the call names, if the bot may know it."""
    channel = call.world.channels.get(int(call.ids[0]))
    if channel is None or channel.missing:
        raise Refusal(404, 10003, "Unknown Channel")
    if not call.world.is_member(channel) or not call.world.permissions_in(channel) & VIEW:
        raise Refusal(403, 50001, "Missing Access")
    return channel


def _find_guild(call: Call) -> Guild:
    guild = call.world.guilds.get(int(call.ids[0]))
    if guild is None:
        raise Refusal(404, 10004, "Unknown Guild")
    return guild


def _get_me(_call: Call) -> tuple[int, Any]:
    return 200, payloads.user(BOT_ID)


def _get_application(call: Call) -> tuple[int, Any]:
    return 200, payloads.application(call.world)


def _get_gateway(call: Call) -> tuple[int, Any]:
    shards = max(1, -(-len(call.world.guilds) // 1000))
    starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    url = "wss://gateway.discord.gg"
    return 200, {"url": url, "shards": shards, "session_start_limit": starts}


def _get_user(call: Call) -> tuple[int, Any]:
    return 200, payloads.user(int(call.ids[0]))


def _post_dm(call: Call) -> tuple[int, Any]:
    channel = call.world.open_dm(int(call.payload["recipient_id"]))
    return 200, payloads.channel(channel)


def _get_guild(call: Call) -> tuple[int, Any]:
    return 200, payloads.guild(call.world, _find_guild(call))


def _get_guild_channels(call: Call) -> tuple[int, Any]:
    return 200, payloads.guild(call.world, _find_guild(call))["channels"]


def _get_events(call: Call) -> tuple[int, Any]:
    return 200, _find_guild(call).events


def _get_event(call: Call) -> tuple[int, Any]:
    for event in _find_guild(call).events:
        if event["id"] == call.ids[1]:
            return 200, event
    raise Refusal(404, 10070, "Unknown Guild Scheduled Event")


def _post_event(call: Call) -> tuple[int, Any]:
    guild = _find_guild(call)
    event = payloads.scheduled_event(call.world.next_id(call.now), guild, call.payload)
    guild.events.append(event)
    guild.text = None
    call.world.tell("GUILD_SCHEDULED_EVENT_CREATE", event, guild.id)
    return 200, event


def _patch_event(call: Call) -> tuple[int, Any]:
    _, event = _get_event(call)
    event.update(call.payload)
    guild = _find_guild(call)
    guild.text = None
    call.world.tell("GUILD_SCHEDULED_EVENT_UPDATE", event, guild.id)
    return 200, event


def _commands_of(call: Call) -> int | None:
    return int(call.ids[1]) if len(call.ids) > 1 else None


def _get_commands(call: Call) -> tuple[int, Any]:
    call.world.command_reads += 1
    return 200, call.world.commands.get(_commands_of(call), [])


def _put_commands(call: Call) -> tuple[int, Any]:
    """Replace all commands of one scope. A command that stays keeps its id."""
    world, scope = call.world, _commands_of(call)
    known = {(one["type"], one["name"]): one["id"] for one in world.commands.get(scope, [])}
    world.command_writes += 1
    kept: list[Json] = []
    for command in call.payload:
        kind = command.get("type", 1)
        defaults: Json = {
            "description": "",
            "application_id": str(BOT_ID),
            "default_member_permissions": None,
            "nsfw": False,
            "version": str(world.next_id(call.now)),
        }
        found = known.get((kind, command["name"])) or str(world.next_id(call.now))
        scoped = {} if scope is None else {"guild_id": str(scope)}
        kept.append(defaults | command | scoped | {"id": found, "type": kind})
    world.commands[scope] = kept
    return 200, kept


ROUTES: Routes = {
    ("GET", "/users/@me"): _get_me,
    ("GET", "/oauth2/applications/@me"): _get_application,
    ("GET", "/applications/@me"): _get_application,
    ("GET", "/gateway/bot"): _get_gateway,
    ("GET", "/users/{}"): _get_user,
    ("POST", "/users/@me/channels"): _post_dm,
    ("GET", "/guilds/{}"): _get_guild,
    ("GET", "/guilds/{}/channels"): _get_guild_channels,
    ("GET", "/guilds/{}/scheduled-events"): _get_events,
    ("GET", "/guilds/{}/scheduled-events/{}"): _get_event,
    ("POST", "/guilds/{}/scheduled-events"): _post_event,
    ("PATCH", "/guilds/{}/scheduled-events/{}"): _patch_event,
    ("GET", "/applications/{}/commands"): _get_commands,
    ("PUT", "/applications/{}/commands"): _put_commands,
    ("GET", "/applications/{}/guilds/{}/commands"): _get_commands,
    ("PUT", "/applications/{}/guilds/{}/commands"): _put_commands,
}
