"""The panel of one event: where, when, who leads it; publish, cancel, thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.delivery.plans import Repeat
from bot.errors import RefusalError
from bot.events.rules import AHEAD, Place, State
from cogs.events.base import Base
from cogs.events.panel_cards import render_cancel, render_gone
from cogs.schedules.checks import ensure_postable
from cogs.ui.moderators import ensure_moderator
from cogs.ui.plan_forms import make_plan_form, plan_values, read_plan
from cogs.ui.plan_refusals import RefusedPlans, TypedPlan
from cogs.ui.replies import texts, update
from cogs.ui.routes import custom_id, selected
from cogs.ui.times import find_today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discord import ui

    from bot.client import Router
    from bot.events.rules import Event
    from bot.events.syncing import Syncing
    from bot.i18n import Texts
    from bot.services import Services

THREAD_NAME = 100
WEEK_MINUTES = 10_080


class Panel(Base):
    """What can be done with one event; everything is kept at once."""

    def __init__(self, routes: Router, services: Services, syncing: Syncing) -> None:
        """Register the controls and the form for the time."""
        super().__init__(services)
        self._syncing = syncing
        self._refused = RefusedPlans(services.clock, "event", "/event manage")
        for action, handler in (
            ("place", self.choose_place),
            ("channel", self.choose_channel),
            ("role", self.choose_role),
            ("who", self.choose_host),
            ("repeat", self.ask_when),
            ("when-again", self.ask_when_again),
            ("publish", self.publish),
            ("sync", self.sync),
            ("thread", self.make_thread),
            ("ask-cancel", self.ask_cancel),
            ("cancel", self.cancel),
            ("cancel-all", self.cancel_all),
            ("delete", self.delete),
        ):
            routes.on_press(f"event:{action}", handler)
        routes.on_form("event:when", self.choose_when, when_again)

    async def choose_place(self, interaction: discord.Interaction[Any], number: str) -> None:
        """It takes place in a stage or voice channel."""
        event = await self.take(interaction, number)
        channel_id = int(selected(interaction)[0])
        channel = interaction.guild and interaction.guild.get_channel(channel_id)
        if not isinstance(channel, discord.StageChannel | discord.VoiceChannel):
            message = texts(interaction)("I can't see that channel. Choose another one.")
            raise RefusalError(message)
        place = Place.STAGE if isinstance(channel, discord.StageChannel) else Place.VOICE
        await self._change(interaction, event, place=place, place_channel_id=channel_id, link=None)

    async def choose_channel(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Its card is posted there; a planned one's comes once more, the old one stays."""
        event = await self.take(interaction, number)
        channel_id = int(selected(interaction)[0])
        if event.state in AHEAD:
            retry = "the channel's name again"
            await ensure_postable(interaction, channel_id, event.role_id, retry)
        await self._change(interaction, event, channel_id=channel_id)

    async def choose_role(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Ping a role that people opted in to, or nobody."""
        event = await self.take(interaction, number)
        chosen = selected(interaction)
        await self._change(interaction, event, role_id=int(chosen[0]) if chosen else None)

    async def choose_host(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Who leads it."""
        event = await self.take(interaction, number)
        chosen = selected(interaction)
        await self._change(interaction, event, host_id=int(chosen[0]) if chosen else None)

    async def ask_when(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Open the form for the chosen kind of plan."""
        event = await self.take(interaction, number)
        _ensure_movable(event, texts(interaction))
        repeat = Repeat(selected(interaction)[0])
        zone = (await self.services.guilds.settings(event.guild_id)).zone
        values = plan_values(event.plan, repeat, zone, self.services.clock.now())
        form = _make_form(number, repeat, values, texts(interaction))
        await interaction.response.send_modal(form)

    async def ask_when_again(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Open the form with what was typed and could not be kept."""
        typed = self._refused.take(interaction, token)
        event = await self.take(interaction, typed.number)
        _ensure_movable(event, texts(interaction))
        form = _make_form(typed.number, typed.repeat, typed.values, texts(interaction))
        await interaction.response.send_modal(form)

    async def choose_when(
        self,
        interaction: discord.Interaction[Any],
        values: dict[str, Any],
        number: str,
        repeat: str,
    ) -> None:
        """Keep the plan that was typed; a planned event moves. What can't be kept is not lost."""
        event = await self.take(interaction, number)
        _ensure_movable(event, texts(interaction))
        zone, today = await find_today(self.services.guilds, self.services.clock, event.guild_id)
        await interaction.response.defer()
        try:
            plan = read_plan(values, Repeat(repeat), zone, today, texts(interaction))
            after = await self._save(interaction, event, plan=plan)
        except RefusalError as error:
            typed = TypedPlan(number, Repeat(repeat), values)
            await self._refused.show(interaction, typed, error)
            return
        await self._show_changed(interaction, after)

    async def publish(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Plan it, and put it among Discord's events."""
        event = await self.take(interaction, number)
        await ensure_postable(interaction, event.channel_id, event.role_id, "Publish")
        await interaction.response.defer()
        await self.events.publish(event.guild_id, interaction.user.id, event.event_id)
        await self._show_synced(interaction, event)

    async def sync(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Try again to bring it in step with Discord."""
        event = await self.take(interaction, number)
        await interaction.response.defer()
        await self._show_synced(interaction, event)

    async def make_thread(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Make a thread at its card, for those who want to be reminded there."""
        t = texts(interaction)
        event = await self.take(interaction, number)
        found = await self.events.planning.find_card(event)
        if found is None:
            message = t("Its card is not posted yet. Try again in a minute.")
            raise RefusalError(message)
        await interaction.response.defer()
        channel = interaction.client.get_partial_messageable(
            found.channel_id, guild_id=event.guild_id
        )
        try:
            thread = await channel.get_partial_message(found.message_id).create_thread(
                name=event.title[:THREAD_NAME], auto_archive_duration=WEEK_MINUTES
            )
            thread_id = thread.id
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise RefusalError(_explain_thread(found.channel_id, t)) from error
            thread_id = found.message_id  # a message's thread has its id
        except (discord.RateLimited, aiohttp.ClientError, OSError) as error:
            message = t("Discord did not answer, so nothing was changed. Please try again.")
            raise RefusalError(message) from error
        await self.events.change(
            event.guild_id, interaction.user.id, event.event_id, thread_id=thread_id
        )
        await self.show(interaction, number)

    async def ask_cancel(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Say what cancelling does."""
        event = await self.take(interaction, number)
        coming = await self.events.rsvps.count(event.event_id)
        await update(interaction, render_cancel(event, coming, texts(interaction)))

    async def cancel(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Call this one off."""
        await self._cancel(interaction, number, is_whole_series=False)

    async def cancel_all(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Call this one off, and all that would follow."""
        await self._cancel(interaction, number, is_whole_series=True)

    async def delete(self, interaction: discord.Interaction[Any], number: str) -> None:
        """Delete a draft."""
        guild = await ensure_moderator(interaction, self.services.guilds)
        await self.events.remove(guild.id, interaction.user.id, int(number))
        await update(interaction, render_gone(texts(interaction)))

    async def _cancel(
        self, interaction: discord.Interaction[Any], number: str, *, is_whole_series: bool
    ) -> None:
        event = await self.take(interaction, number)
        await interaction.response.defer()
        await self.events.cancel(
            event.guild_id, interaction.user.id, event.event_id, is_whole_series=is_whole_series
        )
        await self._show_synced(interaction, event)

    async def _change(
        self,
        interaction: discord.Interaction[Any],
        event: Event,
        **changes: Any,  # noqa: ANN401 (by field)
    ) -> None:
        await interaction.response.defer()
        await self._show_changed(interaction, await self._save(interaction, event, **changes))

    async def _save(
        self,
        interaction: discord.Interaction[Any],
        event: Event,
        **changes: Any,  # noqa: ANN401 (by field)
    ) -> Event:
        return await self.events.change(
            event.guild_id, interaction.user.id, event.event_id, **changes
        )

    async def _show_changed(self, interaction: discord.Interaction[Any], event: Event) -> None:
        if event.state in AHEAD:
            await self._show_synced(interaction, event)
        else:
            await self.show(interaction, event.event_id)

    async def _show_synced(self, interaction: discord.Interaction[Any], event: Event) -> None:
        problem = await self._syncing.sync(event.guild_id, event.event_id)
        await self.show(interaction, event.event_id, problem)


THREAD_EXISTS = 160004
"""Discord's code for a message that has its thread."""


def _ensure_movable(event: Event, t: Texts) -> None:
    """What is on stays where it is in time. Raises :class:`RefusalError`."""
    if event.state is State.LIVE:
        message = t(
            "It is on now, so it can't be moved. Close it in the host's panel; /event create plans "
            "another."
        )
        raise RefusalError(message)


def _explain_thread(channel_id: int, t: Texts) -> str:
    return t(
        "Discord doesn't let me make a thread in <#{channel}>. Fix: allow my role Create Public "
        "Threads and Send Messages in Threads there; then press Make a thread for reminders again. "
        "Reminders by direct message work all the same.",
        channel=channel_id,
    )


def when_again(
    interaction: discord.Interaction[Any], values: dict[str, Any], number: str, repeat: str
) -> ui.Modal:
    """The form for the time with what was typed into it."""
    return _make_form(number, Repeat(repeat), values, texts(interaction))


def _make_form(number: str, repeat: Repeat, values: Mapping[str, Any], t: Texts) -> ui.Modal:
    leads_to = custom_id("event:when", number, repeat)
    return make_plan_form(t("When it begins"), leads_to, repeat, values, t)
