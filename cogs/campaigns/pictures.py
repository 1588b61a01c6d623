"""The day's picture for creators: in the size that they choose, with its alt text to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import RefusalError
from bot.pictures.scenes import Size
from cogs.ui.cards import button, row
from cogs.ui.once import OneAtATime
from cogs.ui.pictures import to_file
from cogs.ui.replies import texts

if TYPE_CHECKING:
    import discord
    from discord import ui

    from bot.client import BreatherClient
    from bot.content.campaigns import Campaign
    from bot.i18n import Texts
    from bot.services import Services


def size_names(t: Texts) -> dict[Size, str]:
    """What the sizes are called, and their shape."""
    return {
        Size.SQUARE: t("Square picture (1:1)"),
        Size.STORY: t("Story (9:16)"),
        Size.LANDSCAPE: t("Landscape (16:9)"),
    }


def picture_buttons(campaign: Campaign, t: Texts) -> ui.ActionRow[Any] | None:
    """A button for each size."""
    return row(
        *(
            button(name, "day:picture", campaign.id, size.name.lower())
            for size, name in size_names(t).items()
        )
    )


class DayPictures:
    """Sends pictures to who asks, privately. Nothing is kept about anybody."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        """Register the buttons."""
        self._services = services
        self._drawing = OneAtATime()
        client.routes.on_press("day:picture", self.send)

    async def send(
        self, interaction: discord.Interaction[Any], campaign_id: str, name: str
    ) -> None:
        """Draw it and send it."""
        t = texts(interaction)
        campaign = self._services.campaigns.library.by_id.get(campaign_id)
        size = next((size for size in Size if size.name.lower() == name), None)
        if campaign is None or size is None:
            message = t("That picture is not there any more. /wmhd shows what there is.")
            raise RefusalError(message)
        with self._drawing.turn(interaction.user.id) as is_first:
            if not is_first:
                message = t("I am still drawing your last picture. Press again once it is there.")
                raise RefusalError(message)
            await interaction.response.defer(ephemeral=True, thinking=True)
            picture = await self._services.pictures.for_member(
                campaign, interaction.guild_id, size, t
            )
            words = t("**Alt text to copy.** Add it where you post, so that everyone is told.")
            words += "\n```\n{}\n```".format(picture.alt.replace("`", "'"))
            await interaction.followup.send(words, file=to_file(picture), ephemeral=True)
