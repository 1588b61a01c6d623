"""Rules and states in words: what is needed, what was seen, and when it will pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.claims.rules import RuleKind, RuleResult, State
from cogs.ui.plain import plain
from cogs.ui.times import stamp

if TYPE_CHECKING:
    from bot.claims.settings import Share
    from bot.i18n import Texts

HOURS_A_DAY = 24


def explain(result: RuleResult, t: Texts) -> str:
    """One rule as a line: passed or not yet, in words."""
    mark = t("Yes") if result.passes else t("Not yet")
    line = f"- **{mark}** · {_need(result, t)}"
    if not result.passes and result.passes_at is not None:
        line += " " + t("Try again {when}.", when=stamp(result.passes_at, "R"))
    return line


def _need(result: RuleResult, t: Texts) -> str:
    needed, saw = result.needed, result.saw
    many = needed if isinstance(needed, tuple) else ()
    hours = needed if isinstance(needed, int) else 0
    match result.kind:
        case RuleKind.ROLE:
            words = t("One of these roles: {roles}", roles=", ".join(f"<@&{one}>" for one in many))
        case RuleKind.DAYS_HERE:
            words = t("In this community for {needed} days (you: {saw}).", needed=hours, saw=saw)
        case RuleKind.ACCOUNT_AGE if hours % HOURS_A_DAY == 0 and hours > HOURS_A_DAY:
            words = t(
                "A Discord account that is at least {days} days old (yours: {saw}).",
                days=hours // HOURS_A_DAY,
                saw=int(saw or 0) // HOURS_A_DAY,
            )
        case RuleKind.ACCOUNT_AGE:
            words = t(
                "A Discord account that is at least {hours} hours old (yours: {saw}).",
                hours=hours,
                saw=saw,
            )
        case RuleKind.COUNTRY:
            words = t(
                "In one of these countries: {countries} (you: {saw}).",
                countries=", ".join(map(str, many)),
                saw=saw or t("not known by that name"),
            )
        case RuleKind.OF_AGE:
            words = t("Of age where you live, as you say.")
        case RuleKind.HANDLE:
            words = t("A creator's handle.")
    return words


def name_place(community: str | None, t: Texts) -> str:
    """The community of a claim, as its member knows it."""
    return f"**{plain(community)}**" if community else t("the community where you claimed")


def say_elsewhere(community: str | None, t: Texts) -> str:
    """Why an offer isn't taken here, and where it is."""
    return t(
        "This place was offered to you in another community, and what is needed is looked at "
        "there. It can be taken only there: run /claim in {place} and press “Take it”. Nothing "
        "was changed, and it is kept for you as long as your card says.",
        place=name_place(community, t),
    )


def say_share(share: Share, t: Texts) -> str:
    """A community's part of the pool, and what it has of it."""
    taken = share.allocated + share.offered
    if share.cap is None:
        return t("no limit of its own ({taken} taken)", taken=taken)
    return t("{cap} codes at most ({taken} taken)", cap=share.cap, taken=taken)


def name_of(state: State, t: Texts) -> str:
    """A state as people say it."""
    return {
        State.PENDING: t("waits for a moderator"),
        State.WAITLISTED: t("in the waitlist"),
        State.OFFERED: t("has an offer"),
        State.ALLOCATED: t("has a code"),
        State.DELIVERED: t("has a code"),
        State.REDEEMED: t("redeemed"),
        State.ENDED: t("ended"),
        State.REJECTED: t("refused"),
        State.WITHDRAWN: t("withdrawn"),
        State.EXPIRED: t("lapsed"),
        State.REVOKED: t("revoked"),
    }[state]
