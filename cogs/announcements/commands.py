"""``/announce`` and ``/announcements``: write one, look at what is planned, open one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.announcements.rules import ALT_LENGTH, Words, find_faults
from bot.errors import RefusalError
from cogs.announcements import cards
from cogs.announcements.approving import Approvals
from cogs.announcements.base import Base
from cogs.announcements.forms import make_words_form, read_words
from cogs.announcements.lists import render_list
from cogs.announcements.panel import Panel
from cogs.announcements.pictures import ensure_described, fetch_picture, put
from cogs.ui.drafts import Drafts
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.replies import show, texts
from cogs.ui.routes import selected

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BreatherClient
    from bot.services import Services

PAGE = 5
NEW = "0"
COMMAND = "/announce"


class AnnouncementsCog(commands.Cog, Base):
    """What is written is a draft at once, so that it survives a restart.

    Only words that can't be kept, such as a link that leads nowhere, wait in memory.
    """

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons and the form for the words."""
        Base.__init__(self, services)
        self._drafts: Drafts[tuple[str, Words]] = Drafts(services.clock)
        Panel(client.routes, services, Approvals(client, services))
        routes = client.routes
        for action, handler in (
            ("write", self.write),
            ("edit", self.edit),
            ("again", self.edit_again),
            ("list", self.turn),
            ("open", self.open),
            ("approval", self.switch_approval),
        ):
            routes.on_press(f"announce:{action}", handler)
        routes.on_form("announce:form", self.keep, words_again)
        services.engine.each_minute.append(self.announcements.sweep)

    @app_commands.command(
        name="announce", description="For moderators: write once, look at it, send it or plan it"
    )
    @app_commands.describe(
        picture="A picture to post with it: PNG, JPEG, GIF or WebP, 1 MB at most",
        alt="What the picture shows, for people who can't see it; needed with a picture",
    )
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    @app_commands.guild_install()
    async def announce(
        self,
        interaction: discord.Interaction[Any],
        picture: discord.Attachment | None = None,
        alt: app_commands.Range[str, 1, ALT_LENGTH] | None = None,
    ) -> None:
        """Open the form; a picture is kept first, since Discord's links to it expire."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        t = texts(interaction)
        ensure_described(picture, alt, t)
        if picture is None:
            await self.write(interaction)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        fetched = await fetch_picture(picture, alt or "", t)
        item = await self.announcements.write(guild.id, interaction.user.id, Words(), fetched)
        await self.show(interaction, item.announcement_id)

    @app_commands.command(
        name="announcements", description="For moderators: what is planned, and drafts"
    )
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    @app_commands.guild_install()
    async def list_all(self, interaction: discord.Interaction[Any]) -> None:
        """The first page."""
        await self.turn(interaction)

    async def write(self, interaction: discord.Interaction[Any]) -> None:
        """Open an empty form."""
        await ensure_moderator(interaction, self.services.guilds)
        await interaction.response.send_modal(make_words_form(NEW, Words(), texts(interaction)))

    async def edit(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Open the form with what is kept."""
        item = await self.take(interaction, number)
        await interaction.response.send_modal(
            make_words_form(number, item.words, texts(interaction))
        )

    async def edit_again(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Open the form with what was typed and could not be kept."""
        await ensure_moderator(interaction, self.services.guilds)
        t = texts(interaction)
        number, words = self._drafts.take(token, interaction.user.id, COMMAND, t)
        await interaction.response.send_modal(make_words_form(number, words, t))

    async def keep(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], number: str
    ) -> None:
        """Keep what was typed, and show it as it will look."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        words = read_words(values)
        faults = find_faults(words)
        if faults:
            token = self._drafts.hold(interaction.user.id, (number, words))
            view = cards.render_faults(token, words, faults, texts(interaction))
            await show(interaction, view)
            return
        actor_id = interaction.user.id
        if number == NEW:
            number = str(
                (await self.announcements.write(guild.id, actor_id, words)).announcement_id
            )
        else:
            await self.announcements.rewrite(guild.id, actor_id, int(number), words)
        await self.show(interaction, number)

    async def turn(self, interaction: discord.Interaction[Any], page: str = "0") -> None:
        """A page of what there is."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        items = await self.announcements.in_guild(guild.id)
        pages = max(1, -(-len(items) // PAGE))
        number = min(max(int(page), 0), pages - 1)
        shown = items[number * PAGE : (number + 1) * PAGE]
        looks = [await self.announcements.look(item) for item in shown]
        settings = await self.services.guilds.settings(guild.id)
        view = render_list(
            looks, number, pages, texts(interaction), needs_approval=settings.needs_approval
        )
        await put(interaction, view)

    async def switch_approval(self, interaction: discord.Interaction[Any], wanted: str) -> None:
        """Let a second moderator approve announcements from now on, or no more.

        The staff role is not enough: whoever needs approval could switch it off.
        """
        guild = await ensure_moderator(interaction, self.services.guilds)
        if not interaction.permissions.manage_guild:
            message = texts(interaction)(
                "This needs the permission Manage Server: the staff role alone can't switch it, "
                "or nobody would need approval. Ask someone who has it."
            )
            raise RefusalError(message)
        await self.services.guilds.change(
            guild.id, interaction.user.id, needs_approval=wanted == "on"
        )
        await self.turn(interaction)

    async def open(self, interaction: discord.Interaction[Any], number: str = "") -> None:
        """The panel of the one that was chosen, or that a button names."""
        await self.show(interaction, number or selected(interaction)[0])


def words_again(
    interaction: discord.Interaction[Any], values: dict[str, Any], number: str
) -> ui.Modal:
    """The form for the words with what was typed into it."""
    return make_words_form(number, read_words(values), texts(interaction))
