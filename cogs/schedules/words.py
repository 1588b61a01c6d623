"""A schedule in words."""

import discord

from bot.delivery.ports import Schedule
from bot.delivery.rules import ScheduleState
from bot.i18n import Texts
from cogs.schedules.kinds import ScheduleKind
from cogs.ui.cards import cut
from cogs.ui.times import WEEKDAYS, show_days, show_time, stamp

LABEL_LENGTH = 100
SHORT_DAY = 3


def describe(kind: ScheduleKind, schedule: Schedule, t: Texts) -> str:
    """One schedule in two lines: where and when, and how it stands."""
    topics = ", ".join(t(kind.topics.get(topic, topic)) for topic in topics_of(schedule))
    days = show_days(schedule.recurrence.weekdays, t)
    return f"{_where(schedule, days, t)}\n-# {topics or t('All topics')} · {standing(schedule, t)}"


def describe_briefly(_kind: ScheduleKind, schedule: Schedule, t: Texts) -> str:
    """The same in at most 200 characters, for a list of many. No topic is named in it."""
    topics = t("All topics")
    if topics_of(schedule):
        topics = t("{count} topics", count=len(topics_of(schedule)))
    if len(topics_of(schedule)) == 1:
        topics = t("1 topic")
    stands = standing(schedule, t)
    if schedule.state == ScheduleState.BROKEN:
        stands = t("stopped: choose it below to see why")
    return f"{_where(schedule, _short_days(schedule, t), t)}\n-# {topics} · {stands}"


def standing(schedule: Schedule, t: Texts) -> str:
    """How a schedule stands, in a few words."""
    if schedule.state == ScheduleState.BROKEN:
        return t("stopped: {problem}", problem=schedule.problem or "")
    if schedule.state == ScheduleState.PAUSED:
        return t("paused")
    if schedule.state == ScheduleState.AWAY or schedule.next_run_at is None:
        return t("switched off")
    return t("next {when}", when=stamp(schedule.next_run_at, "R"))


def label_of(guild: discord.Guild, schedule: Schedule, t: Texts) -> str:
    """A schedule in one line without mentions, for lists to choose from."""
    channel = guild.get_channel_or_thread(schedule.channel_id)
    name = f"#{channel.name}" if channel else t("unknown channel")
    recurrence = schedule.recurrence
    when = f"{show_time(recurrence.minute_of_day)} {recurrence.zone}, {_short_days(schedule, t)}"
    return f"{cut(name, LABEL_LENGTH - len(when) - 2)}: {when}"


def topics_of(schedule: Schedule) -> tuple[str, ...]:
    """The topics that were chosen; none means all."""
    return tuple(schedule.options.get("topics", ()))


def _where(schedule: Schedule, days: str, t: Texts) -> str:
    return t(
        "<#{channel_id}> at **{time}** ({zone}), {days}",
        channel_id=schedule.channel_id,
        time=show_time(schedule.recurrence.minute_of_day),
        zone=schedule.recurrence.zone,
        days=days,
    )


def _short_days(schedule: Schedule, t: Texts) -> str:
    weekdays = schedule.recurrence.weekdays
    if len(weekdays) in {1, len(WEEKDAYS)} or sorted(weekdays) == [0, 1, 2, 3, 4]:
        return show_days(weekdays, t)
    return ", ".join(t(WEEKDAYS[day])[:SHORT_DAY] for day in sorted(weekdays))
