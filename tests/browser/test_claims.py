"""Claims in Chromium: why not yet, the code, the queue, the waitlist."""

import pytest

from tests.browser.page import CHROMIUM, SandboxPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
PROGRAM = "Example Calm"
FORM = {
    "Your creator's handle": "@quiet_hours",
    "Are you of age where you live?": "Yes",
    "May I keep this for your claim?": "Yes",
}


async def switch_on(page: SandboxPage, *, is_reviewed: bool = False) -> None:
    """The moderator lets the community take claims."""
    await page.view_as("Moderator")
    await page.channel("moderators-desk")
    await page.slash("claims settings", program=PROGRAM)
    await page.press("Switch on")
    if not is_reviewed:
        await page.press("Approve at once")
    await page.view_as("Member one")
    await page.channel("community")


async def claim(page: SandboxPage, handle: str = "@quiet_hours") -> str:
    """Claim with the form; what the card says."""
    await page.slash("claim")
    await page.press("Claim")
    await page.fill_form(FORM | {"Your creator's handle": handle})
    return await page.last_text()


def code_in(text: str) -> str:
    """The code on a card."""
    return next(word for word in text.split() if word.startswith("CALM-"))


async def test_a_newcomer_is_refused_with_the_reason_becomes_eligible_and_keeps_the_code(
    page: SandboxPage,
) -> None:
    await switch_on(page)
    await page.view_as("Member two")
    refused = await page.slash("claim")
    assert "In this community for 7 days (you: 0)." in refused
    assert "Not everything passes yet" in refused

    await page.travel("+1w")
    code = code_in(await claim(page))

    await page.restart()
    assert code_in(await page.slash("claim")) == code


async def test_a_moderator_rejects_with_a_reason_and_approves_another(page: SandboxPage) -> None:
    await switch_on(page, is_reviewed=True)
    assert "A moderator will look at your claim" in await claim(page)

    await page.view_as("Moderator")
    await page.channel("moderators-desk")
    assert "Claims that wait" in await page.slash("claims queue")
    await page.press("Look at 1")
    await page.press("Reject")
    await page.fill_form({"The member will read this": "That page belongs to somebody else."})
    assert "Decided by" in await page.last_text()

    await page.view_as("Member one")
    await page.channel("community")
    assert "That page belongs to somebody else." in await page.slash("claim")


async def test_the_pool_runs_dry_and_the_waitlist_moves(page: SandboxPage) -> None:
    await switch_on(page)
    code_in(await claim(page))
    await page.view_as("Moderator")
    await page.channel("community")
    assert "You are number 1 in the waitlist" in await claim(page, "@another_page")

    assert "1 can be given out" in await page.obey("codes 1")
    await page.travel("+1h")

    assert "A place is free for you" in await page.slash("claim")
    await page.press("Take it")
    code_in(await page.last_text())
