"""Answering an interaction, whatever was answered before."""

from typing import Any

import discord
from discord import ui

from bot.i18n import Languages, Texts


def texts(interaction: discord.Interaction[Any]) -> Texts:
    """The words for a private reply to a person."""
    languages: Languages = interaction.client.languages
    return languages.texts(str(interaction.locale))


async def show(
    interaction: discord.Interaction[Any], view: ui.LayoutView, *, private: bool = True
) -> None:
    """Answer with a card; a second answer becomes a follow-up."""
    if interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=private)
    else:
        await interaction.response.send_message(view=view, ephemeral=private)


async def update(interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
    """Put a card in the place of the one whose button or form was used; its pictures go with it."""
    message = interaction.message
    has_files = message is not None and message.attachments
    rest: list[Any] = [] if has_files else discord.utils.MISSING
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, attachments=rest)
    elif message is None:
        await interaction.response.send_message(view=view, ephemeral=True)
    else:
        await interaction.response.edit_message(view=view, attachments=rest)
