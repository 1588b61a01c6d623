"""Plans, runs and states of announcements in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.announcements.plans import Repeat
from bot.delivery.days import LAST_SURE_DAY
from cogs.ui.times import WEEKDAYS, in_zone, show_days, show_time, stamp

if TYPE_CHECKING:
    from datetime import date

    from bot.announcements.plans import Plan
    from bot.announcements.service import Look
    from bot.i18n import Texts

NUMBERS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
REPEATS = {
    Repeat.ONCE: "Once, at a time of your choice",
    Repeat.WEEKS: "On weekdays, every week or every few weeks",
    Repeat.DATE: "Each month on a date",
    Repeat.WEEKDAY: "Each month on a weekday, such as the last Friday",
}


def describe(plan: Plan, t: Texts) -> str:
    """When a plan posts, with its end, and what happens in months without its date."""
    time = t("{time} ({zone})", time=show_time(plan.minute_of_day), zone=plan.zone)
    if plan.repeat is Repeat.ONCE:
        return t("once, on {day} at {time}", day=show_date(plan.start), time=time)
    end = t("without an end") if plan.until is None else t("until {day}", day=show_date(plan.until))
    return f"{_describe_days(plan, t)}, {time}, {end}"


def show_date(day: date) -> str:
    """A date as ``28 Mar 2027``."""
    return f"{day.day} {day:%b %Y}"


def list_runs(look: Look, t: Texts) -> str:
    """The next runs: as the clock on the wall shows them there, and in the reader's own time."""
    zone = look.item.plan.zone if look.item.plan else "UTC"
    return "\n".join(
        "- "
        + t(
            "{there} ({zone}), for you {here}",
            there=in_zone(run.at, zone),
            zone=zone,
            here=stamp(run.at),
        )
        for run in look.runs
    )


def state_of(look: Look, t: Texts) -> str:
    """How an announcement stands."""
    return {
        "draft": t("Draft"),
        "active": t("Planned"),
        "paused": t("Paused"),
        "broken": t("Stopped: it needs you"),
        "away": t("Waits until I am back"),
        "done": t("Nothing more is to come"),
    }[look.state]


def last_of(look: Look, t: Texts) -> str | None:
    """What came of the latest post."""
    last = look.last
    if last is None:
        return None
    if last.state == "sent":
        place = f"https://discord.com/channels/{look.item.guild_id}/{last.channel_id}"
        return t(
            "Last: posted {when}, {link}",
            when=stamp(last.finished_at or last.due_at, "R"),
            link=f"{place}/{last.message_id}",
        )
    if last.state in {"planned", "sending"}:
        return t("On its way")
    reasons = {
        "late": t("I was away for more than 3 hours after it was due"),
        "by a moderator": t("a moderator left it out"),
        "paused": t("it was paused"),
        "refused": t("Discord refused the channel"),
        "rejected": t("Discord rejected the message"),
        "restored": t("a backup was put back, which can't tell whether it was posted"),
    }
    reason = reasons.get(last.note or "", t("there was nothing to post"))
    return t("Last: not posted on {slot}, as {reason}", slot=last.slot, reason=reason)


def _describe_days(plan: Plan, t: Texts) -> str:
    if plan.repeat is Repeat.WEEKS:
        names = show_days(plan.weekdays, t)
        if plan.weeks == 1:
            return t("every week: {days}", days=names)
        return t("every {weeks} weeks: {days}", weeks=plan.weeks, days=names)
    if plan.repeat is Repeat.WEEKDAY:
        number, weekday = t(NUMBERS[plan.number]), t(WEEKDAYS[plan.weekday])
        return t("each month on the {number} {weekday}", number=number, weekday=weekday)
    if plan.day <= LAST_SURE_DAY:
        return t("each month on day {day}", day=plan.day)
    if plan.is_clamped:
        return t("each month on day {day}, in shorter months on the last day", day=plan.day)
    return t("each month on day {day}, in months without it not at all", day=plan.day)
