"""What a claim looks like to its claimant: every state says what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.claims.rules import RuleKind, State, is_eligible
from cogs.claims.words import explain
from cogs.ui.cards import CALM, ROW, WARN, button, card, cut, line, link, row
from cogs.ui.plain import plain
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.claims.standing import Standing
    from bot.content.programs import Program
    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
SHOWN = 25
"""Programs that one card offers: five rows of buttons."""
CHOICE_LENGTH = 3_500
DECLARED = frozenset({RuleKind.COUNTRY, RuleKind.OF_AGE, RuleKind.HANDLE})
"""What the form asks for: it can be mended at once."""


def render(standing: Standing, now: int, t: Texts) -> ui.LayoutView:
    """A person's own card."""
    claim = standing.claim
    if claim is None:
        return _render_open(standing, now, t)
    return {
        State.PENDING: _render_pending,
        State.WAITLISTED: _render_waitlisted,
        State.OFFERED: _render_offered,
        State.ALLOCATED: _render_code,
        State.DELIVERED: _render_code,
        State.REDEEMED: _render_code,
        State.ENDED: _render_code,
        State.REJECTED: _render_rejected,
        State.REVOKED: _render_revoked,
    }[claim.state](standing, t)


def render_choice(programs: Sequence[Program], t: Texts) -> ui.LayoutView:
    """More than one program is on: which one is meant."""
    return card(
        "## " + t("Which one?"),
        cut("\n".join(f"- **{item.title}**: {item.gives}" for item in programs), CHOICE_LENGTH),
        *(
            row(*(button(item.title, "claim:show", item.id) for item in programs[at : at + ROW]))
            for at in range(0, min(len(programs), SHOWN), ROW)
        ),
    )


def render_invitation(program: Program, t: Texts) -> ui.LayoutView:
    """The card that moderators post in a channel; a press shows each person their own."""
    return card(
        f"## {program.title}",
        program.about,
        "- " + t("What: {gives}", gives=program.gives) + "\n- " + _until(program, t),
        row(button(t("Claim, or see how mine stands"), "claim:show", program.id, style=PRIMARY)),
        "-# " + t("The answer is private. A code is shown to its claimant alone."),
    )


def _render_open(standing: Standing, now: int, t: Texts) -> ui.LayoutView:
    program = standing.program
    is_open = program.is_open(now)
    passes = is_eligible(standing.results)
    can_try = is_open and all(one.passes or one.kind in DECLARED for one in standing.results)
    words = ""
    if not is_open:
        words = t("It takes no claims now.")
    elif passes:
        words = t("You can claim now. The form asks only what is needed.")
    elif can_try:
        words = t("Not everything passes. If you mistyped something, you can send the form again.")
    else:
        words = t("Not everything passes yet. Come back when it does: nothing is lost.")
    rules = "\n".join(explain(result, t) for result in standing.results)
    return card(
        f"## {program.title}",
        program.about,
        "- " + t("What: {gives}", gives=program.gives) + "\n- " + _until(program, t),
        line(),
        f"**{t('What is needed')}**\n{rules}" if rules else None,
        words,
        row(button(t("Claim"), "claim:form", program.id, style=PRIMARY)) if can_try else None,
        "-# "
        + t(
            "If you claim, I keep your Discord id, your answers and the code, encrypted, until you "
            "erase them with /my-data, or until the program ends: 30 days after its last access. A "
            "keyed hash stays until then, so that nobody claims twice."
        )
        if can_try
        else None,
        "-# " + t("Only you can see this. How you feel never matters for a claim."),
        accent=CALM if passes and is_open else WARN,
    )


def _render_pending(standing: Standing, t: Texts) -> ui.LayoutView:
    asked, word = standing.reason, standing.word
    note = standing.claim.note if standing.claim is not None else None
    next_step = t(
        "There is nothing to do. Come back with /claim; a code is then shown to you here."
    )
    is_asked = bool(asked) and note is None
    if is_asked and standing.claim is not None and not standing.claim.appeals:
        next_step = t(
            "Please answer them. Then come back with /claim; a code is then shown to you here."
        )
    if word is not None:
        next_step = t(
            "Put this word into the bio of your creator page, so that the moderators see that it "
            "is yours: `{word}`. You can take it out again once they have decided.",
            word=word,
        )
    return card(
        "## " + t("A moderator will look at your claim"),
        _asked(standing, t),
        t("**You answered:** {text}", text=plain(note)) if note else None,
        next_step,
        row(
            button(t("Answer"), "claim:answer", standing.program.id, style=PRIMARY)
            if asked
            else None,
            button(t("Withdraw"), "claim:withdraw", standing.program.id),
            _news(standing, t),
        ),
        _small_print(t),
    )


def _asked(standing: Standing, t: Texts) -> str | None:
    """What a moderator wrote: a question; or after an appeal perhaps still why they refused."""
    if not standing.reason:
        return None
    if standing.claim is not None and standing.claim.appeals:
        return t("**A moderator wrote:** {text}", text=plain(standing.reason))
    return t("**They ask:** {text}", text=plain(standing.reason))


def _render_waitlisted(standing: Standing, t: Texts) -> ui.LayoutView:
    number = (standing.ahead or 0) + 1
    return card(
        "## " + t("You are number {number} in the waitlist", number=number),
        t(
            "All codes are taken for now. If one comes free, a place is kept for you for 72 hours "
            "from the moment you hear of it. Your turn is yours: nobody passes you."
        ),
        row(
            button(t("Leave the waitlist"), "claim:withdraw", standing.program.id),
            _news(standing, t),
        ),
        _small_print(t),
    )


def _render_offered(standing: Standing, t: Texts) -> ui.LayoutView:
    claim = standing.claim
    until = claim.offer_ends_at if claim else None
    return card(
        "## " + t("A place is free for you"),
        t(
            "It is kept for you until {until}, {relative}.",
            until=stamp(until),
            relative=stamp(until, "R"),
        )
        if until
        else None,
        "\n".join(explain(result, t) for result in standing.results) or None,
        row(
            button(t("Take it"), "claim:accept", standing.program.id, style=PRIMARY),
            button(t("Leave it to the next"), "claim:withdraw", standing.program.id),
        ),
        _small_print(t),
    )


def _render_code(standing: Standing, t: Texts) -> ui.LayoutView:
    program, claim = standing.program, standing.claim
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(program.redeem_steps, 1))
    end = None
    if claim is not None and claim.ends_at is not None:
        day = stamp(claim.ends_at, "D")
        if claim.state is State.ENDED:
            end = t("By my estimate it ended {day}. What the partner says counts.", day=day)
        else:
            end = t("By my estimate it ends {day}. What the partner says counts.", day=day)
    is_redeemed = claim is not None and claim.state in {State.REDEEMED, State.ENDED}
    return card(
        "## " + t("Your code for {title}", title=program.title),
        _fence(standing.code) if standing.code else t("Your code can't be read right now."),
        "**" + t("Keep this private.") + "** " + t("Whoever has it can use it, once."),
        line(),
        f"**{t('How to redeem it')}**\n{steps}",
        end or _redeem_by(program, t),
        t("Check auto-renewal: it may go on, and cost, unless you end it.")
        if program.renews_by_itself
        else None,
        row(
            link(t("Open the page"), str(program.redeem_url)),
            None if is_redeemed else button(t("I redeemed it"), "claim:redeem", program.id),
            _remind(standing, t),
        ),
        "-# " + t("/claim shows the same code again, to you alone, as long as the program lasts."),
    )


def _redeem_by(program: Program, t: Texts) -> str:
    words = t("What you get: {gives}, from the day on which you redeem it.", gives=program.gives)
    if program.redeem_by is None:
        return words
    day = stamp(int(program.redeem_by.timestamp()), "D")
    return words + " " + t("Redeem it by {day}.", day=day)


def _fence(code: str) -> str:
    """A code as it is to be typed; one that would end its own fence stands without."""
    return f"**{plain(code)}**" if "`" in code else f"```\n{code}\n```"


def _remind(standing: Standing, t: Texts) -> ui.Button[ui.LayoutView] | None:
    claim = standing.claim
    if claim is None or claim.state is State.ENDED:
        return None
    label = t("Don't remind me") if claim.wants_dm else t("Remind me before it ends")
    return button(label, "claim:remind", standing.program.id, int(not claim.wants_dm))


def _news(standing: Standing, t: Texts) -> ui.Button[ui.LayoutView] | None:
    """The same choice before there is a code, when it is about decisions and offers."""
    claim = standing.claim
    if claim is None:
        return None
    label = t("No direct messages") if claim.wants_dm else t("Tell me by direct message")
    return button(label, "claim:remind", standing.program.id, int(not claim.wants_dm))


def _render_rejected(standing: Standing, t: Texts) -> ui.LayoutView:
    claim = standing.claim
    can_appeal = claim is not None and not claim.appeals
    return card(
        "## " + t("A moderator did not approve it"),
        t("**Why:** {reason}", reason=plain(standing.reason)) if standing.reason else None,
        t("You can ask once that somebody else looks again, or mend it and claim anew.")
        if can_appeal
        else t("Somebody else has looked again. You can claim anew if something has changed."),
        row(
            button(t("Ask somebody else"), "claim:appeal", standing.program.id)
            if can_appeal
            else None,
            button(t("Claim anew"), "claim:form", standing.program.id),
        ),
        _small_print(t),
        accent=WARN,
    )


def _render_revoked(standing: Standing, t: Texts) -> ui.LayoutView:
    return card(
        "## " + t("Your code was revoked"),
        t("**Why:** {reason}", reason=plain(standing.reason)) if standing.reason else None,
        t("The partner may switch it off. If this is a mistake, write to the moderators."),
        _small_print(t),
        accent=WARN,
    )


def _until(program: Program, t: Texts) -> str:
    if program.closes_at is None:
        return t("Until when: as long as there are codes")
    return t("Until when: {day}", day=stamp(int(program.closes_at.timestamp()), "D"))


def _small_print(t: Texts) -> str:
    return "-# " + t("Only you can see this. /my-data shows and erases what is kept about you.")
