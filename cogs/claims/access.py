"""What every part of ``/claim`` and ``/claims`` needs first: the services, and a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import RefusalError
from cogs.ui.replies import texts

if TYPE_CHECKING:
    import discord

    from bot.claims.opening import ClaimServices
    from bot.content.programs import Program
    from bot.i18n import Texts
    from bot.services import Services


def opened(services: Services, t: Texts) -> ClaimServices:
    """The services of claims. Raises :class:`RefusalError` where the operator set no keys."""
    if services.claims is None:
        message = t(
            "Claims are not set up here: whoever runs this bot has to give it keys first. "
            "Its docs for operators say how."
        )
        raise RefusalError(message)
    return services.claims


def find_program(services: Services, program_id: str, t: Texts) -> Program:
    """A program that is alive. Raises :class:`RefusalError`."""
    program = opened(services, t).catalogue.by_id.get(program_id)
    if program is None:
        message = t(
            "There is no such program here any more. Run /claim to see what there is; whoever "
            "runs this bot adds programs."
        )
        raise RefusalError(message)
    return program


def ensure_own_card(interaction: discord.Interaction[Any]) -> None:
    """Raises :class:`RefusalError` when somebody presses a private card that was not made for them.

    Discord shows such a card to one person, so only a forged press comes this far. Cards in
    channels are for everybody.
    """
    card = interaction.message
    made_for = None if card is None or not card.flags.ephemeral else card.interaction_metadata
    if made_for is not None and made_for.user.id != interaction.user.id:
        message = texts(interaction)("Run /claim yourself: what is shown then is yours alone.")
        raise RefusalError(message)
