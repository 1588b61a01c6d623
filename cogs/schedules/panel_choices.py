"""The choices in the schedule panel: each press changes the draft and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from discord import ui

from bot.zones import UnknownZone, find_zones, resolve_zone
from cogs.schedules.panel_cards import Draft, render_panel, render_zones
from cogs.ui.cards import card
from cogs.ui.drafts import Drafts
from cogs.ui.replies import texts, update
from cogs.ui.routes import custom_id, selected
from cogs.ui.times import parse_time, show_time

if TYPE_CHECKING:
    import discord

    from bot.client import Router
    from bot.services import Services
    from cogs.schedules.kinds import Kinds, ScheduleKind


class PanelChoices:
    """Holds the drafts, which live in memory until they are saved.

    The kind stands in a panel's token, so that it is known when the draft is gone.
    """

    def __init__(self, routes: Router, services: Services, kinds: Kinds) -> None:
        """Register the selects, buttons and forms."""
        self._clock = services.clock
        self._kinds = kinds
        self._drafts: Drafts[Draft] = Drafts(services.clock)
        for action, handler in (
            ("channel", self.choose_channel),
            ("role", self.choose_role),
            ("days", self.choose_days),
            ("topics", self.choose_topics),
            ("silent", self.toggle_silent),
            ("time", self.ask_time),
            ("zone", self.ask_zone),
            ("pick", self.pick_zone),
            ("back", self.back),
            ("close", self.close),
        ):
            routes.on_press(f"schedule:{action}", handler)
        routes.on_form("schedule:time", self.set_time, _time_form)
        routes.on_form("schedule:zone", self.set_zone, _zone_form)

    async def begin(self, interaction: discord.Interaction[Any], draft: Draft) -> None:
        """Show a new draft."""
        token = self._hold(interaction, draft)
        await self._show(interaction, token, draft)

    async def begin_with_zones(
        self, interaction: discord.Interaction[Any], draft: Draft, text: str
    ) -> None:
        """Ask which zone was meant before a new draft is shown."""
        token = self._hold(interaction, draft)
        await self._offer_zones(interaction, token, text)

    def take(self, interaction: discord.Interaction[Any], token: str) -> Draft:
        """The person's draft. Raises :class:`RefusalError` when it is gone."""
        key, kind = self._split(token)
        command = f"{kind.command} schedule"
        return self._drafts.take(key, interaction.user.id, command, texts(interaction))

    def drop(self, token: str) -> None:
        """Forget a draft."""
        self._drafts.drop(self._split(token)[0])

    async def choose_channel(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the channel."""
        await self._change(interaction, token, channel_id=int(selected(interaction)[0]))

    async def choose_role(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the role, or nobody."""
        chosen = selected(interaction)
        await self._change(interaction, token, role_id=int(chosen[0]) if chosen else None)

    async def choose_days(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the weekdays."""
        days = frozenset(int(day) for day in selected(interaction))
        await self._change(interaction, token, weekdays=days)

    async def choose_topics(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the topics; none means all."""
        await self._change(interaction, token, topics=tuple(selected(interaction)))

    async def toggle_silent(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Switch silence over."""
        draft = self.take(interaction, token)
        await self._change(interaction, token, is_silent=not draft.is_silent)

    async def ask_time(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Ask for the time in a form."""
        draft = self.take(interaction, token)
        typed = {"text": show_time(draft.minute_of_day)}
        await interaction.response.send_modal(_time_form(interaction, typed, token))

    async def set_time(
        self, interaction: discord.Interaction[Any], values: dict[str, str], token: str
    ) -> None:
        """Keep the time."""
        self.take(interaction, token)
        minute_of_day = parse_time(values.get("text", ""), texts(interaction))
        await self._change(interaction, token, minute_of_day=minute_of_day)

    async def ask_zone(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Ask for the zone in a form."""
        draft = self.take(interaction, token)
        typed = {"text": draft.zone}
        await interaction.response.send_modal(_zone_form(interaction, typed, token))

    async def set_zone(
        self, interaction: discord.Interaction[Any], values: dict[str, str], token: str
    ) -> None:
        """Keep the zone that was typed exactly, or offer those that fit."""
        self.take(interaction, token)
        text = values.get("text", "").strip()
        try:
            zone = resolve_zone(text)
        except UnknownZone:
            await self._offer_zones(interaction, token, text)
            return
        await self._change(interaction, token, zone=zone)

    async def pick_zone(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep a zone from the list."""
        await self._change(interaction, token, zone=resolve_zone(selected(interaction)[0]))

    async def back(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Show the panel again."""
        await self._change(interaction, token)

    async def close(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Forget the draft."""
        self.drop(token)
        t = texts(interaction)
        command = self._split(token)[1].command
        words = t(
            "Closed. Nothing was changed. {command} schedule opens it again.", command=command
        )
        await update(interaction, card(words))

    def _hold(self, interaction: discord.Interaction[Any], draft: Draft) -> str:
        return f"{self._drafts.hold(interaction.user.id, draft)}.{draft.kind}"

    def _split(self, token: str) -> tuple[str, ScheduleKind]:
        """The draft's key and the kind; a panel from before there were kinds is of the first."""
        key, _, kind = token.partition(".")
        return key, self._kinds[kind or next(iter(self._kinds))]

    async def _offer_zones(
        self, interaction: discord.Interaction[Any], token: str, text: str
    ) -> None:
        found = find_zones(text, self._clock.now()) if text else []
        names = [(zone.name, zone.label) for zone in found]
        await update(interaction, render_zones(token, names, text, texts(interaction)))

    async def _change(
        self,
        interaction: discord.Interaction[Any],
        token: str,
        **changes: Any,  # noqa: ANN401 (by field)
    ) -> None:
        draft = replace(self.take(interaction, token), **changes)
        self._drafts.replace(self._split(token)[0], draft)
        await self._show(interaction, token, draft)

    async def _show(self, interaction: discord.Interaction[Any], token: str, draft: Draft) -> None:
        kind = self._kinds[draft.kind]
        view = render_panel(token, kind, draft, interaction.guild, texts(interaction))
        await update(interaction, view)


def _time_form(
    interaction: discord.Interaction[Any], typed: dict[str, str], token: str
) -> ui.Modal:
    t = texts(interaction)
    form = ui.Modal(title=t("Time of day"), custom_id=custom_id("schedule:time", token))
    return _ask(form, t("Time, like 09:30 or 9:30 pm"), typed)


def _zone_form(
    interaction: discord.Interaction[Any], typed: dict[str, str], token: str
) -> ui.Modal:
    t = texts(interaction)
    form = ui.Modal(title=t("Time zone"), custom_id=custom_id("schedule:zone", token))
    return _ask(form, t("A city, a country or a short name"), typed)


def _ask(form: ui.Modal, label: str, typed: dict[str, str]) -> ui.Modal:
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id="text", default=typed.get("text"), max_length=60
    )
    form.add_item(ui.Label(text=label, component=field))
    form.stop()
    return form
