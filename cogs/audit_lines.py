"""The lines of ``/audit``: each change in names that people know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.guilds.audit import OPERATOR_ID
from bot.guilds.service import FEATURES
from cogs.ui.cards import cut
from cogs.ui.plain import plain
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.guilds.audit import Change, Entry
    from bot.i18n import Texts

LENGTHS = (200, 120, 80, 48)
"""How long one value may be: the longest of these with which all lines have room."""
ROOM = 3600
"""Characters of all lines in one message, beside its heading and foot."""

MENTION = re.compile(r"(<(?:#|@&)\d+>)")
TITLES = frozenset({"resources.add", "resources.edit"})
"""Changes whose old and new are titles, so that the id beside them says nothing more."""
ACTION_NAMES = {
    "setup.language": "Language",
    "setup.zone": "Time zone",
    "setup.community_channel_id": "Community channel",
    "setup.staff_channel_id": "Moderators' desk",
    "setup.staff_role_id": "Staff role",
    "setup.accent": "Colour of pictures",
    "setup.feature": "Feature",
    "setup.needs_approval": "Approval of announcements",
    "tips.schedule": "Tip schedule",
    "tips.pin": "Next tip of schedule",
    "tips.skip": "Daily tip of schedule",
    "tips.mute": "Tip",
    "tips.add": "Own tip",
    "myths.schedule": "Myth schedule",
    "myths.skip": "Weekly myth of schedule",
    "resources.add": "Own resource",
    "resources.edit": "Own resource",
    "resources.remove": "Own resource",
    "campaign": "Campaign",
    "campaign.words": "Words of a campaign",
    "campaign.skip": "Step of a campaign",
    "campaign.sun": "Follow the sun of campaign",
    "announcement": "Announcement",
    "announcement.words": "Words of announcement",
    "announcement.plan": "Plan of announcement",
    "announcement.skip": "Announcement",
    "announcement.picture": "Picture of announcement",
    "announcement.approval": "Approval of announcement",
    "claims.is_on": "Claims",
    "claims.is_reviewed": "Review of claims",
    "claims.queue_channel_id": "Channel for claims",
    "claims.role_ids": "Roles for claims",
    "claims.days_here": "Days here for claims",
    "claims.account_age_hours": "Account age for claims",
    "claims.needs_word": "Word in the bio for claims",
    "claims.share": "Share of claims",
    "claims.approved": "Approved",
    "claims.rejected": "Rejected",
    "claims.asked": "Asked for more",
    "claims.revoked": "Revoked",
    "claims.replacement-asked": "Replacement asked for",
    "claims.replacement-declined": "Replacement declined",
    "claims.replaced": "Replaced",
}


def find_tip_ids(entries: Sequence[Entry]) -> list[str]:
    """The ids of the tips that changes name, each once."""
    found: dict[str, None] = {}
    for entry in entries:
        change = entry.change
        if change.action.startswith("tips.pin "):
            found |= dict.fromkeys(filter(None, (change.old, change.new)))
        elif change.action in {"tips.mute", "tips.add"} and change.target:
            found[change.target] = None
    return list(found)


def list_changes(entries: Sequence[Entry], titles: Mapping[str, str], t: Texts) -> str:
    """One change below the other, cut as little as there is room for.

    ``titles`` are those of the tips by id; a tip that is gone keeps its id.
    """
    for length in LENGTHS:
        lines = "\n".join(_line(entry, titles, length, t) for entry in entries)
        if len(lines) <= ROOM:
            break
    return lines


def shorten(text: str, length: int) -> str:
    """The text, cut between two words where it has any near the end."""
    if len(text) <= length:
        return text
    end = text.rfind(" ", length // 2, length)
    return text[:end].rstrip(" ,;") + "…" if end > 0 else cut(text, length)


def _line(entry: Entry, titles: Mapping[str, str], length: int, t: Texts) -> str:
    who = f"<@{entry.actor_id}>" if entry.actor_id else t("someone who erased their data")
    if entry.actor_id == OPERATOR_ID:
        who = t("whoever runs this bot")
    change = entry.change
    what = _what(change, titles, length, t)
    old, new = (_value(change, value, titles, length, t) for value in (change.old, change.new))
    return f"- {stamp(entry.at, 'f')} · {who}\n  **{what}:** {old} → {new}"


def _what(change: Change, titles: Mapping[str, str], length: int, t: Texts) -> str:
    name, _, number = change.action.partition(" ")
    target = change.target or ""
    if name == "setup.feature":
        target = t(FEATURES.get(target, target))
    elif name in TITLES or (name == "tips.add" and change.old is None):
        target = ""
    elif name.startswith("tips."):
        target = titles.get(target, target)
    known = ACTION_NAMES.get(name)
    words = (
        t(known) if known else _show(name, length),
        _show(number, length),
        _show(target, length),
    )
    return " ".join(filter(None, words))


def _value(
    change: Change, value: str | None, titles: Mapping[str, str], length: int, t: Texts
) -> str:
    if not value:
        return t("nothing")
    if value.isdigit() and change.action.endswith("_channel_id"):
        return f"<#{value}>"
    if value.isdigit() and change.action.endswith("_role_id"):
        return f"<@&{value}>"
    if change.action.startswith("tips.pin "):
        return _show(titles.get(value, value), length)
    return _show(t(value), length)


def _show(text: str, length: int) -> str:
    """People's words without effect, with channels and roles as mentions."""
    parts = MENTION.split(shorten(text, length))
    return "".join(part if MENTION.fullmatch(part) else plain(part) for part in parts)
