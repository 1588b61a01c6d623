"""Choose the tip that is posted next, and take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.tips.announcer import KIND
from bot.tips.rules import short_id
from cogs.tips.finding import choose_tip
from cogs.tips.words import title_of
from cogs.ui.cards import button, card, row
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import texts, update
from cogs.ui.times import stamp

if TYPE_CHECKING:
    import discord

    from bot.client import Router
    from bot.delivery.ports import Schedule
    from bot.services import Services
    from cogs.schedules.planning import Planning


class Pinning:
    """Answers the command and the button under it."""

    def __init__(self, routes: Router, services: Services, planning: Planning) -> None:
        """Register the button and what goes on after a schedule was chosen."""
        self._services = services
        self._kind = planning.kinds[KIND]
        self._which = planning.which
        self._which.register("pin", self._pin)
        routes.on_press("queue:unpin", self.unpin)

    async def pin(
        self, interaction: discord.Interaction[Any], text: str, schedule_id: str | None
    ) -> None:
        """Answer ``/tips pin``."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        tips = await self._services.tips.eligible(guild.id, ())
        tip = choose_tip(tips, text, texts(interaction))
        await self._which.ask(interaction, self._kind, "pin", schedule_id, tip.id)

    async def unpin(
        self,
        interaction: discord.Interaction[Any],
        schedule_id: str,
        pinned: str,
        before: str = "",
    ) -> None:
        """Take a pin back."""
        schedule = await self._which.find(interaction, schedule_id)
        t = texts(interaction)
        done = await self._services.curation.unpin(
            interaction.user.id, schedule, pinned, before or None
        )
        if not done:
            words = t("There is nothing to undo: it was posted, or another tip was pinned since.")
        elif before:
            words = t("Undone: the tip that was pinned before is posted next.")
        else:
            words = t("Undone: the next tip is drawn as usual.")
        await update(interaction, card(words))

    async def _pin(
        self, interaction: discord.Interaction[Any], schedule: Schedule, tip_id: str
    ) -> None:
        t = texts(interaction)
        tips = await self._services.tips.eligible(schedule.guild_id, ())
        tip = choose_tip(tips, tip_id, t)
        before = await self._services.curation.pin(interaction.user.id, schedule, tip.id)
        when = stamp(schedule.next_run_at) if schedule.next_run_at else t("when it is resumed")
        words = t(
            "“{title}” is posted next in <#{channel_id}>: {when}.",
            title=title_of(tip),
            channel_id=schedule.channel_id,
            when=when,
        )
        if before == tip.id:
            await update(interaction, card(t("It was pinned already.") + " " + words))
            return
        if before:
            words += " " + t("It takes the place of the tip that was pinned before.")
        undo = button(
            t("Undo"), "queue:unpin", schedule.schedule_id, short_id(tip.id), before or ""
        )
        await update(interaction, card(words, row(undo)))
