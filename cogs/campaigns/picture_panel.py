"""The moderators' panel of pictures: how they look, their colour, and whether steps have one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from discord import ui

from bot.campaigns.rules import has_picture
from bot.delivery.rules import ScheduleState
from bot.errors import RefusalError
from bot.pictures.choosing import CALM_COLOURS, read_colour, to_accent
from bot.pictures.scenes import HOUSE_ACCENT, Size
from cogs.campaigns.access import find_on
from cogs.schedules.checks import find_problem
from cogs.ui.cards import button, card, line, row, select
from cogs.ui.fields import SHORT_LENGTH, add_text
from cogs.ui.moderators import ensure_moderator
from cogs.ui.pictures import gallery, update_with
from cogs.ui.plain import plain
from cogs.ui.replies import texts
from cogs.ui.routes import custom_id, selected

if TYPE_CHECKING:
    import discord

    from bot.client import BreatherClient
    from bot.content.campaigns import Campaign
    from bot.delivery.ports import Schedule
    from bot.i18n import Texts
    from bot.pictures.scenes import Picture
    from bot.services import Services

ON, OFF = "on", "off"


class PicturePanel:
    """Each press looks at the permission anew."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the controls and the form."""
        self._services = services
        routes = client.routes
        routes.on_press("campaign:pictures", self.open)
        routes.on_press("campaign:picture", self.switch)
        routes.on_press("campaign:colour", self.choose_colour)
        routes.on_press("campaign:own-colour", self.ask_colour)
        routes.on_form("campaign:own-colour", self.set_colour, _colour_form)

    async def open(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """The picture as it is today, and what can be chosen."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        campaign = self._services.campaigns.find(campaign_id)
        if not interaction.response.is_done():
            await interaction.response.defer()
        schedule = (await self._services.campaigns.in_guild(guild.id)).get(campaign_id)
        settings = await self._services.guilds.settings(guild.id)
        public = self._services.languages.texts(settings.language)
        picture = await self._services.pictures.for_member(
            campaign, guild.id, Size.LANDSCAPE, public
        )
        view = render_pictures(campaign, schedule, settings.accent, picture, texts(interaction))
        await update_with(interaction, view, picture)

    async def switch(
        self, interaction: discord.Interaction[Any], campaign_id: str, wanted: str
    ) -> None:
        """A picture with each step, or none. Refused where it could not be posted."""
        campaign, schedule = await find_on(self._services, interaction, campaign_id)
        guild = await ensure_moderator(interaction, self._services.guilds)
        is_on = wanted == ON
        t = texts(interaction)
        if is_on:
            problem = await find_problem(
                guild, schedule.channel_id, None, t, "the button again", has_files=True
            )
            if problem is not None:
                raise RefusalError(problem)
        zone = (await self._services.guilds.settings(guild.id)).zone
        await self._services.campaigns.change(
            interaction.user.id,
            guild.id,
            campaign,
            zone,
            lambda choice: replace(choice, has_picture=is_on),
        )
        await self.open(interaction, campaign_id)

    async def choose_colour(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """One of the calm ones."""
        await self._keep(interaction, campaign_id, selected(interaction)[0])

    async def ask_colour(self, interaction: discord.Interaction[Any], campaign_id: str) -> None:
        """Open the form for a colour of their own."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        settings = await self._services.guilds.settings(guild.id)
        values = {"colour": settings.accent or next(iter(CALM_COLOURS))}
        await interaction.response.send_modal(_colour_form(interaction, values, campaign_id))

    async def set_colour(
        self, interaction: discord.Interaction[Any], values: dict[str, Any], campaign_id: str
    ) -> None:
        """Keep the colour that was typed."""
        await self._keep(interaction, campaign_id, values.get("colour") or "")

    async def _keep(
        self, interaction: discord.Interaction[Any], campaign_id: str, typed: str
    ) -> None:
        guild = await ensure_moderator(interaction, self._services.guilds)
        colour = read_colour(typed)
        if colour is None:
            message = texts(interaction)(
                "I can't read “{text}” as a colour, so nothing was changed. Write it like #3F7CAC: "
                "six digits from 0 to 9 and A to F.",
                text=plain(typed[:SHORT_LENGTH]),
            )
            raise RefusalError(message)
        accent = None if to_accent(colour) == HOUSE_ACCENT else colour
        await self._services.guilds.change(guild.id, interaction.user.id, accent=accent)
        await self.open(interaction, campaign_id)


def render_pictures(
    campaign: Campaign,
    schedule: Schedule | None,
    colour: str | None,
    picture: Picture,
    t: Texts,
) -> ui.LayoutView:
    """The picture, its colour in words, and the choices."""
    shown = colour or next(iter(CALM_COLOURS))
    name = t(CALM_COLOURS[shown]) if shown in CALM_COLOURS else t("your own")
    is_on = schedule is not None and schedule.state == ScheduleState.ACTIVE
    is_posted = is_on and schedule is not None and has_picture(schedule)
    posted = t("Each step is posted with its picture.") if is_posted else None
    return card(
        "## " + t("Pictures: {title}", title=campaign.title),
        t("This is today's. Members find it in /wmhd, For creators, in three sizes."),
        gallery(picture),
        t("Colour in this community: **{name}** ({colour})", name=name, colour=shown),
        posted or t("Steps are posted without pictures. The calendar shows how each will look."),
        line(),
        row(
            select(
                t("Colour"),
                "campaign:colour",
                campaign.id,
                options=[(value, t(name)) for value, name in CALM_COLOURS.items()],
                chosen=[shown],
            )
        ),
        row(
            button(t("Another colour"), "campaign:own-colour", campaign.id),
            _switch(campaign, t, is_posted=is_posted) if is_on else None,
            button(t("Back"), "campaign:open", campaign.id),
        ),
    )


def _switch(campaign: Campaign, t: Texts, *, is_posted: bool) -> ui.Button[Any]:
    """A button that says what it will do: a second press on an old card changes nothing."""
    if is_posted:
        return button(t("Post steps without pictures"), "campaign:picture", campaign.id, OFF)
    return button(t("Post a picture with each step"), "campaign:picture", campaign.id, ON)


def _colour_form(
    interaction: discord.Interaction[Any], values: dict[str, Any], campaign_id: str
) -> ui.Modal:
    t = texts(interaction)
    form = ui.Modal(
        title=t("Colour of pictures"), custom_id=custom_id("campaign:own-colour", campaign_id)
    )
    add_text(form, t("Such as #3F7CAC"), "colour", values.get("colour") or "", SHORT_LENGTH)
    form.stop()
    return form
