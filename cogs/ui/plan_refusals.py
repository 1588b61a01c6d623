"""A plan that could not be kept: why, and the way back into its form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from cogs.ui.cards import button, refusal, row
from cogs.ui.drafts import Drafts
from cogs.ui.replies import texts, update

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.delivery.plans import Repeat
    from bot.errors import RefusalError
    from cogs.ui.plan_forms import Values


@dataclass(frozen=True, slots=True)
class TypedPlan:
    """What stood in the form for a plan; ``number`` is that of what was to be planned."""

    number: str
    repeat: Repeat
    values: Values


class RefusedPlans:
    """Refused forms in memory. The refusal takes the panel's place, so nothing old stays chosen."""

    def __init__(self, clock: Clock, feature: str, command: str) -> None:
        """``feature`` begins its routes; ``command`` is named to people whose form is gone."""
        self._drafts: Drafts[TypedPlan] = Drafts(clock)
        self._feature = feature
        self._command = command

    async def show(
        self, interaction: discord.Interaction[Any], typed: TypedPlan, error: RefusalError
    ) -> None:
        """Say what is wrong, with a button into the form and one to the panel."""
        t = texts(interaction)
        token = self._drafts.hold(interaction.user.id, typed)
        primary = discord.ButtonStyle.primary
        view = refusal(
            "## " + t("Almost there") + f"\n{error}\n" + t("Your text is kept: press Edit."),
            row(
                button(t("Edit"), f"{self._feature}:when-again", token, style=primary),
                button(t("Back"), f"{self._feature}:open", typed.number),
            ),
        )
        await update(interaction, view)

    def take(self, interaction: discord.Interaction[Any], token: str) -> TypedPlan:
        """What was typed. Raises :class:`RefusalError` when it is gone or not theirs."""
        return self._drafts.take(token, interaction.user.id, self._command, texts(interaction))
