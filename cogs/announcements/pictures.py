"""Pictures of announcements: read from the command, and shown beside a card."""

from __future__ import annotations

import secrets
from io import BytesIO
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.announcements.rules import LEAST_VISIBLE, MOST_BYTES, Picture, find_format
from bot.errors import RefusalError
from bot.words import clean_line, count_visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from discord import ui

    from bot.i18n import Texts

MEGABYTE = 1024 * 1024


def ensure_described(file: discord.Attachment | None, alt: str | None, t: Texts) -> None:
    """Refuse a picture without alt text, alt text without one, and what is too large."""
    alt = clean_line(alt or "", len(alt or ""))
    if file is None:
        if alt:
            message = t("The alt text describes a picture: choose one with picture, too.")
            raise RefusalError(message)
        return
    if count_visible(alt) < LEAST_VISIBLE:
        message = t(
            "A picture needs an alt text, so that people who can't see it know what it shows. "
            "Run /announce again with picture and alt."
        )
        raise RefusalError(message)
    if file.size > MOST_BYTES:
        message = t(
            "The picture is larger than {most} MB. Make it smaller, then run /announce again.",
            most=MOST_BYTES // MEGABYTE,
        )
        raise RefusalError(message)


async def fetch_picture(file: discord.Attachment, alt: str, t: Texts) -> Picture:
    """The picture itself. Raises :class:`RefusalError` for a file that is none."""
    try:
        content = await file.read()
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        message = t("I could not fetch the picture from Discord. Please run /announce again.")
        raise RefusalError(message) from error
    ending = find_format(content)
    if ending is None or len(content) > MOST_BYTES:
        message = t(
            "That file is no picture that I know. Use PNG, JPEG, GIF or WebP, then run /announce "
            "again."
        )
        raise RefusalError(message)
    return Picture(f"picture-{secrets.token_hex(6)}.{ending}", clean_line(alt, len(alt)), content)


async def put(
    interaction: discord.Interaction[Any],
    view: ui.LayoutView,
    name: str | None = None,
    load: Callable[[], Awaitable[Picture | None]] | None = None,
) -> None:
    """Put a card in the place of the old one, with the picture that it shows, or none.

    A picture that the old card has is kept; another one is sent, which may take a moment.
    """
    message, response = interaction.message, interaction.response
    shown = () if message is None else message.attachments
    kept = [file for file in shown if name is not None and file.filename == name]
    if name is None or kept or load is None:
        if response.is_done():
            await interaction.edit_original_response(view=view, attachments=kept)
        elif message is None:
            await response.send_message(view=view, ephemeral=True)
        else:
            await response.edit_message(view=view, attachments=kept)
        return
    if not response.is_done():
        if message is None:
            await response.defer(ephemeral=True, thinking=True)
        else:
            await response.defer()
    picture = await load()
    files = [] if picture is None else [to_file(picture)]
    await interaction.edit_original_response(view=view, attachments=files)


def to_file(picture: Picture) -> discord.File:
    """A picture as Discord takes it, with its alt text."""
    return discord.File(BytesIO(picture.content), picture.name, description=picture.alt)
