"""Whatever goes wrong in an interaction becomes one kind sentence."""

import logging
import secrets
from collections.abc import Awaitable
from typing import Any

import discord
from discord import app_commands

from bot.errors import RefusalError, StorageError
from bot.i18n import Texts
from cogs.ui.cards import refusal
from cogs.ui.replies import show, texts

log = logging.getLogger(__name__)

UNKNOWN_INTERACTION = 10062
"""Discord has forgotten the interaction: three seconds passed, or somebody else answered it."""


async def guard(interaction: discord.Interaction[Any], work: Awaitable[None]) -> None:
    """Run a handler; whatever it raises is answered."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 (the one place that answers for all of them)
        await answer_error(interaction, error)


async def answer_error(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the person what happened and what to do next; log what they must not see."""
    t = texts(interaction)
    cause = cause_of(error)
    if isinstance(cause, discord.NotFound) and cause.code == UNKNOWN_INTERACTION:
        log.warning("an answer came too late (code %s)", cause.code)  # nobody can be told
        return
    text = explain(cause, t)
    if text is None:
        error_id = secrets.token_hex(3)
        log.error("error %s in an interaction", error_id, exc_info=cause)
        text = t(
            "Something went wrong on my side (error {error_id}), and I have stopped there. "
            "Please try again. /help-now works whatever else is broken.",
            error_id=error_id,
        )
    if interaction.type is discord.InteractionType.autocomplete:
        return
    try:
        await show(interaction, refusal(text))
    except discord.HTTPException as late:
        log.warning("an answer came too late (code %s)", late.code)


def explain(error: BaseException, t: Texts) -> str | None:
    """A sentence for errors that are nobody's bug; None for the others."""
    if isinstance(error, RefusalError):
        return str(error)
    if isinstance(error, StorageError):
        return t(
            "I can't reach what I keep right now, so nothing was changed. "
            "Please try again in a minute. /help-now works all the same."
        )
    if isinstance(error, app_commands.CommandNotFound):
        return t(
            "This part of me is resting: I can't reach what I need for it. "
            "Please try again in a few minutes. /help-now works all the same."
        )
    if isinstance(error, app_commands.MissingPermissions):
        return t(
            "This command is for moderators: it needs the permission Manage Server. "
            "Ask someone who has it, or an administrator."
        )
    if isinstance(error, app_commands.NoPrivateMessage):
        return t("This works inside a community only. Run it in one of its channels.")
    return None


def cause_of(error: BaseException) -> BaseException:
    """The error that a command's own wrapper carries."""
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error
