"""What the schedule panel looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.content.tips import TOPICS
from bot.delivery.ports import Schedule
from bot.delivery.rules import ScheduleState
from bot.delivery.times import Run
from bot.i18n import Texts
from cogs.ui.cards import SELECT_OPTIONS, button, card, cut, refusal, row, select
from cogs.ui.routes import custom_id
from cogs.ui.times import WEEKDAYS, in_zone, show_days, show_time, stamp

CHANNELS = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]
PRIMARY = discord.ButtonStyle.primary
DANGER = discord.ButtonStyle.danger


@dataclass(frozen=True, slots=True)
class Draft:
    """What a moderator has chosen so far. ``schedule_id`` is 0 for a new schedule."""

    schedule_id: int
    zone: str
    minute_of_day: int = 9 * 60
    channel_id: int | None = None
    weekdays: frozenset[int] = frozenset(range(7))
    topics: tuple[str, ...] = ()
    role_id: int | None = None
    is_silent: bool = False


def render_panel(token: str, draft: Draft, t: Texts) -> ui.LayoutView:
    """Every choice of a schedule in one card."""
    channel: ui.ChannelSelect[Any] = ui.ChannelSelect(
        placeholder=t("Channel or thread"),
        custom_id=custom_id("schedule:channel", token),
        channel_types=CHANNELS,
        default_values=[discord.Object(draft.channel_id)] if draft.channel_id else [],
    )
    role: ui.RoleSelect[Any] = ui.RoleSelect(
        placeholder=t("Opt-in role to ping (nobody)"),
        custom_id=custom_id("schedule:role", token),
        min_values=0,
        default_values=[discord.Object(draft.role_id)] if draft.role_id else [],
    )
    days = [(str(day), t(name)) for day, name in enumerate(WEEKDAYS)]
    topics = [(topic, t(name)) for topic, name in TOPICS.items()]
    return card(
        "## " + (t("Change this schedule") if draft.schedule_id else t("Daily tips: a new schedule")),
        t(
            "At **{time}** in **{zone}**, {days}, {manner}.",
            time=show_time(draft.minute_of_day),
            zone=draft.zone,
            days=show_days(draft.weekdays, t),
            manner=t("silently") if draft.is_silent else t("with a normal notification"),
        ),
        ui.ActionRow(channel),
        row(
            button(t("Time"), "schedule:time", token),
            button(t("Zone"), "schedule:zone", token),
            button(
                t("Silent: on") if draft.is_silent else t("Silent: off"), "schedule:silent", token
            ),
        ),
        row(
            select(
                t("Weekdays"),
                "schedule:days",
                token,
                options=days,
                chosen=[str(day) for day in draft.weekdays],
                most=len(days),
            )
        ),
        row(
            select(
                t("Topics (all)"),
                "schedule:topics",
                token,
                options=topics,
                chosen=draft.topics,
                most=len(topics),
                least=0,
            )
        ),
        ui.ActionRow(role),
        row(
            button(t("Save"), "schedule:save", token, style=PRIMARY),
            button(t("Close without saving"), "schedule:close", token),
            button(t("Delete"), "schedule:delete", token, style=DANGER)
            if draft.schedule_id
            else None,
        ),
    )


def render_list(schedules: Sequence[Schedule], t: Texts) -> ui.LayoutView:
    """The schedules of a community, with ways to change one and to add one."""
    options = [
        (str(item.schedule_id), cut(f"{show_time(item.recurrence.minute_of_day)} {item.recurrence.zone}, {show_days(item.recurrence.weekdays, t)}", 100))
        for item in schedules
    ]
    return card(
        "## " + t("Daily tips in this community"),
        *[describe(item, t) for item in schedules[:SELECT_OPTIONS]],
        row(select(t("Change one of them"), "schedule:edit", options=options)),
        row(button(t("New schedule"), "schedule:new", style=PRIMARY)),
    )


def render_saved(schedule: Schedule, runs: Sequence[Run], t: Texts) -> ui.LayoutView:
    """What was saved, and its next three runs in both times."""
    zone = schedule.recurrence.zone
    lines = [f"- {stamp(run.at)} · {in_zone(run.at, zone)} ({zone})" for run in runs]
    ping = t(" It pings <@&{role_id}>.", role_id=schedule.role_id) if schedule.role_id else ""
    return card(
        "## " + t("Saved"),
        t("Tips go to <#{channel_id}>.", channel_id=schedule.channel_id) + ping,
        t("**The next three**, in your own time and in the schedule's:") + "\n" + "\n".join(lines),
        row(
            button(t("Send test (only I see it)"), "status:test", schedule.schedule_id),
            button(t("Change"), "schedule:reopen", schedule.schedule_id),
            button(t("New schedule"), "schedule:new"),
        ),
    )


def render_blocked(token: str, problem: str, t: Texts) -> ui.LayoutView:
    """A missing permission or choice; nothing was saved and nothing is lost."""
    return refusal(
        "## " + t("Not saved yet") + "\n" + problem,
        row(
            button(t("Retry"), "schedule:save", token, style=PRIMARY),
            button(t("Back"), "schedule:back", token),
        ),
    )


def render_zones(token: str, names: Sequence[tuple[str, str]], text: str, t: Texts) -> ui.LayoutView:
    """The zones that fit what was typed."""
    if not names:
        return refusal(
            t("I know no time zone like “{text}”. Try a large city nearby.", text=cut(text, 60)),
            row(button(t("Try again"), "schedule:zone", token), button(t("Back"), "schedule:back", token)),
        )
    return card(
        t("Which of these is it?"),
        row(select(t("Time zone"), "schedule:pick", token, options=names)),
        row(button(t("Type again"), "schedule:zone", token), button(t("Back"), "schedule:back", token)),
    )


def render_delete(token: str, schedule: Schedule, t: Texts) -> ui.LayoutView:
    """Ask before a schedule goes."""
    return refusal(
        "## " + t("Delete this schedule?") + "\n" + describe(schedule, t) + "\n"
        + t("Its history and the memory of which tips were posted go with it. /tips pause only stops it."),
        row(
            button(t("Delete"), "schedule:really", token, style=DANGER),
            button(t("Keep it"), "schedule:back", token),
        ),
    )


def describe(schedule: Schedule, t: Texts) -> str:
    """One schedule in two lines: where and when, and how it stands."""
    recurrence = schedule.recurrence
    where = t(
        "<#{channel_id}> at **{time}** ({zone}), {days}",
        channel_id=schedule.channel_id,
        time=show_time(recurrence.minute_of_day),
        zone=recurrence.zone,
        days=show_days(recurrence.weekdays, t),
    )
    topics = ", ".join(t(TOPICS.get(topic, topic)) for topic in schedule.options.get("topics", ()))
    return f"{where}\n-# {topics or t('All topics')} · {standing(schedule, t)}"


def standing(schedule: Schedule, t: Texts) -> str:
    """How a schedule stands, in a few words."""
    if schedule.state == ScheduleState.BROKEN:
        return t("stopped: {problem}", problem=schedule.problem or "")
    if schedule.state == ScheduleState.PAUSED:
        return t("paused")
    if schedule.state == ScheduleState.AWAY or schedule.next_run_at is None:
        return t("switched off")
    return t("next {when}", when=stamp(schedule.next_run_at, "R"))
