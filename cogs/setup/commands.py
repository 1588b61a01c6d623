"""``/setup``: language and zone, channels, staff role, features. Each choice is saved at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.guilds.service import FEATURES
from bot.publisher import explain_missing, missing_permissions
from bot.zones import UnknownZone, find_zones, resolve_zone
from cogs.setup.cards import STEPS, render_forget, render_step
from cogs.ui.cards import button, card, escape, refusal, row, select
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import custom_id, selected

if TYPE_CHECKING:
    from bot.app import Services
    from bot.client import BreatherClient

LANGUAGE, CHANNELS, STAFF, FEATURE = range(STEPS)
UNDO_FIELDS = frozenset(
    {"language", "zone", "community_channel_id", "staff_channel_id", "staff_role_id", "features_off"}
)


class SetupCog(commands.Cog):
    """The wizard. It keeps nothing in memory, so it can be left and taken up again."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._services = services
        for action, handler in (
            ("open", self.open),
            ("step", self.go_to_step),
            ("language", self.choose_language),
            ("zone", self.ask_zone),
            ("pick", self.pick_zone),
            ("community", self.choose_community),
            ("staff", self.choose_staff),
            ("role", self.choose_role),
            ("feature", self.toggle_feature),
            ("undo", self.undo),
            ("forget", self.ask_forget),
            ("really", self.forget),
        ):
            client.routes.on_press(f"setup:{action}", handler)
        client.routes.on_form("setup:zone", self.set_zone)

    @app_commands.command(name="setup", description="For moderators: set Breather up, step by step")
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    async def setup(self, interaction: discord.Interaction[Any]) -> None:
        """Go on where setup was left."""
        await self.open(interaction)

    async def open(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the command, and the button of the hello."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        settings = await self._services.guilds.settings(guild.id)
        await show(
            interaction,
            render_step(settings.setup_step, settings, self._services.languages, texts(interaction)),
        )

    async def go_to_step(self, interaction: discord.Interaction[Any], step: str) -> None:
        """Back, Next, Finish."""
        await self._change(interaction, int(step), "")

    async def choose_language(self, interaction: discord.Interaction[Any]) -> None:
        """Keep the language of public posts."""
        await self._change(interaction, LANGUAGE, "language", selected(interaction)[0])

    async def ask_zone(self, interaction: discord.Interaction[Any]) -> None:
        """Ask for the zone in a form."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        settings = await self._services.guilds.settings(guild.id)
        t = texts(interaction)
        form = ui.Modal(title=t("Time zone"), custom_id=custom_id("setup:zone"))
        field: ui.TextInput[Any] = ui.TextInput(custom_id="text", default=settings.zone, max_length=60)
        form.add_item(ui.Label(text=t("A city, a country or a short name"), component=field))
        form.stop()
        await interaction.response.send_modal(form)

    async def set_zone(self, interaction: discord.Interaction[Any], values: dict[str, str]) -> None:
        """Keep the zone that was typed, or offer those that fit."""
        await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        text = values.get("text", "").strip()
        try:
            await self._change(interaction, LANGUAGE, "zone", resolve_zone(text))
        except UnknownZone:
            found = find_zones(text, self._services.clock.now()) if text else []
            again = row(button(t("Type again"), "setup:zone"), button(t("Back"), "setup:step", LANGUAGE))
            if not found:
                sentence = t("I know no time zone like “{text}”. Try a large city nearby.", text=escape(text))
                await update(interaction, refusal(sentence, again))
                return
            options = [(zone.name, zone.label) for zone in found]
            view = card(t("Which of these is it?"), row(select(t("Time zone"), "setup:pick", options=options)), again)
            await update(interaction, view)

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
            note = texts(interaction)("Everyone has that role, so it was not chosen. Choose another one.")
            await self._change(interaction, STAFF, "", note=note)
            return
        await self._change(interaction, STAFF, "staff_role_id", role_id)

    async def toggle_feature(self, interaction: discord.Interaction[Any], feature: str) -> None:
        """Switch a feature over."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        settings = await self._services.guilds.settings(guild.id)
        off = set(settings.features_off) ^ ({feature} & set(FEATURES))
        await self._change(interaction, FEATURE, "features_off", tuple(sorted(off)))

    async def undo(
        self, interaction: discord.Interaction[Any], step: str, field: str, *old: str
    ) -> None:
        """Put the value from before the last change back."""
        value: Any = ":".join(old)
        if field not in UNDO_FIELDS:
            return
        if field.endswith("_id"):
            value = int(value) if value else None
        elif field == "features_off":
            value = tuple(filter(None, value.split(",")))
        await self._change(interaction, int(step), field, value, can_undo=False)

    async def ask_forget(self, interaction: discord.Interaction[Any]) -> None:
        """Say what goes, and ask."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        schedules = await self._services.schedules.in_guild(guild.id)
        tips = await self._services.curation.own_tips(guild.id)
        await update(interaction, render_forget(len(schedules), len(tips), texts(interaction)))

    async def forget(self, interaction: discord.Interaction[Any]) -> None:
        """Forget the community at once."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        await self._services.guilds.forget(guild.id)
        words = t("Forgotten: I keep nothing about this community any more. /setup begins anew.")
        await update(interaction, card(words))

    async def _change_channel(self, interaction: discord.Interaction[Any], field: str) -> None:
        guild = await ensure_moderator(interaction, self._services.guilds)
        chosen = selected(interaction)
        channel_id = int(chosen[0]) if chosen else None
        channel = guild.get_channel(channel_id) if channel_id else None
        note = ""
        if isinstance(channel, discord.TextChannel) and (missing := missing_permissions(channel)):
            note = explain_missing(channel.id, missing, retry=texts(interaction)("Next"))
        await self._change(interaction, CHANNELS, field, channel_id, note=note)

    async def _change(  # noqa: PLR0913 (the one place that saves and shows)
        self,
        interaction: discord.Interaction[Any],
        step: int,
        field: str,
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
        undo = ""
        if field and can_undo and getattr(before, field) != getattr(after, field):
            undo = f"{field}:{_plain(getattr(before, field))}"
        view = render_step(
            step, after, self._services.languages, texts(interaction), undo=undo, note=note
        )
        await update(interaction, view)


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "" if value is None else str(value)
