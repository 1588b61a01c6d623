"""``/campaign``: on and off, channel, time, steps; a calendar in which each step can be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.campaigns import rules
from bot.campaigns.service import Choice, post_on
from bot.errors import RefusalError
from bot.publisher import explain_missing, missing_permissions
from bot.safety.messaging import advise
from bot.words import clean_line, clean_text
from cogs.campaigns import cards
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import custom_id, selected
from cogs.ui.times import parse_time, show_time

if TYPE_CHECKING:
    from bot.campaigns.service import Campaigns, Planned
    from bot.client import BreatherClient
    from bot.content.campaigns import Campaign
    from bot.delivery.ports import Schedule
    from bot.services import Services

TIME_LENGTH = 40
AHEAD = 10


class CampaignCog(commands.Cog):
    """The moderators' side; each press looks at the permission anew."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the controls and the forms."""
        self._client = client
        self._services = services
        routes = client.routes
        for action, handler in (
            ("list", self.list_all),
            ("open", self.open),
            ("channel", self.choose_channel),
            ("steps", self.choose_steps),
            ("role", self.choose_role),
            ("silent", self.switch_silent),
            ("time", self.ask_time),
            ("off", self.turn_off),
            ("calendar", self.show_calendar),
            ("look", self.look),
            ("skip", self.skip),
            ("unskip", self.unskip),
            ("edit", self.ask_words),
            ("own", self.take_back),
            ("dry", self.dry_run),
        ):
            routes.on_press(f"campaign:{action}", handler)
        routes.on_form("campaign:time", self.change_time, self._time_form)
        routes.on_form("campaign:words", self.rewrite, self._words_form)

    @app_commands.command(
        name="campaign", description="For moderators: World Mental Health Day and other campaigns"
    )
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    @app_commands.guild_install()
    async def campaign(self, interaction: discord.Interaction[Any]) -> None:
        """List the campaigns."""
        await self.list_all(interaction)

    async def list_all(self, interaction: discord.Interaction[Any]) -> None:
        """Every campaign, and whether it is on."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        on = await self._campaigns.in_guild(guild.id)
        library = list(self._campaigns.library.by_id.values())
        await update(interaction, cards.render_list(library, on, texts(interaction)))

    async def open(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """The panel of one campaign."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        campaign = self._campaigns.find(campaign_id)
        schedule = (await self._campaigns.in_guild(guild.id)).get(campaign_id)
        zone = (await self._services.guilds.settings(guild.id)).zone
        view = cards.render_panel(campaign, schedule, zone, texts(interaction))
        await update(interaction, view)

    async def choose_channel(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Turn it on in a channel, or move it there."""
        channel_id = int(selected(interaction)[0])
        guild = await ensure_moderator(interaction, self._services.guilds)
        channel = guild.get_channel_or_thread(channel_id)
        if channel is None:
            message = texts(interaction)("I can't see that channel. Choose another one.")
            raise RefusalError(message)
        missing = missing_permissions(channel)
        if missing:
            raise RefusalError(explain_missing(channel_id, missing, "the channel's name again"))
        await self._change(interaction, campaign_id, channel_id=channel_id)

    async def choose_steps(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Post these steps only."""
        offsets = tuple(sorted(int(offset) for offset in selected(interaction)))
        await self._change(interaction, campaign_id, offsets=offsets)

    async def choose_role(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Ping a role that people opted in to, or nobody."""
        chosen = selected(interaction)
        role_id = int(chosen[0]) if chosen else None
        await self._change(interaction, campaign_id, role_id=role_id)

    async def switch_silent(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """With or without a notification."""
        _, schedule = await self._on(interaction, campaign_id)
        await self._change(interaction, campaign_id, is_silent=not schedule.is_silent)

    async def ask_time(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Open the form for the time."""
        _, schedule = await self._on(interaction, campaign_id)
        values = {"text": show_time(schedule.recurrence.minute_of_day)}
        await interaction.response.send_modal(self._time_form(interaction, values, campaign_id))

    async def change_time(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], campaign_id: str
    ) -> None:
        """Post at another time of the day."""
        minute = parse_time(values.get("text") or "", texts(interaction))
        await self._on(interaction, campaign_id)
        await self._change(interaction, campaign_id, minute_of_day=minute)

    async def turn_off(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Post nothing more of it."""
        _, schedule = await self._on(interaction, campaign_id)
        await self._campaigns.turn_off(interaction.user.id, schedule)
        await self.open(interaction, campaign_id)

    async def show_calendar(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """What will be posted and when."""
        campaign, schedule = await self._on(interaction, campaign_id)
        planned = await self._campaigns.calendar(schedule, AHEAD)
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
        _, schedule = await self._on(interaction, campaign_id)
        await self._campaigns.skip(interaction.user.id, schedule, slot)
        await self._show_step(interaction, campaign_id, slot)

    async def unskip(
        self, interaction: discord.Interaction[Any], campaign_id: str, slot: str
    ) -> None:
        """Post it after all."""
        _, schedule = await self._on(interaction, campaign_id)
        await self._campaigns.unskip(interaction.user.id, schedule, slot)
        await self._show_step(interaction, campaign_id, slot)

    async def ask_words(
        self, interaction: discord.Interaction[Any], campaign_id: str, slot: str
    ) -> None:
        """Open the form with the step's words."""
        campaign, schedule = await self._on(interaction, campaign_id)
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
        _, schedule = await self._on(interaction, campaign_id)
        t = texts(interaction)
        words = rules.Words(
            clean_line(values.get("title") or "", rules.TITLE_LENGTH),
            clean_text(values.get("body") or "", rules.BODY_LENGTH),
        )
        if not words.title or not words.body:
            message = t("A post needs a title and a text. Nothing was changed.")
            raise RefusalError(message)
        await self._campaigns.rewrite(interaction.user.id, schedule, slot, words)
        await self._show_step(interaction, campaign_id, slot)
        advice = advise(f"{words.title}\n{words.body}")
        if advice:
            await show(interaction, cards.render_advice(advice, t))

    async def take_back(
        self, interaction: discord.Interaction[Any], campaign_id: str, slot: str
    ) -> None:
        """Say it in the campaign's own words again."""
        _, schedule = await self._on(interaction, campaign_id)
        await self._campaigns.rewrite(interaction.user.id, schedule, slot, None)
        await self._show_step(interaction, campaign_id, slot)

    async def dry_run(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Show every step of the coming round to this moderator alone; nothing is posted."""
        _, schedule = await self._on(interaction, campaign_id)
        count = len(schedule.options.get("steps", ())) or 1
        planned = await self._campaigns.calendar(schedule, count)
        await interaction.response.defer(ephemeral=True, thinking=True)
        t = texts(interaction)
        posts = [item.post for item in planned if not item.is_skipped]
        for view in cards.render_dry(posts, t):
            await interaction.followup.send(view=view, ephemeral=True)

    @property
    def _campaigns(self) -> Campaigns:
        return self._services.campaigns

    async def _on(
        self, interaction: discord.Interaction[Any], campaign_id: str
    ) -> tuple[Campaign, Schedule]:
        """A campaign that is on here, for a moderator. Raises :class:`RefusalError`."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        campaign = self._campaigns.find(campaign_id)
        schedule = (await self._campaigns.in_guild(guild.id)).get(campaign_id)
        if schedule is None or schedule.state != "active":
            message = texts(interaction)("It is off by now. Open /campaign and turn it on again.")
            raise RefusalError(message)
        return campaign, schedule

    async def _change(
        self,
        interaction: discord.Interaction[Any],
        campaign_id: str,
        **changes: Any,  # noqa: ANN401
    ) -> None:
        guild = await ensure_moderator(interaction, self._services.guilds)
        campaign = self._campaigns.find(campaign_id)
        schedule = (await self._campaigns.in_guild(guild.id)).get(campaign_id)
        zone = (await self._services.guilds.settings(guild.id)).zone
        if schedule is None:
            now = Choice(0, campaign.minute_of_day, tuple(rules.offsets_of(campaign)))
        else:
            now = Choice(
                schedule.channel_id,
                schedule.recurrence.minute_of_day,
                tuple(rules.steps_of(schedule, campaign)),
                schedule.role_id,
                schedule.is_silent,
            )
        wanted = replace(now, **changes)
        if not wanted.channel_id:
            message = texts(interaction)("Choose a channel first; that turns it on.")
            raise RefusalError(message)
        await self._campaigns.turn_on(interaction.user.id, guild.id, campaign, zone, wanted)
        await self.open(interaction, campaign_id)

    async def _show_step(
        self, interaction: discord.Interaction[Any], campaign_id: str, slot: str
    ) -> None:
        campaign, schedule = await self._on(interaction, campaign_id)
        item = await self._planned(schedule, slot)
        if item is None:
            message = texts(interaction)("That step is past by now. Look at the calendar again.")
            raise RefusalError(message)
        await update(interaction, cards.render_step(campaign, item, texts(interaction)))

    async def _planned(self, schedule: Schedule, slot: str) -> Planned | None:
        planned = await self._campaigns.calendar(schedule, AHEAD)
        return next((item for item in planned if item.run.slot == slot), None)

    @staticmethod
    def _time_form(
        interaction: discord.Interaction[Any], values: dict[str, Any], campaign_id: str
    ) -> ui.Modal:
        t = texts(interaction)
        form = ui.Modal(
            title=t("Time of the day"), custom_id=custom_id("campaign:time", campaign_id)
        )
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id="text", default=values.get("text"), max_length=TIME_LENGTH
        )
        form.add_item(ui.Label(text=t("Such as 09:30 or 9:30 pm"), component=field))
        form.stop()
        return form

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
