"""What campaigns look like: the posts, and the moderators' cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.campaigns.rules import has_picture, offsets_of, steps_of
from cogs.campaigns.sun_cards import standing as name_standing
from cogs.safety.cards import help_buttons
from cogs.ui.cards import CALM, CARE, WARN, Part, button, card, cut, line, row, select
from cogs.ui.pictures import gallery
from cogs.ui.plain import plain
from cogs.ui.routes import custom_id
from cogs.ui.times import in_zone, show_time, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.campaigns.following import Follow
    from bot.campaigns.rules import CampaignPost
    from bot.campaigns.service import Planned
    from bot.content.campaigns import Campaign
    from bot.delivery.ports import Post, Schedule
    from bot.i18n import Texts
    from bot.safety.messaging import Advice

PRIMARY = discord.ButtonStyle.primary
ADVICE_LENGTH = 1500
TEST = "test"
"""The key of a post that only a moderator sees."""


def render_post(post: Post, t: Texts) -> ui.LayoutView:
    """A campaign's post in a channel. Its key stands in its buttons' ids."""
    body: CampaignPost = post.body
    view = card(*post_parts(body, post.key, t), accent=CARE if _has_help(body) else CALM)
    if post.role_id:
        view.add_item(ui.TextDisplay(f"<@&{post.role_id}>"))
    return view


def post_parts(body: CampaignPost, key: str, t: Texts) -> tuple[Part, ...]:
    """Title, text, picture, help if the subject is near, hashtags, and the ways on."""
    campaign, step = body.campaign, body.step
    title, text = body.title, body.body
    if body.is_edited:
        title, text = plain(title), plain(text)
    guides = [button(t("Read more"), "resources:show", guide) for guide in step.guides[:1]]
    return (
        f"## {title}\n{text}",
        gallery(body.files[0]) if body.files else None,
        help_buttons(t) if _has_help(body) else None,
        row(button(t("Take part"), "day:show", campaign.id, key, style=PRIMARY), *guides),
        "-# " + " ".join(campaign.hashtags),
    )


def render_list(campaigns: Sequence[Campaign], on: dict[str, Schedule], t: Texts) -> ui.LayoutView:
    """``/campaign``: every campaign, and whether it is on here."""
    lines = []
    for campaign in campaigns:
        schedule = on.get(campaign.id)
        lines.append(f"**{campaign.title}** · {_standing(schedule, t)}\n{campaign.about}")
    buttons = [
        button(campaign.title[:80], "campaign:open", campaign.id) for campaign in campaigns[:5]
    ]
    return card("## " + t("Campaigns"), "\n\n".join(lines), row(*buttons))


def render_panel(
    campaign: Campaign,
    schedule: Schedule | None,
    zone: str,
    t: Texts,
    follow: Follow | None = None,
) -> ui.LayoutView:
    """One campaign: how it stands in words, then its controls."""
    if schedule is None or schedule.state != "active":
        return _render_off(campaign, schedule, zone, t, follow)
    chosen = steps_of(schedule, campaign)
    names = ", ".join(step.name for step in campaign.steps if step.offset in chosen)
    role = f"<@&{schedule.role_id}>" if schedule.role_id else t("nobody")
    facts = [
        t("Where: <#{channel}>", channel=schedule.channel_id),
        t(
            "When: {time} ({zone})",
            time=show_time(schedule.recurrence.minute_of_day),
            zone=schedule.recurrence.zone,
        ),
        t("Steps: {steps}", steps=names),
        t("Pings: {role}", role=role),
        t("Silent: no notification sound") if schedule.is_silent else None,
        t("Pictures: one with each step") if has_picture(schedule) else None,
        t("Next: {when}", when=stamp(schedule.next_run_at)) if schedule.next_run_at else None,
        t("Follow the sun: {standing}", standing=name_standing(follow, t)) if follow else None,
    ]
    options = [(str(step.offset), step.name) for step in campaign.steps]
    silence = t("With a notification") if schedule.is_silent else t("Post silently")
    return card(
        f"## {campaign.title}\n**{t('On')}**",
        "\n".join(f"- {fact}" for fact in facts if fact),
        line(),
        row(_channel(campaign, schedule.channel_id, t)),
        row(
            select(
                t("Steps"),
                "campaign:steps",
                campaign.id,
                options=options,
                chosen=[str(offset) for offset in chosen],
                most=len(options),
            )
        ),
        row(_role(campaign, schedule, t)),
        row(
            button(t("Calendar"), "campaign:calendar", campaign.id, style=PRIMARY),
            button(t("Time"), "campaign:time", campaign.id),
            button(silence, "campaign:silent", campaign.id),
            button(t("Dry run"), "campaign:dry", campaign.id),
            button(t("Turn off"), "campaign:off", campaign.id, style=discord.ButtonStyle.danger),
        ),
        row(
            button(t("Pictures"), "campaign:pictures", campaign.id),
            button(t("Follow the sun"), "campaign:sun", campaign.id) if follow else None,
        ),
    )


def render_calendar(
    campaign: Campaign, planned: Sequence[Planned], zone: str, t: Texts
) -> ui.LayoutView:
    """What will be posted and when; each step a press away."""
    lines = []
    for item in planned:
        mark = " · " + t("left out") if item.is_skipped else ""
        mark += " · " + t("your own words") if item.post.is_edited else ""
        when = in_zone(item.run.at, zone)
        lines.append(f"- **{when}** · {item.post.step.name}{mark}\n  {plain(item.post.title)}")
    options = [(item.run.slot, f"{item.run.slot} · {item.post.step.name}") for item in planned]
    return card(
        "## " + t("Calendar: {title}", title=campaign.title),
        "\n".join(lines) or t("Nothing is to come."),
        row(select(t("Look at one"), "campaign:look", campaign.id, options=options))
        if options
        else None,
        row(button(t("Back"), "campaign:open", campaign.id)),
        "-# " + t("Times are those of {zone}.", zone=zone),
    )


def render_step(campaign: Campaign, item: Planned, t: Texts) -> ui.LayoutView:
    """One step exactly as it will look, with what can be done about it."""
    slot = item.run.slot
    skip = (
        button(t("Post it after all"), "campaign:unskip", campaign.id, slot)
        if item.is_skipped
        else button(t("Leave it out"), "campaign:skip", campaign.id, slot)
    )
    own = (
        button(t("Take my words back"), "campaign:own", campaign.id, slot)
        if item.post.is_edited
        else None
    )
    return card(
        *post_parts(item.post, TEST, t),
        line(),
        f"**{stamp(item.run.at)}**" + (" · " + t("left out") if item.is_skipped else ""),
        row(
            button(t("Edit"), "campaign:edit", campaign.id, slot, style=PRIMARY),
            skip,
            own,
            button(t("Calendar"), "campaign:calendar", campaign.id),
        ),
        "-# " + t("This is how it will look. Only you can see it here."),
    )


def render_dry(post: CampaignPost, t: Texts) -> ui.LayoutView:
    """A step of the coming round, for the moderator alone."""
    return card(
        f"-# {post.local_date:%Y-%m-%d} · {post.step.name}",
        *post_parts(post, TEST, t),
        accent=CARE if _has_help(post) else CALM,
    )


def render_advice(advice: Sequence[Advice], t: Texts) -> ui.LayoutView:
    """What safe messaging would say otherwise; the moderator decides."""
    lines = "\n".join(f"- “{plain(item.found)}”: {item.instead}" for item in advice)
    return card(
        "## " + t("Safe messaging suggests"),
        cut(lines, ADVICE_LENGTH),
        t("Your words are kept as they are. Press Edit to change them."),
        accent=WARN,
    )


def _render_off(
    campaign: Campaign,
    schedule: Schedule | None,
    zone: str,
    t: Texts,
    follow: Follow | None,
) -> ui.LayoutView:
    offsets = offsets_of(campaign)
    names = ", ".join(step.name for step in campaign.steps if step.offset in offsets)
    problem = schedule.problem if schedule is not None else None
    return card(
        f"## {campaign.title}\n**{_standing(schedule, t)}**",
        campaign.about,
        problem,
        "- "
        + t("Steps: {steps}", steps=names)
        + "\n- "
        + t("When: {time} ({zone})", time=show_time(campaign.minute_of_day), zone=zone),
        t("Choose a channel to turn it on. What is past by then is never posted."),
        row(_channel(campaign, schedule.channel_id if schedule else None, t)),
        row(
            button(t("Pictures"), "campaign:pictures", campaign.id),
            button(t("All campaigns"), "campaign:list"),
            button(t("Follow the sun"), "campaign:sun", campaign.id) if follow else None,
        ),
    )


def _standing(schedule: Schedule | None, t: Texts) -> str:
    if schedule is None:
        return t("Off")
    return {
        "active": t("On"),
        "broken": t("Stopped: it needs you"),
        "away": t("Waits until I am back"),
    }.get(schedule.state, t("Off"))


def _channel(campaign: Campaign, chosen: int | None, t: Texts) -> ui.ChannelSelect[Any]:
    return ui.ChannelSelect(
        custom_id=custom_id("campaign:channel", campaign.id),
        placeholder=t("Channel or thread"),
        channel_types=[
            discord.ChannelType.text,
            discord.ChannelType.news,
            discord.ChannelType.public_thread,
        ],
        default_values=[discord.Object(chosen)] if chosen else [],
    )


def _role(campaign: Campaign, schedule: Schedule, t: Texts) -> ui.RoleSelect[Any]:
    return ui.RoleSelect(
        custom_id=custom_id("campaign:role", campaign.id),
        placeholder=t("A role to ping (opt-in)"),
        min_values=0,
        default_values=[discord.Object(schedule.role_id)] if schedule.role_id else [],
    )


def _has_help(body: CampaignPost) -> bool:
    return body.step.has_help or body.campaign.has_help
