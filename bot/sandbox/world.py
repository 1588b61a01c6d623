"""The community that the sandbox starts with. Its ids are the same in every run.

simcord hands out ids from its clock and a counter, so a world that is built in the same order
before the clock moves has the same ids. That is what lets settings and ledger outlast a run
although the simulated Discord begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

import discord
from simcord.backend.cdn import CDN_BASE
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.client import PERMISSIONS
from bot.clock import to_datetime
from bot.errors import RefusalError

if TYPE_CHECKING:
    from simcord.actors import MemberActor
    from simcord.builders import ChannelHandle, GuildHandle, RoleHandle, UserHandle
    from simcord.env import Env

Kind = Literal["text", "news", "private", "voice", "stage"]

COMMUNITY = "Example Creators"
OPT_IN_ROLE = "Tip friends"
AVATAR = "sandbox"
PICTURES = Path(__file__).parent / "static"
SPEAK = discord.PermissionOverwrite(
    view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True
)
MAKES_EVENTS = discord.Permissions(manage_events=True)
"""What simcord asks of a bot that makes an event; Discord itself asks for Create Events."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of the community."""

    name: str
    kind: Kind
    channel: ChannelHandle


@dataclass(frozen=True, slots=True)
class Person:
    """Someone whom the sandbox can be viewed as."""

    name: str
    user: UserHandle
    member: MemberActor


Pictures = dict[str, tuple[str, bytes]]
"""Addresses that simcord's page asks for, each with a file name and what is in the file."""


@dataclass(frozen=True, slots=True)
class World:
    """The seeded community. The first place and the first person are where a visit begins."""

    guild: GuildHandle
    places: tuple[Place, ...]
    people: tuple[Person, ...]
    pictures: Pictures

    def find_place(self, text: str) -> Place:
        """The channel that a text means. Raises :class:`bot.errors.RefusalError`."""
        return _find(text.lstrip("#"), self.places, "channel")

    def find_person(self, text: str) -> Person:
        """The person that a text means. Raises :class:`bot.errors.RefusalError`."""
        return _find(text.lstrip("@"), self.people, "person")


def build_world(env: Env, began_at: int) -> World:
    """Seed the community, before the client connects and before simcord's clock moves.

    Everyone has been there since simcord's first day, except the second member, who joined at
    ``began_at`` (UTC epoch seconds): so that rules about newcomers can be tried.
    """
    env.backend.edit_bot_profile("Breather")
    env.backend.bot_user.avatar = AVATAR
    owner = env.create_user("owner", global_name="Owner", avatar=AVATAR)
    guild = env.create_guild(COMMUNITY, owner=owner)
    bot_role = guild.roles["Breather"]
    env.backend.get_role(guild.id, bot_role.id).permissions = (PERMISSIONS | MAKES_EVENTS).value
    moderators = guild.create_role(
        "Moderators", permissions=discord.Permissions(manage_guild=True), color=0x7FB8A8, hoist=True
    )
    guild.create_role(OPT_IN_ROLE, mentionable=True)
    places = _make_places(env, guild, bot_role, moderators)
    people = (
        _make_person(env, guild, "Member one", ()),
        _make_person(env, guild, "Member two", ()),
        _make_person(env, guild, "Moderator", (moderators,)),
    )
    newcomer = env.backend.get_member(guild.id, people[1].user.id)
    newcomer.joined_at = to_datetime(began_at).isoformat()
    return World(guild, places, people, _read_pictures(env, guild))


def _read_pictures(env: Env, guild: GuildHandle) -> Pictures:
    users = [env.backend.get_user(user_id) for user_id in guild.member_ids()]
    return {
        f"{CDN_BASE}/avatars/{user.id}/{AVATAR}.png": (path.name, path.read_bytes())
        for user in users
        if (path := PICTURES / f"avatar-{user.name.lower()}.png").is_file()
    }


def _make_places(
    env: Env, guild: GuildHandle, bot_role: RoleHandle, moderators: RoleHandle
) -> tuple[Place, ...]:
    community = guild.create_text_channel("community", topic="Everyone is welcome here.")
    announcements = guild.create_news_channel("announcements")
    desk = guild.create_text_channel(
        "moderators-desk",
        topic="Only moderators and Breather see this channel.",
        overwrites={
            guild.default_role: discord.PermissionOverwrite(view_channel=False),
            moderators: SPEAK,
            bot_role: SPEAK,
        },
    )
    silent = discord.PermissionOverwrite(send_messages=False, send_messages_in_threads=False)
    env.backend.edit_channel(
        announcements.id,
        {"topic": "News for everyone; only moderators and Breather write here."},
        overwrites=[
            _overwrite(guild.default_role, silent),
            _overwrite(moderators, SPEAK),
            _overwrite(bot_role, SPEAK),
        ],
    )
    return (
        Place("community", "text", community),
        Place("announcements", "news", announcements),
        Place("moderators-desk", "private", desk),
        Place("Voice room", "voice", guild.create_voice_channel("Voice room")),
        Place("Stage", "stage", guild.create_stage_channel("Stage")),
    )


def _overwrite(role: RoleHandle, permissions: discord.PermissionOverwrite) -> Overwrite:
    allow, deny = permissions.pair()
    return Overwrite(role.id, OverwriteType.ROLE, allow=allow.value, deny=deny.value)


def _make_person(env: Env, guild: GuildHandle, name: str, roles: tuple[RoleHandle, ...]) -> Person:
    user = env.create_user(name.lower().replace(" ", "-"), global_name=name, avatar=AVATAR)
    env.backend.get_dm_channel(user.id)  # made now, so that its id is the same in every run
    return Person(name, user, guild.add_member(user, roles=roles))


class _Named(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Named)


def _find(text: str, things: Iterable[T], what: str) -> T:
    things = tuple(things)
    wanted = _plain(text)
    for matches in (str.__eq__, str.startswith, str.__contains__):
        for thing in things:
            if wanted and matches(_plain(thing.name), wanted):
                return thing
    names = ", ".join(thing.name for thing in things)
    message = f"There is no {what} “{text}” here. Choose one of: {names}."
    raise RefusalError(message)


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
