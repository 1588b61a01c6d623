"""``/audit``: who changed what, when, from old to new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.guilds.audit import OPERATOR_ID, Change, Entry
from bot.guilds.service import FEATURES
from cogs.ui.cards import button, card, cut, row
from cogs.ui.moderators import MODERATORS, ensure_moderator
from cogs.ui.plain import plain
from cogs.ui.replies import show, texts, update
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from bot.client import BreatherClient
    from bot.i18n import Texts
    from bot.services import Services

PAGE = 8
MOST = 100
VALUE_LENGTH = 48
"""Longer values are shortened: eight changes must fit into one message."""

MENTION = re.compile(r"<(#|@&)\d+>")
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


class AuditCog(commands.Cog):
    """Pages through the log, newest first."""

    def __init__(self, client: BreatherClient, services: Services) -> None:
        self._services = services
        client.routes.on_press("audit:page", self.turn)

    @app_commands.command(name="audit", description="For moderators: who changed what, for 90 days")
    @app_commands.default_permissions(MODERATORS)
    @app_commands.guild_only()
    @app_commands.guild_install()
    async def audit(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page."""
        await show(interaction, await self._page(interaction, 0))

    async def turn(self, interaction: discord.Interaction[Any], page: str = "0") -> None:
        """Show another page."""
        await update(interaction, await self._page(interaction, int(page)))

    async def _page(self, interaction: discord.Interaction[Any], page: int) -> ui.LayoutView:
        guild = await ensure_moderator(interaction, self._services.guilds)
        t = texts(interaction)
        entries = await self._services.audit.latest(guild.id, MOST)
        if not entries:
            return card(
                "## " + t("Changes"),
                t(
                    "Nothing was changed here in the last 90 days. "
                    "What moderators change in /setup or /tips shows up here."
                ),
            )
        last = (len(entries) - 1) // PAGE
        page = max(0, min(page, last))
        lines = [_line(entry, t) for entry in entries[page * PAGE : (page + 1) * PAGE]]
        kept = t("The latest {most}, kept for 90 days", most=MOST)
        return card(
            "## " + t("Changes"),
            "\n".join(lines),
            "-# " + t("Page {page} of {pages}", page=page + 1, pages=last + 1) + " · " + kept,
            row(
                button(t("Newer"), "audit:page", page - 1, disabled=page == 0),
                button(t("Older"), "audit:page", page + 1, disabled=page == last),
            )
            if last
            else None,
        )


def _line(entry: Entry, t: Texts) -> str:
    who = f"<@{entry.actor_id}>" if entry.actor_id else t("someone who erased their data")
    if entry.actor_id == OPERATOR_ID:
        who = t("whoever runs this bot")
    change = entry.change
    old, new = _value(change, change.old, t), _value(change, change.new, t)
    return f"- {stamp(entry.at, 'f')} · {who}\n  **{_what(change, t)}:** {old} → {new}"


def _what(change: Change, t: Texts) -> str:
    name, _, number = change.action.partition(" ")
    target = change.target or ""
    if change.action == "setup.feature":
        target = t(FEATURES.get(target, target))
    known = ACTION_NAMES.get(name)
    words = (t(known) if known else _short(name), _short(number), _short(target))
    return " ".join(filter(None, words))


def _value(change: Change, value: str | None, t: Texts) -> str:
    if not value:
        return t("nothing")
    if value.isdigit() and change.action.endswith("_channel_id"):
        return f"<#{value}>"
    if value.isdigit() and change.action.endswith("_role_id"):
        return f"<@&{value}>"
    return _short(t(value))


def _short(text: str) -> str:
    return text if MENTION.fullmatch(text) else plain(cut(text, VALUE_LENGTH))
