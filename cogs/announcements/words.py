"""Plans, runs and states of announcements in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.ui.times import in_zone, stamp

if TYPE_CHECKING:
    from bot.announcements.service import Look
    from bot.i18n import Texts


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
