"""A campaign's calendar: each step as it will look, edited or left out; all in a dry run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.campaigns import rules
from bot.campaigns.service import post_on
from bot.errors import RefusalError
from bot.safety.messaging import advise
from bot.words import clean_line, clean_text
from cogs.campaigns import cards
from cogs.campaigns.access import find_on
from cogs.ui.pictures import to_file, update_with
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import custom_id, selected

if TYPE_CHECKING:
    from bot.campaigns.service import Planned
    from bot.client import BreatherClient
    from bot.delivery.ports import Schedule
    from bot.services import Services

AHEAD = 10
"""Steps in one calendar: this round and most of the next."""


class Steps:
    """What moderators do with single steps; each press looks at the permission anew."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the controls and the form."""
        self._services = services
        for action, handler in (
            ("calendar", self.show_calendar),
            ("look", self.look),
            ("skip", self.skip),
            ("unskip", self.unskip),
            ("edit", self.ask_words),
            ("own", self.take_back),
            ("dry", self.dry_run),
        ):
            client.routes.on_press(f"campaign:{action}", handler)
        client.routes.on_form("campaign:words", self.rewrite, self._words_form)

    async def show_calendar(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """What will be posted and when."""
        campaign, schedule = await find_on(self._services, interaction, campaign_id)
        planned = await self._services.campaigns.calendar(schedule, AHEAD)
        zone = schedule.recurrence.zone
        view = cards.render_calendar(campaign, planned, zone, texts(interaction))
        await update(interaction, view)

    async def look(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """One step exactly as it will look."""
        await self._show_step(interaction, campaign_id, selected(interaction)[0])

    async def skip(
        self, interaction: discord.Interaction[Any], campaign_id: str, slot: str
    ) -> None:
        """Leave one step out."""
        _, schedule = await find_on(self._services, interaction, campaign_id)
        await self._services.campaigns.skip(interaction.user.id, schedule, slot)
        await self._show_step(interaction, campaign_id, slot)

    async def unskip(
        self, interaction: discord.Interaction[Any], campaign_id: str, slot: str
    ) -> None:
        """Post it after all."""
        _, schedule = await find_on(self._services, interaction, campaign_id)
        await self._services.campaigns.unskip(interaction.user.id, schedule, slot)
        await self._show_step(interaction, campaign_id, slot)

    async def ask_words(
        self, interaction: discord.Interaction[Any], campaign_id: str, slot: str
    ) -> None:
        """Open the form with the step's words."""
        campaign, schedule = await find_on(self._services, interaction, campaign_id)
        post = post_on(campaign, schedule.options, slot)
        values = {} if post is None else {"title": post.title, "body": post.body}
        form = self._words_form(interaction, values, campaign_id, slot)
        await interaction.response.send_modal(form)

    async def rewrite(
        self,
        interaction: discord.Interaction[Any],
        values: dict[str, Any],
        campaign_id: str,
        slot: str,
    ) -> None:
        """Keep a moderator's words for this one year; with advice, if they may harm."""
        _, schedule = await find_on(self._services, interaction, campaign_id)
        t = texts(interaction)
        words = rules.Words(
            clean_line(values.get("title") or "", rules.TITLE_LENGTH),
            clean_text(values.get("body") or "", rules.BODY_LENGTH),
        )
        if not words.title or not words.body:
            message = t("A post needs a title and a text. Nothing was changed.")
            raise RefusalError(message)
        await self._services.campaigns.rewrite(interaction.user.id, schedule, slot, words)
        await self._show_step(interaction, campaign_id, slot)
        advice = advise(f"{words.title}\n{words.body}")
        if advice:
            await show(interaction, cards.render_advice(advice, t))

    async def take_back(
        self, interaction: discord.Interaction[Any], campaign_id: str, slot: str
    ) -> None:
        """Say it in the campaign's own words again."""
        _, schedule = await find_on(self._services, interaction, campaign_id)
        await self._services.campaigns.rewrite(interaction.user.id, schedule, slot, None)
        await self._show_step(interaction, campaign_id, slot)

    async def dry_run(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Show every step of the coming round to this moderator alone; nothing is posted."""
        _, schedule = await find_on(self._services, interaction, campaign_id)
        count = len(schedule.options.get("steps", ())) or 1
        planned = await self._services.campaigns.calendar(schedule, count)
        await interaction.response.defer(ephemeral=True, thinking=True)
        t = texts(interaction)
        posts = [item.post for item in planned if not item.is_skipped]
        for post in [await self._services.pictures.dress(schedule, post) for post in posts]:
            files = [to_file(picture) for picture in post.files]
            view = cards.render_dry(post, t)
            await interaction.followup.send(view=view, files=files, ephemeral=True)

    async def _show_step(
        self, interaction: discord.Interaction[Any], campaign_id: str, slot: str
    ) -> None:
        campaign, schedule = await find_on(self._services, interaction, campaign_id)
        item = await self._planned(schedule, slot)
        if item is None:
            message = texts(interaction)("That step is past by now. Look at the calendar again.")
            raise RefusalError(message)
        if rules.has_picture(schedule) and not interaction.response.is_done():
            await interaction.response.defer()
        item = replace(item, post=await self._services.pictures.dress(schedule, item.post))
        view = cards.render_step(campaign, item, texts(interaction))
        if item.post.files:
            await update_with(interaction, view, item.post.files[0])
        else:
            await update(interaction, view)

    async def _planned(self, schedule: Schedule, slot: str) -> Planned | None:
        planned = await self._services.campaigns.calendar(schedule, AHEAD)
        return next((item for item in planned if item.run.slot == slot), None)

    @staticmethod
    def _words_form(
        interaction: discord.Interaction[Any],
        values: dict[str, Any],
        campaign_id: str,
        slot: str,
    ) -> ui.Modal:
        t = texts(interaction)
        form = ui.Modal(
            title=t("This year's words"), custom_id=custom_id("campaign:words", campaign_id, slot)
        )
        title: ui.TextInput[Any] = ui.TextInput(
            custom_id="title", default=values.get("title"), max_length=rules.TITLE_LENGTH
        )
        body: ui.TextInput[Any] = ui.TextInput(
            custom_id="body",
            default=values.get("body"),
            max_length=rules.BODY_LENGTH,
            style=discord.TextStyle.paragraph,
        )
        form.add_item(ui.Label(text=t("Title"), component=title))
        form.add_item(ui.Label(text=t("Text"), component=body))
        form.stop()
        return form
