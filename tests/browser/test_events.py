"""A live event in Chromium: made, published, answered, recalled in time, moved, called off."""

import pytest

from tests.browser.page import CHROMIUM, SandboxPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
EVENT = {
    "Title": "Take A Moment",
    "What it is about": (
        "A quiet hour with creators of this community. We breathe, we listen, and nobody has to "
        "say anything. Bring tea."
    ),
}
WHEN = {"Date (like 2027-03-28)": "2027-03-16", "Time there (like 18:30 or 6:30 pm)": "18:00"}
LINE_UP = {"Length in minutes": "60", "Line-up": "A singer, 20\nTwo painters, 25"}
ONCE = "Once, at a time of your choice"


async def draft(page: SandboxPage) -> None:
    """A draft on the stage that lacks nothing, with member two as its host."""
    await page.view_as("Moderator")
    await page.channel("moderators-desk")
    await page.slash("event create")
    await page.fill_form(EVENT)
    await page.choose("Where: stage or voice (a link: press Words)", "Stage")
    await page.choose("When: once or repeated", ONCE)
    await page.fill_form(WHEN)
    await page.choose("Host: who leads it", "Member two")
    await page.choose("Channel for its card", "community")
    await page.press("Length and line-up")
    await page.fill_form(LINE_UP)


async def test_an_event_is_made_answered_recalled_moved_and_called_off(page: SandboxPage) -> None:
    await draft(page)
    assert "Everything is there" in await page.last_text()
    await page.press("Publish")
    assert "Among Discord's events" in await page.last_text()
    await page.travel("at 2027-03-14 12:02")

    await page.view_as("Member one")
    await page.channel("community")
    await page.press("I'm coming")
    await page.press("By direct message")
    assert "I remind you a day and 15 minutes before" in await page.last_text()
    await page.travel("at 2027-03-15 18:01")
    await page.dm()
    assert "Tomorrow: Take A Moment" in await page.last_text()

    await page.view_as("Moderator")
    await page.channel("moderators-desk")
    await page.choose("When: once or repeated", ONCE)
    await page.fill_form({"Time there (like 18:30 or 6:30 pm)": "19:00"})
    await page.travel("at 2027-03-15 18:05")
    await page.press("Cancel the event")
    await page.press("Cancel it")
    await page.travel("at 2027-03-15 18:07")

    await page.view_as("Member one")
    await page.dm()
    told = "\n".join(await page.texts())
    assert "Changed: Take A Moment" in told
    assert "Cancelled: Take A Moment" in await page.last_text()
    await page.channel("community")
    assert any("It does not take place." in text for text in await page.texts())
