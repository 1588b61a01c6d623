"""``/setup``: language and zone, channels, staff role, features. Each choice is saved at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.guilds.service import FEATURES, GuildSettings
from bot.permissions import explain_missing, missing_permissions
from bot.zones import UnknownZone, find_zones, resolve_zone
from cogs.setup import cards
from cogs.ui.cards import card
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.plain import plain
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import custom_id, selected

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

LANGUAGE, CHANNELS, STAFF, FEATURE = range(cards.STEPS)
TEXT_FIELDS = frozenset({"language", "zone"})
ID_FIELDS = frozenset({"community_channel_id", "staff_channel_id", "staff_role_id"})
ZONE_LENGTH = 60


class SetupCog(commands.Cog):
    """The wizard. It keeps nothing in memory, so it can be left and taken up again."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._services = services
        routes = client.routes
        for action, handler in (
            ("open", self.open),
            ("step", self.go_to_step),
            ("language", self.choose_language),
            ("zone", self.ask_zone),
            ("pick", self.pick_zone),
            ("community", self.choose_community),
            ("staff", self.choose_staff),
            ("role", self.choose_role),
            ("feature", self.switch_feature),
            ("undo", self.undo),
            ("forget", self.ask_forget),
            ("really", self.forget),
        ):
            routes.on_press(f"setup:{action}", handler)
        routes.on_form("setup:zone", self.set_zone, _zone_form)

    @app_commands.command(name="setup", description="For moderators: set Breather up, step by step")
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    @app_commands.guild_install()
    async def setup(self, interaction: discord.Interaction[Any]) -> None:
        """Go on where setup was left."""
        await self.open(interaction)

    async def open(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the command, and the button of the hello."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        settings = await self._services.guilds.settings(guild.id)
        await show(interaction, await self._render(interaction, guild, settings))

    async def go_to_step(self, interaction: discord.Interaction[Any], step: str) -> None:
        """Back, Next, Finish."""
        await self._change(interaction, max(0, min(int(step), cards.STEPS)))

    async def choose_language(self, interaction: discord.Interaction[Any]) -> None:
        """Keep the language of public posts."""
        await self._change(interaction, LANGUAGE, "language", selected(interaction)[0])

    async def ask_zone(self, interaction: discord.Interaction[Any]) -> None:
        """Ask for the zone in a form."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        settings = await self._services.guilds.settings(guild.id)
        form = _zone_form(interaction, {"text": settings.zone})
        await interaction.response.send_modal(form)

    async def set_zone(self, interaction: discord.Interaction[Any], values: dict[str, str]) -> None:
        """Keep the zone that was typed, or offer those that fit."""
        await ensure_moderator(interaction, self._services.guilds)
        text = values.get("text", "").strip()
        try:
            zone = resolve_zone(text)
        except UnknownZone:
            found = find_zones(text, self._services.clock.now()) if text else []
            options = [(choice.name, choice.label) for choice in found]
            parts = cards.render_zones(plain(text), options, texts(interaction))
            await update(interaction, card(*parts))
            return
        await self._change(interaction, LANGUAGE, "zone", zone)

    async def pick_zone(self, interaction: discord.Interaction[Any]) -> None:
        """Keep a zone from the list."""
        await self._change(interaction, LANGUAGE, "zone", resolve_zone(selected(interaction)[0]))

    async def choose_community(self, interaction: discord.Interaction[Any]) -> None:
        """Keep the community channel."""
        await self._change_channel(interaction, "community_channel_id")

    async def choose_staff(self, interaction: discord.Interaction[Any]) -> None:
        """Keep the moderators' desk."""
        await self._change_channel(interaction, "staff_channel_id")

    async def choose_role(self, interaction: discord.Interaction[Any]) -> None:
        """Keep the staff role, or none."""
        chosen = selected(interaction)
        guild = await ensure_moderator(interaction, self._services.guilds)
        role_id = int(chosen[0]) if chosen else None
        if role_id == guild.id:
            words = "Everyone has that role, so it was not chosen. Choose another one."
            await self._change(interaction, STAFF, note=texts(interaction)(words))
            return
        await self._change(interaction, STAFF, "staff_role_id", role_id)

    async def switch_feature(
        self, interaction: discord.Interaction[Any], feature: str, wanted: str
    ) -> None:
        """Switch a feature on or off, with a way back."""
        await self._switch(interaction, feature, is_on=wanted == "on")

    async def undo(
        self, interaction: discord.Interaction[Any], step: str, field: str, *old: str
    ) -> None:
        """Put the value from before the last change back."""
        value = ":".join(old)
        if field == "feature":
            await self._switch(interaction, old[0], is_on=old[-1] == "on", can_undo=False)
        elif field in TEXT_FIELDS and value:
            await self._change(interaction, int(step), field, value, can_undo=False)
        elif field in ID_FIELDS:
            old_id = int(value) if value else None
            await self._change(interaction, int(step), field, old_id, can_undo=False)

    async def ask_forget(self, interaction: discord.Interaction[Any]) -> None:
        """Say what goes, and ask."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        schedules = await self._services.schedules.in_guild(guild.id)
        tips = await self._services.curation.own_tips(guild.id)
        view = cards.render_forget(len(schedules), len(tips), texts(interaction))
        await update(interaction, view)

    async def forget(self, interaction: discord.Interaction[Any]) -> None:
        """Forget the community at once."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await self._services.guilds.forget(guild.id)
        await update(interaction, cards.render_forgotten(texts(interaction)))

    async def _change_channel(self, interaction: discord.Interaction[Any], field: str) -> None:
        guild = await ensure_moderator(interaction, self._services.guilds)
        chosen = selected(interaction)
        channel_id = int(chosen[0]) if chosen else None
        channel = guild.get_channel(channel_id) if channel_id else None
        note = _channel_note(channel, field, texts(interaction)) if channel else ""
        await self._change(interaction, CHANNELS, field, channel_id, note=note)

    async def _change(  # noqa: PLR0913 (the one place that saves and shows)
        self,
        interaction: discord.Interaction[Any],
        step: int,
        field: str = "",
        value: Any = None,  # noqa: ANN401 (by field)
        *,
        note: str = "",
        can_undo: bool = True,
    ) -> None:
        guild = await ensure_moderator(interaction, self._services.guilds)
        before = await self._services.guilds.settings(guild.id)
        changes = {field: value} if field else {}
        after = await self._services.guilds.change(
            guild.id, interaction.user.id, setup_step=step, **changes
        )
        undo: cards.Undo = ()
        if field and can_undo and getattr(before, field) != value:
            old = getattr(before, field)
            undo = (field, "" if old is None else old)
        await update(interaction, await self._render(interaction, guild, after, undo, note))

    async def _switch(
        self,
        interaction: discord.Interaction[Any],
        feature: str,
        *,
        is_on: bool,
        can_undo: bool = True,
    ) -> None:
        guild = await ensure_moderator(interaction, self._services.guilds)
        settings = await self._services.guilds.settings(guild.id)
        undo: cards.Undo = ()
        if feature in FEATURES:
            if can_undo and settings.is_on(feature) != is_on:
                undo = ("feature", feature, "off" if is_on else "on")
            settings = await self._services.guilds.switch_feature(
                guild.id, interaction.user.id, feature, is_on=is_on, setup_step=FEATURE
            )
        await update(interaction, await self._render(interaction, guild, settings, undo))

    async def _render(
        self,
        interaction: discord.Interaction[Any],
        guild: discord.Guild,
        settings: GuildSettings,
        undo: cards.Undo = (),
        note: str = "",
    ) -> ui.LayoutView:
        """The step at which setup stands. What was chosen but is gone counts as not chosen."""
        t = texts(interaction)
        shown = replace(
            settings,
            community_channel_id=_if_there(guild.get_channel, settings.community_channel_id),
            staff_channel_id=_if_there(guild.get_channel, settings.staff_channel_id),
            staff_role_id=_if_there(guild.get_role, settings.staff_role_id),
        )
        if not note and shown != settings and settings.setup_step >= CHANNELS:
            note = t("A channel or role that was chosen is gone. Choose another one.")
        languages = self._services.languages
        schedules = self._services.schedules
        scheduled = [kind for kind in FEATURES if await schedules.in_guild(guild.id, kind)]
        return cards.render_step(
            shown.setup_step, shown, languages, t, undo=undo, note=note, scheduled=scheduled
        )


def _if_there(find: Callable[[int], object], chosen: int | None) -> int | None:
    return chosen if chosen is not None and find(chosen) is not None else None


def _channel_note(channel: discord.abc.GuildChannel, field: str, t: Texts) -> str:
    """What is wrong with a channel that was chosen: a permission, or too many eyes."""
    missing = missing_permissions(channel)
    if missing:
        return explain_missing(channel.id, missing, retry=t("Next"))
    everyone = channel.permissions_for(channel.guild.default_role)
    if field == "staff_channel_id" and everyone.view_channel:
        return t(
            "Everyone can see <#{channel_id}>. That works, but choose a private channel "
            "if what I say there is for moderators only.",
            channel_id=channel.id,
        )
    return ""


def _zone_form(interaction: discord.Interaction[Any], values: dict[str, str]) -> ui.Modal:
    t = texts(interaction)
    form = ui.Modal(title=t("Time zone"), custom_id=custom_id("setup:zone"))
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id="text", default=values.get("text"), max_length=ZONE_LENGTH
    )
    hint = t("For example: Berlin, Brazil or PST")
    label = t("A city, a country or a short name")
    form.add_item(ui.Label(text=label, description=hint, component=field))
    form.stop()
    return form
