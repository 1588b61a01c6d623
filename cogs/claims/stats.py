"""``/claims stats``: a community's numbers as a picture, and in words."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from cogs.claims.access import find_program, opened
from cogs.claims.words import say_share
from cogs.ui.cards import card
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts

if TYPE_CHECKING:
    from bot.claims.picture import Labels
    from bot.claims.settings import Share
    from bot.claims.statistics import Stats
    from bot.i18n import Texts
    from bot.services import Services

FILE_NAME = "claims.png"
WEEKS_SHOWN = 8


async def show_stats(
    interaction: discord.Interaction[Any], services: Services, program_id: str
) -> None:
    """Answer with the numbers of one program in this community."""
    guild = await ensure_moderator(interaction, services.guilds)
    t = texts(interaction)
    program = find_program(services, program_id, t)
    await interaction.response.defer(ephemeral=True, thinking=True)
    claims = opened(services, t)
    stats = await claims.statistics.of(program_id, guild.id)
    share = await claims.settings.share(program_id, guild.id)
    picture = await asyncio.to_thread(_draw, stats, program.title, t)
    file = discord.File(io.BytesIO(picture), FILE_NAME)
    await interaction.followup.send(
        view=_render(stats, share, program.title, t), file=file, ephemeral=True
    )


def _draw(stats: Stats, title: str, t: Texts) -> bytes:
    from bot.claims.picture import render  # noqa: PLC0415 (Pillow is loaded when it is needed)

    return render(stats, title, labels=_labels(t))


def _labels(t: Texts) -> Labels:
    from bot.claims.picture import Labels  # noqa: PLC0415 (as above)

    return Labels(
        by_week=t("Codes given out by week"),
        week=t("Week from Monday (UTC)"),
        claimed=t("given out"),
        pending=t("wait for a moderator"),
        waitlisted=t("in the waitlist"),
        offered=t("have an offer"),
        refused=t("refused"),
        revoked=t("revoked"),
        left=t("left in the pool"),
        share=t("left of our share"),
        empty=t("No code yet. The first one will show here."),
    )


def _render(stats: Stats, share: Share, title: str, t: Texts) -> ui.LayoutView:
    lines = [
        t("Given out here: **{count}**", count=stats.claimed),
        t("Wait for a moderator: **{count}**", count=stats.pending),
        t("In the waitlist: **{count}**", count=stats.waitlisted),
        t("Have an offer: **{count}**", count=stats.offered),
        t("Refused: **{count}**", count=stats.refused),
        t("Revoked: **{count}**", count=stats.revoked),
        t("Left in the whole pool: **{count}**", count=stats.left),
        t("Share: {share}", share=say_share(share, t)),
    ]
    weeks = [
        t("{day}: {count}", day=f"{week.monday:%Y-%m-%d}", count=week.given)
        for week in stats.weeks[-WEEKS_SHOWN:]
    ]
    alt = t("Bars of the codes given out by week, and the numbers that stand below.")
    gallery: ui.MediaGallery[Any] = ui.MediaGallery()
    gallery.add_item(media=f"attachment://{FILE_NAME}", description=alt)
    return card(
        "## " + t("Claims: {title}", title=title),
        gallery,
        "\n".join(f"- {line}" for line in lines),
        "**" + t("By week, from Monday") + "**\n" + " · ".join(weeks) if weeks else None,
    )
