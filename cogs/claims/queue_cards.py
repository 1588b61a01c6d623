"""A claim as moderators see it: who, what they declared, what was decided. Never a code."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.claims.review import REASON_LENGTH
from bot.claims.rules import HOLDING, State
from cogs.claims.words import name_of
from cogs.ui.cards import CALM, WARN, button, card, row
from cogs.ui.plain import plain
from cogs.ui.routes import custom_id
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.claims.standing import Claim
    from bot.i18n import Texts

PRIMARY = discord.ButtonStyle.primary
SHOWN = 8
"""Claims in one list; each has a button, four in a row."""

ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
"""Those that share shapes, as Unicode's names of letters begin."""

REVOCABLE = HOLDING - {State.ENDED}


def render_queue(waiting: Sequence[Claim], t: Texts, *, is_on: bool) -> ui.LayoutView:
    """What waits, oldest first; ``waiting`` may have one more than is shown.

    ``is_on`` says whether members can claim here at all.
    """
    if not waiting and not is_on:
        words = t(
            "No program is switched on in this community, so nobody can claim yet. "
            "/claims settings switches one on."
        )
        return card("## " + t("Nothing waits"), words)
    if not waiting:
        return card("## " + t("Nothing waits"), t("No claim waits for a decision. Well done."))
    shown = waiting[:SHOWN]
    buttons = [
        button(t("Look at {number}", number=claim.claim_id), "claims:look", claim.claim_id)
        for claim in shown
    ]
    return card(
        "## " + t("Claims that wait"),
        "\n".join(f"- {_line(claim, t)}" for claim in shown),
        t("More wait behind them.") if len(waiting) > SHOWN else None,
        row(*buttons[:4]),
        row(*buttons[4:]),
    )


def render_member(claims: Sequence[Claim], user_id: int, t: Texts) -> ui.LayoutView:
    """One member's claims in this community."""
    if not claims:
        nothing = t("<@{user_id}> has made no claim in this community.", user_id=user_id)
        return card(nothing)
    shown = claims[:SHOWN]
    buttons = [
        button(t("Look at {number}", number=claim.claim_id), "claims:look", claim.claim_id)
        for claim in shown
    ]
    lines = (
        t("{number}: {state}", number=claim.claim_id, state=name_of(claim.state, t))
        for claim in shown
    )
    return card(
        "## " + t("Claims of one member"),
        f"<@{user_id}>",
        "\n".join(f"- {line}" for line in lines),
        row(*buttons[:4]),
        row(*buttons[4:]),
    )


def render_claim(
    claim: Claim,
    t: Texts,
    *,
    decider_id: int | None = None,
    word: str | None = None,
    is_replacement_asked: bool = False,
) -> ui.LayoutView:
    """One claim with what can be decided about it now."""
    facts = [
        t("Program: {program}", program=claim.program_id),
        t("Who: {who}", who=f"<@{claim.user_id}>") if claim.user_id else t("Who: erased"),
        t("Handle, as they say: {handle}", handle=plain(claim.handle)) if claim.handle else None,
        t("Country, as they say: {country}", country=claim.country) if claim.country else None,
        t("Their answer: {text}", text=plain(claim.note)) if claim.note else None,
        t("Since: {when}", when=stamp(claim.created_at, "R")),
    ]
    is_pending = claim.state is State.PENDING
    notes = [
        t("Look for `{word}` in the bio of that page: it shows that it is theirs.", word=word)
        if word
        else None,
        t("Look closely: this handle is in another claim, too.") if claim.has_conflict else None,
        t("Look closely: this handle mixes alphabets, so some letters are not what they seem.")
        if mixes_alphabets(claim.handle or "")
        else None,
        t(
            "This is an appeal: whoever refused it can't decide again. If nobody else is there, "
            "whoever runs this bot can."
        )
        if claim.appeals
        else None,
    ]
    return card(
        "## " + t("Claim {number}: {state}", number=claim.claim_id, state=name_of(claim.state, t)),
        "\n".join(f"- {fact}" for fact in facts if fact),
        *(notes if is_pending else ()),
        _decisions(claim, t) if is_pending else None,
        _later(claim, t, is_replacement_asked) if claim.state in REVOCABLE else None,
        "-# " + t("Decided by {who}.", who=f"<@{decider_id}>") if decider_id else None,
        accent=WARN if claim.has_conflict and is_pending else CALM,
    )


def mixes_alphabets(text: str) -> bool:
    """Whether letters of one alphabet may pass for those of another in it."""
    first_words = {unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha()}
    return len(first_words & ALPHABETS) > 1


def render_news(community: str | None, t: Texts) -> ui.LayoutView:
    """What a member reads in a direct message after a decision: where to look, never what."""
    where = plain(community) if community else t("your community")
    return card(
        t("There is news of your claim in {where}. Run /claim there to see it.", where=where),
        "-# " + t("You chose these messages; /claim stops them."),
    )


def make_reason_form(
    claim_id: str, version: str, word: str, values: dict[str, Any], t: Texts
) -> ui.Modal:
    """The form for the words that the member will read; ``word`` says what they are for."""
    title = {
        "reject": t("Why not?"),
        "ask": t("What do you need to know?"),
        "revoke": t("Why is it revoked?"),
        "replace": t("What is wrong with the code?"),
    }[word]
    form = ui.Modal(title=title, custom_id=custom_id("claims:reason", claim_id, version, word))
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id="reason",
        default=values.get("reason"),
        max_length=REASON_LENGTH,
        style=discord.TextStyle.paragraph,
    )
    is_inside = word == "replace"
    text = t("Moderators will read this") if is_inside else t("The member will read this")
    hint = t("Never write the code itself here.") if is_inside else None
    form.add_item(ui.Label(text=text, description=hint, component=field))
    form.stop()
    return form


def _decisions(claim: Claim, t: Texts) -> ui.ActionRow[Any] | None:
    claim_id, version = claim.claim_id, claim.version
    return row(
        button(t("Approve"), "claims:approve", claim_id, version, style=PRIMARY),
        button(t("Reject"), "claims:reject", claim_id, version, "reject"),
        button(t("Ask for more"), "claims:ask", claim_id, version, "ask"),
    )


def _later(
    claim: Claim,
    t: Texts,
    is_replacement_asked: bool,  # noqa: FBT001 (one of two buttons)
) -> ui.ActionRow[Any] | None:
    claim_id, version = claim.claim_id, claim.version
    return row(
        button(t("A replacement waits"), "claims:replacement", claim_id, style=PRIMARY)
        if is_replacement_asked
        else button(t("Replace a faulty code"), "claims:replace", claim_id, version, "replace"),
        button(
            t("Revoke"),
            "claims:revoke",
            claim_id,
            version,
            "revoke",
            style=discord.ButtonStyle.danger,
        ),
    )


def _line(claim: Claim, t: Texts) -> str:
    who = f"<@{claim.user_id}>" if claim.user_id else t("erased")
    return t(
        "{number}: {who}, since {when}",
        number=claim.claim_id,
        who=who,
        when=stamp(claim.created_at, "R"),
    )
