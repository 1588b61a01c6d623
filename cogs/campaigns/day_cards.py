"""The day's card for members, and the pack for creators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from cogs.campaigns.pictures import picture_buttons
from cogs.safety.cards import help_buttons
from cogs.ui.cards import CALM, CARE, button, card, line, row
from cogs.ui.sources import cite
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from discord import ui

    from bot.campaigns.rules import ComingDay
    from bot.content.campaigns import Campaign
    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary


def render_day(
    campaign: Campaign, coming: ComingDay, zone: str, t: Texts, *, has_feed: bool = False
) -> ui.LayoutView:
    """When the day is, this year's theme and its source, and how to take part."""
    theme = campaign.theme_in(coming.day.year)
    day = f"{coming.day.day} {coming.day:%B %Y}"
    if coming.is_today:
        when = t("It is today, {day}. Here it ends {end}.", day=day, end=stamp(coming.ends_at, "R"))
    else:
        when = t(
            "{day}. It begins here {begin} ({zone}).",
            day=day,
            begin=stamp(coming.begins_at, "R"),
            zone=zone,
        )
    about = None
    if theme is not None:
        about = t("**Theme of {year}:** {theme}", year=theme.year, theme=theme.text)
    elif campaign.has_themes:
        about = t("The theme of {year} is not announced yet.", year=coming.day.year)
    ways = "\n".join(f"- {way}" for way in campaign.how_to_take_part)
    source = theme.source if theme is not None else campaign.sources[0]
    return card(
        f"## {campaign.title}\n**{when}**",
        help_buttons(t) if campaign.has_help else None,
        about,
        campaign.about,
        line(),
        f"**{t('How to take part')}**\n{ways}",
        row(
            button(t("For creators: texts to copy"), "day:pack", campaign.id, style=PRIMARY),
            button(t("Remind me"), "reminder:open", campaign.id),
            button(t("Add to my calendar"), "day:ics", campaign.id),
            button(t("Subscribe"), "day:feed") if has_feed else None,
        ),
        row(
            button(t("Follow the sun"), "day:sun", campaign.id) if campaign.follows_sun else None,
            *(button(t("Read more"), "resources:show", guide) for guide in campaign.guides[:1]),
        ),
        "-# " + cite(source, campaign.title, t),
        accent=CARE if campaign.has_help else CALM,
    )


def render_pack(campaign: Campaign, t: Texts) -> ui.LayoutView:
    """Captions and hashtags to copy, alt text, and how to share one's own story safely."""
    captions = "\n".join(f"```\n{caption}\n```" for caption in campaign.pack.captions)
    safely = "\n".join(f"- {rule}" for rule in campaign.pack.sharing_safely)
    return card(
        "## " + t("For creators: {title}", title=campaign.title),
        f"**{t('Captions to copy')}**\n{captions}",
        f"**{t('Hashtags')}**\n```\n{' '.join(campaign.hashtags)}\n```",
        f"**{t('A picture to post')}**\n" + t("It counts down, and shows the day on the day."),
        picture_buttons(campaign, t),
        f"**{t('Alt text for a picture of your own')}**\n```\n{campaign.pack.alt_text}\n```",
        line(),
        f"**{t('If you share your own story')}**\n{safely}",
        help_buttons(t) if campaign.has_help else None,
        row(button(t("Back"), "day:back", campaign.id)),
        "-# " + t("Only you can see this."),
    )
