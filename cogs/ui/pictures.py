"""Pictures beside a card: as a file with its alt text, and in the card itself."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

if TYPE_CHECKING:
    from bot.pictures.scenes import Picture


def to_file(picture: Picture) -> discord.File:
    """A picture as Discord takes it."""
    return discord.File(BytesIO(picture.content), picture.name, description=picture.alt)


def gallery(picture: Picture) -> ui.MediaGallery[Any]:
    """Where a picture stands in a card; its file comes with the message."""
    item = discord.MediaGalleryItem(f"attachment://{picture.name}", description=picture.alt)
    return ui.MediaGallery(item)


async def update_with(
    interaction: discord.Interaction[Any], view: ui.LayoutView, picture: Picture | None
) -> None:
    """Put a card with its picture in the place of the one whose control was used.

    The interaction was deferred, as a picture takes a moment.
    """
    files = [] if picture is None else [to_file(picture)]
    await interaction.edit_original_response(view=view, attachments=files)
