"""Set a reminder to oneself, change it, stop it. It has no command: ``/wmhd`` leads to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from discord.ext import commands

from bot.errors import RefusalError
from bot.reminders.rules import Wish
from bot.zones import UnknownZone, find_zones, resolve_zone
from cogs.reminders import cards
from cogs.reminders.forms import AT_FIRST, Values, make_form, read_wish, values_of
from cogs.ui.drafts import Drafts
from cogs.ui.plain import plain
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import selected

if TYPE_CHECKING:
    import discord
    from discord import ui

    from bot.client import BreatherClient
    from bot.content.campaigns import Campaign
    from bot.services import Services

COMMAND = "/wmhd"


@dataclass(frozen=True, slots=True)
class _Typed:
    """A form that could not be read yet."""

    campaign_id: str
    values: Values


class RemindersCog(commands.Cog):
    """Answers the person alone; what is kept stands in ``bot.reminders.tables``."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the controls and the form."""
        self._services = services
        self._typed: Drafts[_Typed] = Drafts(services.clock)
        self._stopped: Drafts[Wish] = Drafts(services.clock)
        for action, handler in (
            ("open", self.open),
            ("change", self.change),
            ("edit", self.edit),
            ("zone", self.choose_zone),
            ("stop", self.stop),
            ("end", self.end),
            ("undo", self.undo),
        ):
            client.routes.on_press(f"reminder:{action}", handler)
        client.routes.on_form("reminder:set", self.set, self._make_form)

    async def open(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """What is set, or the form that sets it."""
        campaign = self._find(interaction, campaign_id)
        reminder = await self._services.reminders.find(interaction.user.id, campaign_id)
        if reminder is not None:
            await self._show(interaction, campaign)
            return
        values: Values = dict(AT_FIRST)
        if interaction.guild_id is not None:
            values["zone"] = (await self._services.guilds.settings(interaction.guild_id)).zone
        form = make_form(campaign_id, values, texts(interaction))
        await interaction.response.send_modal(form)

    async def change(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """The form with what is set; an old card's button still sets one anew."""
        self._find(interaction, campaign_id)
        reminder = await self._services.reminders.find(interaction.user.id, campaign_id)
        values = dict(AT_FIRST) if reminder is None else values_of(reminder.wish)
        form = make_form(campaign_id, values, texts(interaction))
        await interaction.response.send_modal(form)

    async def set(
        self, interaction: discord.Interaction[Any], values: Values, campaign_id: str
    ) -> None:
        """Keep it, or say what could not be read."""
        t = texts(interaction)
        campaign = self._find(interaction, campaign_id)
        token = self._typed.hold(interaction.user.id, _Typed(campaign_id, values))
        text = str(values.get("zone") or "").strip()
        try:
            wish = read_wish(campaign_id, values, "UTC", str(interaction.locale), t)
            zone = resolve_zone(text)
        except RefusalError as error:
            await update(interaction, cards.render_fault(str(error), token, campaign, t))
        except UnknownZone:
            found = find_zones(text, self._services.clock.now()) if text else []
            options = [(choice.name, choice.label) for choice in found]
            if options:
                view = cards.render_zones(options, token, campaign, t)
            else:
                words = "I know no time zone like “{text}”. Try a large city nearby."
                view = cards.render_fault(t(words, text=plain(text)), token, campaign, t)
            await update(interaction, view)
        else:
            self._typed.drop(token)
            await self._keep(interaction, campaign, replace(wish, zone=zone))

    async def choose_zone(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep what was typed, with the zone that was chosen."""
        t = texts(interaction)
        typed = self._typed.take(token, interaction.user.id, COMMAND, t)
        campaign = self._find(interaction, typed.campaign_id)
        zone = resolve_zone(selected(interaction)[0])
        wish = read_wish(campaign.id, typed.values, zone, str(interaction.locale), t)
        await self._keep(interaction, campaign, wish)
        self._typed.drop(token)

    async def edit(self, interaction: discord.Interaction[Any], token: str) -> None:
        """The form again with what was typed."""
        t = texts(interaction)
        typed = self._typed.take(token, interaction.user.id, COMMAND, t)
        await interaction.response.send_modal(make_form(typed.campaign_id, typed.values, t))

    async def stop(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Forget it, from its card."""
        await update(interaction, await self._stop(interaction, campaign_id))

    async def end(
        self, interaction: discord.Interaction[Any], campaign_id: str, _key: str = ""
    ) -> None:
        """The same from the message, which stays as it is."""
        await show(interaction, await self._stop(interaction, campaign_id))

    async def undo(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Set it again as it was; pressed twice, it is set once."""
        wish = self._stopped.find(token, interaction.user.id)
        if wish is None:
            message = texts(interaction)(
                "I don't know any more how it was set: you stopped it more than 15 minutes ago, or "
                "I was restarted since. /wmhd, Remind me, sets a new one."
            )
            raise RefusalError(message)
        await self._keep(interaction, self._find(interaction, wish.campaign_id), wish)

    async def _stop(self, interaction: discord.Interaction[Any], campaign_id: str) -> ui.LayoutView:
        campaign = self._find(interaction, campaign_id)
        wish = await self._services.reminders.stop(interaction.user.id, campaign_id)
        token = None if wish is None else self._stopped.hold(interaction.user.id, wish)
        return cards.render_stopped(campaign, token, texts(interaction))

    async def _keep(
        self, interaction: discord.Interaction[Any], campaign: Campaign, wish: Wish
    ) -> None:
        await self._services.reminders.set(interaction.user.id, wish)
        await self._show(interaction, campaign)

    async def _show(self, interaction: discord.Interaction[Any], campaign: Campaign) -> None:
        reminder = await self._services.reminders.find(interaction.user.id, campaign.id)
        if reminder is None:
            view = cards.render_stopped(campaign, None, texts(interaction))
        else:
            has_failed = await self._services.reminders.has_failed(interaction.user.id, campaign.id)
            view = cards.render_set(campaign, reminder, texts(interaction), has_failed=has_failed)
        await update(interaction, view)

    def _find(self, interaction: discord.Interaction[Any], campaign_id: str) -> Campaign:
        campaign = self._services.campaigns.library.by_id.get(campaign_id)
        if campaign is None:
            message = texts(interaction)("That campaign is not there any more. /ask may help.")
            raise RefusalError(message)
        return campaign

    @staticmethod
    def _make_form(
        interaction: discord.Interaction[Any], values: Values, campaign_id: str
    ) -> ui.Modal:
        return make_form(campaign_id, values, texts(interaction))
