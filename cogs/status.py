"""``/status``: how every feature stands here, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.delivery.ports import Schedule
from bot.delivery.rules import DeliveryState, ScheduleState
from bot.errors import RefusalError
from bot.guilds.audit import Change
from bot.guilds.service import FEATURES
from bot.publisher import explain_missing, missing_permissions
from bot.tips.announcer import KIND
from cogs.tips.cards import tip_parts
from cogs.tips.panel_cards import describe
from cogs.tips.queue import NOTES
from cogs.ui.cards import Part, button, card, line, row
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.replies import show, texts, update
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from bot.app import Services
    from bot.client import BreatherClient
    from bot.i18n import Texts

SHOWN = 6


class StatusCog(commands.Cog):
    """Reads everything afresh at each call."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._client = client
        self._services = services
        client.routes.on_press("status:open", self.refresh)
        client.routes.on_press("status:retry", self.retry)
        client.routes.on_press("status:test", self.send_test)

    @app_commands.command(name="status", description="For moderators: what is on, what comes next, what is wrong")
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show how everything stands."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await show(interaction, await self._overview(guild, texts(interaction)))

    async def refresh(self, interaction: discord.Interaction[Any]) -> None:
        """The same, in the card's place."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await update(interaction, await self._overview(guild, texts(interaction)))

    async def retry(self, interaction: discord.Interaction[Any], schedule_id: str) -> None:
        """Start a stopped schedule again, if its channel allows it by now."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        schedule = await self._find(guild.id, schedule_id, t)
        if (problem := find_problem(guild, schedule, t)) is not None:
            raise RefusalError(problem)
        async with self._services.database.transaction() as tx:
            if await self._services.schedules.resume(tx, schedule):
                change = Change(f"tips.schedule {schedule.schedule_id}", None, schedule.state, "active")
                await self._services.audit.write(tx, guild.id, interaction.user.id, change)
        await update(interaction, await self._overview(guild, t))

    async def send_test(self, interaction: discord.Interaction[Any], schedule_id: str) -> None:
        """Show a tip as it would be posted, to the moderator alone; nothing is drawn for it."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        schedule = await self._find(guild.id, schedule_id, t)
        pinned = await self._services.curation.pinned(schedule.schedule_id)
        tips = await self._services.tips.eligible(guild.id, schedule.options.get("topics", []))
        tip = tips.get(pinned or "") or next(iter(tips.values()), None)
        if tip is None:
            message = t("No tip fits this schedule's topics. Choose more with /tips schedule.")
            raise RefusalError(message)
        problem = find_problem(guild, schedule, t)
        verdict = problem or t(
            "I can post in <#{channel_id}>. This is a test: only you see it, and the real tip is drawn when it is due.",
            channel_id=schedule.channel_id,
        )
        await show(interaction, card(*tip_parts(tip, t), line(), f"-# {verdict}"))

    async def _overview(self, guild: discord.Guild, t: Texts) -> discord.ui.LayoutView:
        settings = await self._services.guilds.settings(guild.id)
        schedules = await self._services.schedules.in_guild(guild.id)
        parts: list[Part] = ["## " + t("Status of {guild}", guild=discord.utils.escape_markdown(guild.name))]
        for feature, name in FEATURES.items():
            on = t("on") if settings.is_on(feature) else t("off (/setup switches it on)")
            parts.append(f"**{t(name)}:** {on}")
        own = [schedule for schedule in schedules if schedule.kind == KIND]
        if not own:
            parts += [
                t("No daily tips are scheduled yet."),
                row(button(t("Schedule daily tips"), "schedule:new", style=discord.ButtonStyle.primary)),
            ]
        for schedule in own[:SHOWN]:
            parts += await self._schedule_parts(guild, schedule, t)
        if len(own) > SHOWN:
            parts.append("-# " + t("and {more} more in /tips schedule", more=len(own) - SHOWN))
        parts += [line(), *await self._desk(guild, settings.staff_channel_id, t)]
        parts.append("**/help-now:** " + t("always on"))
        if self._client.broken_cogs:
            parts.append(t("Some of my commands could not be loaded; the operator's log says why."))
        parts.append(row(button(t("Refresh"), "status:open")))
        return card(*parts)

    async def _schedule_parts(self, guild: discord.Guild, schedule: Schedule, t: Texts) -> list[Part]:
        last = await self._services.schedules.history(schedule.schedule_id, 1)
        result = t("nothing yet")
        if last and last[0].state == DeliveryState.SENT:
            result = t("posted {when}", when=stamp(last[0].finished_at or last[0].due_at, "R"))
        elif last:
            result = f"{last[0].slot}: {t(NOTES.get(last[0].note or '', 'on its way'))}"
        problem = find_problem(guild, schedule, t)
        text = describe(schedule, t) + "\n-# " + t("Last: {result}", result=result)
        if problem is not None and schedule.state != ScheduleState.BROKEN:
            text += f"\n**{problem}**"
        is_running = schedule.state == ScheduleState.ACTIVE
        return [
            line(),
            text,
            row(
                button(t("Send test (only I see it)"), "status:test", schedule.schedule_id),
                None
                if is_running
                else button(t("Retry"), "status:retry", schedule.schedule_id, style=discord.ButtonStyle.primary),
            ),
        ]

    async def _desk(self, guild: discord.Guild, channel_id: int | None, t: Texts) -> list[Part]:
        if channel_id is None:
            return [t("**Moderators' desk:** not chosen, so problems are shown only here. Choose one in /setup.")]
        channel = guild.get_channel(channel_id)
        if not isinstance(channel, discord.TextChannel):
            return [t("**Moderators' desk:** the channel is gone. Choose another in /setup.")]
        missing = missing_permissions(channel)
        words = explain_missing(channel_id, missing, t("Refresh")) if missing else f"<#{channel_id}>"
        return [t("**Moderators' desk:** {words}", words=words)]

    async def _find(self, guild_id: int, schedule_id: str, t: Texts) -> Schedule:
        schedule = await self._services.schedules.find(int(schedule_id))
        if schedule is None or schedule.guild_id != guild_id:
            message = t("That schedule is gone. Run /status again to see those that are there.")
            raise RefusalError(message)
        return schedule


def find_problem(guild: discord.Guild, schedule: Schedule, t: Texts) -> str | None:
    """What keeps a schedule from posting, by permission and channel; None when nothing does."""
    channel = guild.get_channel_or_thread(schedule.channel_id)
    if channel is None:
        return t("I can't see the channel <#{channel_id}>: it is gone, or I lack View Channel there. "
                 "Fix that or choose another with /tips schedule, then press Retry.", channel_id=schedule.channel_id)
    role = guild.get_role(schedule.role_id) if schedule.role_id else None
    missing = missing_permissions(channel, role)
    return explain_missing(channel.id, missing) if missing else None
