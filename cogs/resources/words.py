"""How guides and communities' own resources are named and vouched for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.content.guides import TOPICS, Guide
from bot.resources.rules import CommunityResource
from cogs.ui.cards import cut
from cogs.ui.plain import plain
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from bot.content.sources import Source
    from bot.i18n import Texts

Shown = Guide | CommunityResource

TITLE_LENGTH = 60
SUMMARY_LENGTH = 200


def title_of(shown: Shown) -> str:
    """A title as it stands on a card."""
    return shown.title if isinstance(shown, Guide) else plain(shown.title)


def summary_of(shown: Shown) -> str:
    """A summary as it stands on a card."""
    is_guide = isinstance(shown, Guide)
    return shown.summary if is_guide else plain_within(shown.summary, SUMMARY_LENGTH)


def plain_within(text: str, length: int) -> str:
    """People's own words without effect, cut where escaping makes them too long for a card."""
    escaped = plain(text)
    return escaped if len(escaped) <= length else plain(cut(text, length // 2))


def head_of(shown: Shown, t: Texts) -> str:
    """The small line below a title: topic, reading time, content note."""
    if not isinstance(shown, Guide):
        return t("Added by this community")
    minutes = shown.reading_minutes
    time = (
        t("1 minute to read") if minutes == 1 else t("{minutes} minutes to read", minutes=minutes)
    )
    return " · ".join(filter(None, (t(TOPICS[shown.topic]), time, t(shown.content_note))))


def basis_of(shown: Shown, t: Texts) -> str:
    """What vouches for it, and that no clinician reviewed it."""
    if not isinstance(shown, Guide):
        words = t("Written by this community's moderators, not checked by me or by a clinician.")
        changed = stamp(shown.changed_at, "D")
        return f"{words} {t('Last changed {day}.', day=changed)}" if shown.changed_at else words
    day = shown.checked_on
    return t(
        "{source} · Checked against its sources on {day}, not reviewed by a clinician",
        source=link_to(shown.sources[0]),
        day=f"{day.day} {day:%b %Y}",
    )


def link_to(source: Source) -> str:
    """A source as a link that shows no preview."""
    name = plain(f"{source.publisher}, {cut(source.title, TITLE_LENGTH)}")
    return f"[{name}](<{source.url}>)"
