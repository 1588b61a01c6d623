"""What the board that follows the sun looks like, and its panel for moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.campaigns import sun
from bot.campaigns.following import Standing, SunPost
from bot.campaigns.places import world_on
from bot.clock import HOUR, MINUTE
from cogs.safety.cards import help_buttons
from cogs.ui.cards import CALM, CARE, Part, button, card, line, row
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from discord import ui

    from bot.campaigns.following import Follow
    from bot.content.campaigns import Campaign
    from bot.delivery.ports import Post
    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
HASHTAGS = 2
CELLS = 27
"""One for each whole hour from UTC+14 to UTC-12."""
TOGETHER = "\u00a0"
"""A space at which no line is broken: an offset stays beside its place."""
REGIONS = (
    (9 * HOUR + 30 * MINUTE, "The Pacific and Australia"),
    (3 * HOUR + 30 * MINUTE, "Asia and western Australia"),
    (0, "Europe, Africa and the Middle East"),
    (-8 * HOUR, "The Americas and the Atlantic"),
    (sun.WESTMOST, "Alaska, Hawaii and the eastern Pacific"),
)
"""The parts of the ladder from east to west, each with its westmost offset."""


def render_post(post: Post, t: Texts) -> ui.LayoutView:
    """The board in a channel. Its key stands in its button's id."""
    body: SunPost = post.body
    campaign = body.campaign
    return card(
        *_parts(body, t),
        help_buttons(t) if campaign.has_help else None,
        row(button(t("Take part"), "day:show", campaign.id, post.key, style=PRIMARY)),
        "-# " + " ".join(campaign.hashtags[:HASHTAGS]),
        accent=CARE if campaign.has_help else CALM,
    )


def render_own(body: SunPost, t: Texts, *, can_go_back: bool = True) -> ui.LayoutView:
    """The same board for one person alone."""
    campaign = body.campaign
    return card(
        *_parts(body, t),
        row(
            button(t("Look again"), "day:sun", campaign.id, style=PRIMARY),
            button(t("Back"), "day:back", campaign.id),
        )
        if can_go_back
        else None,
        "-# " + t("Times are those of your own device. Only you can see this."),
    )


def render_panel(
    campaign: Campaign, follow: Follow, now: int, t: Texts, *, is_posted: bool
) -> ui.LayoutView:
    """What moderators switch on, what is counted, and how it stands."""
    switch = (
        button(t("Switch off"), "campaign:sun-off", campaign.id)
        if follow.is_on
        else button(t("Switch on"), "campaign:sun-on", campaign.id, style=PRIMARY)
    )
    return card(
        "## " + t("Follow the sun: {title}", title=campaign.title) + f"\n**{standing(follow, t)}**",
        _explain_standing(campaign, follow, now, t, is_posted=is_posted),
        t(
            "A board where the campaign is posted. It shows where on earth the day has begun, and "
            "when it reaches you. It is posted once, silently, as the day begins first, and "
            "fills for 26 hours while midnight travels west."
        ),
        t(
            "**What is counted:** how many communities of this bot switched this on, and in "
            "which time zones. Never which ones, and nothing about any person. No number below "
            "{least} is shown to anyone. Switched off, yours is not counted any more.",
            least=sun.LEAST,
        ),
        row(
            switch,
            button(t("See it now (only you)"), "campaign:sun-look", campaign.id),
            button(t("Back"), "campaign:open", campaign.id),
        ),
    )


def standing(follow: Follow, t: Texts) -> str:
    """How it stands, in a word or two."""
    return {
        Standing.OFF: t("Off"),
        Standing.BROKEN: t("Stopped: it needs you"),
        Standing.STOPPED: t("On, but this round's board has stopped"),
    }.get(follow.standing, t("On"))


def _explain_standing(
    campaign: Campaign, follow: Follow, now: int, t: Texts, *, is_posted: bool
) -> str | None:
    if follow.standing == Standing.OFF:
        return _explain_off(campaign, now, t, is_posted=is_posted)
    if follow.standing == Standing.BROKEN:
        return follow.schedule.problem if follow.schedule else None
    if follow.standing == Standing.STOPPED:
        return t(
            "I can't change the board in <#{channel}> any more: it was deleted, or I may not see "
            "it. I left it alone, and nothing is posted twice. The next board comes {when}.",
            channel=follow.channel_id,
            when=_next_start(follow, t),
        )
    if follow.standing == Standing.RUNNING:
        words = t("This round's board is in <#{channel}>.", channel=follow.channel_id)
        return f"{words} " + t("The next one comes {when}.", when=_next_start(follow, t))
    return t("The next board comes {when}.", when=_next_start(follow, t))


def _explain_off(campaign: Campaign, now: int, t: Texts, *, is_posted: bool) -> str | None:
    if not is_posted:
        return t("The campaign is off here. Turn it on first, then switch this on.")
    start = sun.starts_at(sun.day_at(campaign.month, campaign.day, now))
    if start <= now <= sun.welcome_until("", start):
        return t("The day is on its way: switched on now, the board is posted within a minute.")
    return None


def _next_start(follow: Follow, t: Texts) -> str:
    at = follow.schedule.next_run_at if follow.schedule else None
    return stamp(at) if at else t("next year")


def _parts(body: SunPost, t: Texts) -> list[Part]:
    """Title, how far the day is, when it is here, what comes next, where it has begun."""
    board = body.board
    return [
        "## "
        + t("Follow the sun: {title}", title=body.campaign.title)
        + f"\n**{_headline(board, t)}**\n`{_bar(board)}`",
        "\n".join(filter(None, (_own(board, t), _upcoming(board, t)))),
        line(),
        "\n".join(_regions(board, t)),
        _communities(board, t),
        "-# " + t("Last change: {when}.", when=stamp(board.begun[-1].begins_at, "f"))
        if board.begun
        else None,
    ]


def _headline(board: sun.Board, t: Texts) -> str:
    day = f"{board.day.day} {board.day:%B}"
    if not board.begun:
        return t("{day} has not begun anywhere yet.", day=day)
    if board.upcoming is None:
        end = stamp(board.over_at, "f")
        return t("{day} has begun everywhere. Somewhere it lasts until {end}.", day=day, end=end)
    return t(
        "{day} has begun in {count} of {all} time zones.",
        day=day,
        count=len(board.begun),
        all=len(board.rungs),
    )


def _bar(board: sun.Board) -> str:
    """The same as a line of plain characters, an hour each."""
    west = board.begun[-1].offset if board.begun else sun.EASTMOST + HOUR
    filled = (sun.EASTMOST - west) // HOUR + 1
    return f"[{'=' * filled}{'-' * (CELLS - filled)}]"


def _own(board: sun.Board, t: Texts) -> str:
    own = board.own
    if own is None:
        return ""
    begin, end = stamp(own.begins_at, "f"), stamp(own.ends_at, "f")
    if own.begins_at <= board.now:
        return t(
            "**Here** ({zone}) it began {begin}. It ends {end}.",
            zone=own.zone,
            begin=begin,
            end=end,
        )
    return t(
        "**Reaches you** ({zone}) {relative}, {begin}.",
        zone=own.zone,
        relative=stamp(own.begins_at, "R"),
        begin=begin,
    )


def _upcoming(board: sun.Board, t: Texts) -> str:
    rung = board.upcoming
    if rung is None:
        return ""
    return t(
        "**Next** {relative}, {time}: {where}",
        relative=stamp(rung.begins_at, "R"),
        time=stamp(rung.begins_at, "t"),
        where=f"{name_offset(rung.offset)}, {_places(board, rung.offset, 3, t)}",
    )


def _regions(board: sun.Board, t: Texts) -> list[str]:
    """Where it has begun, a well-known place for each offset."""
    lines, east = [], sun.EASTMOST + HOUR
    for west, name in REGIONS:
        begun = [
            f"{name_offset(rung.offset)}{TOGETHER}{_places(board, rung.offset, 1, t)}"
            for rung in board.begun
            if west <= rung.offset < east
        ]
        if begun:
            lines.append(f"**{t(name)}**\n" + " · ".join(begun))
        east = west
    return lines


def _communities(board: sun.Board, t: Texts) -> str:
    """How many take part and where, as far as that may be shown."""
    found = sun.bands(board.rungs)
    if not found:
        return "-# " + t(
            "The number of communities is shown once {least} take part.", least=sun.LEAST
        )
    words = t("**{count} communities** of this bot take part:", count=board.communities)
    lines = [
        t(
            "- {count} from {first} to {last}",
            count=band.communities,
            first=name_offset(band.first),
            last=name_offset(band.last),
        )
        for band in found
    ]
    return "\n".join([words, *lines])


def _places(board: sun.Board, offset: int, most: int, t: Texts) -> str:
    places = world_on(board.day).places.get(offset, ())[:most]
    return ", ".join(places) or t("at sea")


def name_offset(offset: int) -> str:
    """An offset as people write it: UTC+5:45, UTC, UTC-12."""
    if offset == 0:
        return "UTC"
    hours, minutes = divmod(abs(offset) // MINUTE, 60)
    return f"UTC{'+' if offset > 0 else '-'}{hours}" + (f":{minutes:02}" if minutes else "")
