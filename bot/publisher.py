"""The one module through which delivery reaches Discord."""

import logging
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

import aiohttp
import discord
from discord import ui

from bot.clock import to_datetime
from bot.delivery.ports import (
    HistoryUnreadableError,
    Post,
    PublishError,
    RefusedError,
    RejectedError,
    Turn,
    UnknownOutcomeError,
    UnreachableError,
)
from bot.guilds.service import Guilds
from bot.i18n import Languages, Texts

log = logging.getLogger(__name__)

Renderer = Callable[[Post, Texts], ui.LayoutView]

UNKNOWN_CHANNEL = 10003
THREAD_ARCHIVED = 50083
OPENED_TOO_FAST = 40003
SEARCH_LIMIT = 500
DESK_SEARCH_LIMIT = 100
GONE = (
    "The channel or thread of a schedule is gone, so I paused it. "
    "Choose another one where it was set up: /tips schedule, /myths schedule, /campaign, "
    "/announcements or /event manage."
)
Readable = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel


class DiscordPublisher:
    """Sends posts with their key as nonce, and finds them again by it."""

    def __init__(
        self,
        client: discord.Client,
        guilds: Guilds,
        languages: Languages,
        renderers: Mapping[str, Renderer],
    ) -> None:
        self._client = client
        self._guilds = guilds
        self._languages = languages
        self._renderers = renderers

    async def post(self, post: Post, turn: Turn) -> int:
        """Send a post after ``turn``, in its community's language or its body's; the message's id.

        Every post carries its key in a custom id.
        """
        settings = await self._guilds.settings(post.guild_id)
        texts = self._languages.texts(getattr(post.body, "language", settings.language))
        view, files = self._renderers[post.kind](post, texts), _files(post.body)
        try:
            channel = await self._channel(post, turn)
            await turn()
            message = await channel.send(
                view=view,
                files=files or discord.utils.MISSING,
                nonce=post.key,
                silent=post.is_silent,
                allowed_mentions=_mentions(post.role_id, getattr(post.body, "mentions", ())),
            )
        except discord.HTTPException as error:
            if post.recipient_id is not None:
                raise judge_direct(error) from error
            raise judge(post.channel_id, error) from error
        except (discord.RateLimited, aiohttp.ClientError, OSError, RuntimeError) as error:
            raise UnknownOutcomeError(str(error) or type(error).__name__) from error
        return message.id

    async def find(
        self, channel_id: int, key: str, since: int, until: int, recipient_id: int | None = None
    ) -> int | None:
        """The id of our own message with a key, posted between two instants."""
        own_id = self._client.user.id if self._client.user else 0
        try:
            channel = (
                await self._readable(channel_id)
                if recipient_id is None
                else await self._client.create_dm(discord.Object(recipient_id))
            )
            async for message in channel.history(
                after=to_datetime(since),
                before=to_datetime(until),
                oldest_first=True,
                limit=SEARCH_LIMIT,
            ):
                if message.author.id == own_id and _carries(message, key):
                    return message.id
        except discord.HTTPException as error:
            if recipient_id is not None:
                raise judge_direct(error) from error
            raise _judge_search(channel_id, error) from error
        except PublishError:
            raise
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            raise UnknownOutcomeError(str(error) or type(error).__name__) from error
        return None

    async def _channel(self, post: Post, turn: Turn) -> discord.abc.Messageable:
        if post.recipient_id is None:
            return self._client.get_partial_messageable(post.channel_id)
        await turn()  # opening the conversation is a request of its own
        return await self._client.create_dm(discord.Object(post.recipient_id))

    async def edit(self, post: Post, message_id: int) -> None:
        """Let our own message say this instead. Nobody is pinged."""
        settings = await self._guilds.settings(post.guild_id)
        texts = self._languages.texts(settings.language)
        channel = self._client.get_partial_messageable(post.channel_id)
        try:
            await channel.get_partial_message(message_id).edit(
                view=self._renderers[post.kind](post, texts), allowed_mentions=_mentions(None, ())
            )
        except discord.HTTPException as error:
            raise judge(post.channel_id, error) from error
        except (discord.RateLimited, aiohttp.ClientError, OSError, RuntimeError) as error:
            raise UnknownOutcomeError(str(error) or type(error).__name__) from error

    async def _readable(self, channel_id: int) -> Readable:
        """The channel, if its history can be read: otherwise Discord shows an empty one."""
        channel = self._client.get_channel(channel_id) or await self._client.fetch_channel(
            channel_id
        )
        if not isinstance(channel, Readable):
            raise RefusedError(GONE)
        me = channel.guild.get_member(self._client.user.id) if self._client.user else None
        if me is None:
            message = "this community is another shard's"
            raise UnknownOutcomeError(message)
        if not channel.permissions_for(me).read_message_history:
            raise HistoryUnreadableError(explain_unreadable(channel_id))
        return channel


class DiscordModerators:
    """Reaches moderators in their staff channel."""

    def __init__(self, client: discord.Client, guilds: Guilds) -> None:
        self._client = client
        self._guilds = guilds

    async def tell_moderators(self, guild_id: int, text: str) -> None:
        """Say one thing where moderators read it; without a staff channel, only /status says it."""
        try:
            settings = await self._guilds.settings(guild_id)
            if settings.staff_channel_id is None:
                return
            channel = self._client.get_partial_messageable(settings.staff_channel_id)
            await channel.send(text, allowed_mentions=discord.AllowedMentions.none())
        except Exception as error:  # noqa: BLE001 (telling is best effort; /status has it too)
            log.warning("moderators could not be told: %s", type(error).__name__)

    async def tell_once(self, guild_id: int, text: str, key: str, turn: Turn) -> None:
        """Say one thing where moderators read it, unless it stands there already.

        Without a staff channel, or where it refuses, nothing is said. Raises
        :class:`UnknownOutcomeError`.
        """
        settings = await self._guilds.settings(guild_id)
        if settings.staff_channel_id is None:
            return
        channel = self._client.get_partial_messageable(settings.staff_channel_id)
        try:
            await turn()
            if await self._stands_in(channel, text):
                return
            await turn()
            await channel.send(text, nonce=key, allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            problem = judge(channel.id, error)
            if isinstance(problem, UnknownOutcomeError):
                raise problem from error
            log.warning("moderators could not be told: %s", type(error).__name__)
        except (discord.RateLimited, aiohttp.ClientError, OSError, RuntimeError) as error:
            raise UnknownOutcomeError(str(error) or type(error).__name__) from error

    async def _stands_in(self, channel: discord.PartialMessageable, text: str) -> bool:
        """Whether a text of ours is among a channel's latest messages."""
        own_id = self._client.user.id if self._client.user else 0
        try:
            async for message in channel.history(limit=DESK_SEARCH_LIMIT):
                if message.author.id == own_id and message.content == text:
                    return True
        except discord.Forbidden:
            pass  # unreadable: better told twice than never
        return False


def judge(channel_id: int, error: discord.HTTPException) -> PublishError:
    """What a refusal by Discord means for a post.

    Only an answer about this channel may stop its schedule: a lost token (401), a block of the
    whole machine (403 without Discord's own code) or a limit says nothing about it.
    """
    is_about_channel = error.status in {403, 404} and error.code != 0
    if is_about_channel or error.code in {UNKNOWN_CHANNEL, THREAD_ARCHIVED}:
        return RefusedError(explain_refusal(channel_id, error))
    if error.status == 400:  # noqa: PLR2004 (bad request)
        return RejectedError(str(error))
    return UnknownOutcomeError(str(error))


def judge_direct(error: discord.HTTPException) -> PublishError:
    """What a refusal means for a direct message; it says nothing about a channel."""
    if error.status in {403, 404} and error.code not in {0, OPENED_TOO_FAST}:
        return UnreachableError(str(error))
    if error.status == 400:  # noqa: PLR2004 (bad request)
        return RejectedError(str(error))
    return UnknownOutcomeError(str(error))


def _judge_search(channel_id: int, error: discord.HTTPException) -> PublishError:
    if isinstance(error, discord.Forbidden):
        return HistoryUnreadableError(explain_unreadable(channel_id))
    if isinstance(error, discord.NotFound):
        return RefusedError(explain_refusal(channel_id, error))
    return UnknownOutcomeError(str(error))


def explain_refusal(channel_id: int, error: discord.HTTPException) -> str:
    """A sentence for moderators on why a channel refused a post."""
    if error.code == UNKNOWN_CHANNEL or error.status == 404:  # noqa: PLR2004
        return GONE
    if error.code == THREAD_ARCHIVED:
        return (
            f"The thread <#{channel_id}> is closed, so I paused its schedule. "
            "Open it again, or choose another where it was set up; "
            "then press Retry in /status."
        )
    return (
        f"Discord doesn't let me post in <#{channel_id}>, so I paused that schedule. "
        "Fix: allow me View Channel, Send Messages and Read Message History there, and Attach "
        "Files if it posts pictures; "
        "then press Retry in /status."
    )


def explain_unreadable(channel_id: int) -> str:
    """A sentence for moderators on why a post is held."""
    return (
        f"I can't read the history of <#{channel_id}>, so after an interruption I can't tell "
        "whether a post is there already. I hold it rather than post it twice. Fix: allow me "
        "Read Message History there; then press Retry in /status."
    )


def _files(body: Any) -> list[discord.File]:  # noqa: ANN401 (an announcer's value)
    """What a body carries besides its words: pictures with a name, bytes and alt text."""
    return [
        discord.File(BytesIO(file.content), file.name, description=file.alt)
        for file in getattr(body, "files", ())
    ]


def _mentions(role_id: int | None, people: Sequence[int]) -> discord.AllowedMentions:
    """The role that moderators chose, and people who asked to be mentioned; nobody else."""
    if role_id is None and not people:
        return discord.AllowedMentions.none()
    return discord.AllowedMentions(
        everyone=False,
        users=[discord.Object(user_id) for user_id in people] or False,
        roles=False if role_id is None else [discord.Object(role_id)],
        replied_user=False,
    )


def _carries(message: discord.Message, key: str) -> bool:
    return any(key in custom_id for custom_id in _custom_ids(message.components))


def _custom_ids(components: Any) -> list[str]:  # noqa: ANN401 (discord.py's component classes)
    found: list[str] = []
    for component in components:
        own = getattr(component, "custom_id", None)
        if own:
            found.append(own)
        found += _custom_ids(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            found += _custom_ids((accessory,))
    return found
