"""Plans, runs and states of announcements in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.ui.plain import plain
from cogs.ui.plans import describe
from cogs.ui.times import in_zone, stamp

if TYPE_CHECKING:
    from bot.announcements.rules import Announcement
    from bot.announcements.service import Look
    from bot.i18n import Texts


def list_runs(look: Look, t: Texts) -> str:
    """The next runs: as the clock on the wall shows them there, and in the reader's own time.

    One that is posted once and at once is said in words.
    """
    if look.is_imminent:
        return t("It goes out within the next minute.")
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
        "waiting": t("Waits for approval"),
        "held": t("Changed, not approved yet"),
        "active": t("Planned"),
        "paused": t("Paused"),
        "broken": t("Stopped: it needs you"),
        "away": t("Waits until I am back"),
        "done": t("Nothing more is to come"),
    }[look.state]


def facts_of(item: Announcement, t: Texts) -> list[str | None]:
    """Where, when and how loud it is posted."""
    if item.asked_for_now:
        when = t("When: within a minute after it is approved")
    elif item.plan:
        when = t("When: {plan}", plan=describe(item.plan, t))
    else:
        when = t("When: choose below, or press Send now")
    return [
        t("Where: <#{channel}>", channel=item.channel_id)
        if item.channel_id
        else t("Where: choose a channel"),
        when,
        t("Pings: {role}", role=f"<@&{item.role_id}>" if item.role_id else t("nobody")),
        t("Silent: no notification sound") if item.is_silent else None,
        t("Also published to the servers that follow the channel") if item.is_crossposted else None,
        t("Approved by <@{person}>", person=item.approved_by) if item.approved_by else None,
    ]


def say_approval(look: Look, t: Texts, *, needs_approval: bool) -> str | None:
    """What a second moderator has to do with it at the moment."""
    item = look.item
    if item.asked_at is not None:
        if not needs_approval:
            return t("Approval is switched off by now: press Plan it or Send now.")
        asker = f"<@{item.asked_by}>" if item.asked_by else t("Somebody")
        return t(
            "{asker} asked {when}. Another moderator approves it, here or on the moderators' desk.",
            asker=asker,
            when=stamp(item.asked_at, "R"),
        )
    if item.sent_back is not None:
        return t("Sent back: “{reason}”", reason=plain(item.sent_back))
    if look.state == "held":
        return t("It was changed after it was approved. Nothing is posted until that is settled.")
    if look.state == "draft" and needs_approval:
        return t("A second moderator approves it before it is posted.")
    return None


def follow_up_of(look: Look, t: Texts) -> str | None:
    """What came of publishing the latest post to following servers."""
    found = look.follow_up
    if found is None or look.last is None or look.last.state != "sent":
        return None
    if found.try_at is not None:
        return t("Waits to be published to following servers; Discord allows ten an hour")
    reasons = {
        "refused": t("Discord refused it"),
        "late": t("it was not possible for a day"),
        "off": t("it was switched off"),
        "gone": t("the post was deleted"),
        "restored": t("a backup was put back, which can't tell whether it was"),
    }
    if found.note is None:
        return t("Published to following servers")
    return t("Not published to following servers, as {reason}", reason=reasons[found.note])


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
