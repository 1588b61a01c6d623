"""What people hear by themselves: an offered place, an end in sight, a pool that runs low.

These reach people outside ``/claim``, in direct messages and moderators' channels, so none of
them has a code in it, or a button.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.claims.words import name_place
from cogs.ui.cards import WARN, card
from cogs.ui.plain import plain
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from discord import ui

    from bot.claims.notices import Notice
    from bot.content.programs import Program
    from bot.i18n import Texts


def render_offer(program: Program, community: str | None, until: int, t: Texts) -> ui.LayoutView:
    """To whoever chose a direct message: their turn has come."""
    return card(
        "## " + t("A place is free for you"),
        f"**{plain(program.title)}**",
        t(
            "It is kept for you until {until}, {relative}.",
            until=stamp(until),
            relative=stamp(until, "R"),
        ),
        t(
            "To take it, or to leave it to the next, run /claim in {place}.",
            place=name_place(community, t),
        ),
        "-# "
        + t("You asked me to tell you here. I never send a code this way: /claim alone shows it."),
    )


def render_reminder(
    program: Program, community: str | None, ends_at: int, t: Texts
) -> ui.LayoutView:
    """To whoever chose to be reminded: their access ends soon."""
    return card(
        "## " + t("Your access ends soon"),
        t(
            "Your access to **{title}** ends by my estimate on {day}, {relative}. "
            "What the partner says counts.",
            title=plain(program.title),
            day=stamp(ends_at, "D"),
            relative=stamp(ends_at, "R"),
        ),
        t("Check auto-renewal: it may go on, and cost, unless you end it.")
        if program.renews_by_itself
        else None,
        "-# "
        + t(
            "You asked me to remind you. To stop that, run /claim in {place} and press "
            "“Don't remind me”.",
            place=name_place(community, t),
        ),
    )


def render_notice(notice: Notice, program: Program, t: Texts) -> ui.LayoutView:
    """To moderators: how much is left, and what that means for whoever claims now."""
    title = plain(program.title)
    tail = "-# " + t("Whoever runs this bot can import more codes, if the partner has them.")
    if not notice.left:
        return card(
            "## " + t("No code is left: {title}", title=title),
            t(
                "Every code is given out, or kept for somebody with an offer. Whoever claims now "
                "gets a place in the waitlist, and it moves by itself when there are more."
            ),
            tail,
            accent=WARN,
        )
    return card(
        "## " + t("Codes run low: {title}", title=title),
        t(
            "{left} of {full} codes are left, that is {threshold} % or less.",
            left=f"{notice.left:,}",
            full=f"{notice.full:,}",
            threshold=notice.threshold,
        ),
        t("When none is left, whoever claims gets a place in the waitlist."),
        tail,
        accent=WARN,
    )
