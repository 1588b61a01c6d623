"""A kind's command ``schedule``: the list, the panel, saving and deleting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.delivery.ports import Schedule
from bot.delivery.rules import ScheduleState
from bot.delivery.times import Recurrence
from bot.errors import RefusalError
from bot.zones import UnknownZone, resolve_zone
from cogs.schedules import panel_cards as cards
from cogs.schedules.checks import find_problem, find_switched_off
from cogs.schedules.kinds import find_schedule
from cogs.schedules.panel_cards import Draft
from cogs.schedules.panel_choices import PanelChoices
from cogs.schedules.words import standing, topics_of
from cogs.ui.cards import button, card, row
from cogs.ui.moderators import ensure_moderator
from cogs.ui.once import OneAtATime
from cogs.ui.replies import texts, update
from cogs.ui.routes import selected

if TYPE_CHECKING:
    import discord

    from bot.client import Router
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.schedules.kinds import Kinds, ScheduleKind

MOST_SCHEDULES = 20


class SchedulePanel:
    """Opens the panel, saves what was chosen in it, and deletes."""

    def __init__(self, routes: Router, services: Services, kinds: Kinds) -> None:
        """Register the buttons."""
        self._services = services
        self._kinds = kinds
        self._choices = PanelChoices(routes, services, kinds)
        self._saving = OneAtATime()
        for action, handler in (
            ("new", self.open_new),
            ("edit", self.edit),
            ("reopen", self.edit),
            ("save", self.save),
            ("delete", self.ask_delete),
            ("really", self.delete),
        ):
            routes.on_press(f"schedule:{action}", handler)

    async def open(
        self, interaction: discord.Interaction[Any], kind: ScheduleKind, zone: str | None
    ) -> None:
        """Answer the command: the list, or a new schedule where there is none yet."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        schedules = await self._services.schedules.in_guild(guild.id, kind.kind)
        if zone:
            await self._open_in_zone(interaction, guild, kind, zone.strip())
        elif schedules:
            view = cards.render_list(kind, guild, schedules, texts(interaction))
            await update(interaction, view)
        else:
            await self._choices.begin(interaction, await self._fresh(interaction, guild, kind))

    async def open_new(self, interaction: discord.Interaction[Any], kind: str = "") -> None:
        """Begin a new schedule from a list or another card."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        known = self._kinds[kind or next(iter(self._kinds))]
        await self._choices.begin(interaction, await self._fresh(interaction, guild, known))

    async def edit(self, interaction: discord.Interaction[Any], schedule_id: str = "") -> None:
        """Open a saved schedule."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        schedule = await self._find(guild, schedule_id or selected(interaction)[0], t)
        note = ""
        if schedule.state != ScheduleState.ACTIVE:
            note = t("It stands still now: {standing}.", standing=standing(schedule, t).rstrip("."))
            note += " " + t("Save starts it again.")
        draft = Draft(
            kind=schedule.kind,
            schedule_id=schedule.schedule_id,
            zone=schedule.recurrence.zone,
            minute_of_day=schedule.recurrence.minute_of_day,
            channel_id=schedule.channel_id,
            weekdays=schedule.recurrence.weekdays,
            topics=topics_of(schedule),
            role_id=schedule.role_id,
            is_silent=schedule.is_silent,
            note=note,
        )
        await self._choices.begin(interaction, draft)

    async def save(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Check the permissions there and then, and save."""
        with self._saving.turn(token) as is_first:
            await interaction.response.defer()
            if is_first:
                await self._save(interaction, token)

    async def ask_delete(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Ask before deleting."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        draft = self._choices.take(interaction, token)
        t = texts(interaction)
        schedule = await self._find(guild, draft.schedule_id, t)
        view = cards.render_delete(token, self._kinds[schedule.kind], schedule, t)
        await update(interaction, view)

    async def delete(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Delete the schedule."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        draft = self._choices.take(interaction, token)
        t = texts(interaction)
        schedule = await self._find(guild, draft.schedule_id, t)
        await self._services.scheduling.delete(interaction.user.id, schedule)
        self._choices.drop(token)
        again = row(button(t("New schedule"), "schedule:new", draft.kind))
        await update(interaction, card(t("Deleted. Nothing more is posted by it."), again))

    async def _save(self, interaction: discord.Interaction[Any], token: str) -> None:
        guild = await ensure_moderator(interaction, self._services.guilds)
        draft = self._choices.take(interaction, token)
        t = texts(interaction)
        problem = await self._problem(guild, draft, t)
        if problem is not None:
            checked_at = self._services.clock.now()
            await update(interaction, cards.render_blocked(token, problem, checked_at, t))
            return
        saved = await self._store(guild, interaction.user.id, draft, t)
        self._choices.drop(token)
        runs = await self._services.schedules.upcoming(saved)
        await update(interaction, cards.render_saved(saved, runs, t))

    async def _store(self, guild: discord.Guild, actor_id: int, draft: Draft, t: Texts) -> Schedule:
        before = None
        if draft.schedule_id:
            before = await self._find(guild, draft.schedule_id, t)
        else:
            await self._ensure_room(guild, self._kinds[draft.kind], t)
        wanted = Schedule(
            schedule_id=draft.schedule_id,
            guild_id=guild.id,
            kind=draft.kind,
            channel_id=draft.channel_id or 0,
            recurrence=Recurrence(draft.minute_of_day, draft.zone, draft.weekdays),
            role_id=draft.role_id,
            is_silent=draft.is_silent,
            options={"topics": list(draft.topics)},
            state=ScheduleState.ACTIVE.value,
            problem=None,
            next_run_at=None,
        )
        return await self._services.scheduling.save(actor_id, wanted, before)

    async def _open_in_zone(
        self,
        interaction: discord.Interaction[Any],
        guild: discord.Guild,
        kind: ScheduleKind,
        text: str,
    ) -> None:
        draft = await self._fresh(interaction, guild, kind)
        try:
            zone = resolve_zone(text)
        except UnknownZone:
            await self._choices.begin_with_zones(interaction, draft, text)
            return
        await self._choices.begin(interaction, replace(draft, zone=zone))

    async def _fresh(
        self, interaction: discord.Interaction[Any], guild: discord.Guild, kind: ScheduleKind
    ) -> Draft:
        await self._ensure_room(guild, kind, texts(interaction))
        settings = await self._services.guilds.settings(guild.id)
        return Draft(
            kind=kind.kind,
            schedule_id=0,
            zone=settings.zone,
            weekdays=kind.weekdays,
            channel_id=settings.community_channel_id,
        )

    async def _ensure_room(self, guild: discord.Guild, kind: ScheduleKind, t: Texts) -> None:
        schedules = await self._services.schedules.in_guild(guild.id, kind.kind)
        if len(schedules) >= MOST_SCHEDULES:
            message = t(
                "This community has {most} schedules, which is as many as I keep. "
                "Change or delete one of them in {command} schedule.",
                most=MOST_SCHEDULES,
                command=kind.command,
            )
            raise RefusalError(message)

    async def _find(self, guild: discord.Guild, schedule_id: object, t: Texts) -> Schedule:
        schedules = self._services.schedules
        schedule = await find_schedule(schedules, guild.id, str(schedule_id), self._kinds)
        if schedule is None:
            message = t("That schedule is gone. Run the command again to see those that are there.")
            raise RefusalError(message)
        return schedule

    async def _problem(self, guild: discord.Guild, draft: Draft, t: Texts) -> str | None:
        if draft.channel_id is None:
            return t("No channel is chosen. Press Back, choose one, then press Save.")
        kind = self._kinds[draft.kind]
        off = await find_switched_off(kind, self._services.guilds, guild.id, t)
        problem = off or await find_problem(guild, draft.channel_id, draft.role_id, t)
        return problem or await kind.find_gap(guild.id, draft.topics)
