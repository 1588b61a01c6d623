"""The discord.py client: an explicit list of cogs, few intents, one error handler."""

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.i18n import Languages

log = logging.getLogger(__name__)

CogMaker = Callable[["BreatherClient"], commands.Cog]
Handler = Callable[..., Awaitable[None]]
FormMaker = Callable[..., discord.ui.Modal]
ErrorAnswer = Callable[[discord.Interaction[Any], BaseException], Awaitable[None]]


class Router(Protocol):
    """Finds the handler of a press or a form by its custom id."""

    async def press(
        self, interaction: discord.Interaction[Any], route: str, rest: str | None
    ) -> None:
        """Answer a press."""
        ...

    async def submit(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a form that was sent."""
        ...

    def on_press(self, route: str, handler: Handler) -> None:
        """Let a handler answer for a button or select."""
        ...

    def on_form(self, route: str, handler: Handler, make: FormMaker) -> None:
        """Let a handler answer for a form, and a maker open it again with what was typed."""
        ...


class TextNet(Protocol):
    """Looks at the texts among a command's options before the command runs."""

    check_in_offer: Callable[[int], Awaitable[bool]] | None

    async def catches_command(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether help was shown instead of running the command."""
        ...


PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    attach_files=True,
    create_public_threads=True,
    create_events=True,
)
"""What the invite link asks for; ``docs/permissions.md`` says why."""

READY_SECONDS = 2.0
"""How long to wait for another community before the client counts as ready (discord.py's own)."""

SCOPES = ("bot", "applications.commands")


def intents() -> discord.Intents:
    """Guilds and their scheduled events; nothing privileged, no messages."""
    return discord.Intents(guilds=True, guild_scheduled_events=True)


class BreatherClient(commands.Bot):
    """Breather's presence on Discord.

    ``help_cogs`` need nothing but bundled data and are there even when everything else is
    broken; ``add_cogs`` brings the rest as soon as storage and content can be had.
    """

    def __init__(  # noqa: PLR0913 (the composition root names each)
        self,
        *,
        languages: Languages,
        help_cogs: Sequence[CogMaker],
        router: Router,
        net: TextNet,
        routed_item: type[discord.ui.DynamicItem[Any]],
        answer_error: ErrorAnswer,
        state_file: Path | None,
        connector: aiohttp.BaseConnector | None = None,
        shard_id: int | None = None,
        shard_count: int | None = None,
        ready_seconds: float = READY_SECONDS,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents(),
            tree_cls=GuardedTree,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=30.0,
            guild_ready_timeout=ready_seconds,
            connector=connector,
            shard_id=shard_id,
            shard_count=shard_count,
        )
        self.languages = languages
        self.routes = router
        self.net = net
        self.answer_error = answer_error
        self.broken_cogs: list[str] = []
        self._makers: list[CogMaker] = list(help_cogs)
        self._state_file = state_file
        self._is_whole = False
        self.is_syncing_at_start = True
        self.add_dynamic_items(routed_item)

    def add_cogs(self, makers: Sequence[CogMaker]) -> None:
        """Add the cogs that need storage and content, before the client connects."""
        self._makers += makers
        self._is_whole = True

    async def add_cogs_late(self, makers: Sequence[CogMaker]) -> None:
        """The same while the client runs: what was missing has come back."""
        self._is_whole = True
        await self._load(makers)
        await self.sync_if_changed()

    async def setup_hook(self) -> None:
        """Load the cogs; one that fails is left out, the others go on."""
        await self._load(self._makers)
        if self.is_syncing_at_start:
            await self.sync_if_changed()

    async def _load(self, makers: Sequence[CogMaker]) -> None:
        for make in makers:
            name = getattr(make, "__name__", str(make))
            try:
                await self.add_cog(make(self))
            except Exception:
                log.exception("the cog %s cannot be loaded; the others go on", name)
                self.broken_cogs.append(name)

    async def sync_if_changed(self, *, is_forced: bool = False) -> bool:
        """Send the commands to Discord when they differ from what was sent last.

        A tree that is not whole is sent only if none ever was: the commands that are missing
        for the moment must not vanish from Discord. Without a state file it is always sent.
        """
        state = _read_state(self._state_file)
        known = state.get(str(self.application_id))
        digest = tree_digest(self.tree)
        is_complete = self._is_whole and not self.broken_cogs
        if not is_forced and known is not None and (known == digest or not is_complete):
            return False
        try:
            await self.tree.sync()
        except discord.DiscordServerError as error:
            log.warning("the commands could not be sent (%s); the next start tries again", error)
            return False
        if self._state_file is not None and is_complete:
            state[str(self.application_id)] = digest
            self._state_file.parent.mkdir(parents=True, exist_ok=True)
            self._state_file.write_text(json.dumps(state), encoding="utf-8")
        log.info("commands sent to Discord: %d", len(self.tree.get_commands()))
        return True

    async def on_message(self, _message: discord.Message, /) -> None:
        """Messages are never read: there is no message intent, and this drops the rest."""

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Forms find their handler by custom id, so that they outlive a restart."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.routes.submit(interaction)


class GuardedTree(app_commands.CommandTree[BreatherClient]):
    """Texts pass the safety net first; errors of commands end where errors of presses do."""

    async def interaction_check(self, interaction: discord.Interaction[BreatherClient], /) -> bool:
        """Whether a command may run now: not if what was typed needs help first."""
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        try:
            return not await interaction.client.net.catches_command(interaction)
        except Exception as error:  # noqa: BLE001 (nothing else would answer the person)
            await interaction.client.answer_error(interaction, error)
            return False

    async def on_error(
        self,
        interaction: discord.Interaction[BreatherClient],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        """Answer with a sentence."""
        await interaction.client.answer_error(interaction, error)


def tree_digest(tree: app_commands.CommandTree[Any]) -> str:
    """A fingerprint of the whole command tree as Discord would get it."""
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()


def invite_url(application_id: int) -> str:
    """The link with which a community adds this bot: exactly what it needs."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=SCOPES)


def _read_state(path: Path | None) -> dict[str, str]:
    try:
        state = json.loads(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}
