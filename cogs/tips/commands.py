"""``/tip`` and the presses under tips: for members, everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.content.tips import TOPICS, Tip
from bot.errors import RefusalError
from bot.tips.rules import short_id
from cogs.tips.cards import render_empty_saved, render_saved, render_shared, render_tip
from cogs.ui.cards import button, card, row
from cogs.ui.replies import show, texts, update

if TYPE_CHECKING:
    from bot.app import Services
    from bot.client import BreatherClient
    from bot.i18n import Texts

SEEN = 18
TOPIC_CHOICES = [
    app_commands.Choice(name=name, value=topic) for topic, name in TOPICS.items()
]


class MemberTips(commands.Cog):
    """What members do with tips. ``/tips saved`` is answered by :meth:`show_saved`."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._tips = services.tips
        for action, handler in (
            ("another", self.show_another),
            ("share", self.share),
            ("save", self.save),
            ("unsave", self.unsave),
            ("helpful", self.vote_helpful),
            ("unhelpful", self.vote_unhelpful),
            ("open", self.open_saved),
        ):
            client.routes.on_press(f"tip:{action}", handler)

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
        await update(interaction, await self._draw(interaction, topic, seen.split(",")))

    async def share(self, interaction: discord.Interaction[Any], tip_id: str) -> None:
        """Post the tip in this channel for everyone, once a card; nobody is named in it."""
        t = texts(interaction)
        tip = await self._find(tip_id, t)
        if interaction.guild_id is not None and not _may_speak(interaction):
            message = t(
                "You can't write in this channel, so I won't post here for you. "
                "Run /tip in a channel where you can, then press Share here."
            )
            raise RefusalError(message)
        done = card(
            "## " + t("Shared"),
            t("“{title}” is in the channel now.", title=tip.title),
            row(button(t("Another tip"), "tip:another")),
        )
        await update(interaction, done)
        await interaction.followup.send(view=render_shared(tip, t))

    async def save(self, interaction: discord.Interaction[Any], tip_id: str, *_: str) -> None:
        """Keep the tip for the person who pressed."""
        t = texts(interaction)
        tip = await self._find(tip_id, t)
        added = await self._tips.save(interaction.user.id, tip_id)
        first = t("Saved: “{title}”.", title=tip.title) if added else t(
            "“{title}” was saved already.", title=tip.title
        )
        await show(
            interaction,
            card(
                first + " " + t("Find it with /tips saved, also in a direct message to me."),
                row(
                    button(t("My saved tips"), "tip:open", 0, "new"),
                    button(t("Undo"), "tip:unsave", tip_id, "note") if added else None,
                ),
            ),
        )

    async def unsave(
        self, interaction: discord.Interaction[Any], tip_id: str, where: str = "note"
    ) -> None:
        """Remove a saved tip, with a way back."""
        t = texts(interaction)
        await self._tips.unsave(interaction.user.id, tip_id)
        if where == "list":
            await update(interaction, await self._saved(interaction.user.id, 0, t, undo=tip_id))
            return
        await update(interaction, card(t("Removed from your saved tips.")))

    async def vote_helpful(self, interaction: discord.Interaction[Any], tip_id: str, *_: str) -> None:
        """Count one person's yes."""
        await self._vote(interaction, tip_id, is_helpful=True)

    async def vote_unhelpful(
        self, interaction: discord.Interaction[Any], tip_id: str, *_: str
    ) -> None:
        """Count one person's no."""
        await self._vote(interaction, tip_id, is_helpful=False)

    async def open_saved(
        self, interaction: discord.Interaction[Any], page: str = "0", how: str = "page", tip_id: str = ""
    ) -> None:
        """Turn the pages of the saved tips; ``undo`` saves a removed one again."""
        t = texts(interaction)
        if how == "undo":
            await self._tips.save(interaction.user.id, tip_id)
        view = await self._saved(interaction.user.id, int(page), t)
        await (show if how == "new" else update)(interaction, view)

    async def show_saved(self, interaction: discord.Interaction[Any]) -> None:
        """Answer ``/tips saved``."""
        await show(interaction, await self._saved(interaction.user.id, 0, texts(interaction)))

    async def _saved(self, user_id: int, page: int, t: Texts, undo: str = "") -> discord.ui.LayoutView:
        tips = await self._tips.saved(user_id)
        if not tips:
            return render_empty_saved(t, undo)
        return render_saved(tips, min(page, len(tips) - 1), t, undo)

    async def _vote(
        self, interaction: discord.Interaction[Any], tip_id: str, *, is_helpful: bool
    ) -> None:
        t = texts(interaction)
        await self._find(tip_id, t)
        await self._tips.vote(interaction.user.id, tip_id, is_helpful=is_helpful)
        thanks = (
            t("Thank you, I have counted that it helped.")
            if is_helpful
            else t("Thank you, I have counted that it is not for you.")
        )
        await show(
            interaction,
            card(
                thanks
                + " "
                + t("Others see counts only. Press the other button to change your mind.")
            ),
        )

    async def _draw(
        self, interaction: discord.Interaction[Any], topic: str, seen: tuple[str, ...] | list[str]
    ) -> discord.ui.LayoutView:
        t = texts(interaction)
        tip = await self._tips.pick(interaction.guild_id, topic or None, seen)
        if tip is None:
            message = t(
                "This community has muted every tip on that topic. Try /tip without a topic."
            )
            raise RefusalError(message)
        return render_tip(tip, topic, [*filter(None, seen), short_id(tip.id)][-SEEN:], t)

    async def _find(self, tip_id: str, t: Texts) -> Tip:
        tip = await self._tips.find(tip_id)
        if tip is None:
            message = t("That tip is no longer in my library. Run /tip for another one.")
            raise RefusalError(message)
        return tip


def _may_speak(interaction: discord.Interaction[Any]) -> bool:
    allowed = interaction.permissions
    if isinstance(interaction.channel, discord.Thread):
        return allowed.send_messages_in_threads
    return allowed.send_messages

