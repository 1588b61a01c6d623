"""What reminders look like: the message itself, what is set, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.reminders.rules import Days
from cogs.safety.cards import help_buttons
from cogs.ui.cards import CALM, CARE, button, card, refusal, row, select
from cogs.ui.times import in_zone, show_time, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.content.campaigns import Campaign
    from bot.delivery.ports import Post
    from bot.i18n import Texts
    from bot.reminders.announcer import ReminderPost
    from bot.reminders.rules import Reminder

PRIMARY = discord.ButtonStyle.primary


def day_names(t: Texts) -> dict[Days, str]:
    """When a reminder comes, in words."""
    return {
        Days.DAY: t("on the day"),
        Days.EVE: t("the day before"),
        Days.BOTH: t("the day before, and on the day"),
    }


def render_post(post: Post, t: Texts) -> ui.LayoutView:
    """The message: which day it is, its theme, a way to take part, and help."""
    body: ReminderPost = post.body
    campaign, key = body.campaign, post.key
    theme = campaign.theme_in(body.day.year)
    ways = campaign.how_to_take_part
    when = (
        t("Tomorrow is {title}.", title=campaign.title)
        if body.is_eve
        else t("Today is {title}.", title=campaign.title)
    )
    why = (
        t("You asked me for this, every year until you stop it.")
        if body.is_yearly
        else t("You asked me for this, for this year only.")
    )
    return card(
        f"## {when}",
        help_buttons(t) if campaign.has_help else None,
        t("**Theme of {year}:** {theme}", year=theme.year, theme=theme.text) if theme else None,
        t("**One way to take part:** {way}", way=ways[body.day.year % len(ways)]),
        row(
            button(t("More ways"), "day:show", campaign.id, key, style=PRIMARY),
            button(t("Where to find help"), "help-now:open", key),
            button(t("Don't remind me again"), "reminder:end", campaign.id, key),
        ),
        f"-# {why}",
        accent=CARE if campaign.has_help else CALM,
    )


def render_set(
    campaign: Campaign, reminder: Reminder, t: Texts, *, has_failed: bool
) -> ui.LayoutView:
    """What is set, when it comes next, and the ways to change and stop it."""
    wish = reminder.wish
    often = (
        t("How often: every year until you stop it")
        if wish.is_yearly
        else t("How often: once, in {year}", year=reminder.year)
    )
    facts = [
        t("When: {days}", days=day_names(t)[wish.days]),
        t("Time: {time} ({zone})", time=show_time(wish.minute_of_day), zone=wish.zone),
        often,
        _next(reminder, t),
    ]
    return card(
        "## " + t("Reminder: {title}", title=campaign.title),
        "\n".join(f"- {fact}" for fact in facts),
        t(
            "The last one could not be delivered: Discord did not let me write to you. Allow "
            "direct messages from this app, or from a community that we share."
        )
        if has_failed
        else None,
        row(
            button(t("Change"), "reminder:change", campaign.id),
            button(t("Stop"), "reminder:stop", campaign.id),
            button(t("Back"), "day:back", campaign.id),
        ),
        "-# "
        + t(
            "It comes as a direct message from me. I keep what stands here and your Discord id "
            "until you stop it, or until it is over."
        ),
    )


def render_stopped(campaign: Campaign, token: str | None, t: Texts) -> ui.LayoutView:
    """After it was stopped, with the way back; without a token there was none."""
    words = (
        t("Stopped. I don't remind you of {title} any more.", title=campaign.title)
        if token
        else t("There is no reminder of {title}, so nothing was changed.", title=campaign.title)
    )
    return card(
        words,
        row(
            button(t("Undo"), "reminder:undo", token) if token else None,
            button(t("Remind me"), "reminder:open", campaign.id) if not token else None,
            button(t("Back"), "day:back", campaign.id),
        ),
    )


def render_fault(problem: str, token: str, campaign: Campaign, t: Texts) -> ui.LayoutView:
    """What could not be read; what was typed is kept."""
    return refusal(
        problem + "\n" + t("Nothing was set. What you typed is kept: press Edit."),
        _ways(token, campaign, t),
    )


def render_zones(
    options: Sequence[tuple[str, str]], token: str, campaign: Campaign, t: Texts
) -> ui.LayoutView:
    """The zones that fit what was typed."""
    return card(
        t("Which of these is your time zone? Nothing is set before you choose."),
        row(select(t("Time zone"), "reminder:zone", token, options=options)),
        _ways(token, campaign, t),
    )


def _ways(token: str, campaign: Campaign, t: Texts) -> ui.ActionRow[ui.LayoutView] | None:
    return row(
        button(t("Edit"), "reminder:edit", token, style=PRIMARY),
        button(t("Back"), "day:back", campaign.id),
    )


def _next(reminder: Reminder, t: Texts) -> str:
    if reminder.is_stuck:
        return t("Next: nobody knows, as that time zone is gone. Press Change to choose another.")
    at = reminder.next_run_at
    if at is None:
        return t("Next: nothing more. It is over, and I forget it tonight.")
    return t("Next: {there}, {here} for you", there=in_zone(at, reminder.wish.zone), here=stamp(at))
