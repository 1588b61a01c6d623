"""What exists in the stand-in's Discord: communities, channels, messages, commands.

But for the bot's own scheduled events, nothing here speaks to the bot: a change is what Discord
knows, and the bot learns it from an answer, or from an event that the test sends
(``StandIn.announce``, ``StandIn.dispatch``).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .model import (
    BOT_ID,
    BOT_PERMISSIONS,
    DM,
    GROUP,
    MEMBER_PERMISSIONS,
    THREAD,
    Channel,
    Guild,
    Json,
    Message,
    Post,
    Upload,
    channel_id,
    dm_id,
    guild_id,
    snowflake,
    user_id,
)

NONCE_SECONDS = 300.0


class World:
    """``guilds`` communities with ``channels`` text channels each; ten thousand are cheap."""

    def __init__(
        self, guilds: int = 1, channels: int = 1, *, bot_permissions: int = BOT_PERMISSIONS
    ) -> None:
        self.token = "stand-in.token"
        self.bot_permissions = bot_permissions
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: defaultdict[int, list[Message]] = defaultdict(list)
        self.posts: list[Post] = []
        self.commands: dict[int | None, list[Json]] = {}
        self.command_writes = 0
        self.command_reads = 0
        self._nonces: dict[tuple[int, str], Message] = {}
        self._last_id = 0
        self.tell: Callable[[str, Json, int], None] = lambda _event, _data, _guild_id: None
        """Where the gateway hears of what the bot itself changed."""
        for index in range(guilds):
            self.add_guild(index, channels)

    def add_guild(self, index: int, channels: int = 1) -> Guild:
        """A further community, or a lost one again."""
        guild = Guild(guild_id(index), f"Community {index}", [])
        for number in range(channels):
            channel = Channel(channel_id(index, number), guild.id, f"channel-{number}")
            self.channels[channel.id] = channel
            guild.channel_ids.append(channel.id)
        self.guilds[guild.id] = guild
        return guild

    def add_role(self, index: int, name: str) -> int:
        """A role in the ``index``-th community; its id."""
        guild = self.guilds[guild_id(index)]
        role_id = guild.id + 100_000 + len(guild.roles)
        guild.roles[role_id] = name
        guild.text = None
        return role_id

    def open_thread(self, parent_id: int, name: str = "thread") -> int:
        """A public thread under a channel; its id."""
        guild = self.guilds[self.channels[parent_id].guild_id or 0]
        thread_id = guild.id + 200_000 + len(guild.thread_ids)
        self.channels[thread_id] = Channel(thread_id, guild.id, name, THREAD, parent_id)
        guild.thread_ids.append(thread_id)
        guild.text = None
        return thread_id

    def open_dm(self, person_id: int) -> Channel:
        """The bot's direct messages with a person."""
        fresh = Channel(dm_id(person_id), None, "", DM, person_id=person_id)
        return self.channels.setdefault(fresh.id, fresh)

    def open_foreign(self, index: int = 0) -> int:
        """A channel of a community where the bot is not a member; its id. Not GUILD_CREATEd."""
        place = Channel(channel_id(1_000_000 + index), guild_id(1_000_000 + index), "elsewhere")
        return self.channels.setdefault(place.id, place).id

    def open_group(self, person_id: int) -> int:
        """A group or direct conversation of people, without the bot; its id."""
        place = Channel(dm_id(person_id) + 1, None, "", GROUP, person_id=person_id)
        return self.channels.setdefault(place.id, place).id

    def close_dm(self, person_id: int) -> None:
        """The person takes no direct messages: 403, code 50007."""
        self.open_dm(person_id).refuses_bot = True

    def lose(self, channel_id: int) -> None:
        """The channel or thread is deleted: 404, code 10003."""
        self.channels[channel_id].missing = True
        self._changed(channel_id)

    def deny(self, channel_id: int, permissions: int) -> None:
        """Take permissions from the bot in one channel, in place of what was denied before.

        Without ``VIEW`` everything is 403/50001, without ``SEND`` a post is 403/50013, and without
        ``HISTORY`` the history is empty. Zero gives everything back.
        """
        self.channels[channel_id].denied = permissions
        self._changed(channel_id)

    def is_member(self, channel: Channel) -> bool:
        """Whether the bot is where the channel is."""
        return channel.kind == DM or channel.guild_id in self.guilds

    def permissions_in(self, channel: Channel) -> int:
        """What the bot may do in a channel."""
        return (MEMBER_PERMISSIONS | self.bot_permissions) & ~channel.denied

    def say(self, channel_id: int, content: str, at: float, person: int = 0) -> Message:
        """A person writes ``content``."""
        return self.write(
            channel_id, {"content": content}, at, author_id=user_id(person), source="person"
        )

    def post(self, channel_id: int, payload: Json, at: float, files: Sequence[Upload]) -> Message:
        """The bot posts. A nonce seen here within five minutes answers with the first message."""
        nonce = None if payload.get("nonce") is None else str(payload["nonce"])
        key = (channel_id, nonce or "")
        first = self._nonces.get(key) if nonce and payload.get("enforce_nonce") else None
        is_repeat = first is not None and at - first.at <= NONCE_SECONDS
        if first is not None and is_repeat:
            message = first
            first.repeats.append(at)
        else:
            message = self.write(channel_id, payload, at, nonce=nonce, files=files)
            if nonce:
                self._nonces[key] = message
        self.posts.append(Post(channel_id, message.id, nonce, payload, at, is_repeat))
        return message

    def write(
        self,
        channel_id: int,
        payload: Json,
        at: float,
        *,
        author_id: int = BOT_ID,
        nonce: str | None = None,
        source: str = "post",
        files: Sequence[Upload] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> Message:
        """Add a message; ephemeral ones never enter the channel's list."""
        message = Message(
            self.next_id(at), channel_id, author_id, payload, at, nonce, source, files
        )
        message.extra.update(extra or {})
        message.current.update(payload)
        if not message.ephemeral:
            self.messages[channel_id].append(message)
        return message

    def edit(self, message: Message, payload: Json, at: float, files: Sequence[Upload]) -> None:
        """Change what a message shows. A flag that is not named stays."""
        flags = message.current.get("flags", 0) | payload.get("flags", 0)
        message.current.update({**payload, "flags": flags})
        message.files = [*message.files, *files]
        message.edits.append(payload)
        message.edited_at = at

    def find_message(self, channel_id: int, message_id: int) -> Message | None:
        """The message, unless it was deleted or is ephemeral."""
        messages = self.messages[channel_id]
        place = bisect_left(messages, message_id, key=lambda message: message.id)
        found = messages[place : place + 1]
        return found[0] if found and found[0].id == message_id else None

    def posted(self, channel_id: int) -> list[Message]:
        """What stands in a channel because the bot posted it (no answers to commands)."""
        return [message for message in self.messages[channel_id] if message.source == "post"]

    def next_id(self, at: float) -> int:
        """A fresh id of the moment ``at``. Ids never go back, whatever the clock does."""
        self._last_id = max(self._last_id + 1, snowflake(at))
        return self._last_id

    def _changed(self, channel_id: int) -> None:
        guild = self.guilds.get(self.channels[channel_id].guild_id or 0)
        if guild is not None:
            guild.text = None
