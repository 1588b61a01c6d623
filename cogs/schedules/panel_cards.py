"""What the schedule panel looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.delivery.ports import Schedule
from bot.delivery.times import Run
from bot.i18n import Texts
from cogs.schedules.kinds import ScheduleKind
from cogs.schedules.words import describe, describe_briefly, label_of
from cogs.ui.cards import button, card, cut, refusal, row, select
from cogs.ui.plain import plain
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
FEW = 5
"""Up to so many schedules are listed in full."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a moderator has chosen so far. ``schedule_id`` is 0 for a new schedule.

    ``note`` says what a saved schedule suffers from, or is empty.
    """

    kind: str
    schedule_id: int
    zone: str
    weekdays: frozenset[int]
    minute_of_day: int = 9 * 60
    channel_id: int | None = None
    topics: tuple[str, ...] = ()
    role_id: int | None = None
    is_silent: bool = False
    note: str = ""


def render_panel(
    token: str, kind: ScheduleKind, draft: Draft, guild: discord.Guild | None, t: Texts
) -> ui.LayoutView:
    """Every choice of a schedule in one card."""
    heading = t("{feature}: a new schedule", feature=kind.title(t))
    if draft.schedule_id:
        heading = t("Change this schedule")
    return card(
        f"## {heading}",
        _sentence(draft, t),
        ui.ActionRow(_channel_select(token, draft, guild, t)),
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
                options=[(str(day), t(name)) for day, name in enumerate(WEEKDAYS)],
                chosen=[str(day) for day in draft.weekdays],
                most=len(WEEKDAYS),
            )
        ),
        row(
            select(
                t("Topics (all)"),
                "schedule:topics",
                token,
                options=[(topic, t(name)) for topic, name in kind.topics.items()],
                chosen=draft.topics,
                most=len(kind.topics),
                least=0,
            )
            if kind.topics
            else None
        ),
        ui.ActionRow(_role_select(token, draft, guild, t)),
        row(
            button(t("Save"), "schedule:save", token, style=PRIMARY),
            button(t("Close without saving"), "schedule:close", token),
            button(t("Delete"), "schedule:delete", token, style=DANGER)
            if draft.schedule_id
            else None,
        ),
    )


def render_list(
    kind: ScheduleKind, guild: discord.Guild, schedules: Sequence[Schedule], t: Texts
) -> ui.LayoutView:
    """A community's schedules of one kind, with ways to change one and to add one."""
    word = describe if len(schedules) <= FEW else describe_briefly
    options = [(str(item.schedule_id), label_of(guild, item, t)) for item in schedules]
    return card(
        "## " + t("{feature} in this community", feature=kind.title(t)),
        *[word(kind, item, t) for item in schedules],
        row(select(t("Change one of them"), "schedule:edit", options=options)),
        row(button(t("New schedule"), "schedule:new", kind.kind, style=PRIMARY)),
    )


def render_saved(schedule: Schedule, runs: Sequence[Run], t: Texts) -> ui.LayoutView:
    """What was saved, and its next three runs in both times."""
    zone = schedule.recurrence.zone
    lines = [f"- {stamp(run.at)} · {in_zone(run.at, zone)} ({zone})" for run in runs]
    manner = t(" They come silently.") if schedule.is_silent else ""
    ping = t(" They ping <@&{role_id}>.", role_id=schedule.role_id) if schedule.role_id else ""
    where = t("Posts go to <#{channel_id}>.", channel_id=schedule.channel_id)
    heading = t("**The next three**, in your own time and in the schedule's:")
    return card(
        "## " + t("Saved"),
        where + manner + ping,
        heading + "\n" + "\n".join(lines),
        row(
            button(t("Send test (only I see it)"), "status:test", schedule.schedule_id),
            button(t("Change"), "schedule:reopen", schedule.schedule_id),
            button(t("New schedule"), "schedule:new", schedule.kind),
        ),
    )


def render_blocked(token: str, problem: str, checked_at: int, t: Texts) -> ui.LayoutView:
    """A missing permission or choice; nothing was saved and nothing is lost."""
    checked = t("Checked {when}. What you chose is kept.", when=stamp(checked_at, "T"))
    return refusal(
        "## " + t("Not saved yet") + f"\n{problem}\n-# {checked}",
        row(
            button(t("Retry"), "schedule:save", token, style=PRIMARY),
            button(t("Back"), "schedule:back", token),
        ),
    )


def render_zones(
    token: str, names: Sequence[tuple[str, str]], text: str, t: Texts
) -> ui.LayoutView:
    """The zones that fit what was typed."""
    back = button(t("Back"), "schedule:back", token)
    if not names:
        words = t(
            "I know no time zone like “{text}”. Try a large city nearby.",
            text=plain(cut(text, 60)),
        )
        return refusal(words, row(button(t("Type again"), "schedule:zone", token), back))
    return card(
        t("Which of these is it?"),
        row(select(t("Time zone"), "schedule:pick", token, options=names)),
        row(button(t("Type again"), "schedule:zone", token), back),
    )


def render_delete(token: str, kind: ScheduleKind, schedule: Schedule, t: Texts) -> ui.LayoutView:
    """Ask before a schedule goes."""
    goes = t(
        "Its history and the memory of what was posted go with it, for good. "
        "{command} pause only stops it.",
        command=kind.command,
    )
    return refusal(
        "## " + t("Delete this schedule?") + f"\n{describe(kind, schedule, t)}\n{goes}",
        row(
            button(t("Delete"), "schedule:really", token, style=DANGER),
            button(t("Keep it"), "schedule:back", token),
        ),
    )


def _sentence(draft: Draft, t: Texts) -> str:
    where = t("Choose a channel or thread first.")
    if draft.channel_id:
        where = t("In <#{channel_id}>.", channel_id=draft.channel_id)
    when = t(
        "At **{time}** in **{zone}**, {days}, {manner}.",
        time=show_time(draft.minute_of_day),
        zone=draft.zone,
        days=show_days(draft.weekdays, t),
        manner=t("silently") if draft.is_silent else t("with a normal notification"),
    )
    ping = t(" Pings <@&{role_id}>.", role_id=draft.role_id) if draft.role_id else ""
    note = f"\n**{draft.note}**" if draft.note else ""
    return f"{where} {when}{ping}{note}"


def _channel_select(
    token: str, draft: Draft, guild: discord.Guild | None, t: Texts
) -> ui.ChannelSelect[Any]:
    # What is gone or hidden is left out: Discord may refuse a default that it cannot show.
    known = guild and draft.channel_id and guild.get_channel_or_thread(draft.channel_id)
    return ui.ChannelSelect(
        placeholder=t("Channel or thread"),
        custom_id=custom_id("schedule:channel", token),
        channel_types=CHANNELS,
        default_values=[discord.Object(known.id)] if known else [],
    )


def _role_select(
    token: str, draft: Draft, guild: discord.Guild | None, t: Texts
) -> ui.RoleSelect[Any]:
    known = guild and draft.role_id and guild.get_role(draft.role_id)
    return ui.RoleSelect(
        placeholder=t("Opt-in role to ping (nobody)"),
        custom_id=custom_id("schedule:role", token),
        min_values=0,
        default_values=[discord.Object(known.id)] if known else [],
    )
