"""``/tips schedule``: the panel. Its draft lives in memory until it is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.delivery.ports import Schedule
from bot.delivery.times import Recurrence
from bot.errors import RefusalError
from bot.guilds.audit import Change
from bot.publisher import explain_missing, missing_permissions
from bot.tips import rules
from bot.tips.announcer import KIND
from bot.zones import UnknownZone, find_zones, resolve_zone
from cogs.tips import panel_cards as cards
from cogs.tips.panel_cards import Draft
from cogs.ui.cards import card
from cogs.ui.drafts import Drafts
from cogs.ui.moderators import ensure_moderator
from cogs.ui.replies import show, texts, update
from cogs.ui.routes import Routes, custom_id, selected
from cogs.ui.times import parse_time, show_days, show_time

if TYPE_CHECKING:
    from bot.app import Services
    from bot.i18n import Texts

COMMAND = "/tips schedule"
MOST_SCHEDULES = 20


class SchedulePanel:
    """Opens the panel, changes its draft press by press, and saves it."""

    def __init__(self, routes: Routes, services: Services) -> None:
        self._services = services
        self._drafts: Drafts[Draft] = Drafts(services.clock)
        for action, handler in (
            ("new", self.open_new),
            ("edit", self.edit),
            ("reopen", self.edit),
            ("channel", self.choose_channel),
            ("role", self.choose_role),
            ("days", self.choose_days),
            ("topics", self.choose_topics),
            ("silent", self.toggle_silent),
            ("time", self.ask_time),
            ("zone", self.ask_zone),
            ("pick", self.pick_zone),
            ("back", self.back),
            ("close", self.close),
            ("save", self.save),
            ("delete", self.ask_delete),
            ("really", self.delete),
        ):
            routes.on_press(f"schedule:{action}", handler)
        routes.on_form("schedule:time", self.set_time)
        routes.on_form("schedule:zone", self.set_zone)

    async def open(self, interaction: discord.Interaction[Any], zone: str | None) -> None:
        """Answer the command: the list, or a new schedule where there is none yet."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        chosen = _resolve(zone, t) if zone else None
        schedules = await self._services.schedules.in_guild(guild.id, KIND)
        if schedules and chosen is None:
            await show(interaction, cards.render_list(schedules, t))
            return
        await show(interaction, await self._fresh(interaction, guild.id, chosen))

    async def open_new(self, interaction: discord.Interaction[Any]) -> None:
        """Begin a new schedule from the list."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await update(interaction, await self._fresh(interaction, guild.id, None))

    async def edit(self, interaction: discord.Interaction[Any], schedule_id: str = "") -> None:
        """Open a saved schedule."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        schedule = await self._find(guild.id, int(schedule_id or selected(interaction)[0]), texts(interaction))
        draft = Draft(
            schedule_id=schedule.schedule_id,
            zone=schedule.recurrence.zone,
            minute_of_day=schedule.recurrence.minute_of_day,
            channel_id=schedule.channel_id,
            weekdays=schedule.recurrence.weekdays,
            topics=tuple(schedule.options.get("topics", ())),
            role_id=schedule.role_id,
            is_silent=schedule.is_silent,
        )
        token = self._drafts.hold(interaction.user.id, draft)
        await update(interaction, cards.render_panel(token, draft, texts(interaction)))

    async def choose_channel(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the channel."""
        await self._change(interaction, token, channel_id=int(selected(interaction)[0]))

    async def choose_role(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the role, or nobody."""
        chosen = selected(interaction)
        await self._change(interaction, token, role_id=int(chosen[0]) if chosen else None)

    async def choose_days(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the weekdays."""
        days = frozenset(int(day) for day in selected(interaction))
        await self._change(interaction, token, weekdays=days)

    async def choose_topics(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep the topics; none means all."""
        await self._change(interaction, token, topics=tuple(selected(interaction)))

    async def toggle_silent(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Switch silence over."""
        draft = self._take(interaction, token)
        await self._change(interaction, token, is_silent=not draft.is_silent)

    async def ask_time(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Ask for the time in a form."""
        draft = self._take(interaction, token)
        t = texts(interaction)
        await _ask(
            interaction, "schedule:time", token, t("Time of day"), t("Time, like 09:30 or 9:30 pm"), show_time(draft.minute_of_day)
        )

    async def set_time(
        self, interaction: discord.Interaction[Any], values: dict[str, str], token: str
    ) -> None:
        """Keep the time."""
        minute_of_day = parse_time(values.get("text", ""), texts(interaction))
        await self._change(interaction, token, minute_of_day=minute_of_day)

    async def ask_zone(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Ask for the zone in a form."""
        draft = self._take(interaction, token)
        t = texts(interaction)
        await _ask(
            interaction, "schedule:zone", token, t("Time zone"), t("A city, a country or a short name"), draft.zone
        )

    async def set_zone(
        self, interaction: discord.Interaction[Any], values: dict[str, str], token: str
    ) -> None:
        """Keep the zone that was typed exactly, or offer those that fit."""
        self._take(interaction, token)
        text = values.get("text", "").strip()
        try:
            zone = resolve_zone(text)
        except UnknownZone:
            found = find_zones(text, self._services.clock.now())
            names = [(zone.name, zone.label) for zone in found] if text else []
            await update(interaction, cards.render_zones(token, names, text, texts(interaction)))
            return
        await self._change(interaction, token, zone=zone)

    async def pick_zone(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Keep a zone from the list."""
        await self._change(interaction, token, zone=resolve_zone(selected(interaction)[0]))

    async def back(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Show the panel again."""
        await self._change(interaction, token)

    async def close(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Forget the draft."""
        self._drafts.drop(token)
        t = texts(interaction)
        await update(interaction, card(t("Closed. Nothing was changed.")))

    async def save(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Check the permissions there and then, and save."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        draft = self._take(interaction, token)
        t = texts(interaction)
        problem = await self._problem(guild, draft, t)
        if problem is not None or draft.channel_id is None:
            await update(interaction, cards.render_blocked(token, problem or "", t))
            return
        schedules = self._services.schedules
        before = await schedules.find(draft.schedule_id) if draft.schedule_id else None
        wanted = Schedule(
            schedule_id=before.schedule_id if before else 0,
            guild_id=guild.id,
            kind=KIND,
            channel_id=draft.channel_id,
            recurrence=Recurrence(draft.minute_of_day, draft.zone, draft.weekdays),
            role_id=draft.role_id,
            is_silent=draft.is_silent,
            options={"topics": list(draft.topics)},
            state="active",
            problem=None,
            next_run_at=None,
        )
        async with self._services.database.transaction() as tx:
            saved = await schedules.save(tx, wanted)
            change = Change(
                f"tips.schedule {saved.schedule_id}",
                f"<#{saved.channel_id}>",
                _summary(before, t) if before else None,
                _summary(saved, t),
            )
            await self._services.audit.write(tx, guild.id, interaction.user.id, change)
        self._drafts.drop(token)
        runs = await schedules.upcoming(saved)
        await update(interaction, cards.render_saved(saved, runs, t))

    async def ask_delete(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Ask before deleting."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        draft = self._take(interaction, token)
        t = texts(interaction)
        schedule = await self._find(guild.id, draft.schedule_id, t)
        await update(interaction, cards.render_delete(token, schedule, t))

    async def delete(self, interaction: discord.Interaction[Any], token: str) -> None:
        """Delete the schedule."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        draft = self._take(interaction, token)
        t = texts(interaction)
        schedule = await self._find(guild.id, draft.schedule_id, t)
        async with self._services.database.transaction() as tx:
            await self._services.schedules.remove(tx, schedule.schedule_id)
            change = Change(f"tips.schedule {schedule.schedule_id}", None, _summary(schedule, t), None)
            await self._services.audit.write(tx, guild.id, interaction.user.id, change)
        self._drafts.drop(token)
        await update(interaction, card(t("Deleted. Run /tips schedule to set up another one.")))

    async def _fresh(
        self, interaction: discord.Interaction[Any], guild_id: int, zone: str | None
    ) -> ui.LayoutView:
        t = texts(interaction)
        if len(await self._services.schedules.in_guild(guild_id, KIND)) >= MOST_SCHEDULES:
            message = t(
                "This community has {most} schedules, which is as many as I keep. "
                "Change or delete one of them in /tips schedule.",
                most=MOST_SCHEDULES,
            )
            raise RefusalError(message)
        settings = await self._services.guilds.settings(guild_id)
        draft = Draft(
            schedule_id=0, zone=zone or settings.zone, channel_id=settings.community_channel_id
        )
        token = self._drafts.hold(interaction.user.id, draft)
        return cards.render_panel(token, draft, t)

    async def _change(self, interaction: discord.Interaction[Any], token: str, **changes: Any) -> None:  # noqa: ANN401 (by field)
        draft = replace(self._take(interaction, token), **changes)
        self._drafts.replace(token, draft)
        await update(interaction, cards.render_panel(token, draft, texts(interaction)))

    def _take(self, interaction: discord.Interaction[Any], token: str) -> Draft:
        return self._drafts.take(token, interaction.user.id, COMMAND, texts(interaction))

    async def _find(self, guild_id: int, schedule_id: int, t: Texts) -> Schedule:
        schedule = await self._services.schedules.find(schedule_id)
        if schedule is None or schedule.guild_id != guild_id:
            message = t("That schedule is gone. Run /tips schedule to see those that are there.")
            raise RefusalError(message)
        return schedule

    async def _problem(self, guild: discord.Guild, draft: Draft, t: Texts) -> str | None:
        if draft.channel_id is None:
            return t("No channel is chosen. Press Back, choose one, then press Save.")
        channel = await _find_channel(guild, draft.channel_id)
        if not isinstance(channel, discord.TextChannel | discord.Thread):
            return t("I can't see <#{channel_id}>. Fix: allow me View Channel there, then press Retry.", channel_id=draft.channel_id)
        role = guild.get_role(draft.role_id) if draft.role_id else None
        if draft.role_id and (role is None or role.is_default()):
            return t("That role can't be pinged. Press Back and choose a role that people opted in to.")
        missing = missing_permissions(channel, role)
        if missing:
            return explain_missing(channel.id, missing)
        if not await self._services.tips.eligible(guild.id, draft.topics):
            muted = await self._services.curation.muted(guild.id)
            return rules.explain_empty(draft.topics, len(muted))
        return None


async def _find_channel(guild: discord.Guild, channel_id: int) -> object | None:
    channel = guild.get_channel_or_thread(channel_id)
    if channel is not None:
        return channel
    try:
        return await guild.fetch_channel(channel_id)
    except discord.HTTPException:
        return None


async def _ask(
    interaction: discord.Interaction[Any], route: str, token: str, title: str, label: str, default: str
) -> None:
    form = ui.Modal(title=title, custom_id=custom_id(route, token))
    field: ui.TextInput[Any] = ui.TextInput(custom_id="text", default=default, max_length=60)
    form.add_item(ui.Label(text=label, component=field))
    form.stop()
    await interaction.response.send_modal(form)


def _resolve(zone: str, t: Texts) -> str:
    try:
        return resolve_zone(zone)
    except UnknownZone as error:
        message = t(
            "I know no time zone “{zone}”. Closest: {nearest}. Choose one from the list while you type.",
            zone=zone[:60],
            nearest=", ".join(error.nearest[:3]) or "UTC",
        )
        raise RefusalError(message) from error


def _summary(schedule: Schedule, t: Texts) -> str:
    recurrence = schedule.recurrence
    topics = ", ".join(schedule.options.get("topics", ())) or t("all topics")
    return (
        f"{show_time(recurrence.minute_of_day)} {recurrence.zone}, "
        f"{show_days(recurrence.weekdays, t)}, {topics}"
    )
