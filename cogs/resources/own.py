"""A community's own resources: the form, the preview, keeping, removing, and the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import RefusalError
from bot.resources.rules import COMMUNITY_PREFIX, CommunityResource, find_faults
from cogs.resources import own_cards
from cogs.resources.cards import PRIMARY, document_parts
from cogs.ui.cards import button, card, row
from cogs.ui.drafts import Drafts
from cogs.ui.moderators import ensure_moderator
from cogs.ui.once import OneAtATime
from cogs.ui.plain import plain
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import selected

if TYPE_CHECKING:
    import discord

    from bot.client import Router
    from bot.services import Services

COMMAND = "/resources add"


class OwnResources:
    """Write, look, edit, keep or discard. What was typed lives in memory until it is kept."""

    def __init__(self, routes: Router, services: Services) -> None:
        """Register the buttons and the form."""
        self._services = services
        self._drafts: Drafts[CommunityResource] = Drafts(services.clock)
        self._keeping = OneAtATime()
        for action, handler in (
            ("add", self.add),
            ("edit", self.edit),
            ("keep", self.keep),
            ("discard", self.discard),
            ("list", self.turn),
            ("choose", self.choose),
            ("change", self.change),
            ("remove", self.remove),
            ("restore", self.restore),
        ):
            routes.on_press(f"own-resource:{action}", handler)
        routes.on_form("own-resource:form", self.preview, own_cards.form_again)

    async def add(self, interaction: discord.Interaction[Any]) -> None:
        """Open an empty form."""
        await ensure_moderator(interaction, self._services.guilds)
        empty = CommunityResource("", "", "")
        await interaction.response.send_modal(own_cards.make_form(empty, texts(interaction)))

    async def edit(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Open the form again with what was typed."""
        await ensure_moderator(interaction, self._services.guilds)
        await interaction.response.send_modal(
            own_cards.make_form(self._take(interaction, token), texts(interaction))
        )

    async def change(self, interaction: discord.Interaction[Any], row_id: str) -> None:
        """Open the form with what is kept."""
        resource = await self._find(interaction, row_id)
        await interaction.response.send_modal(own_cards.make_form(resource, texts(interaction)))

    async def preview(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], row_id: str = "0"
    ) -> None:
        """Show the resource as members would see it, before it is kept."""
        await ensure_moderator(interaction, self._services.guilds)
        resource = own_cards.read_form(values, row_id)
        token = self._drafts.hold(interaction.user.id, resource)
        t = texts(interaction)
        faults = find_faults(resource)
        view = (
            own_cards.render_faults(token, resource, faults, t)
            if faults
            else own_cards.render_preview(token, resource, t)
        )
        message = interaction.message
        if message is not None and not message.flags.ephemeral:  # the moderators' channel
            await show(interaction, view)
        else:
            await update(interaction, view)

    async def keep(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the resource, once however often it is pressed."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        with self._keeping.turn(token) as is_first:
            if not is_first:
                await interaction.response.defer()
                return
            resource = self._take(interaction, token)
            curation = self._services.resource_curation
            save = curation.edit if resource.row_id else curation.add
            kept = await save(guild.id, interaction.user.id, resource)
            self._drafts.drop(token)
        t = texts(interaction)
        words = t(
            "Kept: “{title}”. /ask and /resources find it from now on.", title=plain(kept.title)
        )
        undo = None if resource.row_id else button(t("Undo"), "own-resource:remove", kept.row_id)
        buttons = row(
            button(t("Look at it"), "resources:show", kept.id),
            button(t("Add another"), "own-resource:add"),
            undo,
        )
        await update(interaction, card(words, buttons))

    async def discard(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Forget the form."""
        self._drafts.drop(token)
        t = texts(interaction)
        begin = row(button(t("Add one"), "own-resource:add"))
        await update(interaction, card(t("Discarded. Nothing was changed."), begin))

    async def list_own(self, interaction: discord.Interaction[Any]) -> None:
        """Answer ``/resources own``."""
        await self.turn(interaction, "0")

    async def turn(self, interaction: discord.Interaction[Any], page: str) -> None:
        """A page of what the community added."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        own = await self._services.resources.own(guild.id)
        await update(interaction, own_cards.render_list(own, int(page), texts(interaction)))

    async def choose(self, interaction: discord.Interaction[Any]) -> None:
        """What can be done with the one that was chosen."""
        resource = await self._find(interaction, selected(interaction)[0])
        t = texts(interaction)
        view = card(
            *document_parts(resource, t),
            row(
                button(t("Edit"), "own-resource:change", resource.row_id, style=PRIMARY),
                button(t("Remove"), "own-resource:remove", resource.row_id),
                button(t("Back to the list"), "own-resource:list", 0),
            ),
        )
        await update(interaction, view)

    async def remove(self, interaction: discord.Interaction[Any], row_id: str) -> None:
        """Remove a resource, with a way back."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        curation = self._services.resource_curation
        is_new = await curation.remove(guild.id, interaction.user.id, int(row_id))
        t = texts(interaction)
        words = t("Removed. Nobody finds it any more.") if is_new else t("It was gone already.")
        buttons = row(
            button(t("Undo"), "own-resource:restore", row_id),
            button(t("Own resources"), "own-resource:list", 0),
        )
        await update(interaction, card(words, buttons))

    async def restore(self, interaction: discord.Interaction[Any], row_id: str) -> None:
        """Take a removal back."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        curation = self._services.resource_curation
        await curation.restore(guild.id, interaction.user.id, int(row_id))
        await self.turn(interaction, "0")

    async def _find(self, interaction: discord.Interaction[Any], row_id: str) -> CommunityResource:
        guild = await ensure_moderator(interaction, self._services.guilds)
        document_id = f"{COMMUNITY_PREFIX}{row_id}"
        found = await self._services.resources.find(guild.id, document_id)
        if not isinstance(found, CommunityResource):
            t = texts(interaction)
            message = t("That resource is gone. Run /resources own to see those that are there.")
            raise RefusalError(message)
        return found

    def _take(self, interaction: discord.Interaction[Any], token: str) -> CommunityResource:
        return self._drafts.take(token, interaction.user.id, COMMAND, texts(interaction))
