"""``/tip`` and the presses under tips: for members, everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.content.tips import TOPICS, Tip
from bot.errors import RefusalError
from bot.tips.announcer import KIND
from bot.tips.rules import short_id, split_short_ids
from cogs.tips.cards import render_done_sharing, render_shared, render_tip
from cogs.tips.finding import find_tip
from cogs.tips.saved import SavedTips
from cogs.tips.votes import Votes
from cogs.tips.words import title_of
from cogs.ui.once import OneAtATime
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

SEEN = 36
"""So many tips that were shown before find room in the button for another one."""

TOPIC_CHOICES = [app_commands.Choice(name=name, value=topic) for topic, name in TOPICS.items()]


class MemberTips(commands.Cog):
    """What members do with tips. ``/tips saved`` is answered by :meth:`show_saved`."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons of members."""
        self._services = services
        self._tips = services.tips
        self._sharing = OneAtATime()
        self._saved = SavedTips(client.routes, services)
        Votes(client.routes, services)
        client.routes.on_press("tip:another", self.show_another)
        client.routes.on_press("tip:share", self.share)

    @app_commands.command(name="tip", description="A small self-care tip, just for you")
    @app_commands.describe(topic="What it should be about")
    @app_commands.choices(topic=TOPIC_CHOICES)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def tip(
        self, interaction: discord.Interaction[Any], topic: app_commands.Choice[str] | None = None
    ) -> None:
        """Show a private card."""
        await show(interaction, await self._draw(interaction, topic.value if topic else "", ()))

    async def show_another(
        self, interaction: discord.Interaction[Any], topic: str = "", seen: str = ""
    ) -> None:
        """Put another tip in the card's place."""
        drawn = await self._draw(interaction, topic, split_short_ids(seen))
        await update(interaction, drawn)

    async def share(
        self, interaction: discord.Interaction[Any], tip_id: str, topic: str = ""
    ) -> None:
        """Post the tip in this channel for everyone, once a card; nobody is named in it."""
        t = texts(interaction)
        with self._sharing.turn(interaction.message and interaction.message.id) as is_first:
            if not is_first:
                await interaction.response.defer()
                return
            tip = await self._find_shareable(interaction, tip_id, t)
            language = await self._public_texts(interaction)
            await interaction.response.defer()
            try:
                message = await interaction.followup.send(
                    view=render_shared(tip, language), wait=True
                )
            except discord.Forbidden as error:
                raise RefusalError(_cannot_share(t)) from error
            words = t("“{title}” is in the channel now.", title=title_of(tip))
            if message.flags.ephemeral:
                words = t(
                    "Discord shows “{title}” to you alone: apps may not post in this channel.",
                    title=title_of(tip),
                )
            await update(interaction, render_done_sharing(tip, topic, words, t))

    async def show_saved(self, interaction: discord.Interaction[Any]) -> None:
        """Answer ``/tips saved``."""
        await self._saved.show(interaction)

    async def _draw(
        self, interaction: discord.Interaction[Any], topic: str, seen: tuple[str, ...]
    ) -> discord.ui.LayoutView:
        t = texts(interaction)
        draw = await self._tips.pick(interaction.guild_id, topic or None, seen)
        if draw is None:
            raise RefusalError(_nothing_there(topic, t))
        note = ""
        if draw.starts_over:
            seen = ()
            note = t(
                "You have seen all {total} tips there are here for now; they begin again.",
                total=draw.total,
            )
        if draw.total == 1:
            note = t("This is the only tip there is here for now.")
        shown = [*seen, short_id(draw.tip.id)][-SEEN:]
        return render_tip(draw.tip, topic, shown, t, note=note)

    async def _find_shareable(
        self, interaction: discord.Interaction[Any], tip_id: str, t: Texts
    ) -> Tip:
        tip = await find_tip(self._tips, tip_id, t)
        guild_id = interaction.guild_id
        if guild_id is None:
            return tip
        if not _may_speak(interaction):
            raise RefusalError(_cannot_share(t))
        if not (await self._services.guilds.settings(guild_id)).is_on(KIND):
            message = t(
                "Tips are switched off in this community, so I post none here. "
                "You can still read and save them; nobody else sees that."
            )
            raise RefusalError(message)
        if tip_id not in await self._tips.eligible(guild_id, ()):
            message = t("This community chose not to show that tip. Press Another for a new one.")
            raise RefusalError(message)
        return tip

    async def _public_texts(self, interaction: discord.Interaction[Any]) -> Texts:
        """The words of a post that everyone sees: the community's language."""
        if interaction.guild_id is None:
            return texts(interaction)
        settings = await self._services.guilds.settings(interaction.guild_id)
        return self._services.languages.texts(settings.language)


def _nothing_there(topic: str, t: Texts) -> str:
    if topic:
        return t(
            "This community shows no tip on that topic. Try /tip without a topic, "
            "or ask me in a direct message, where I have all of them."
        )
    return t(
        "This community's moderators have muted every tip. "
        "Ask me in a direct message, where I have all of them."
    )


def _cannot_share(t: Texts) -> str:
    return t(
        "You can't write in this channel, so I won't post here for you. "
        "Run /tip in a channel where you can, then press Share here."
    )


def _may_speak(interaction: discord.Interaction[Any]) -> bool:
    allowed = interaction.permissions
    if isinstance(interaction.channel, discord.Thread):
        return allowed.send_messages_in_threads
    return allowed.send_messages
