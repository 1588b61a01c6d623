"""The panel of one announcement: where, when, how loud; send, plan, pause, skip, copy, delete."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.announcements.planning import choice_of
from bot.delivery.plans import Repeat
from bot.errors import RefusalError
from cogs.announcements.base import Base, can_crosspost, ensure_sendable
from cogs.announcements.cards import render_deleted
from cogs.announcements.pictures import put
from cogs.ui.moderators import ensure_moderator
from cogs.ui.once import OneAtATime
from cogs.ui.plan_forms import make_plan_form, plan_values, read_plan
from cogs.ui.plan_refusals import RefusedPlans, TypedPlan
from cogs.ui.replies import texts
from cogs.ui.routes import custom_id, selected
from cogs.ui.times import find_today

if TYPE_CHECKING:
    from collections.abc import Mapping

    import discord
    from discord import ui

    from bot.announcements.planning import Planning
    from bot.announcements.rules import Announcement
    from bot.client import Router
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.announcements.approving import Approvals


class Panel(Base):
    """What can be done with one announcement; everything is kept at once."""

    def __init__(self, routes: Router, services: Services, approvals: Approvals) -> None:
        """Register the controls and the form for the time."""
        super().__init__(services)
        self._approvals = approvals
        self._copying = OneAtATime()
        self._refused = RefusedPlans(services.clock, "announce", "/announcements")
        for action, handler in (
            ("channel", self.choose_channel),
            ("role", self.choose_role),
            ("silent", self.switch_silent),
            ("crosspost", self.switch_crosspost),
            ("repeat", self.ask_when),
            ("when-again", self.ask_when_again),
            ("start", self.start),
            ("now", self.send_now),
            ("skip", self.skip),
            ("unskip", self.unskip),
            ("pause", self.pause),
            ("resume", self.resume),
            ("copy", self.copy),
            ("no-picture", self.take_picture_out),
            ("delete", self.delete),
            ("restore", self.restore),
        ):
            routes.on_press(f"announce:{action}", handler)
        routes.on_form("announce:when", self.choose_when, when_again)

    async def choose_channel(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Post it there."""
        item = await self.take(interaction, number)
        item = replace(item, channel_id=int(selected(interaction)[0]))
        await ensure_sendable(interaction, item, "the channel's name again")
        if not can_crosspost(interaction, item):
            item = replace(item, is_crossposted=False)
        await self._keep(interaction, item)

    async def choose_role(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Ping a role that people opted in to, or nobody."""
        item = await self.take(interaction, number)
        chosen = selected(interaction)
        item = replace(item, role_id=int(chosen[0]) if chosen else None)
        await ensure_sendable(interaction, item, "the role's name again")
        await self._keep(interaction, item)

    async def switch_silent(self, interaction: discord.Interaction[Any], number: str) -> None:
        """With or without a notification."""
        item = await self.take(interaction, number)
        await self._keep(interaction, replace(item, is_silent=not item.is_silent))

    async def switch_crosspost(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Publish its posts to the servers that follow the channel, or don't."""
        item = await self.take(interaction, number)
        if not item.is_crossposted and not can_crosspost(interaction, item):
            message = texts(interaction)(
                "Only posts in an announcement channel can be published to following servers. "
                "Choose such a channel, in which I may post; then press it again."
            )
            raise RefusalError(message)
        await self._keep(interaction, replace(item, is_crossposted=not item.is_crossposted))

    async def ask_when(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Open the form for the chosen kind of plan."""
        item = await self.take(interaction, number)
        repeat = Repeat(selected(interaction)[0])
        zone = (await self.services.guilds.settings(item.guild_id)).zone
        values = plan_values(item.plan, repeat, zone, self.services.clock.now())
        form = _make_form(number, repeat, values, texts(interaction))
        await interaction.response.send_modal(form)

    async def ask_when_again(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Open the form with what was typed and could not be kept."""
        typed = self._refused.take(interaction, token)
        await self.take(interaction, typed.number)
        form = _make_form(typed.number, typed.repeat, typed.values, texts(interaction))
        await interaction.response.send_modal(form)

    async def choose_when(
        self,
        interaction: discord.Interaction[Any],
        values: dict[str, Any],
        number: str,
        repeat: str,
    ) -> None:
        """Keep the plan that was typed; one that can't be kept can be typed anew."""
        item = await self.take(interaction, number)
        zone, today = await find_today(self.services.guilds, self.services.clock, item.guild_id)
        try:
            plan = read_plan(values, Repeat(repeat), zone, today, texts(interaction))
            await self._save(interaction, replace(item, plan=plan))
        except RefusalError as error:
            typed = TypedPlan(number, Repeat(repeat), values)
            await self._refused.show(interaction, typed, error)
            return
        await self.show(interaction, number)

    async def start(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Post it as planned."""
        item = await self.take(interaction, number)
        await ensure_sendable(interaction, item, "Plan it")
        asked = await self._plans.start(item.guild_id, interaction.user.id, item.announcement_id)
        await self.show(interaction, number)
        await self._approvals.announce(interaction, asked)

    async def send_now(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Post it within a minute."""
        item = await self.take(interaction, number)
        await ensure_sendable(interaction, item, "Send now")
        asked = await self._plans.send_now(item.guild_id, interaction.user.id, item.announcement_id)
        await self.show(interaction, number)
        await self._approvals.announce(interaction, asked)

    async def skip(self, interaction: discord.Interaction[Any], number: str, slot: str) -> None:
        """Leave one post out."""
        item = await self.take(interaction, number)
        await self._plans.skip(item.guild_id, interaction.user.id, item.announcement_id, slot)
        await self.show(interaction, number)

    async def unskip(self, interaction: discord.Interaction[Any], number: str, slot: str) -> None:
        """Post it after all."""
        item = await self.take(interaction, number)
        await self._plans.unskip(item.guild_id, interaction.user.id, item.announcement_id, slot)
        await self.show(interaction, number)

    async def pause(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Post nothing more of it for the moment."""
        item = await self.take(interaction, number)
        await self._plans.pause(item.guild_id, interaction.user.id, item.announcement_id)
        await self.show(interaction, number)

    async def resume(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Post it again."""
        item = await self.take(interaction, number)
        await ensure_sendable(interaction, item, "Resume")
        await self._plans.resume(item.guild_id, interaction.user.id, item.announcement_id)
        await self.show(interaction, number)

    async def copy(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Open a draft with the same words; a double press makes one."""
        item = await self.take(interaction, number)
        with self._copying.turn((interaction.user.id, number)) as is_first:
            if not is_first:
                await interaction.response.defer()
                return
            made = await self.announcements.copy(
                item.guild_id, interaction.user.id, item.announcement_id
            )
            await self.show(interaction, made.announcement_id)

    async def take_picture_out(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Post it without its picture."""
        item = await self.take(interaction, number)
        await self.announcements.take_picture_out(
            item.guild_id, interaction.user.id, item.announcement_id
        )
        await self.show(interaction, number)

    async def delete(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Delete it, with a way back."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        await self.announcements.remove(guild.id, interaction.user.id, int(number))
        await put(interaction, render_deleted(number, texts(interaction)))

    async def restore(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Take the deletion back."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        await self.announcements.restore(guild.id, interaction.user.id, int(number))
        await self.show(interaction, number)

    @property
    def _plans(self) -> Planning:
        return self.announcements.plans

    async def _keep(self, interaction: discord.Interaction[Any], item: Announcement) -> None:
        await self._save(interaction, item)
        await self.show(interaction, item.announcement_id)

    async def _save(self, interaction: discord.Interaction[Any], item: Announcement) -> None:
        choice = choice_of(item)
        number = item.announcement_id
        await self._plans.choose(item.guild_id, interaction.user.id, number, choice)


def when_again(
    interaction: discord.Interaction[Any], values: dict[str, Any], number: str, repeat: str
) -> ui.Modal:
    """The form for the time with what was typed into it."""
    return _make_form(number, Repeat(repeat), values, texts(interaction))


def _make_form(number: str, repeat: Repeat, values: Mapping[str, Any], t: Texts) -> ui.Modal:
    leads_to = custom_id("announce:when", number, repeat)
    return make_plan_form(t("When to post it"), leads_to, repeat, values, t)
