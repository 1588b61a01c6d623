"""``/status``: how every feature stands here, and what to do about it."""

from __future__ import annotations

from asyncio import gather
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.delivery.ports import Schedule
from bot.delivery.rules import DeliveryState, ScheduleState
from bot.errors import RefusalError
from bot.guilds.service import FEATURES, GuildSettings
from bot.permissions import explain_missing, missing_permissions
from cogs.schedules.checks import find_problem, find_switched_off
from cogs.schedules.history import explain_note
from cogs.schedules.kinds import find_schedule
from cogs.schedules.words import describe
from cogs.status_others import Others
from cogs.ui.cards import Part, button, card, cut, line, row
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.plain import plain
from cogs.ui.replies import show, texts, update
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services
    from cogs.schedules.kinds import Kinds

PRIMARY = discord.ButtonStyle.primary
SHOWN = 4
SCHEDULE_LENGTH = 640
"""Room for one schedule: four, and what stands below them, must fit into 4,000 characters."""


class StatusCog(commands.Cog):
    """Reads everything afresh at each call."""

    def __init__(self, client: BreatherClient, services: Services, kinds: Kinds) -> None:
        self._client = client
        self._services = services
        self._kinds = kinds
        self._others = Others(services)
        routes = client.routes
        routes.on_press("status:open", self.refresh)
        routes.on_press("status:retry", self.retry)
        routes.on_press("status:test", self.send_test)
        routes.on_press("status:restart", self.restart)

    @app_commands.command(
        name="status", description="For moderators: what is on, what comes next, what is wrong"
    )
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    @app_commands.guild_install()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show how everything stands."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await show(interaction, await self._overview(guild, texts(interaction)))

    async def refresh(self, interaction: discord.Interaction[Any]) -> None:
        """The same, in the card's place."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        await update(interaction, await self._overview(guild, texts(interaction)))

    async def retry(self, interaction: discord.Interaction[Any], schedule_id: str) -> None:
        """Start a schedule that stands still again, if its channel allows it by now."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        schedule = await self._find(guild.id, schedule_id, t)
        kind = self._kinds[schedule.kind]
        problem = await find_switched_off(kind, self._services.guilds, guild.id, t)
        problem = problem or await self._problem(guild, schedule, t)
        if problem is not None:
            raise RefusalError(problem)
        await self._services.scheduling.resume(interaction.user.id, schedule)
        await update(interaction, await self._overview(guild, t))

    async def restart(self, interaction: discord.Interaction[Any], schedule_id: str) -> None:
        """The same for what has a panel of its own."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        schedule = await self._others.find(guild.id, schedule_id)
        if schedule is None:
            message = t("That schedule is gone. Run /status again to see those that are there.")
            raise RefusalError(message)
        problem = await self._problem(guild, schedule, t)
        if problem is not None:
            raise RefusalError(problem)
        await self._services.scheduling.resume(interaction.user.id, schedule)
        await update(interaction, await self._overview(guild, t))

    async def send_test(self, interaction: discord.Interaction[Any], schedule_id: str) -> None:
        """Show a post as it would look, to the moderator alone; nothing is drawn for it."""
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        schedule = await self._find(guild.id, schedule_id, t)
        kind = self._kinds[schedule.kind]
        sample = await kind.show_sample(schedule, t)
        if not sample:
            raise RefusalError(kind.words.nothing_to_show(t))
        problem = await self._problem(guild, schedule, t)
        verdict = problem or t(
            "I can post in <#{channel_id}>. This is a test: only you see it, "
            "and the real one is drawn when it is due.",
            channel_id=schedule.channel_id,
        )
        retry = button(t("Retry"), "status:test", schedule.schedule_id) if problem else None
        await show(interaction, card(*sample, line(), f"-# {verdict}", row(retry)))

    async def _overview(self, guild: discord.Guild, t: Texts) -> discord.ui.LayoutView:
        settings = await self._services.guilds.settings(guild.id)
        schedules = await self._schedules(guild.id)
        features = [
            f"**{t(name)}:** "
            + (t("on") if settings.is_on(feature) else t("off (/setup switches it on)"))
            for feature, name in FEATURES.items()
        ]
        parts: list[Part] = [
            "## " + t("Status of {guild}", guild=plain(guild.name)),
            "\n".join([*features, f"**/help-now:** {t('always on')}"]),
        ]
        parts += self._unscheduled(settings, {schedule.kind for schedule in schedules}, t)
        problems = await gather(*[self._problem(guild, item, t) for item in schedules[:SHOWN]])
        for schedule, problem in zip(schedules, problems, strict=False):
            parts += await self._schedule_parts(schedule, problem, t)
        if len(schedules) > SHOWN:
            rest = schedules[SHOWN:]
            named = dict.fromkeys(self._kinds[item.kind].command for item in rest)
            commands = ", ".join(f"{command} schedule" for command in named)
            parts.append(
                "-# " + t("and {more} more in {commands}", more=len(rest), commands=commands)
            )
        parts += await self._others.parts(guild.id, t)
        parts += [line(), _desk(guild, settings.staff_channel_id, t)]
        if self._client.broken_cogs:
            words = "Some of my commands could not be loaded. Whoever runs me finds why in my log."
            parts.append(t(words))
        return card(*parts, row(button(t("Refresh"), "status:open")))

    async def _schedules(self, guild_id: int) -> list[Schedule]:
        """What is stopped first; then the kinds take turns, so that none hides another."""
        turns: list[tuple[bool, int, Schedule]] = []
        for kind in self._kinds:
            found = await self._services.schedules.in_guild(guild_id, kind)
            turns += [
                (item.state != ScheduleState.BROKEN, turn, item) for turn, item in enumerate(found)
            ]
        return [item for _, _, item in sorted(turns, key=itemgetter(0, 1))]

    def _unscheduled(
        self, settings: GuildSettings, scheduled: Collection[str], t: Texts
    ) -> list[Part]:
        """What is switched on and has no schedule yet, with a way to begin each."""
        kinds = [
            kind
            for kind in self._kinds.values()
            if kind.kind not in scheduled and settings.is_on(kind.kind)
        ]
        begin = [button(kind.words.begin(t), "schedule:new", kind.kind) for kind in kinds]
        return ["\n".join(kind.words.none_scheduled(t) for kind in kinds), row(*begin)]

    async def _schedule_parts(
        self, schedule: Schedule, problem: str | None, t: Texts
    ) -> list[Part]:
        kind = self._kinds[schedule.kind]
        text = f"**{kind.title(t)}** · {describe(kind, schedule, t)}"
        if problem is not None and schedule.state != ScheduleState.BROKEN:
            text += f"\n**{problem}**"
        last = t("Last: {result}", result=await self._last_result(schedule, t))
        retry = None
        if schedule.state == ScheduleState.BROKEN or problem is not None:
            retry = t("Retry")
        elif schedule.state == ScheduleState.PAUSED:
            retry = t("Resume")
        return [
            line(),
            f"{cut(text, SCHEDULE_LENGTH)}\n-# {last}",
            row(
                button(t("Send test (only I see it)"), "status:test", schedule.schedule_id),
                button(retry, "status:retry", schedule.schedule_id, style=PRIMARY)
                if retry
                else None,
            ),
        ]

    async def _problem(self, guild: discord.Guild, schedule: Schedule, t: Texts) -> str | None:
        """What is wrong with its channel or role; nothing matters while it is switched off."""
        if schedule.state == ScheduleState.AWAY:
            return None
        return await find_problem(guild, schedule.channel_id, schedule.role_id, t)

    async def _last_result(self, schedule: Schedule, t: Texts) -> str:
        """What became of the latest slot that has come; one skipped ahead is still to come."""
        now = self._services.clock.now()
        history = await self._services.schedules.history(schedule.schedule_id)
        last = next((delivery for delivery in history if delivery.due_at <= now), None)
        if last is None:
            return t("nothing yet")
        if last.state == DeliveryState.SENT:
            return t("posted {when}", when=stamp(last.finished_at or last.due_at, "R"))
        return f"{last.slot}: {explain_note(self._kinds[schedule.kind], last, t)}"

    async def _find(self, guild_id: int, schedule_id: str, t: Texts) -> Schedule:
        schedules = self._services.schedules
        schedule = await find_schedule(schedules, guild_id, schedule_id, self._kinds)
        if schedule is None:
            message = t("That schedule is gone. Run /status again to see those that are there.")
            raise RefusalError(message)
        return schedule


def _desk(guild: discord.Guild, channel_id: int | None, t: Texts) -> str:
    words = t("not chosen, so problems are shown only here. Choose one in /setup.")
    if channel_id is not None:
        channel = guild.get_channel(channel_id)
        words = t("the channel is gone. Choose another one in /setup.")
        if isinstance(channel, discord.TextChannel):
            missing = missing_permissions(channel)
            words = f"<#{channel_id}>"
            if missing:
                words = explain_missing(channel_id, missing, t("Refresh"))
    return t("**Moderators' desk:** {words}", words=words)
