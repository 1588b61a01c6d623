"""What people do: the INTERACTION_CREATE events for commands, presses, forms and suggestions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from . import payloads
from .model import (
    BOT_ID,
    DM,
    GROUP,
    MANAGER_PERMISSIONS,
    MEMBER_PERMISSIONS,
    Channel,
    Json,
    Message,
    user_id,
)
from .reading import controls
from .world import World

Kind = Literal["slash", "user", "message", "autocomplete", "press", "submit"]
Installed = Literal["guild", "user", "both"]
Subject = Literal["user", "channel", "role"]

_EVENT_TYPE: Mapping[Kind, int] = {
    "slash": 2, "user": 2, "message": 2, "autocomplete": 4, "press": 3, "submit": 5,
}  # fmt: skip
_REFERENCES: Mapping[Subject, int] = {"user": 6, "channel": 7, "role": 8}
_PICKERS: Mapping[int, Subject] = {5: "user", 6: "role", 8: "channel"}
_ELSEWHERE_PERMISSIONS = 1 << 14 | 1 << 15 | 1 << 17 | 1 << 46


@dataclass(frozen=True, slots=True)
class Ref:
    """An option that names a user, a channel or a role."""

    kind: Subject
    id: int


Option = str | int | float | bool | Ref


@dataclass(frozen=True, slots=True)
class Person:
    """Who does it. The id follows from ``index``; ``joined_at`` is when they came to the guild."""

    index: int = 0
    role_ids: Sequence[int] = ()
    permissions: int = MEMBER_PERMISSIONS
    joined_at: float = payloads.JOINED_AT
    locale: str = "en-US"

    @property
    def id(self) -> int:
        """Their user id."""
        return user_id(self.index)


def moderator(index: int = 0, **others: Any) -> Person:
    """A person who may manage the community."""
    return Person(index, permissions=MANAGER_PERMISSIONS, **others)


def build_event(
    world: World,
    kind: Kind,
    data: Json,
    *,
    at: float,
    where: Channel,
    by: Person,
    installed: Installed = "guild",
    guild_locale: str = "en-US",
    message: Message | None = None,
) -> Json:
    """The event, with every field that discord.py 2.7.1 reads."""
    is_member = world.is_member(where)
    permissions = world.permissions_in(where) if is_member else _ELSEWHERE_PERMISSIONS
    owners: dict[str, str] = {}
    if installed != "user" and is_member:
        owners["0"] = str(where.guild_id or 0)
    if installed != "guild" or not is_member:
        owners["1"] = str(by.id)
    event_id = world.next_id(at)
    channel = payloads.channel(where) | {"permissions": str(by.permissions)}
    event: Json = {
        "id": str(event_id),
        "application_id": str(BOT_ID),
        "type": _EVENT_TYPE[kind],
        "token": f"tok.{event_id:x}",
        "version": 1,
        "data": data,
        "channel_id": str(where.id),
        "channel": channel,
        "app_permissions": str(permissions),
        "locale": by.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": owners,
        "context": {DM: 1, GROUP: 2}.get(where.kind, 0),
        "attachment_size_limit": 10_485_760,
    }
    if message is not None:
        event["message"] = payloads.message(message)
    if where.guild_id is None:
        return event | {"user": payloads.user(by.id)}
    member = payloads.member(by.id, list(by.role_ids), by.joined_at)
    return event | {
        "guild_id": str(where.guild_id),
        "guild_locale": guild_locale,
        "guild": {"id": str(where.guild_id), "locale": guild_locale, "features": ["COMMUNITY"]},
        "member": member | {"permissions": str(by.permissions)},
    }


def command_data(
    world: World, where: Channel, name: str, options: Mapping[str, Option], focused: str | None
) -> Json:
    """A slash command; words after the first are its group and subcommand."""
    inner: list[Json] = []
    for key, value in options.items():
        option: Json = {"name": key, "type": _option_type(value)}
        option["value"] = str(value.id) if isinstance(value, Ref) else value
        inner.append(option | ({"focused": True} if key == focused else {}))
    first, *rest = name.split()
    for depth, word in enumerate(reversed(rest)):
        inner = [{"name": word, "type": 1 if depth == 0 else 2, "options": inner}]
    references = [value for value in options.values() if isinstance(value, Ref)]
    return _command(world, first, 1) | {
        "options": inner,
        "resolved": _resolve(world, where, references),
    }


def menu_data(world: World, where: Channel, name: str, target: int | Message) -> Json:
    """A context-menu command on a person (by id) or on a message."""
    if isinstance(target, int):
        resolved = _resolve(world, where, [Ref("user", target)])
        return _command(world, name, 2) | {"target_id": str(target), "resolved": resolved}
    messages = {str(target.id): payloads.message(target)}
    data = _command(world, name, 3)
    return data | {"target_id": str(target.id), "resolved": {"messages": messages}}


def press_data(
    world: World, where: Channel, message: Message, custom_id: str, values: Sequence[str]
) -> Json:
    """A button pressed or a choice made; the message must really have that control."""
    known = controls(payloads.message(message))
    if custom_id not in known:
        raise LookupError(f"no {custom_id!r} on the message, only {sorted(known)}")
    control = known[custom_id]
    data: Json = {"custom_id": custom_id, "component_type": control["type"], "id": control["id"]}
    if control["type"] == 2:
        return data
    picker = _PICKERS.get(control["type"])
    references = [Ref(picker, int(value)) for value in values] if picker else []
    return data | {"values": list(values), "resolved": _resolve(world, where, references)}


def form_data(form: Json, fields: Mapping[str, Any]) -> Json:
    """A form sent off: ``fields`` by custom id or by label; the rest keeps its preset value."""
    left = dict(fields)

    def fill(component: Json, label: str | None = None) -> Json:
        kind = component["type"]
        answer: Json = {"type": kind, "id": component.get("id", 0)}
        if kind == 1:
            return answer | {"components": [fill(one) for one in component["components"]]}
        if kind == 18:
            return answer | {"component": fill(component["component"], component["label"])}
        if "custom_id" not in component:
            return answer
        name = component["custom_id"]
        key = next((one for one in (name, label, component.get("label")) if one in left), None)
        plural = kind not in (4, 21, 23)
        preset: Any = [] if plural else {4: component.get("value", ""), 23: False}.get(kind)
        given = preset if key is None else left.pop(key)
        return answer | {"custom_id": name, "values" if plural else "value": given}

    filled = [fill(component) for component in form["components"]]
    if left:
        raise LookupError(f"no field {sorted(left)} on the form, only {sorted(controls(form))}")
    return {"custom_id": form["custom_id"], "components": filled}


def _command(world: World, name: str, kind: int) -> Json:
    known = (one for one in world.commands.get(None, []) if one["name"] == name)
    found = next((one["id"] for one in known if one["type"] == kind), "1")
    return {"id": found, "name": name, "type": kind}


def _option_type(value: Option) -> int:
    match value:
        case Ref():
            return _REFERENCES[value.kind]
        case bool():
            return 5
        case str():
            return 3
        case int():
            return 4
        case float():
            return 10


def _resolve(world: World, where: Channel, references: Sequence[Ref]) -> Json:
    found: dict[str, Json] = {}
    for reference in references:
        key = str(reference.id)
        if reference.kind == "user":
            found.setdefault("users", {})[key] = payloads.user(reference.id)
            if where.guild_id is not None:
                member = payloads.member(reference.id, []) | {
                    "permissions": str(MEMBER_PERMISSIONS)
                }
                found.setdefault("members", {})[key] = member
        elif reference.kind == "channel":
            channel = payloads.channel(world.channels[reference.id])
            channel["permissions"] = str(MEMBER_PERMISSIONS)
            found.setdefault("channels", {})[key] = channel
        else:
            name = world.guilds[where.guild_id or 0].roles[reference.id]
            found.setdefault("roles", {})[key] = payloads.role(reference.id, name, 0, 1)
    return dict(found)
